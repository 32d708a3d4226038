"""The calls that the sandbox has, each kept as the bytes it is sent as."""

import json
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.people import TEAM

_JSON = json.JSONEncoder(ensure_ascii=False)

Span = tuple[int, int]
"""UNIX seconds, both ends included."""
Key = tuple[int, str]
"""UNIX seconds and the id of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which calls are wanted; an empty condition holds for every call."""

    called: Span | None = None
    synced: Span | None = None
    call_types: frozenset[str] = frozenset()
    longer_than: int | None = None
    shorter_than: int | None = None
    emp_numbers: frozenset[str] = frozenset()
    emp_tags: frozenset[str] = frozenset()
    client_numbers: frozenset[str] = frozenset()
    excluded_too: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A call, what is sent of it, and what it is looked up by."""

    record: Call
    duration: int
    sent: bytes
    synced: int
    called: int


Condition = Callable[[Stored], bool]


class Store:
    """Calls by id and by time; for use from any thread."""

    def __init__(self, zone: ZoneInfo, excluded: Collection[str]) -> None:
        """``excluded``: client numbers that the customer keeps out of reports."""
        self.emp_numbers = {n for e in TEAM for n in _ways(e.country_code, e.number)}
        self.emp_tags = {tag for employee in TEAM for tag in employee.tags}
        self._zone = zone
        self._excluded = frozenset(excluded)
        self._calls: dict[str, Stored] = {}
        self._by_sync: list[Key] = []
        self._by_call: list[Key] = []
        self._found: tuple[Query, list[str]] | None = None
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._calls)

    def put(self, record: Call) -> None:
        """Add a call, or replace the one with its id."""
        stored = self._stored(record)
        with self._lock:
            self.remove(str(record["id"]))
            self._insert(stored, insort)

    def load(self, records: Iterable[Call]) -> None:
        """Add many calls with new ids."""
        with self._lock:
            for record in records:
                self._insert(self._stored(record), list.append)
            self._by_sync.sort()
            self._by_call.sort()

    def remove(self, call_id: str) -> None:
        """Forget a call; harmless when there is none."""
        with self._lock:
            stored = self._calls.pop(call_id, None)
            if stored is None:
                return
            self._found = None
            del self._by_sync[bisect_left(self._by_sync, (stored.synced, call_id))]
            del self._by_call[bisect_left(self._by_call, (stored.called, call_id))]

    def change(self, call_id: str, fields: Call) -> Call:
        """Change a call and return it; KeyError where there is none."""
        with self._lock:
            record = self._calls[call_id].record | fields
            self.put(record)
        return dict(record)

    def sent(self, ids: Iterable[str]) -> list[bytes]:
        """Return the calls with these ids that there are, as JSON."""
        with self._lock:
            return [self._calls[i].sent for i in ids if i in self._calls]

    def find(self, query: Query) -> Sequence[str]:
        """Return the ids of the calls wanted, by time of sync, then by id."""
        with self._lock:
            if self._found is None or self._found[0] != query:
                self._found = query, self._search(query)
            return self._found[1]

    def _insert(
        self, stored: Stored, place: Callable[[list[Key], Key], object]
    ) -> None:
        call_id = str(stored.record["id"])
        self._found = None
        self._calls[call_id] = stored
        place(self._by_sync, (stored.synced, call_id))
        place(self._by_call, (stored.called, call_id))
        self.emp_numbers |= written(stored.record, "emp")
        self.emp_tags.update(filter(None, tags(stored.record)))

    def _stored(self, record: Call) -> Stored:
        return Stored(
            record=record,
            duration=int(str(record["duration"])),
            sent=_JSON.encode(record).encode(),
            synced=self._epoch(str(record["synced_at"])),
            called=self._epoch(f"{record['call_date']} {record['call_time']}"),
        )

    def _epoch(self, moment: str) -> int:
        """Read a time of the customer's zone, with or without its abbreviation."""
        plain, abbreviation = moment[:19], moment[20:]
        at = datetime.fromisoformat(plain).replace(tzinfo=self._zone)
        if abbreviation not in {"", at.tzname()}:
            at = at.replace(fold=1)
        return int(at.timestamp())

    def _search(self, query: Query) -> list[str]:
        conditions = tuple(self._conditions(query))
        if query.synced:
            keys = _between(self._by_sync, query.synced)
        else:
            called = _between(self._by_call, query.called or (0, 0))
            keys = sorted((self._calls[i].synced, i) for _, i in called)
        found = ((i, self._calls[i]) for _, i in keys)
        return [i for i, call in found if all(holds(call) for holds in conditions)]

    def _conditions(self, query: Query) -> Iterator[Condition]:
        """Yield only what the query asks for, so that the rest costs nothing."""
        yield from _call_conditions(query)
        if employees := query.emp_numbers:
            yield lambda call: bool(written(call.record, "emp") & employees)
        if clients := query.client_numbers:
            yield lambda call: bool(written(call.record, "client") & clients)
        if not query.excluded_too:
            yield lambda call: not written(call.record, "client") & self._excluded
        if wanted := query.emp_tags:
            yield lambda call: bool(wanted.intersection(tags(call.record)))


def _call_conditions(query: Query) -> Iterator[Condition]:
    if span := query.called:
        yield lambda call: span[0] <= call.called <= span[1]
    if types := query.call_types:
        yield lambda call: call.record["call_type"] in types
    if (least := query.longer_than) is not None:
        yield lambda call: call.duration > least
    if (most := query.shorter_than) is not None:
        yield lambda call: call.duration < most


def _between(keys: list[Key], span: Span) -> list[Key]:
    """Cut out the keys of a span; the ids make a second hold many keys."""
    start, end = span
    return keys[bisect_left(keys, (start, "")) : bisect_left(keys, (end + 1, ""))]


def written(record: Call, whose: str) -> set[str]:
    """The two ways in which a filter may name this call's number."""
    return _ways(record[f"{whose}_country_code"], record[f"{whose}_number"])


def _ways(country_code: object, number: object) -> set[str]:
    return {str(number), f"{country_code}-{number}"}


def tags(record: Call) -> list[str]:
    """The employee's tags."""
    return [str(tag) for tag in cast("list[object]", record["emp_tags"])]
