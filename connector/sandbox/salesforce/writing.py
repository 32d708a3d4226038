"""Creates, updates, upserts and deletes one record, or refuses that record."""

from collections.abc import Callable
from typing import NamedTuple

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.forms import Draft, Form
from connector.sandbox.salesforce.links import cross_reference, malformed
from connector.sandbox.salesforce.locks import Locks
from connector.sandbox.salesforce.refusals import (
    NOT_FOUND,
    Fault,
    RowRefusedError,
)
from connector.sandbox.salesforce.rules import DERIVED, RULES
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.store import Store, Table


class Done(NamedTuple):
    """A record that was written."""

    id: str
    created: bool = False


class Writer:
    """Writes by clients of the API; every rule of the org holds for them."""

    def __init__(self, store: Store, locks: Locks, form: Callable[[str], Form]) -> None:
        """``form`` gives the compiled checks of an object by name."""
        self.store = store
        self._locks = locks
        self._form = form

    def create(self, table: Table, draft: Draft) -> Done:
        """Add a record."""
        form = self._form(table.object.name)
        if not table.object.createable:
            raise _unsupported(table, "create")
        _refuse(form.faults_at_create(draft))
        values = self._settled(table, draft.values)
        self._locks.pass_through(table, values, exists=False)
        return Done(self.store.insert(table, values), created=True)

    def update(self, table: Table, row: Row, draft: Draft) -> Done:
        """Change the fields of a record that the draft has."""
        form = self._form(table.object.name)
        _refuse(form.faults_at_update(draft))
        after = self._settled(table, {**row, **draft.values})
        self._locks.pass_through(table, after, exists=True)
        self.store.change(table, row, after)
        return Done(str(row["Id"]))

    def update_by_id(self, table: Table, record_id: object, draft: Draft) -> Done:
        """Change the record with this id, as sent by a client."""
        if not isinstance(record_id, str):
            fault = Fault("MISSING_ARGUMENT", "Id not specified in an update call")
            raise RowRefusedError([fault])
        if not (ids.normal(record_id) or "").startswith(table.object.prefix):
            label = table.object.fields["Id"].label
            raise RowRefusedError([malformed(label, record_id, "Id").fault])
        return self.update(table, self.living(record_id)[1], draft)

    def upsert(self, table: Table, key: str, draft: Draft) -> Done:
        """Create or change the one record with the draft's value of ``key``."""
        value = draft.values.get(key)
        found = table.matching(key, value) if value is not None else ()
        if value is None:
            _refuse(draft.faults or [_unspecified(key)])
        if len(found) > 1:
            raise RowRefusedError([_ambiguous(key, found)])
        if found:
            return self.update(table, table.rows[found[0]], draft)
        return self.create(table, draft)

    def delete(self, record_id: str) -> Done:
        """Put a record into the recycle bin."""
        table, row = self.living(record_id)
        if not table.object.deletable:
            raise _unsupported(table, "delete")
        self._locks.pass_through(table, row, exists=True)
        self.store.change(table, row, {"IsDeleted": True})
        return Done(str(row["Id"]))

    def living(self, record_id: str) -> tuple[Table, Row]:
        """Return a record that is there and not deleted."""
        if ids.normal(record_id) is None:
            raise RowRefusedError([Fault("MALFORMED_ID", f"malformed id {record_id}")])
        found = self.store.find(record_id)
        if found is None:
            raise RowRefusedError([cross_reference("Id").fault], NOT_FOUND)
        if found[1].get("IsDeleted"):
            fault = Fault("ENTITY_IS_DELETED", "entity is deleted")
            raise RowRefusedError([fault], NOT_FOUND)
        return found

    def _settled(self, table: Table, values: Row) -> Row:
        """Hold the rules between fields and records, and derive what follows."""
        self._refuse_duplicates(table, values)
        for rule in RULES.get(table.object.name, ()):
            fault = rule(self.store, values)
            _refuse([fault] if fault else [])
        derive = DERIVED.get(table.object.name)
        return {**values, **derive(self.store, values)} if derive else values

    def _refuse_duplicates(self, table: Table, values: Row) -> None:
        for name in table.unique:
            if (value := values.get(name)) is None:
                continue
            for other in table.matching(name, value):
                if other != values.get("Id"):
                    raise RowRefusedError([_duplicate(name, other)])


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise RowRefusedError(faults)


def _unsupported(table: Table, verb: str) -> RowRefusedError:
    message = f"entity type {table.object.name} does not support {verb}"
    return RowRefusedError([Fault("INVALID_TYPE_FOR_OPERATION", message)])


def _duplicate(name: str, other: str) -> Fault:
    """The message has the 15 characters of the id that the CRM itself writes."""
    message = (
        f"duplicate value found: {name} duplicates value on record with id: "
        f"{other[: ids.SHORT]}"
    )
    return Fault("DUPLICATE_VALUE", message)


def _ambiguous(key: str, found: tuple[str, ...]) -> Fault:
    message = (
        f"{key}: more than one record found for external id field: [{', '.join(found)}]"
    )
    return Fault("DUPLICATE_EXTERNAL_ID", message, (key,))


def _unspecified(key: str) -> Fault:
    return Fault("MISSING_ARGUMENT", f"{key} not specified", (key,))
