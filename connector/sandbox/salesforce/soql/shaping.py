"""SELECT to one closure a query that builds the answer's records."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from connector.sandbox.salesforce.records import attributes
from connector.sandbox.salesforce.refusals import (
    RequestRefusedError,
    bad_request,
    no_such_relationship,
)
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.soql.naming import name_field, name_value
from connector.sandbox.salesforce.soql.paths import Lookup, lookup, own_field
from connector.sandbox.salesforce.soql.syntax import Path, TypeOf
from connector.sandbox.salesforce.store import Store, Table

Shaped = dict[str, object]
Shape = Callable[[Row], Shaped]
Part = Callable[[Row], object]

DEEPEST: Final = 5
"""How many relationships a path may follow."""


class Shaper:
    """Builds shapes for one request; ``data`` is the version's path."""

    def __init__(self, store: Store, data: str) -> None:
        """Shape records of ``store``."""
        self._store = store
        self._data = data

    def shape(self, table: Table, fields: Sequence[Path | TypeOf]) -> Shape:
        """Return what makes an answer's record from a row of a table."""
        parts: dict[str, Part] = {}
        for path in (f for f in fields if isinstance(f, tuple) and len(f) == 1):
            field = own_field(table, path[0])
            if field.name in parts:
                raise _twice(field.name)
            parts[field.name] = _getter(table, field.name)
        for name, rest in _relationships(fields).items():
            found = lookup(self._store, table, name)
            parts[str(found.field.relationship)] = self._beyond(found, rest)
        for chosen in (f for f in fields if isinstance(f, TypeOf)):
            found = lookup(self._store, table, chosen.relationship)
            name = str(found.field.relationship)
            if name in parts:
                raise _chosen_twice(name)
            parts[name] = self._chosen(found, chosen)
        return self._assembled(table, parts)

    def _assembled(self, table: Table, parts: dict[str, Part]) -> Shape:
        name, data = table.object.name, self._data

        def shape(row: Row) -> Shaped:
            shaped: Shaped = {"attributes": attributes(data, name, row)}
            shaped |= {key: part(row) for key, part in parts.items()}
            return shaped

        return shape

    def _beyond(self, found: Lookup, rest: list[Path]) -> Part:
        if any(len(path) > DEEPEST for path in rest):
            raise bad_request("INVALID_FIELD", "a path follows too many relationships")
        if found.field.polymorphic:
            return self._name(found, rest)
        target = self._store.tables[found.field.references[0]]
        return _following(found, {target.object.name: self.shape(target, rest)})

    def _chosen(self, found: Lookup, chosen: TypeOf) -> Part:
        if not found.field.polymorphic:
            message = f"TYPEOF needs a polymorphic relationship: {chosen.relationship}"
            raise bad_request("INVALID_TYPE", message)
        shapes: dict[str, Shape] = {}
        for name, paths in chosen.cases:
            target = self._target(found, name)
            if target.object.name in shapes:
                raise bad_request("MALFORMED_QUERY", f"duplicate WHEN: {name}")
            shapes[target.object.name] = self.shape(target, paths)
        rest = self._name(found, list(chosen.otherwise))
        chosen_shape = _following(found, shapes)
        if not chosen.otherwise:
            return chosen_shape
        return lambda row: chosen_shape(row) or rest(row)

    def _target(self, found: Lookup, name: str) -> Table:
        for reference in found.field.references:
            if reference.casefold() == name.casefold():
                return self._store.tables[reference]
        message = f"{found.field.relationship} cannot be a {name}"
        raise bad_request("INVALID_FIELD", message)

    def _name(self, found: Lookup, rest: list[Path]) -> Part:
        """Show the Name object: a few fields that any target may have."""
        for path in rest:
            if len(path) > 1:
                raise no_such_relationship(path[0])
        fields = [name_field(path[0]) for path in rest]
        for at, field in enumerate(fields):
            if field in fields[:at]:
                raise _twice(field.name)
        data = self._data

        def shape(row: Row) -> Shaped | None:
            target = found.follow(row)
            if target is None:
                return None
            head = attributes(data, target[0].object.name, target[1])
            shown = {field.name: name_value(target, field) for field in fields}
            return {"attributes": {**head, "type": "Name"}, **shown}

        return shape


def _relationships(fields: Iterable[Path | TypeOf]) -> dict[str, list[Path]]:
    """Group longer paths by their first step; its case does not matter."""
    grouped: dict[str, list[Path]] = {}
    spelled: dict[str, str] = {}
    for path in fields:
        if isinstance(path, tuple) and len(path) > 1:
            first = spelled.setdefault(path[0].casefold(), path[0])
            grouped.setdefault(first, []).append(path[1:])
    return grouped


def _getter(table: Table, name: str) -> Part:
    unset = table.defaults[name]
    return lambda row: row.get(name, unset)


def _following(found: Lookup, shapes: dict[str, Shape]) -> Part:
    def part(row: Row) -> Shaped | None:
        target = found.follow(row)
        shape = shapes.get(target[0].object.name) if target else None
        return shape(target[1]) if shape and target else None

    return part


def _chosen_twice(name: str) -> RequestRefusedError:
    """SOQL Reference, "TYPEOF": it "cannot reference a relationship field that is
    also referenced in the fieldList". The words are *ours*."""
    message = f"{name} is selected both by TYPEOF and by a path, or twice by TYPEOF"
    return bad_request("MALFORMED_QUERY", message)


def _twice(name: str) -> RequestRefusedError:
    return bad_request("INVALID_FIELD", f"duplicate field selected: {name}")
