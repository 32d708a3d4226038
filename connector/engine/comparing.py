"""Whether two values are one to the CRM, and whether it would take a value."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from connector.model import CrmField, CrmObject, Payload, Scalar

SAME_ID = 15
"""Characters of an id that tell two records apart; three more only check them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field: what the CRM has, and what would be sent."""

    field: str
    before: Scalar
    after: Scalar


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


def changes(
    sent: Payload, found: Mapping[str, Scalar], described: CrmObject
) -> Iterator[Change]:
    """Yield what sending this would change of what the CRM has."""
    for name, after in sent.items():
        before = found.get(name)
        field = described.fields.get(name)
        kind = field.type if field else ""
        if comparable(before, kind) != comparable(after, kind):
            yield Change(field=name, before=before, after=after)


def misfits(sent: Payload, described: CrmObject) -> Iterator[str]:
    """Yield what the CRM would surely refuse of this."""
    for name, value in sent.items():
        if field := described.fields.get(name):
            yield from misfit(field, value)


def misfit(field: CrmField, value: Scalar) -> Iterator[str]:
    """Yield why the CRM would surely refuse this value of a field."""
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
