"""A record as a client sends it, read against its object: values and faults."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.sandbox.salesforce import checks, links
from connector.sandbox.salesforce.checks import Check, required_missing
from connector.sandbox.salesforce.refusals import (
    Fault,
    FaultyValueError,
    no_such_column,
)
from connector.sandbox.salesforce.schema.shape import Object, Row
from connector.sandbox.salesforce.store import Store

NOT_DATA = ("attributes", "id", "Id")
"""Keys of a record that say which record it is, and so are read elsewhere."""
UNWRITEABLE = "INVALID_FIELD_FOR_INSERT_UPDATE"


@dataclass(slots=True)
class Draft:
    """What a client wants stored, and why it can't be where there are ``faults``."""

    values: Row
    faults: list[Fault]


class Form:
    """An object's checks, compiled once, and which fields may be written when."""

    def __init__(self, shape: Object, store: Store) -> None:
        """Compile the checks of all fields."""
        fields = shape.fields.values()
        self.name = shape.name
        self.checks: dict[str, tuple[str, Check]] = {
            f.name: (
                f.name,
                links.compiled(f, store, shape.name)
                if f.references
                else checks.compiled(f),
            )
            for f in fields
            if f.type != "id"
        }
        self.required = frozenset(
            f.name
            for f in fields
            if f.required and f.default is None and f.name != "OwnerId"
        )
        self.fixed_at_create = frozenset(f.name for f in fields if not f.createable)
        self.fixed_at_update = frozenset(f.name for f in fields if not f.updateable)

    def read(self, record: Mapping[str, object]) -> Draft:
        """Check a record; raises RequestRefusedError for what is no such record."""
        values: Row = {}
        faults: list[Fault] = []
        checks_by_name = self.checks
        for key, value in record.items():
            if key not in checks_by_name:
                self._refuse_unknown(key)
                continue
            name, check = checks_by_name[key]
            try:
                values[name] = check(value)
            except FaultyValueError as error:
                faults.append(error.fault)
        return Draft(values, faults)

    def _refuse_unknown(self, key: str) -> None:
        if key not in NOT_DATA:
            raise no_such_column(key, self.name)

    def faults_at_create(self, draft: Draft) -> list[Fault]:
        """Return why a draft can't become a new record."""
        faults = draft.faults + _unwriteable(draft, self.fixed_at_create)
        if not faults and not self.required <= draft.values.keys():
            missing = [n for n in self.checks if n in self.required - {*draft.values}]
            faults.append(required_missing(*missing).fault)
        return faults

    def faults_at_update(self, draft: Draft) -> list[Fault]:
        """Return why a draft can't change a record."""
        return draft.faults + _unwriteable(draft, self.fixed_at_update)


def _unwriteable(draft: Draft, fixed: frozenset[str]) -> list[Fault]:
    if fixed.isdisjoint(draft.values):
        return []
    names = tuple(name for name in draft.values if name in fixed)
    message = (
        f"Unable to create/update fields: {', '.join(names)}. Please check the"
        " security settings of this field and verify that it is read/write for"
        " your profile or permission set."
    )
    return [Fault(UNWRITEABLE, message, names)]
