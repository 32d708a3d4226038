"""Cron lines, as the scheduler reads them (APScheduler 3, CronTrigger.from_crontab)."""

import re
from dataclasses import dataclass

MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


_PARTS = (
    _Part(name="minute", least=0, most=59),
    _Part(name="hour", least=0, most=23),
    _Part(name="day of the month", least=1, most=31),
    _Part(name="month", least=1, most=12, names=MONTHS),
    _Part(name="day of the week", least=0, most=6, names=DAYS),
)
_WEEKDAY = _PARTS[-1]
_ITEM = re.compile(
    r"(?:\*|(?P<first>[0-9]{1,2})(?:-(?P<last>[0-9]{1,2}))?)(?:/(?P<step>[0-9]{1,2}))?"
)
_NAMES = re.compile(r"(?P<first>[a-z]+)(?:-(?P<last>[a-z]+))?", re.IGNORECASE)


def check_cron(text: str) -> None:
    """Accept ``minute hour day month weekday``; raise ValueError for all else.

    Weekdays are names: programs disagree on whether 0 is Monday or Sunday.
    """
    parts = text.split()
    if len(parts) != len(_PARTS):
        raise ValueError(
            "must have five parts: minute, hour, day, month and day of the week"
        )
    for written, part in zip(parts, _PARTS, strict=True):
        for item in written.split(","):
            if not _fits(item, part):
                raise ValueError(f"'{item[:20]}' is no {part.name}{_how(part)}")


def _how(part: _Part) -> str:
    if part is _WEEKDAY:
        return "; write mon, tue, wed, thu, fri, sat, sun, or a range such as mon-fri"
    return f" ({part.least} to {part.most}, *, */5 or a range such as 8-20)"


def _fits(item: str, part: _Part) -> bool:
    named = _NAMES.fullmatch(item)
    if named:
        return _ordered(named["first"], named["last"], part.names)
    found = _ITEM.fullmatch(item)
    if not found or (part is _WEEKDAY and item != "*"):
        return False
    first = int(found["first"] or part.least)
    last = int(found["last"] or _end(found, part))
    step = int(found["step"] or 1)
    in_range = part.least <= first <= last <= part.most
    return in_range and (not found["step"] or 1 <= step <= last - first)


def _end(found: re.Match[str], part: _Part) -> int:
    single = found["first"] is not None and found["step"] is None
    return int(found["first"]) if single else part.most


def _ordered(first: str, last: str | None, names: tuple[str, ...]) -> bool:
    wanted = [name.lower() for name in (first, last or first)]
    if not all(name in names for name in wanted):
        return False
    return names.index(wanted[0]) <= names.index(wanted[1])
