"""Whether two values are one to the CRM, and whether it would take a value."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time

from connector.model import CrmField, Scalar

SAME_ID = 15
"""Characters of an id that tell two records apart; three more only check them."""


def _moment(text: str) -> datetime:
    """Salesforce keeps whole seconds."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def _same_id(text: str) -> str:
    return text[:SAME_ID]


READERS: Mapping[str, Callable[[str], object]] = {
    "datetime": _moment,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "id": _same_id,
    "reference": _same_id,
}
"""How text is compared in fields of these types; else as text."""


def comparable(value: Scalar, kind: str) -> object:
    """The same for two ways of writing one value into a field of type ``kind``.

    10 and 10.0; Z and +0000; ids of 15 and 18 characters; blank and null. And
    what Salesforce does to text: it trims both ends, and its pages end lines
    with CR LF.
    """
    if not isinstance(value, str):
        return value
    text = value.strip().replace("\r\n", "\n")
    if not text:
        return None
    try:
        return READERS.get(kind, str)(text)
    except ValueError:
        return text


def misfit(field: CrmField, value: Scalar) -> Iterator[str]:
    if value in (None, ""):
        if not (field.nillable or field.defaulted):
            yield f"{field.name}: is empty, and the CRM requires it"
    elif isinstance(value, str):
        yield from _text_misfit(field, value)


def _text_misfit(field: CrmField, value: str) -> Iterator[str]:
    if field.length and len(value) > field.length:
        yield f"{field.name}: {len(value)} characters, {field.length} fit"
    if not (field.restricted and field.choices):
        return
    for choice in value.split(";") if field.type == "multipicklist" else [value]:
        if choice not in field.choices:
            yield f"{field.name}: the CRM has no choice {choice!r}"
