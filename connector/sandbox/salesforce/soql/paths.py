"""What a path of names leads to from a record, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connector.sandbox.salesforce.refusals import (
    RequestRefusedError,
    bad_request,
    no_such_selection,
)
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.soql.syntax import Path
from connector.sandbox.salesforce.store import Store, Table

Found = tuple[Table, Row] | None
Get = Callable[[Row], Scalar]

NAME: Final = {
    name.casefold(): Field(name, name, "string")
    for name in (
        "Id",
        "Name",
        "FirstName",
        "LastName",
        "Email",
        "Phone",
        "Title",
        "Type",
        "Username",
        "IsActive",
    )
}
"""What a polymorphic relationship shows of any record (Object Reference: Name)."""


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


def name_field(name: str) -> Field:
    """Return a field of the Name object."""
    field = NAME.get(name.casefold())
    if field is None:
        raise no_such_selection(name, "Name")
    return field


def name_value(found: tuple[Table, Row], field: Field) -> Scalar:
    """Return a field of the Name object for a record."""
    table, row = found
    if field.name == "Type":
        return table.object.name
    return table.value(row, field.name)


def lookup(store: Store, table: Table, relationship: str) -> Lookup:
    """Return a relationship of a table by its name in any case."""
    for field in table.object.fields.values():
        if (field.relationship or "").casefold() == relationship.casefold():
            return Lookup(field, _follower(store, table, field))
    raise _no_relationship(relationship, table)


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
        raise name_has_no_relationship(rest[0])
    field = name_field(rest[0])

    def get(row: Row) -> Scalar:
        found = relationship.follow(row)
        return name_value(found, field) if found else None

    return Reached(field, get)


def name_has_no_relationship(name: str) -> RequestRefusedError:
    """Build the refusal of a path that goes on behind a polymorphic step."""
    message = f"Didn't understand relationship '{name}' in field path"
    return bad_request("INVALID_FIELD", message)


def _no_relationship(name: str, table: Table) -> RequestRefusedError:
    message = (
        f"Didn't understand relationship '{name}' in field path of"
        f" {table.object.name}. If you are attempting to use a custom"
        " relationship, be sure to append the '__r' after it."
    )
    return bad_request("INVALID_FIELD", message)


def _follower(store: Store, table: Table, field: Field) -> Callable[[Row], Found]:
    def follow(row: Row) -> Found:
        target = table.value(row, field.name)
        return store.find(str(target)) if target else None

    return follow
