"""What an object and its fields are: the data that everything else is made from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Scalar = str | int | float | bool | None
Row = dict[str, Scalar]

FieldType = Literal[
    "id",
    "string",
    "textarea",
    "picklist",
    "combobox",
    "phone",
    "email",
    "url",
    "int",
    "double",
    "currency",
    "percent",
    "boolean",
    "date",
    "datetime",
    "reference",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field as describe tells it.

    ``length`` is in characters, ``digits`` of an int. ``default`` is what a record
    has that was created without the field. A ``polymorphic`` reference leads to
    the Name object instead of the target's own fields. ``calculated``: by a formula;
    ``auto_number``: counted by the system.
    """

    name: str
    label: str
    type: FieldType
    length: int = 0
    digits: int = 0
    default: Scalar = None
    choices: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    relationship: str | None = None
    createable: bool = True
    updateable: bool = True
    required: bool = False
    restricted: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    polymorphic: bool = False
    calculated: bool = False
    auto_number: bool = False

    @property
    def custom(self) -> bool:
        """Whether the org's administrator made it."""
        return self.name.endswith("__c")

    @property
    def filterable(self) -> bool:
        """Whether SOQL may filter and sort by it: long text areas it may not."""
        return self.type != "textarea"

    @property
    def keyed(self) -> bool:
        """Whether records can be looked up by it."""
        return self.external_id or self.unique


@dataclass(frozen=True, slots=True)
class Object:
    """One object: its fields by name and the first three characters of its ids.

    ``name_field`` is what its records are called by.
    """

    name: str
    label: str
    prefix: str
    fields: dict[str, Field]
    createable: bool = True
    deletable: bool = True
    mergeable: bool = False
    name_field: str = "Name"

    def without(self, name: str) -> "Object":
        """Return this object after an administrator deleted a field."""
        kept = {n: field for n, field in self.fields.items() if n != name}
        return replace(self, fields=kept)

    def having(self, field: Field) -> "Object":
        """Return this object after an administrator made a field."""
        return replace(self, fields={**self.fields, field.name: field})

    def with_choice(self, name: str, value: str) -> "Object":
        """Return this object with one more value in a picklist."""
        field = self.fields[name]
        wider = replace(field, choices=(*field.choices, value))
        return replace(self, fields={**self.fields, name: wider})


def read_only(name: str, label: str, kind: FieldType, length: int = 0) -> Field:
    """Build a field that only the system sets."""
    unset = False if kind == "boolean" else None
    return Field(
        name, label, kind, length, default=unset, createable=False, updateable=False
    )


def formula(name: str, label: str) -> Field:
    """Build a text that a formula makes."""
    return replace(read_only(name, label, "string", 1300), calculated=True)


def numbered(name: str, label: str) -> Field:
    """Build a name that counts records; the system sets it."""
    return replace(read_only(name, label, "string", 80), auto_number=True)


def flag(name: str, label: str) -> Field:
    """Build a checkbox that is off where nobody ticks it."""
    return Field(name, label, "boolean", default=False)


def number(name: str, label: str, digits: int) -> Field:
    """Build a whole number of at most so many digits."""
    return Field(name, label, "int", digits=digits)


def choice(
    name: str, label: str, choices: tuple[str, ...], default: str | None = None
) -> Field:
    """Build a picklist; one with a default may not be emptied."""
    return Field(
        name,
        label,
        "picklist",
        255,
        default=default,
        choices=choices,
        required=default is not None,
    )


def reference(name: str, label: str, *to: str) -> Field:
    """Build a lookup; SOQL follows ``AccountId`` as ``Account``, ``X__c`` as ``X__r``."""
    custom = name.endswith("__c")
    relationship = f"{name[:-1]}r" if custom else name.removesuffix("Id")
    return Field(
        name,
        label,
        "reference",
        18,
        references=to,
        relationship=relationship,
    )


def read_only_reference(name: str, label: str, to: str) -> Field:
    """Build a lookup that only the system sets."""
    return replace(reference(name, label, to), createable=False, updateable=False)


def owner(label: str, *, polymorphic: bool = False) -> Field:
    """Build the owner: by default whoever creates the record."""
    field = reference("OwnerId", label, "User")
    return replace(field, required=True, polymorphic=polymorphic)


DELETED = read_only("IsDeleted", "Deleted", "boolean")
SYSTEM = (
    read_only("CreatedDate", "Created Date", "datetime"),
    read_only_reference("CreatedById", "Created By ID", "User"),
    read_only("LastModifiedDate", "Last Modified Date", "datetime"),
    read_only_reference("LastModifiedById", "Last Modified By ID", "User"),
    read_only("SystemModstamp", "System Modstamp", "datetime"),
)


def lasting(label: str, own: Iterable[Field]) -> dict[str, Field]:
    """Build the fields of an object that is never deleted, and has no such field."""
    id_field = read_only("Id", f"{label} ID", "id", 18)
    return {field.name: field for field in (id_field, *own, *SYSTEM)}


def fields(label: str, own: Iterable[Field]) -> dict[str, Field]:
    """Build an object's fields by name: its id, its ``own``, and the system's."""
    return lasting(label, (*own, DELETED))
