"""The CRM's field types: what they are to a mapping, and how a value gets in."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from types import MappingProxyType
from unicodedata import category

from connector.mapping.convert import (
    datetime_text,
    time_text,
    to_boolean,
    to_date,
    to_datetime,
    to_integer,
    to_number,
    to_text,
    to_time,
)
from connector.model import CrmField, FieldType, Scalar

# Describe's types (Salesforce object reference, "Field types") that can be written.
CRM_TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
        "string": "text",
        "textarea": "text",
        "picklist": "text",
        "multipicklist": "text",
        "combobox": "text",
        "phone": "text",
        "url": "text",
        "email": "text",
        "id": "text",
        "reference": "text",
        "encryptedstring": "text",
        "int": "integer",
        "long": "integer",
        "double": "number",
        "currency": "number",
        "percent": "number",
        "boolean": "boolean",
        "date": "date",
        "datetime": "datetime",
        "time": "time",
    }
)

# One number too large would have the CRM turn its whole batch away.
_BELOW: Mapping[str, int] = MappingProxyType({"int": 2**31, "long": 2**63})
_BELOW_OTHERS = 10**18

_JOINER = "\u200d"


def family(field: CrmField) -> FieldType | None:
    """Return the mapping's word for the field's type; None where it takes none."""
    return CRM_TYPES.get(field.type)


def sender(field: CrmField, zone: tzinfo) -> Callable[[object], Scalar]:
    """Return what makes a value the JSON that ``field`` takes.

    The function raises ValueError or OverflowError for a value that doesn't fit.
    """
    below = _BELOW.get(field.type, _BELOW_OTHERS)
    senders: Mapping[FieldType, Callable[[object], Scalar]] = {
        "integer": lambda value: _in_range(to_integer(value), below),
        "number": lambda value: _in_range(to_number(value), below),
        "boolean": to_boolean,
        "date": lambda value: to_date(value, zone).isoformat(),
        "time": lambda value: time_text(to_time(value, zone)),
        "datetime": lambda value: datetime_text(to_datetime(value, zone)),
    }
    return senders.get(family(field) or "text", sendable_text)


def sendable_text(value: object) -> str:
    """Return a value as text; ValueError for half of a surrogate pair."""
    text = to_text(value)
    if not text.isascii():
        text.encode()
    return text


def units(text: str) -> int:
    """Return the length of text in UTF-16 units, which is how the CRM may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _in_range(number: float, below: int) -> float:
    if not -below <= number < below:
        raise ValueError("too large for the field")
    return number


def cutter(length: int) -> Callable[[Scalar], Scalar]:
    """Return what cuts text to ``length`` UTF-16 units between two characters."""

    def cut(value: Scalar) -> Scalar:
        if not isinstance(value, str) or 2 * len(value) <= length:
            return value
        return truncated(value, length)

    return cut


def truncated(text: str, length: int) -> str:
    """Return the longest beginning of ``text`` of at most ``length`` UTF-16 units.

    An accent or a joined emoji stays with what it belongs to, unless that would
    leave nothing.
    """
    head = text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
    end = len(head)
    while 0 < end < len(text) and _belongs(text, end):
        end -= 1
    return head[:end] or head


def _belongs(text: str, at: int) -> bool:
    joined = _JOINER in {text[at], text[at - 1]}
    return joined or category(text[at]).startswith("M")
