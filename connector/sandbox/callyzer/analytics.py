"""The reports by hour of the day, of a whole span and of each of its days.

Source: Callyzer API 2.1, call-log/hourly-analytics and call-log/daywise-analytics.
What the document leaves open is marked *ours*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.figures import Calls, amount, grouped, share, totals
from connector.sandbox.callyzer.rules import Hours
from connector.sandbox.callyzer.wanted import Query, Stored

HOUR, DAY = 60, 24 * 60
NOON = 12
"""In minutes; noon is an hour."""
COUNTED: Final = {
    "calls": "total_calls",
    "connected_calls": "total_connected_calls",
    "duration": "total_duration",
}
PERCENTAGES: Final = {
    "total_call_perc": "total_calls",
    "total_connected_calls_perc": "total_connected_calls",
    "total_duration_perc": "total_duration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """A day cut up: before the working hours, each of them, and after them.

    Ours: hours that end before they begin go on after midnight; the rest of such a
    day is before them.
    """

    hours: Hours

    @property
    def labels(self) -> list[str]:
        """What each is called, in order."""
        start, end = self.hours.start, self.hours.end
        begins = range(0, self._length, HOUR)
        ends = [min(at + HOUR, self._length) - 1 for at in begins]
        return [
            f"Before {_twelve(start)}",
            *(
                f"{_twelve(start + first)} - {_twelve(start + last)}"
                for first, last in zip(begins, ends, strict=True)
            ),
            f"After {_twelve(end)}",
        ]

    def cut(self, calls: Calls) -> list[list[Stored]]:
        """Put each call into its slot."""
        slots: list[list[Stored]] = [[] for _ in self.labels]
        for call in calls:
            slots[self._which(call)].append(call)
        return slots

    @property
    def _length(self) -> int:
        return (self.hours.end - self.hours.start) % DAY

    def _which(self, call: Stored) -> int:
        hour, minute = str(call.record["call_time"]).split(":")[:2]
        at = int(hour) * HOUR + int(minute)
        worked = (at - self.hours.start) % DAY
        if worked < self._length:
            return 1 + worked // HOUR
        return 0 if at < self.hours.start else -1


def hourly(calls: Calls, query: Query, hours: Hours, zone: ZoneInfo) -> Call:
    """Count the calls of each hour of the day."""
    days = _days(calls, query, hours, zone)
    slots, counted = Slots(hours=hours), frozenset(days)
    found = [call for call in calls if _day(call) in counted]
    whole, cut = _totals(found), slots.cut(found)
    return {
        **whole,
        "daily_average": _named(_averages(whole, len(days)), "avg_"),
        "time_slots": [
            {"slot": label} | _totals(theirs) | _percentages(_totals(theirs), whole)
            for label, theirs in zip(slots.labels, cut, strict=True)
        ],
    }


def daywise(calls: Calls, query: Query, hours: Hours, zone: ZoneInfo) -> Call:
    """Count the calls of each hour of each day."""
    days = _days(calls, query, hours, zone)
    slots, whole = Slots(hours=hours), _totals(calls)
    cut = [_by_day(theirs, days) for theirs in slots.cut(calls)]
    idle = [day for day in days if any(not by_day[day] for by_day in cut)]
    return {
        **whole,
        "total_days_with_no_calls_in_time_slot": len(idle),
        "daily_average": _named(_averages(whole, len(days)), "avg_"),
        "time_slots": [
            {"slot": label} | _slot(by_day)
            for label, by_day in zip(slots.labels, cut, strict=True)
        ],
    }


def _slot(by_day: dict[date, list[Stored]]) -> Call:
    """Count one slot of each day.

    The example's names: the table of the response has others, and percentages.
    """
    whole = _totals([call for calls in by_day.values() for call in calls])
    return {
        "days_with_no_calls_in_time_slot": sum(not calls for calls in by_day.values()),
        "daily_average": _named(_averages(whole, len(by_day))),
        "day_wise": [
            {"date": f"{day}", "day": f"{day:%A}"} | _totals(calls)
            for day, calls in by_day.items()
        ],
    }


def _days(calls: Calls, query: Query, hours: Hours, zone: ZoneInfo) -> list[date]:
    """The days that count, in order.

    Ours: all days of the span by call time, or from the first to the last call
    where only the time of the sync was asked for.
    """
    if query.called:
        ends = [datetime.fromtimestamp(at, zone).date() for at in query.called]
    else:
        ends = [_day(call) for call in (*calls[:1], *calls[-1:])] or []
    first, last = (ends[0], ends[-1]) if ends else (date.max, date.min)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() not in hours.days_off]


def _day(call: Stored) -> date:
    return date.fromisoformat(str(call.record["call_date"]))


def _by_day(calls: Calls, days: Sequence[date]) -> dict[date, list[Stored]]:
    groups = grouped(calls, lambda call: str(call.record["call_date"]))
    return {day: groups.get(f"{day}", []) for day in days}


def _totals(calls: Calls) -> dict[str, int]:
    figures = totals(calls)
    return {name: amount(figures, name) for name in COUNTED.values()}


def _averages(whole: dict[str, int], days: int) -> dict[str, int]:
    return {short: share(whole[name], days) for short, name in COUNTED.items()}


def _named(figures: dict[str, int], prefix: str = "") -> Call:
    return {f"{prefix}{name}": value for name, value in figures.items()}


def _percentages(part: dict[str, int], whole: dict[str, int]) -> Call:
    return {
        short: round(100 * part[name] / whole[name], 2) if part[name] else 0
        for short, name in PERCENTAGES.items()
    }


def _twelve(minutes: int) -> str:
    """Write minutes after midnight as a clock with twelve hours does."""
    hour, minute = divmod(minutes % DAY, HOUR)
    return f"{hour % NOON or NOON:02}:{minute:02} {'AM' if hour < NOON else 'PM'}"
