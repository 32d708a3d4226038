"""Turns a vendor's values into other types, and types into what JSON carries.

Every function here raises ValueError (or OverflowError, from the calendar) for a
value it cannot take, and nothing else.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from enum import Enum
from types import MappingProxyType
from typing import Final

from connector.mapping.phones import valid_readings
from connector.model import FieldType


class Missing(Enum):
    """What stands for a field that a reading lacks."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

_WHOLE = re.compile(r"[+-]?\d{1,40}(\.0{0,20})?")
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_DAY_LENGTH = len("2026-01-31")
_BOOLEANS = MappingProxyType(
    {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
)


def blank(value: object) -> bool:
    """Say whether a value is None, empty or white space, or a list of only such."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, (list, tuple)) and all(map(_empty, value))


def _empty(item: object) -> bool:
    return item is None or (isinstance(item, str) and (not item or item.isspace()))


# ── to text ────────────────────────────────────────────────────────────────


def to_text(value: object) -> str:
    """Return a value as text: numbers plainly, dates ISO, a list joined by ``;``."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return ";".join(_scalar_text(item) for item in value if not blank(item))
    return _scalar_text(value)


def _scalar_text(value: object) -> str:
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise ValueError("a value with values inside it, or of an unknown kind")
    return writer(value)


def float_text(value: float) -> str:
    """Return a number as text; whole numbers without their ``.0``."""
    if not math.isfinite(value):
        raise ValueError("not a number that can be sent")
    return str(int(value)) if value.is_integer() else repr(value)


def datetime_text(value: datetime) -> str:
    """Return an instant as the CRM takes it: UTC, with milliseconds and a ``Z``."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    moment = value.astimezone(UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def time_text(value: time) -> str:
    """Return a time of day as the CRM takes it; the ``Z`` does not mean UTC."""
    return f"{value.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


_WRITERS: Mapping[type, Callable[..., str]] = MappingProxyType(
    {
        str: str,
        bool: lambda value: "true" if value else "false",
        int: str,
        float: float_text,
        datetime: datetime_text,
        date: date.isoformat,
        time: time_text,
    }
)

# ── to other types ─────────────────────────────────────────────────────────


def to_integer(value: object) -> int:
    """Return a whole number from a number or from its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    raise ValueError("not a whole number")


def to_number(value: object) -> int | float:
    """Return a number from a number or from its digits."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("not a number that can be sent")
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    raise ValueError("not a number")


def to_boolean(value: object) -> bool:
    """Return true or false from itself, 1 or 0, or true/false/yes/no in any case."""
    if isinstance(value, bool):
        return value
    known = _BOOLEANS.get(to_text(value).strip().lower())
    if known is None:
        raise ValueError("neither true nor false")
    return known


def to_datetime(value: object, zone: tzinfo) -> datetime:
    """Return an instant; what has no zone of its own is in ``zone``."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=zone)
    raise ValueError("not a date and time")


def to_date(value: object, zone: tzinfo) -> date:
    """Return the calendar day in ``zone``."""
    if isinstance(value, str) and len(value.strip()) == _DAY_LENGTH:
        return date.fromisoformat(value.strip())
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return to_datetime(value, zone).astimezone(zone).date()


def to_time(value: object, zone: tzinfo) -> time:
    """Return the time of day in ``zone``."""
    if isinstance(value, str) and _CLOCK.fullmatch(value.strip()):
        return time.fromisoformat(value.strip())
    if isinstance(value, time):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        raise ValueError("a day has no time")  # noqa: TRY004 - one error for all
    return to_datetime(value, zone).astimezone(zone).time()


def to_phone(value: object, regions: tuple[str, ...]) -> str:
    """Return the first valid phone number as E.164; text that has none, stripped.

    A number without its country's code is from the first of ``regions`` where it is
    valid.
    """
    text = to_text(value).strip()
    return next(iter(valid_readings(text, regions)), text)


def converter(
    kind: FieldType, zone: tzinfo, regions: tuple[str, ...]
) -> Callable[[object], object]:
    """Return the function that makes a value a ``kind``."""
    converters: Mapping[FieldType, Callable[[object], object]] = {
        "text": to_text,
        "list": to_text,
        "phone": lambda value: to_phone(value, regions),
        "integer": to_integer,
        "number": to_number,
        "boolean": to_boolean,
        "date": lambda value: to_date(value, zone),
        "time": lambda value: to_time(value, zone),
        "datetime": lambda value: to_datetime(value, zone),
    }
    return converters[kind]
