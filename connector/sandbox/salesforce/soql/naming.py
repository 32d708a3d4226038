"""The Name object: what a polymorphic relationship shows of any record (Object
Reference: Name)."""

from typing import Final

from connector.sandbox.salesforce.refusals import no_such_selection
from connector.sandbox.salesforce.schema.shape import Field, FieldType, Row, Scalar
from connector.sandbox.salesforce.store import Table

ANYBODY: Final = ("User", "Contact", "Lead")
USER: Final = ("User",)

FIELDS: Final[dict[str, tuple[FieldType, tuple[str, ...] | None]]] = {
    "Alias": ("string", USER),
    "Email": ("email", USER),
    "FirstName": ("string", ANYBODY),
    "Id": ("id", None),
    "IsActive": ("boolean", USER),
    "LastName": ("string", ANYBODY),
    "Name": ("string", None),
    "Phone": ("phone", USER),
    "Title": ("string", USER),
    "Type": ("picklist", None),
    "Username": ("string", USER),
}
"""Each field's type, and of which objects it "contains a value": None is of all.
That there are no more is *ours*: what no record here has is left out."""

NAMES: Final = {
    name.casefold(): Field(name, name, kind) for name, (kind, _) in FIELDS.items()
}


def name_field(name: str) -> Field:
    """Return a field of the Name object by its name in any case."""
    field = NAMES.get(name.casefold())
    if field is None:
        raise no_such_selection(name, "Name")
    return field


def name_value(found: tuple[Table, Row], field: Field) -> Scalar:
    """Return a field of the Name object for a record."""
    table, row = found
    shape, (_, holders) = table.object, FIELDS[field.name]
    if field.name == "Type":
        return shape.name
    if field.name == "Name":
        return table.value(row, shape.name_field)
    if holders is None or shape.name in holders:
        return table.value(row, field.name)
    return False if field.type == "boolean" else None
