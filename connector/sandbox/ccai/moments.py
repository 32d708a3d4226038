"""Moments as the platform writes them: ISO 8601 with a zone."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

WRITTEN: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)"
)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
OFFSET: Final = timezone(timedelta(hours=5, minutes=30))
"""Where a customer is whose times are written with an offset."""


def stamp(at: datetime) -> str:
    """Write a moment as the document does: UTC with milliseconds, the rest cut off."""
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"


def whole_seconds(at: datetime) -> str:
    """Write a moment without its fraction."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def with_offset(at: datetime) -> str:
    """Write a moment in a zone that is not UTC."""
    return at.astimezone(OFFSET).isoformat(timespec="milliseconds")


def moment(written: object) -> datetime:
    """Read a moment; ValueError unless it is text in ISO 8601 that names its zone."""
    if not isinstance(written, str) or not WRITTEN.fullmatch(written):
        message = f"{written!r} is no time in ISO 8601 with a zone"
        raise ValueError(message)
    return datetime.fromisoformat(written)


def micros(at: datetime) -> int:
    """Count the microseconds since 1970, to compare moments by."""
    return (at - EPOCH) // timedelta(microseconds=1)
