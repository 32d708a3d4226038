"""The values of a record as rules read them: times and choices, not their text."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, time
from types import MappingProxyType

from connector.mapping.convert import to_date, to_datetime
from connector.mapping.paths import Paths
from connector.mapping.target import family
from connector.model import CrmField, FieldType, Scalar, Stream, StreamField

Read = Callable[[Mapping[str, Scalar]], dict[str, object]]

_SEVERAL = "multipicklist"


def kind_of(fields: Iterable[CrmField]) -> FieldType:
    """Return the type of what is read of one of ``fields``; text where it varies."""
    kinds = {"list" if each.type == _SEVERAL else family(each) for each in fields}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind or "text"


def stream_of(paths: Paths, more: Iterable[StreamField] = ()) -> Stream:
    """Return the schema of the records that ``paths`` are read of, and of ``more``.

    Of two fields with one name that of ``more`` counts.
    """
    first = tuple(more)
    taken = {field.name for field in first}
    found = (
        StreamField(name=path, type=kind_of(fields), meaning=fields[0].label)
        for path, fields in paths.fields.items()
        if path not in taken
    )
    return Stream(system="crm", name="records", fields=(*first, *found))


def reader_of(paths: Paths) -> Read:
    """Return what reads a record; it never raises.

    The CRM writes times as text (REST API Developer Guide, "Valid Date and DateTime
    Formats"), and several choices with a ``;`` between them. What can't be read stays
    as it is.
    """
    steps = {
        path: _FROM_TEXT[kind]
        for path, fields in paths.fields.items()
        if (kind := kind_of(fields)) in _FROM_TEXT
    }

    def read(record: Mapping[str, Scalar]) -> dict[str, object]:
        fields: dict[str, object] = dict(record)
        for path, step in steps.items():
            value = record.get(path)
            if isinstance(value, str):
                fields[path] = _made(step, value)
        return fields

    return read


def _made(step: Callable[[str], object], text: str) -> object:
    try:
        return step(text)
    except (ValueError, OverflowError):
        return text


_FROM_TEXT: Mapping[FieldType, Callable[[str], object]] = MappingProxyType(
    {
        "date": lambda text: to_date(text, UTC),
        "datetime": lambda text: to_datetime(text, UTC),
        "time": lambda text: time.fromisoformat(text.removesuffix("Z")),
        "list": lambda text: text.split(";"),
    }
)
