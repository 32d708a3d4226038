"""One check a field, compiled once: takes a JSON value, gives what is stored.

A value of the wrong JSON type turns the whole request away; a value that the
field cannot hold refuses only its record.
"""

import re
from collections.abc import Callable
from typing import Final

from connector.sandbox.salesforce.moments import read_date, read_datetime
from connector.sandbox.salesforce.refusals import (
    FaultyValueError,
    RequestRefusedError,
    bad_request,
)
from connector.sandbox.salesforce.schema.shape import Field, FieldType, Scalar

Check = Callable[[object], Scalar]

SHOWN: Final = 80
"""How many characters of a value that is too long an error repeats."""

JSON_TYPES: Final = {
    str: "VALUE_STRING",
    int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT",
    dict: "START_OBJECT",
    list: "START_ARRAY",
}
WIRE_TYPES: Final[dict[FieldType, str]] = {
    "int": "int",
    "double": "double",
    "currency": "double",
    "percent": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
"""How parser errors call the type of a field; all others are strings."""

_IS_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+").fullmatch


def wrong_type(field: Field, value: object) -> RequestRefusedError:
    """Build the refusal of a request that has such a JSON value for the field."""
    wanted = WIRE_TYPES.get(field.type, "string")
    literal = f"VALUE_{str(value).upper()}"
    found = literal if isinstance(value, bool) else JSON_TYPES[type(value)]
    return bad_request(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {wanted} from {found} value {value}"
        " or request may be missing a required field",
    )


def required_missing(*names: str) -> FaultyValueError:
    """Build the refusal of a record that leaves required fields empty."""
    message = f"Required fields are missing: [{', '.join(names)}]"
    return FaultyValueError("REQUIRED_FIELD_MISSING", message, *names)


def nothing(field: Field, value: object) -> Scalar:
    """Accept null, or an empty text, where the field may be empty; raise else."""
    empty = value is None or (value == "" and field.type not in WIRE_TYPES)
    if not empty:
        raise wrong_type(field, value)
    if field.required or field.type == "boolean":
        raise required_missing(field.name)
    return None


def compiled(field: Field) -> Check:
    """Return the check of any field but a reference."""
    return MAKERS.get(field.type, _text)(field)


def _text(field: Field) -> Check:
    length = field.length

    def check(value: object) -> Scalar:
        if isinstance(value, str) and value:
            if len(value) <= length:
                return value
            raise _too_long(field, value)
        return nothing(field, value)

    return check


def _too_long(field: Field, value: str) -> FaultyValueError:
    shown = f"{field.label}: data value too large: {value[:SHOWN]}"
    message = f"{shown} (max length={field.length})"
    return FaultyValueError("STRING_TOO_LONG", message, field.name)


def _picklist(field: Field) -> Check:
    """A restricted picklist takes its values only; any other takes what fits."""
    known = {choice: choice for choice in field.choices}
    otherwise = _refused_choice(field) if field.restricted else _text(field)

    def check(value: object) -> Scalar:
        if isinstance(value, str) and value in known:
            return known[value]
        return otherwise(value)

    return check


def _refused_choice(field: Field) -> Check:
    def check(value: object) -> Scalar:
        if isinstance(value, str) and value:
            raise FaultyValueError(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"{field.label}: bad value for restricted picklist field: {value}",
                field.name,
            )
        return nothing(field, value)

    return check


def _email(field: Field) -> Check:
    text = _text(field)

    def check(value: object) -> Scalar:
        address = text(value)
        if address is not None and _IS_EMAIL(str(address)) is None:
            message = f"{field.label}: invalid email address: {address}"
            raise FaultyValueError("INVALID_EMAIL_ADDRESS", message, field.name)
        return address

    return check


def _int(field: Field) -> Check:
    highest = 10**field.digits - 1

    def check(value: object) -> Scalar:
        if not isinstance(value, int) or isinstance(value, bool):
            return nothing(field, value)
        if abs(value) > highest:
            message = f"{field.label}: value outside of valid range on numeric field: "
            raise FaultyValueError(
                "NUMBER_OUTSIDE_VALID_RANGE", message + str(value), field.name
            )
        return value

    return check


def _double(field: Field) -> Check:
    def check(value: object) -> Scalar:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        return nothing(field, value)

    return check


def _boolean(field: Field) -> Check:
    def check(value: object) -> Scalar:
        return value if isinstance(value, bool) else nothing(field, value)

    return check


def _moment(field: Field, read: Callable[[str], str | None]) -> Check:
    def check(value: object) -> Scalar:
        found = read(value) if isinstance(value, str) else None
        return nothing(field, value) if found is None else found

    return check


MAKERS: Final[dict[FieldType, Callable[[Field], Check]]] = {
    "picklist": _picklist,
    "email": _email,
    "int": _int,
    "double": _double,
    "currency": _double,
    "percent": _double,
    "boolean": _boolean,
    "date": lambda field: _moment(field, read_date),
    "datetime": lambda field: _moment(field, read_datetime),
}
"""Types that are not plain text of a certain length."""
