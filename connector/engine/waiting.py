"""Rows that wait to be sent, across pages and windows, and the cursors behind them."""

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from connector.engine.decide import older
from connector.model import Row


class Wanted(NamedTuple):
    """A row that waits. ``number`` is its place.

    ``known``: the ledger has its key; ``new``: it would be created.
    """

    number: int
    row: Row
    known: bool
    new: bool = True

    def as_logged(self, rows: Mapping[str, Row]) -> "Wanted":
        """Return it with the row in ``rows``, if there is another one of its key."""
        row = rows.get(self.row.key)
        return self if row is None else self._replace(row=row)


class Waiting:
    """Changed rows, the oldest first, one a key; cursors wait for those before them."""

    def __init__(self) -> None:
        """Nothing waits."""
        self._rows: dict[str, Wanted] = {}
        self._cursors: deque[tuple[int, str]] = deque()
        self._added = 0

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._rows)

    def __contains__(self, key: str) -> bool:
        """Whether a row with this key waits."""
        return key in self._rows

    def add(self, row: Row, *, known: bool, new: bool = True) -> None:
        """Queue a row; of two with one key the newer stays, in the older's place."""
        before = self._rows.get(row.key)
        if before is None:
            self._rows[row.key] = Wanted(self._added, row, known, new)
            self._added += 1
        elif not older(row.record.version, before.row.record.version):
            self._rows[row.key] = before._replace(row=row)

    def drop_older(self, aside: Mapping[str, str | None]) -> None:
        """Drop rows of records whose newer reading was set aside just now.

        ``aside``: versions by record id. What the CRM has is then older than what
        quarantine shows, and a success would not mean that the record is in.
        """
        if not aside:
            return
        for key, wanted in list(self._rows.items()):
            record = wanted.row.record
            if record.id in aside and not older(aside[record.id], record.version):
                del self._rows[key]

    def oldest(self, most: int) -> list[Wanted]:
        """The rows that have waited longest."""
        return list(islice(self._rows.values(), most))

    def forget(self, rows: Iterable[Row]) -> None:
        """These rows are settled."""
        for row in rows:
            del self._rows[row.key]

    def cursor_after_all(self, cursor: str) -> None:
        """Let ``cursor`` be reached once every row that waits now is settled."""
        self._cursors.append((self._added, cursor))

    def reached(self) -> str | None:
        """Take the farthest cursor that no row still waiting stands before."""
        first = next(iter(self._rows.values()), None)
        settled = self._added if first is None else first.number
        cursor = None
        while self._cursors and self._cursors[0][0] <= settled:
            cursor = self._cursors.popleft()[1]
        return cursor
