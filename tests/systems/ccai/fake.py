"""A list of calls that changes while it is read, as the Manager API lists them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from connector.systems.ccai.reading import LATE, Part, Tail
from connector.systems.ccai.wire import ListPage

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
Told = Literal["link", "total", "size", "page", "none"]
"""By what more pages are told; page: the total is that of the page itself."""


def written(at: datetime, *, fine: bool) -> str:
    """A time in JSON, cut to milliseconds or to seconds."""
    return at.isoformat(timespec="milliseconds" if fine else "seconds")


@dataclass(slots=True, kw_only=True)
class Change:
    """A call's change: what it is stamped with, and from when on it can be seen."""

    at: datetime
    seen: datetime


@dataclass(slots=True, kw_only=True)
class Desk:
    """The vendor's end; ``busy``: how many calls change during a request, at most.

    ``stale``: a page may show a change that came while it was made, in the call's old
    place. ``per``: rows on a page.
    """

    rng: Random
    per: int = 3
    told: Told = "link"
    fine: bool = True
    stale: bool = False
    busy: int = 0
    now: datetime = START
    calls: dict[int, list[Change]] = field(default_factory=dict)
    requests: list[tuple[datetime, int]] = field(default_factory=list)

    def change(self, call_id: int, ago: float = 0, late: float = 0) -> None:
        """Change a call so many seconds ago; it shows ``late`` seconds after that."""
        at = self.now - timedelta(seconds=ago)
        change = Change(at=at, seen=at + timedelta(seconds=late))
        self.calls.setdefault(call_id, []).append(change)

    def ask(self, at: datetime, number: int) -> ListPage:
        """Answer a request; each takes a second."""
        self.requests.append((at, number))
        found = sorted(
            (change.at, call_id)
            for call_id, change in self._visible().items()
            if change.at >= at
        )
        page = found[(number - 1) * self.per : number * self.per]
        before = self.now
        self._go_on()
        rows = [self._row(call_id, moment) for moment, call_id in page]
        return ListPage(
            rows=rows,
            linked=self.told == "link" and number * self.per < len(found),
            total=self._total(len(found), len(page)),
            at=before.replace(microsecond=0),
            size=self.per if self.told == "size" else None,
        )

    def _total(self, all_of_them: int, here: int) -> int | None:
        if self.told == "none":
            return None
        return here if self.told == "page" else all_of_them

    def _row(self, call_id: int, moment: datetime) -> dict[str, Any]:
        shown = self._visible()[call_id].at if self.stale else moment
        return {"id": call_id, "updated_at": written(shown, fine=self.fine)}

    def _visible(self) -> dict[int, Change]:
        found: dict[int, Change] = {}
        for call_id, changes in self.calls.items():
            there = [change for change in changes if change.seen <= self.now]
            if there:
                found[call_id] = max(there, key=lambda change: change.at)
        return found

    def _go_on(self) -> None:
        for _ in range(self.rng.randint(0, self.busy)):
            longest = LATE.total_seconds() - 2
            self.now += timedelta(milliseconds=self.rng.choice((0, 1, 40)))
            late = self.rng.choice((0, 0, 0, 1, longest))
            self.change(self.rng.randint(1, len(self.calls) + 2), late=late)
        self.now += timedelta(seconds=1)

    # ── the reader's end ───────────────────────────────────────────────────

    def tail(self, at: datetime) -> Iterator[Part]:
        """Read on from a moment, as a new run does."""
        return Tail(ask=self.ask, at=at, clock=lambda: self.now).parts()

    def latest(self) -> set[tuple[int, str]]:
        """Every call with its last change, as it is written."""
        return {
            (call_id, written(max(c.at for c in changes), fine=self.fine))
            for call_id, changes in self.calls.items()
        }


def rows(part: Part) -> list[tuple[int, str]]:
    """The calls of a part, with their changes."""
    return [(row["id"], row["updated_at"]) for row in part.rows]
