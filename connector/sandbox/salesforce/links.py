"""The checks of references: the id must be one, of a fitting object, and alive."""

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.checks import Check, nothing
from connector.sandbox.salesforce.refusals import FaultyValueError
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.store import Store, Table


def compiled(field: Field, store: Store, object_name: str) -> Check:
    """Return the check of a reference field of an object."""
    allowed = {store.tables[name].object.prefix for name in field.references}

    def check(value: object) -> Scalar:
        if not isinstance(value, str) or not value:
            return nothing(field, value)
        found = store.find(value)
        if found is None or found[0].object.prefix not in allowed:
            raise _astray(field, value, allowed)
        _refuse_unfit(found, field, object_name)
        return found[1]["Id"]

    return check


def _refuse_unfit(found: tuple[Table, Row], field: Field, object_name: str) -> None:
    table, row = found
    if row.get("IsDeleted"):
        raise FaultyValueError("ENTITY_IS_DELETED", "entity is deleted")
    if row.get("IsConverted") and field.name == "WhoId":
        code, message = (
            "CANNOT_UPDATE_CONVERTED_LEAD",
            "cannot reference converted lead",
        )
        raise FaultyValueError(code, message)
    if field.name == "OwnerId" and not table.value(row, "IsActive"):
        message = (
            f"operation performed with inactive user [{row['Id']}]"
            f" as owner of {object_name.lower()}"
        )
        raise FaultyValueError("INACTIVE_OWNER_OR_USER", message)


def _astray(field: Field, value: str, allowed: set[str]) -> FaultyValueError:
    if (ids.normal(value) or "")[:3] in allowed:
        return cross_reference(field.name)
    return malformed(field.label, value, field.name)


def malformed(label: str, value: str, *fields: str) -> FaultyValueError:
    """Build the refusal of what is no id, or another object's."""
    message = f"{label}: id value of incorrect type: {value}"
    return FaultyValueError("MALFORMED_ID", message, *fields)


def cross_reference(*fields: str) -> FaultyValueError:
    """Build the refusal of an id that no record has."""
    message = "invalid cross reference id"
    return FaultyValueError("INVALID_CROSS_REFERENCE_KEY", message, *fields)
