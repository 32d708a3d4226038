"""Calls come, change and go while they are read, and none is lost.

One move into or out of a window between two requests shows in its total; two that
cancel out do not, so at most one thing happens in a gap here, beside arrivals.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import UnavailableError
from connector.model import Page, Record
from connector.systems.callyzer.reading import SETTLED, read_windows
from connector.systems.callyzer.wire import By
from tests.systems.callyzer.fake import NOON, FakeCallyzer

SINCE = NOON - 3_600
LATEST_COMMIT = 240
"""Seconds; a call can show up so long after the second it was synced in."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happens between two requests: ``which`` call, ``late`` by how much."""

    arrivals: int
    kind: str
    which: int
    late: int


@dataclass(slots=True)
class World:
    """A Callyzer in which things happen, and what was seen of it."""

    fake: FakeCallyzer
    events: list[Event]
    made: int = 0
    seen: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))

    def happen(self, _: int) -> None:
        if not self.events:
            return
        event = self.events.pop()
        for _ in range(event.arrivals):
            self.put(f"new-{self.made}", self.fake.now())
        ids = sorted(self.fake.calls)
        if event.kind == "late":
            self.put(f"late-{self.made}", self.fake.now() - event.late)
        elif event.kind == "change" and ids:
            self.put(ids[event.which % len(ids)], self.fake.now())
        elif event.kind == "delete" and ids:
            del self.fake.calls[ids[event.which % len(ids)]]

    def put(self, call_id: str, synced: int) -> None:
        self.made += 1
        self.fake.put(call_id, max(SINCE, synced), note=f"reading {self.made}")
        self.fake.called.setdefault(call_id, max(SINCE, synced))

    def shown(self) -> dict[str, tuple[int, object]]:
        """The calls as they are now: when synced, and their note."""
        return {
            call_id: (synced, row["note"])
            for call_id, (synced, row) in self.fake.calls.items()
            if isinstance(row, dict)
        }

    def take(self, records: Iterable[Record]) -> None:
        for record in records:
            self.seen[record.id].add(record.fields["note"])

    def lost(self, before: dict[str, tuple[int, object]], upto: float) -> list[str]:
        """Calls that were there ``before``, did not change since, and were not seen."""
        now = self.shown()
        return [
            call_id
            for call_id, (synced, note) in before.items()
            if now.get(call_id) == (synced, note)
            and synced <= upto
            and note not in self.seen[call_id]
        ]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: after a while, and broken off after some pages."""

    after: int
    pages: int


QUIET = Reading(after=600, pages=10_000)
"""A last reading, to its end, in which nothing happens."""

events = st.builds(
    Event,
    arrivals=st.integers(0, 3),
    kind=st.sampled_from(["late", "change", "delete", "nothing"]),
    which=st.integers(0, 99),
    late=st.integers(1, LATEST_COMMIT),
)
readings = st.lists(
    st.builds(Reading, after=st.integers(0, 400), pages=st.integers(1, 12)),
    min_size=1,
    max_size=4,
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    fake = FakeCallyzer(
        page=draw(st.integers(1, 5)),
        skew=draw(st.sampled_from([0, -1, 1, -400, 400])),
        dated=draw(st.booleans()),
        seconds=draw(st.sampled_from([0, 0.5, 2, 7])),
        newest_first=draw(st.booleans()),
    )
    if not fake.dated:
        fake.skew = 0
    world = World(fake, draw(st.lists(events, max_size=40)))
    for second in draw(st.lists(st.integers(0, 3_600), max_size=30)):
        world.put(f"old-{world.made}", SINCE + second)
    fake.meanwhile = world.happen
    return world


def until_it_fails(pages: Iterator[Page]) -> Iterator[Page]:
    try:
        yield from pages
    except UnavailableError:
        return


def second(cursor: str) -> int:
    return int(datetime.fromisoformat(cursor).timestamp())


@settings(max_examples=200)
@given(worlds(), readings)
def test_no_cursor_passes_a_call_that_was_not_shown_and_in_the_end_all_were(
    world: World, read: list[Reading]
) -> None:
    since = datetime.fromtimestamp(SINCE, UTC)
    source = world.fake.source()
    cursor: str | None = None

    for reading in [*read, QUIET]:
        world.fake.clock.time += timedelta(seconds=reading.after)
        before = world.shown()
        if reading is QUIET:
            world.events.clear()
        pages = until_it_fails(source.read(cursor, since))
        for page in islice(pages, reading.pages):
            world.take(page.records)
            if page.cursor is not None:
                assert cursor is None or page.cursor >= cursor
                cursor = page.cursor
                assert world.lost(before, second(cursor)) == []

    assert world.lost(world.shown(), world.fake.now() - 100) == []


@pytest.mark.parametrize("by", ["synced", "call"])
@settings(max_examples=200)
@given(world=worlds(), most=st.integers(6, 20))
def test_what_was_there_and_did_not_change_is_shown_also_by_small_windows(
    world: World, most: int, by: By
) -> None:
    if by == "call":  # calls begin by the clocks of handsets, not by the vendor's
        world.fake.skew = 0
    ask = world.fake.source()._ask  # noqa: SLF001  # the request alone, without its windows
    before = world.shown()
    end = int(world.fake.clock.now().timestamp()) - SETTLED
    through = None

    try:
        for part in read_windows(ask, SINCE, end, by=by, most=most):
            for call in part.rows:
                world.seen[call["id"]].add(call["note"])
            through = part.through or through
            if part.through is not None:
                assert world.lost(before, part.through) == []
    except UnavailableError:
        return

    assert through is not None
    assert world.lost(before, through) == []
