"""What a client has not read yet of the queries it made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from connector.sandbox.salesforce.schema.shape import Row

KEPT: Final = 50
"""How many queries can be read on; older ones are forgotten."""
LIFE: Final = timedelta(days=2)
"""How long a query can be read on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The rows of a query, how they are shown, and how many to a page."""

    rows: Sequence[Row]
    shape: Callable[[Row], object]
    size: int
    made_at: datetime


@dataclass(slots=True)
class Cursors:
    """Cursors by name."""

    _kept: dict[str, Cursor] = field(default_factory=dict)
    _made: int = 0

    def keep(self, cursor: Cursor) -> str:
        """Keep a cursor that has more than a page, and return its name."""
        self._made += 1
        name = f"01g5g00000{self._made:05}AAA"
        if len(cursor.rows) > cursor.size:
            self._kept[name] = cursor
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return name

    def find(self, name: str, now: datetime) -> Cursor | None:
        """Return a cursor that can still be read on."""
        cursor = self._kept.get(name)
        return cursor if cursor and now - cursor.made_at < LIFE else None
