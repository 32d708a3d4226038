"""Times as an administrator writes them: ``7 days``, ``30 seconds``, ``08:00-20:00``."""

import re
from datetime import date, time, timedelta

DURATION_PATTERN = r"^[1-9][0-9]{0,9} (second|minute|hour|day|week)s?$"
_OF_DAY = "([01][0-9]|2[0-3]):[0-5][0-9]"
HOURS_PATTERN = rf"^{_OF_DAY} ?- ?({_OF_DAY}|24:00)$"
MIDNIGHT = "24:00"
EARLIEST = date(1970, 1, 1)
LONGEST = timedelta(days=36_500)

_DURATION = re.compile(DURATION_PATTERN)
_NOTHING = re.compile(r"0+ (second|minute|hour|day|week)s?")
_HOURS = re.compile(HOURS_PATTERN)


def parse_duration(value: object) -> timedelta:
    """Return a length of time of at least a second, at most a hundred years.

    Raises ValueError saying how to write one.
    """
    text = value.strip() if isinstance(value, str) else ""
    found = _DURATION.match(text)
    if _NOTHING.fullmatch(text):
        raise ValueError("must be longer than zero")
    if not found:
        raise ValueError("must be a length of time such as 7 days, 2 minutes or 1 hour")
    length = _length(int(text.split()[0]), found[1])
    if length is None:
        raise ValueError("must be at most 36500 days")
    return length


def _length(count: int, unit: str) -> timedelta | None:
    try:
        length = count * timedelta(**{f"{unit}s": 1})
    except OverflowError:
        return None
    return length if length <= LONGEST else None


def parse_since(value: object) -> timedelta | date:
    """Return a length of time back from now, or a day.

    Raises ValueError saying how to write one.
    """
    day = _day(value)
    if day is None:
        try:
            return parse_duration(value)
        except ValueError as error:
            raise ValueError(f"{error}, or a date such as 2026-01-31") from error
    if day < EARLIEST:
        raise ValueError(f"must be {EARLIEST} or later")
    return day


def _day(value: object) -> date | None:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        return date.fromisoformat(value.strip())
    return value if type(value) is date else None


def parse_hours(value: object) -> tuple[time, time]:
    """Return from when to when; where the end comes first, it is the next day's.

    Both are midnight where the hours are all of the day (00:00-24:00). Raises ValueError saying how to write them.
    """
    text = value.strip() if isinstance(value, str) else ""
    if not _HOURS.match(text):
        raise ValueError("must be two times of day such as 08:00-20:00, or 08:00-24:00")
    first, last = (part.strip() for part in text.split("-"))
    start, end = time.fromisoformat(first), _ending(last)
    if start == end and last != MIDNIGHT:
        raise ValueError("begin when they end; where there is no limit, leave them out")
    return start, end


def _ending(text: str) -> time:
    return time() if text == MIDNIGHT else time.fromisoformat(text)
