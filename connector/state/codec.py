"""How values are written down: JSON, with a tag for what JSON has no word for."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import singledispatch
from typing import Any


def to_json(value: object) -> str:
    """Write a record's fields as JSON text."""
    return json.dumps(value, default=_tagged, ensure_ascii=True)


def from_json(text: str) -> Any:  # noqa: ANN401  JSON is any of its types
    """Read back what `to_json` wrote."""
    return json.loads(text, object_hook=_untagged)


def to_epoch(moment: datetime | None) -> float | None:
    """Seconds since 1970, UTC."""
    return None if moment is None else moment.timestamp()


def from_epoch(seconds: float | None) -> datetime | None:
    """The aware UTC datetime of seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@singledispatch
def _tagged(value: object) -> dict[str, str]:
    return {"$text": str(value)}


@_tagged.register
def _(value: datetime) -> dict[str, str]:
    return {"$datetime": value.isoformat()}


@_tagged.register
def _(value: date) -> dict[str, str]:
    return {"$date": value.isoformat()}


@_tagged.register
def _(value: time) -> dict[str, str]:
    return {"$time": value.isoformat()}


_READERS: dict[str, Callable[[str], object]] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$text": str,
}


def _untagged(value: Mapping[str, Any]) -> object:
    if len(value) == 1:
        tag, text = next(iter(value.items()))
        if tag in _READERS and isinstance(text, str):
            try:
                return _READERS[tag](text)
            except ValueError:  # a vendor's own text that looks like a tag
                return value
    return value
