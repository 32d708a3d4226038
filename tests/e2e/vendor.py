"""A vendor in memory, whose calls change, go back, and change late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connector.model import Page, Record, Stream
from connector.systems.callyzer.stream import CALL_LOGS

ON_A_PAGE = 2


@dataclass(slots=True)
class Call:
    """One call; ``place`` in the order of syncing, ``version`` of its content."""

    place: int
    version: int
    note: str
    late: bool


@dataclass(slots=True, kw_only=True)
class MemoryVendor:
    """A stream with a cursor. Implements `Source`, `Rereadable` and `Refetchable`."""

    versioned: bool
    calls: dict[str, Call] = field(default_factory=dict)
    _ticks: int = 0

    def say(self, name: str, note: str, *, late: bool = False) -> None:
        """Add a call or change it; a ``late`` change only a re-read can find."""
        self._ticks += 1
        before = self.calls.get(name)
        place = before.place if before and late else self._ticks
        # Two changes may share a version, as they may share a second.
        self.calls[name] = Call(place, self._ticks // 2, note, late)

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return CALL_LOGS

    def checked(self, cursor: str) -> str:
        """Any cursor will do."""
        return cursor

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield what was synced after ``cursor``, as it is when it is asked for."""
        del since
        reached = int(cursor or 0)
        while names := self._after(reached)[:ON_A_PAGE]:
            reached = self.calls[names[-1]].place
            yield Page(records=self._records(names), cursor=str(reached))

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield everything again."""
        del start, end
        reached = 0
        while names := self._after(reached)[:ON_A_PAGE]:
            reached = self.calls[names[-1]].place
            yield Page(records=self._records(names))

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield these calls."""
        yield from self._records([name for name in ids if name in self.calls])

    def _after(self, place: int) -> list[str]:
        later = [name for name, call in self.calls.items() if call.place > place]
        return sorted(later, key=lambda name: self.calls[name].place)

    def _records(self, names: Sequence[str]) -> list[Record]:
        return [self._record(name, self.calls[name]) for name in names]

    def _record(self, name: str, call: Call) -> Record:
        version = f"{call.version:09}" if self.versioned else None
        fields = {"id": name, "call_type": "Incoming", "note": call.note}
        return Record(id=name, version=version, fields=fields)
