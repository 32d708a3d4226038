"""What a parameter or property may be, and whether it is."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
"""RFC 3339 without time zone information."""
LIMIT: Final = 10**9
"""Seconds; ours."""
ZONES: Final = frozenset(available_timezones())


class RefusedError(Exception):
    """Agendize answers with this status and message."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value must be, in words and in fact."""

    words: str
    holds: Callable[[object], bool]


def check(given: Iterable[tuple[str, object]], table: Mapping[str, Kind]) -> None:
    """Refuse what the table does not have, or has as something else."""
    for where, value in given:
        kind = table.get(where) or table.get(f"{where.rpartition('.')[0]}.*")
        if kind is None:
            message = f"{where} is not known."
            raise RefusedError(message)
        if not kind.holds(value):
            message = f"{where} must be {kind.words}."
            raise RefusedError(message)


def moment(text: str) -> datetime:
    """Read a timestamp that matches one of the patterns; ValueError if no date."""
    return datetime.fromisoformat(text.upper())


def _written(pattern: re.Pattern[str], value: object) -> bool:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        return False
    try:
        moment(value)
    except ValueError:
        return False
    return True


def _whole(value: object) -> bool:
    digits = isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value)
    return bool(digits) or (type(value) is int and 0 <= value < LIMIT)


def _reachable(value: object) -> bool:
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def one_of(*values: str) -> Kind:
    """Return the kind of which there are only these."""
    return Kind(f"one of {', '.join(values)}", lambda value: value in values)


TEXT: Final = Kind("a string", lambda value: isinstance(value, str))
TEXTS: Final = Kind("a list of strings", _texts)
NUMBER: Final = Kind("a number", lambda v: isinstance(v, str) and v.strip() != "")
BOOLEAN: Final = Kind("true or false", lambda value: isinstance(value, bool))
SECONDS: Final = Kind("an integer, not negative", _whole)
TIMESTAMP: Final = Kind("an RFC 3339 timestamp", lambda v: _written(RFC_3339, v))
LOCAL_TIME: Final = Kind(
    "a date and time of RFC 3339, without time zone information",
    lambda value: _written(LOCAL, value),
)
ZONE: Final = Kind("a time zone", lambda v: isinstance(v, str) and v in ZONES)
ADDRESS: Final = Kind("an address that begins with http", _reachable)
SCHEMA: Final = Kind("an object or a string", lambda v: isinstance(v, dict | str))
