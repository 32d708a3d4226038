"""What a path of names leads to from a record, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from connector.sandbox.salesforce.refusals import (
    no_such_relationship,
    no_such_selection,
)
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.soql.naming import name_field, name_value
from connector.sandbox.salesforce.soql.syntax import Path
from connector.sandbox.salesforce.store import Store, Table

Found = tuple[Table, Row] | None
Get = Callable[[Row], Scalar]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A relationship of a table: its field, and how to follow it."""

    field: Field
    follow: Callable[[Row], Found]


@dataclass(frozen=True, slots=True)
class Reached:
    """A field at the end of a path, and its value for a record."""

    field: Field
    get: Get


def own_field(table: Table, name: str) -> Field:
    """Return a field of a table by its name in any case."""
    exact = table.object.fields.get(name)
    if exact is not None:
        return exact
    for field in table.object.fields.values():
        if field.name.casefold() == name.casefold():
            return field
    raise no_such_selection(name, table.object.name)


def lookup(store: Store, table: Table, relationship: str) -> Lookup:
    """Return a relationship of a table by its name in any case."""
    for field in table.object.fields.values():
        if (field.relationship or "").casefold() == relationship.casefold():
            return Lookup(field, _follower(store, table, field))
    raise no_such_relationship(relationship)


def reach(store: Store, table: Table, path: Path) -> Reached:
    """Return what a path leads to from records of a table."""
    if len(path) == 1:
        return _own(table, path[0])
    relationship = lookup(store, table, path[0])
    if relationship.field.polymorphic:
        return _through_name(relationship, path[1:])
    target = store.tables[relationship.field.references[0]]
    beyond = reach(store, target, path[1:])

    def get(row: Row) -> Scalar:
        found = relationship.follow(row)
        return beyond.get(found[1]) if found else None

    return Reached(beyond.field, get)


def _own(table: Table, name: str) -> Reached:
    field = own_field(table, name)
    key, unset = field.name, table.defaults[field.name]
    return Reached(field, lambda row: row.get(key, unset))


def _through_name(relationship: Lookup, rest: Path) -> Reached:
    if len(rest) > 1:
        raise no_such_relationship(rest[0])
    field = name_field(rest[0])

    def get(row: Row) -> Scalar:
        found = relationship.follow(row)
        return name_value(found, field) if found else None

    return Reached(field, get)


def _follower(store: Store, table: Table, field: Field) -> Callable[[Row], Found]:
    def follow(row: Row) -> Found:
        target = table.value(row, field.name)
        return store.find(str(target)) if target else None

    return follow
