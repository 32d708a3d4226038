"""The calls that the sandbox has, by when they start and by when they changed."""

import json
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final, cast
from zoneinfo import ZoneInfo

from connector.sandbox.agendize.calls import Call

_JSON: Final = json.JSONEncoder(ensure_ascii=False)
SEARCHED: Final = ("callerNumber", "calledNumber", "trackingNumber")

Key = tuple[float, str]
"""When a call starts, in UNIX seconds, or its change by number; and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Which calls are wanted, in UNIX seconds; None: all.

    They start ``since`` or later and ``before``, and end ``after`` and ``until``; only
    ``since`` itself is among them.
    """

    since: float | None = None
    before: float | None = None
    after: float | None = None
    until: float | None = None
    search: str = ""
    tool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A call, what is sent of it, and what it is looked up by."""

    record: Call
    sent: bytes
    start: float
    end: float


Found = tuple[Key, Stored | None]
"""A call with its place in the list; None if it was deleted."""


class Store:
    """Calls and the order of their changes; for use from any thread."""

    def __init__(self, zone: ZoneInfo) -> None:
        """``zone`` is that of starts that name none."""
        self.sequence = 0
        """The number of the latest change."""
        self._zone = zone
        self._calls: dict[str, Stored] = {}
        self._changed: dict[str, int] = {}
        self._by_start: list[Key] = []
        self._by_change: list[Key] = []
        self._longest = 0.0
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._calls)

    def records(self) -> list[Call]:
        """Return all calls, by when they start."""
        with self._lock:
            return [dict(self._calls[i].record) for _, i in self._by_start]

    def get(self, call_id: str) -> Stored:
        """Return a call; KeyError where there is none."""
        return self._calls[call_id]

    def put(self, record: Call) -> Stored:
        """Add a call, or replace the one with its id."""
        stored = self._stored(record)
        with self._lock:
            self._forget(str(record["id"]))
            self._insert(stored, insort)
        return stored

    def load(self, records: Iterable[Call]) -> None:
        """Add many calls with new ids."""
        with self._lock:
            for record in records:
                self._insert(self._stored(record), list.append)
            self._by_start.sort()

    def change(self, call_id: str, fields: Call) -> Stored:
        """Change a call and return it; KeyError where there is none."""
        with self._lock:
            return self.put(self._calls[call_id].record | fields)

    def remove(self, call_id: str) -> Stored:
        """Delete a call and return it; KeyError where there is none."""
        with self._lock:
            removed = self._calls[call_id]
            self._forget(call_id)
            self._note(call_id)
        return removed

    def listed(
        self, condition: Condition, last: Key | None, most: int | None
    ) -> Sequence[Found]:
        """Return calls by when they start, those after ``last``."""
        with self._lock:
            keys = self._between(condition, last)
            found = ((key, self._calls[key[1]]) for key in keys)
            return list(islice((f for f in found if _holds(condition, f[1])), most))

    def changed(
        self, condition: Condition, since: float, most: int | None
    ) -> Sequence[Found]:
        """Return calls, deleted ones too, by their last change, after ``since``."""
        with self._lock:
            found = self._changes(since)
            wanted = (f for f in found if f[1] is None or _holds(condition, f[1]))
            return list(islice(wanted, most))

    def _changes(self, since: float) -> Iterator[Found]:
        first = bisect_left(self._by_change, (since + 1, ""))
        for number, call_id in islice(self._by_change, first, None):
            if self._changed[call_id] == number:
                yield (number, call_id), self._calls.get(call_id)

    def _between(self, condition: Condition, last: Key | None) -> Iterator[Key]:
        """Yield the keys of all calls that may end after, and do start before."""
        after, before = condition.after, condition.before
        starts, end = self._by_start, None
        first = 0 if last is None else bisect_right(starts, last)
        if after is not None:
            first = max(first, bisect_left(starts, (after - self._longest, "")))
        if condition.since is not None:
            first = max(first, bisect_left(starts, (condition.since, "")))
        if before is not None:
            end = max(first, bisect_left(starts, (before, "")))
        return islice(starts, first, end)

    def _insert(
        self, stored: Stored, place: Callable[[list[Key], Key], object]
    ) -> None:
        call_id = str(stored.record["id"])
        self._calls[call_id] = stored
        self._longest = max(self._longest, stored.end - stored.start)
        place(self._by_start, (stored.start, call_id))
        self._note(call_id)

    def _note(self, call_id: str) -> None:
        self.sequence += 1
        self._changed[call_id] = self.sequence
        self._by_change.append((self.sequence, call_id))

    def _forget(self, call_id: str) -> None:
        stored = self._calls.pop(call_id, None)
        if stored is not None:
            del self._by_start[bisect_left(self._by_start, (stored.start, call_id))]

    def _stored(self, record: Call) -> Stored:
        start = started(record, self._zone).timestamp()
        end = start + int(str(record.get("duration", 0)))
        sent = _JSON.encode(record).encode()
        return Stored(record=record, sent=sent, start=start, end=end)


def started(record: Call, zone: ZoneInfo) -> datetime:
    """Return when a call starts; in ``zone`` where it names none."""
    start = cast("dict[str, str]", record["start"])
    own = ZoneInfo(start["timeZone"]) if "timeZone" in start else zone
    return datetime.fromisoformat(start["dateTime"].upper()).replace(tzinfo=own)


def _holds(condition: Condition, call: Stored) -> bool:
    """Whether a call is wanted; the tool is the button, which is ours."""
    started = _within(call.start, condition.since, condition.before)
    after = condition.after is None or call.end > condition.after
    ended = after and _within(call.end, None, condition.until)
    tool = condition.tool in (None, call.record.get("buttonId"))
    return started and ended and tool and _matches(condition.search, call.record)


def _within(moment: float, least: float | None, below: float | None) -> bool:
    return (least is None or moment >= least) and (below is None or moment < below)


def _matches(search: str, record: Call) -> bool:
    texts = (str(record.get(name, "")) for name in SEARCHED)
    return not search or any(search in text for text in texts)
