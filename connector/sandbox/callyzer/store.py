"""The calls that the sandbox has, each kept as the bytes it is sent as."""

import json
import threading
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from sys import intern
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.wanted import (
    Query,
    Span,
    Stored,
    conditions,
    national,
    tags,
    written,
)

_JSON = json.JSONEncoder(ensure_ascii=False)

Key = tuple[int, str]
"""UNIX seconds and the id of a call."""


class Store:
    """Calls by id, by time and by number; for use from any thread."""

    def __init__(self, zone: ZoneInfo, excluded: Collection[str]) -> None:
        """``excluded``: client numbers that the customer keeps out of reports."""
        self.emp_numbers: set[str] = set()
        self.emp_tags: set[str] = set()
        self._zone = zone
        self._excluded = frozenset(excluded)
        self._calls: dict[str, Stored] = {}
        self._by_sync: list[Key] = []
        self._by_call: list[Key] = []
        self._by_employee: defaultdict[str, list[Key]] = defaultdict(list)
        self._by_client: defaultdict[str, list[Key]] = defaultdict(list)
        self._found: tuple[Query, list[str]] | None = None
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._calls)

    def put(self, record: Call) -> None:
        """Add a call, or replace the one with its id."""
        stored = self._stored(record)
        with self._lock:
            old = self._calls.get(str(record["id"]))
            if old is None or _places(old) != _places(stored):
                self.remove(str(record["id"]))
                self._place(stored, insort)
            self._keep(stored)

    def load(self, records: Iterable[Call]) -> None:
        """Add many calls with new ids."""
        with self._lock:
            for record in records:
                stored = self._stored(record)
                self._place(stored, list.append)
                self._keep(stored)
            for keys in (
                *(self._by_sync, self._by_call),
                *(*self._by_employee.values(), *self._by_client.values()),
            ):
                keys.sort()

    def remove(self, call_id: str) -> None:
        """Forget a call; harmless when there is none."""
        with self._lock:
            stored = self._calls.pop(call_id, None)
            if stored is None:
                return
            self._found = None
            for keys, at in self._places(stored):
                del keys[bisect_left(keys, (at, call_id))]

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

    def records(self, ids: Iterable[str]) -> list[Call]:
        """Return the calls with these ids that there are."""
        with self._lock:
            return [dict(self._calls[i].record) for i in ids if i in self._calls]

    def find(self, query: Query) -> Sequence[str]:
        """Return the ids of the calls wanted, by time of sync, then by id."""
        with self._lock:
            if self._found is None or self._found[0] != query:
                self._found = query, self._search(query)
            return self._found[1]

    def calls(self, query: Query) -> list[Stored]:
        """Return the calls wanted, in the order in which they were made."""
        with self._lock:
            found = [self._calls[call_id] for call_id in self.find(query)]
        return sorted(found, key=key)

    def with_client(self, number: str) -> list[Stored]:
        """Return the calls with a `national` number, in the order they were made."""
        with self._lock:
            return [self._calls[i] for _, i in self._by_client.get(number, ())]

    def last_by(self, employee: str) -> Stored | None:
        """Return the latest call of an employee's `national` number."""
        with self._lock:
            keys = self._by_employee.get(employee)
            return self._calls[keys[-1][1]] if keys else None

    def talked_since(self, call: Stored) -> bool:
        """Whether its employee and its client spoke to each other at it or later."""
        with self._lock:
            keys = self._by_client[call.client]
            later = keys[bisect_left(keys, (call.called, "")) :]
            calls = (self._calls[call_id] for _, call_id in later)
            return any(c.talked and c.employee == call.employee for c in calls)

    def _place(self, stored: Stored, place: Callable[[list[Key], Key], object]) -> None:
        for keys, at in self._places(stored):
            place(keys, (at, str(stored.record["id"])))

    def _keep(self, stored: Stored) -> None:
        self._found = None
        self._calls[str(stored.record["id"])] = stored
        self.emp_numbers |= written(stored.record, "emp")
        self.emp_tags.update(filter(None, tags(stored.record)))

    def _places(self, stored: Stored) -> Iterator[tuple[list[Key], int]]:
        yield self._by_sync, stored.synced
        yield self._by_call, stored.called
        yield self._by_employee[stored.employee], stored.called
        yield self._by_client[stored.client], stored.called

    def _stored(self, record: Call) -> Stored:
        return Stored(
            record=record,
            duration=int(str(record["duration"])),
            sent=_JSON.encode(record).encode(),
            synced=self._epoch(str(record["synced_at"])),
            called=self._epoch(f"{record['call_date']} {record['call_time']}"),
            employee=intern(national(record["emp_number"])),
            client=intern(national(record["client_number"])),
        )

    def _epoch(self, moment: str) -> int:
        """Read a time of the customer's zone, with or without its abbreviation."""
        plain, abbreviation = moment[:19], moment[20:]
        at = datetime.fromisoformat(plain).replace(tzinfo=self._zone)
        if abbreviation not in {"", at.tzname()}:
            at = at.replace(fold=1)
        return int(at.timestamp())

    def _search(self, query: Query) -> list[str]:
        holding = tuple(conditions(query, self._excluded))
        if query.synced:
            keys = _between(self._by_sync, query.synced)
        else:
            called = _between(self._by_call, query.called or (0, 0))
            keys = sorted((self._calls[i].synced, i) for _, i in called)
        found = ((i, self._calls[i]) for _, i in keys)
        return [i for i, call in found if all(holds(call) for holds in holding)]


def key(call: Stored) -> Key:
    """When a call was made, and its id: what calls are put in order by."""
    return call.called, str(call.record["id"])


def _places(call: Stored) -> tuple[int, int, str, str]:
    """What a call is looked up by."""
    return call.synced, call.called, call.employee, call.client


def _between(keys: list[Key], span: Span) -> list[Key]:
    """Cut out the keys of a span; the ids make a second hold many keys."""
    start, end = span
    return keys[bisect_left(keys, (start, "")) : bisect_left(keys, (end + 1, ""))]
