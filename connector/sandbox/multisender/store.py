"""Records by their ids, and what is to happen to them later."""

import heapq
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from connector.sandbox.multisender.fields import Record


@dataclass(slots=True)
class Row:
    """A record, and what is sent of it, with what that depends on besides it."""

    record: Record
    sent: tuple[Hashable, bytes] | None = None


class Table:
    """Records by id, oldest first; the ids count from 1. The caller locks."""

    def __init__(self, lookups: Sequence[str] = ()) -> None:
        """``lookups``: the fields that records are found by."""
        self._rows: dict[int, Row] = {}
        self._ids = count(1)
        self._found: dict[str, dict[object, dict[int, None]]]
        self._found = {name: {} for name in lookups}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __contains__(self, record_id: int) -> bool:
        return record_id in self._rows

    def row(self, record_id: int) -> Row:
        """Return a row; KeyError where there is none."""
        return self._rows[record_id]

    def add(self, record: Record) -> int:
        """Keep a new record, with its ``id``, which is returned."""
        record_id = next(self._ids)
        self._rows[record_id] = Row(record | {"id": record_id})
        self._index(record_id, record)
        return record_id

    def change(self, record_id: int, fields: Record) -> Record:
        """Change a record and return it; KeyError where there is none."""
        row = self._rows[record_id]
        self._forget(row.record)
        row.record.update(fields)
        row.sent = None
        self._index(record_id, row.record)
        return row.record

    def remove(self, record_id: int) -> Record:
        """Forget a record and return what it was; KeyError where there is none."""
        record = self._rows.pop(record_id).record
        self._forget(record)
        return record

    def find(self, name: str, value: object) -> int | None:
        """Return the oldest record with this value, which may not be blank."""
        return next(iter(self._found[name].get(value, ())), None)

    def _index(self, record_id: int, record: Record) -> None:
        for name, found in self._found.items():
            if record[name]:
                found.setdefault(record[name], {})[record_id] = None

    def _forget(self, record: Record) -> None:
        for name, found in self._found.items():
            holders = found.get(record[name], {})
            holders.pop(record["id"], None)
            if not holders:
                found.pop(record[name], None)


class Agenda:
    """What is due when."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def add(self, at: datetime, act: Callable[[], None]) -> None:
        """Do it once ``at`` is past."""
        heapq.heappush(self._due, (at, next(self._order), act))

    def catch_up(self, now: datetime) -> None:
        """Do what is due."""
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
