"""Dates and times in the formats the REST API takes and gives.

REST API Developer Guide, "Valid Date and DateTime Formats": a time must say its
zone. Times are kept, like the org's own, in UTC and in whole seconds.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache

DATE = r"\d{4}-\d{2}-\d{2}"
DATETIME = DATE + r"T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})"
UTC_SUFFIX = ".000+0000"

_IS_DATE = re.compile(DATE).fullmatch
_IS_DATETIME = re.compile(DATETIME).fullmatch


def stamp(moment: datetime) -> str:
    """Write an aware time as answers have it: ``2026-11-05T06:30:00.000+0000``."""
    return moment.astimezone(UTC).isoformat()[:19] + UTC_SUFFIX


def read_datetime(text: str) -> str | None:
    """Return the time as a stamp, None if it is not written as it must be."""
    if _IS_DATETIME(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return text[:19] + UTC_SUFFIX if text[-1] == "Z" else stamp(moment)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def read_date(text: str) -> str | None:
    """Return the day as it is, None if there is no such day."""
    if _IS_DATE(text) is None:
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text
