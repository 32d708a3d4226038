"""The calls that the sandbox has, each kept as the bytes it is sent as."""

import json
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from connector.sandbox.ccai.calls import NEXT, Call
from connector.sandbox.ccai.listing import Selection
from connector.sandbox.ccai.moments import micros, moment

_JSON = json.JSONEncoder(ensure_ascii=False)

Key = tuple[int, int]
"""Microseconds since 1970, and the id of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A call as it is sent, what it is found by, and the number of its customer.

    Times are microseconds since 1970, finer than they are sent.
    """

    id: int
    updated: int
    created: int
    status: str
    sent: bytes
    number: str

    @property
    def record(self) -> Call:
        """The call as JSON has it."""
        found: Call = json.loads(self.sent)
        return found


COLUMNS: Final[dict[str, Callable[[Stored], int]]] = {
    "id": attrgetter("id"),
    "created_at": attrgetter("created"),
    "updated_at": attrgetter("updated"),
}


class Store:
    """Calls by id and by the time of their last change; for use from any thread."""

    def __init__(self) -> None:
        """Begin without any."""
        self._calls: dict[int, Stored] = {}
        self._by_update: list[Key] = []
        self._live: dict[int, None] = {}
        self._found: tuple[Selection, list[Key]] | None = None
        self.lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._calls)

    def __contains__(self, call_id: object) -> bool:
        return call_id in self._calls

    def get(self, call_id: int) -> Stored:
        """Return a call; KeyError where there is none."""
        return self._calls[call_id]

    def ids(self) -> list[int]:
        """Return the ids of all calls, oldest first."""
        with self.lock:
            return sorted(self._calls)

    def live(self) -> list[int]:
        """Return the calls to which more will happen, the latest last."""
        with self.lock:
            return list(self._live)

    def put(self, record: Call, updated: datetime, number: str) -> str | None:
        """Add a call, or replace the one with its id; return that one's status."""
        stored = _stored(record, updated, number)
        with self.lock:
            before = self._calls.get(stored.id)
            self.remove(stored.id)
            self._insert(stored)
            insort(self._by_update, (stored.updated, stored.id))
        return before.status if before else None

    def load(self, calls: Iterable[tuple[Call, datetime, str]]) -> None:
        """Add many calls with new ids."""
        with self.lock:
            for call in calls:
                stored = _stored(*call)
                self._insert(stored)
                self._by_update.append((stored.updated, stored.id))
            self._by_update.sort()

    def remove(self, call_id: int) -> None:
        """Forget a call; harmless when there is none."""
        with self.lock:
            stored = self._calls.pop(call_id, None)
            if stored is None:
                return
            self._found = None
            self._live.pop(call_id, None)
            del self._by_update[bisect_left(self._by_update, (stored.updated, call_id))]

    def find(self, wanted: Selection) -> Sequence[Key]:
        """Return the calls wanted, in the order wanted."""
        with self.lock:
            if self._found is None or self._found[0] != wanted:
                self._found = wanted, self._search(wanted)
            return self._found[1]

    def sent(self, keys: Iterable[Key]) -> list[bytes]:
        """Return the calls with these keys that there still are, as JSON."""
        with self.lock:
            return [self._calls[i].sent for _, i in keys if i in self._calls]

    def _insert(self, stored: Stored) -> None:
        self._found = None
        self._calls[stored.id] = stored
        if stored.status in NEXT:
            self._live[stored.id] = None

    def _search(self, wanted: Selection) -> list[Key]:
        spans, ids = dict(wanted.spans), dict(wanted.sets).get("id")
        if ids is None:
            keys = _between(self._by_update, spans.pop("updated_at", None))
        else:
            known = (self._calls[int(i)] for i in ids if int(i) in self._calls)
            keys = sorted((call.updated, call.id) for call in known)
        for name, (start, end) in spans.items():
            at = COLUMNS[name]
            keys = [k for k in keys if start <= at(self._calls[k[1]]) <= end]
        if wanted.column != "updated_at":
            by = COLUMNS[wanted.column]
            keys.sort(key=lambda key: by(self._calls[key[1]]))
        if wanted.descending:
            keys.reverse()
        return keys


def _stored(record: Call, updated: datetime, number: str) -> Stored:
    created = record["created_at"]
    return Stored(
        id=int(str(record["id"])),
        updated=micros(updated),
        created=micros(moment(created) if created else updated),
        status=str(record["status"]),
        sent=_JSON.encode(record).encode(),
        number=number,
    )


def _between(keys: list[Key], span: tuple[int, int] | None) -> list[Key]:
    """Cut out the keys of a span, both ends included."""
    if span is None:
        return keys.copy()
    start, end = span
    return keys[bisect_left(keys, (start, 0)) : bisect_left(keys, (end + 1, 0))]
