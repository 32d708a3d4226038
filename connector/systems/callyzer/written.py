"""How Callyzer writes texts, numbers and times; read so that nothing in them fails."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.mapping.numbering import count_digits, region_with
from connector.mapping.phones import readings
from connector.transport.jsontext import Json

Row = Mapping[str, Json]

UNREADABLE: Final = "UNREADABLE"
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_CALLING_CODE: Final = re.compile(r"(?:\+|00?)?([1-9]\d{0,3})", re.ASCII)
_MOST_OF_A_SHORT: Final = 6


def as_object(raw: Json) -> Row:
    if isinstance(raw, dict):
        return raw
    raise RecordError("the row is not an object", code=UNREADABLE)


def blank(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def text(value: Json) -> str | None:
    """Return text, or the digits of a whole number, where there is any."""
    if isinstance(value, int) and not isinstance(value, bool):
        return digits(value)
    return value.strip() or None if isinstance(value, str) else None


def digits(value: int) -> str | None:
    try:
        return str(value)
    except ValueError:  # more digits than Python converts
        return None


def version_of(row: Row, zone: ZoneInfo) -> str | None:
    """Return when the call last changed: in one zone, so its text can be compared.

    None in the hour that the zone's clocks repeat in autumn: which of the two is
    meant is not told, and a newer reading must not look older.
    """
    for name in ("modified_at", "synced_at"):
        given = row.get(name)
        if isinstance(given, str) and _MOMENT.match(given):
            return None if _repeated(given[:13], zone) else given[:19]
    return None


@lru_cache(maxsize=4096)
def _repeated(hour: str, zone: ZoneInfo) -> bool:
    """Say whether an hour, as ``2026-11-01 01``, comes twice; some do by halves."""
    try:
        begins = datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=zone)
    except ValueError:
        return False
    moments = (begins, begins + timedelta(minutes=45))
    return any(at.utcoffset() != at.replace(fold=1).utcoffset() for at in moments)


def moment(day: Json, time: Json, zone: ZoneInfo) -> datetime | None:
    """Return the instant in UTC; an abbreviation such as IST says nothing."""
    if not (isinstance(day, str) and isinstance(time, str)):
        return None
    if not (_DAY.fullmatch(day) and _TIME.fullmatch(time)):
        return None
    try:
        local = datetime.fromisoformat(f"{day} {time}")
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def phone(country_code: Json, number: Json) -> str | None:
    written = text(number)
    code = _CALLING_CODE.fullmatch(text(country_code) or "")
    return _with_code(code[1], written) if written and code else written


def _with_code(code: str, written: str) -> str:
    """Return a number with its country's code, once.

    Callyzer shows numbers as phones have them: with the code, a 0 or a 00 before it
    all the same. Short codes and words get none.
    """
    if found := readings(written, (region_with(code),)):
        return found[0]
    is_short = count_digits(written) <= _MOST_OF_A_SHORT
    return written if is_short or written.startswith("+") else f"+{code}{written}"
