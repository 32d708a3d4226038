"""A backfill: its own lane, its own resume point, nothing else of the flow touched."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from connector.engine.backfill import (
    Before,
    Order,
    backfill,
    fingerprint,
    order,
    reached,
)
from connector.engine.hold import LEASE
from connector.errors import (
    BusyError,
    ConfigError,
    ConnectorError,
    UnauthorizedError,
    UnavailableError,
)
from connector.mapping.flow import PushFlow
from connector.mapping.flow import World as Words
from connector.mapping.load import load_text
from connector.model import Estimate, Lane, Page, Run
from connector.testing import ListSource
from tests.engine.desk import MAPPING, STREAM, Desk, call, is_free, locked

ROOT = Path(__file__).parents[2]
KEPT = "calls/backfill"
START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
PAGES = [
    Page(records=[call("1"), call("2")], cursor="c1"),
    Page(records=[call("3")], cursor="c2"),
    Page(records=[call("4")], cursor="c3"),
]


@dataclass(slots=True, kw_only=True)
class Past(ListSource):
    """A source that notes what it was asked for; ``fails`` after ``good`` pages."""

    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    fails: Exception | None = None
    good: int = 0
    fails_at_once: Exception | None = None

    @override
    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        self.spans.append((start, end))
        for number, page in enumerate(ListSource.between(self, start, end, done)):
            if self.fails and number == self.good:
                raise self.fails
            yield page

    @override
    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        if self.fails_at_once:
            raise self.fails_at_once
        return ListSource.expected(self, start, end, done)


@dataclass(slots=True, kw_only=True)
class Clerk:
    """Backfills the flow of a desk, and keeps what was announced."""

    desk: Desk
    source: Past = field(default_factory=lambda: Past(stream=STREAM, pages=[*PAGES]))
    announced: list[tuple[Estimate, Before]] = field(default_factory=list)
    reads_before: list[int] = field(default_factory=list)

    def run(self, wanted: Order | None = None) -> Run:
        wanted = wanted or order(self.desk.flow, START, END)
        told = self.desk.runner
        return backfill(told, self.desk.flow, self.source, wanted, self.announce)

    def announce(self, expected: Estimate, before: Before) -> None:
        self.reads_before.append(len(self.source.read_from))
        self.announced.append((expected, before))

    def broken_off(self, good: int = 2) -> Run:
        """A run that came so many pages far."""
        self.source.fails, self.source.good = UnavailableError("no answer"), good
        run = self.run()
        self.source.fails = None
        self.source.read_from.clear()
        self.announced.clear()
        return run


@pytest.fixture
def clerk(desk: Desk) -> Clerk:
    desk.clock.time = END + timedelta(days=30)
    return Clerk(desk=desk)


def edited(text: str, new: str) -> PushFlow:
    assert text in MAPPING
    words = Words(
        streams={"phone": {"calls": STREAM}}, zones={"phone": "UTC"}, regions=("IN",)
    )
    flow = load_text(MAPPING.replace(text, new), "elsewhere.yaml", words)
    assert isinstance(flow, PushFlow)
    return flow


# ── a run ──────────────────────────────────────────────────────────────────


def test_the_calls_come_in_beside_live_whose_cursor_stays(clerk: Clerk) -> None:
    with clerk.desk.store.writing() as tx:
        tx.set_cursor("calls", "live's own")

    run = clerk.run()

    assert (run.lane, run.outcome, run.counts.created) == ("backfill", "done", 4)
    assert clerk.desk.last() == run
    assert len(clerk.desk.notes()) == 4
    assert clerk.desk.store.cursor("calls") == "live's own"
    assert clerk.desk.store.cursor(KEPT) is None
    assert is_free(clerk.desk, Lane.BACKFILL)


def test_it_says_what_it_costs_before_it_reads(clerk: Clerk) -> None:
    clerk.run()

    assert clerk.announced == [(Estimate(records=4, requests=3, seconds=3), Before())]
    assert clerk.reads_before == [0]


def test_an_end_to_come_is_cut_to_now(clerk: Clerk) -> None:
    clerk.run(order(clerk.desk.flow, START, clerk.desk.clock.now() + timedelta(days=1)))

    assert clerk.source.spans == [(START, clerk.desk.clock.now())]


def test_what_the_crm_has_already_is_not_sent_again(clerk: Clerk) -> None:
    clerk.run()

    run = clerk.run()

    assert (run.counts.read, run.counts.unchanged, run.counts.updated) == (4, 4, 0)
    assert len(clerk.desk.crm.calls) == 1


def test_after_an_edit_of_the_mapping_just_the_rows_that_differ_are_written(
    clerk: Clerk,
) -> None:
    other = call("9", "long " * 20)
    clerk.source.pages.append(Page(records=[other], cursor="c4"))
    clerk.run()
    rule = "Note__c: {from: note}"
    new = "Note__c: {from: note, map: {hello: hello}, default: new}"
    clerk.desk.flow = edited(rule, new)

    run = clerk.run()

    assert (run.counts.updated, run.counts.unchanged) == (1, 4)
    assert clerk.desk.crm.calls[-1] == ("update", 1)
    assert clerk.desk.notes()["phone:9"] == "new"


def test_nothing_in_quarantine_is_retried_and_nothing_fetched_by_id(
    clerk: Clerk,
) -> None:
    clerk.desk.crm.refuse = locked
    clerk.desk.source.pages = [Page(records=[call("0", "locked")], cursor="c0")]
    clerk.desk.run()
    clerk.desk.crm.refuse = lambda _: None
    clerk.desk.clock.time += timedelta(days=1)
    with clerk.desk.store.writing() as tx:
        tx.nudge("calls", ["1"])

    run = clerk.run()

    assert run.counts.healed == 0
    assert clerk.desk.store.quarantined("calls") == 1
    assert len(clerk.desk.store.nudges("calls", 9)) == 1


def test_a_record_in_quarantine_is_left_until_it_changes(clerk: Clerk) -> None:
    clerk.desk.crm.refuse = locked
    clerk.source.pages = [Page(records=[call("1", "locked")], cursor="c1")]
    first = clerk.run()
    again = clerk.run()
    clerk.source.pages = [Page(records=[call("1", "open")], cursor="c1")]

    changed = clerk.run()

    assert (first.counts.set_aside, again.counts.unchanged) == (1, 1)
    assert (changed.counts.created, changed.counts.healed) == (1, 1)


def test_a_stream_without_call_times_is_refused(desk: Desk) -> None:
    class Timeless:
        stream = STREAM

        def checked(self, cursor: str) -> str:
            return cursor

        def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
            raise NotImplementedError

    wanted = order(desk.flow, START, END)

    with pytest.raises(ConfigError, match="phone's calls cannot be read by call time"):
        backfill(desk.runner, desk.flow, Timeless(), wanted, lambda *_: None)
    assert desk.store.runs() == []


# ── lanes ──────────────────────────────────────────────────────────────────


def test_two_backfills_of_a_flow_at_once_are_one_too_many(clerk: Clerk) -> None:
    assert clerk.desk.store.acquire("calls", Lane.BACKFILL, "somebody", LEASE)

    with pytest.raises(BusyError):
        clerk.run()

    assert clerk.announced == []


def test_live_runs_while_a_backfill_does(clerk: Clerk) -> None:
    runs: list[Run] = []
    clerk.desk.source.pages = [Page(records=[call("live")], cursor="l1")]

    def meanwhile(run: Run) -> None:
        if run.lane is Lane.BACKFILL and not runs:
            runs.append(clerk.desk.run())

    clerk.desk.runner.progress = meanwhile

    outcome = clerk.run().outcome

    assert (outcome, runs[0].outcome, runs[0].counts.created) == ("done", "done", 1)
    assert clerk.desk.store.cursor("calls") == "l1"


# ── broken off, and going on ───────────────────────────────────────────────


def test_it_goes_on_from_where_it_was_broken_off(clerk: Clerk) -> None:
    assert clerk.broken_off(good=2).outcome == "waiting"

    run = clerk.run()

    assert clerk.source.read_from == ["c2"]
    left = Estimate(records=1, requests=1, seconds=1)
    assert clerk.announced == [(left, Before(done="c2"))]
    assert (run.outcome, run.counts.read) == ("done", 1)
    assert len(clerk.desk.notes()) == 4
    assert clerk.desk.store.cursor(KEPT) is None


def test_a_stop_ends_it_after_the_page_in_hand_and_it_goes_on_later(
    clerk: Clerk,
) -> None:
    def told(run: Run) -> None:
        if run.counts.read:
            clerk.desk.runner.stop.set()

    clerk.desk.runner.progress = told
    stopped = clerk.run()
    clerk.desk.runner.stop.clear()
    clerk.desk.runner.progress = lambda _: None

    done = clerk.run()

    assert (stopped.outcome, stopped.counts.read) == ("stopped", 2)
    assert clerk.source.read_from == [None, "c1"]
    assert (done.outcome, done.counts.read) == ("done", 2)


@pytest.mark.parametrize(
    ("start", "end"),
    [(START + timedelta(days=1), END), (START, END - timedelta(seconds=1))],
)
def test_another_span_begins_anew(clerk: Clerk, start: datetime, end: datetime) -> None:
    clerk.broken_off()

    clerk.run(order(clerk.desk.flow, start, end))

    assert clerk.source.read_from == [None]
    assert [before for _, before in clerk.announced] == [Before(anew="the days differ")]


def test_an_edited_mapping_begins_anew(clerk: Clerk) -> None:
    clerk.broken_off()
    clerk.desk.flow = edited("phone:{id}", "telephone:{id}")

    clerk.run()

    assert clerk.source.read_from == [None]
    assert [before.anew for _, before in clerk.announced] == [
        "the mapping file changed"
    ]


def test_how_far_it_came_can_be_asked_until_it_is_through(clerk: Clerk) -> None:
    wanted = order(clerk.desk.flow, START, END)
    other = order(clerk.desk.flow, START, END - timedelta(days=1))
    clerk.broken_off()

    assert reached(clerk.desk.store, "calls", wanted) == "c2"
    assert reached(clerk.desk.store, "calls", other) is None
    clerk.run()
    assert reached(clerk.desk.store, "calls", wanted) is None


def test_another_order_that_was_begun_ends_the_one_before(clerk: Clerk) -> None:
    clerk.broken_off()
    clerk.source.fails, clerk.source.good = UnavailableError("no answer"), 0
    clerk.run(order(clerk.desk.flow, START, END - timedelta(days=1)))

    assert clerk.desk.store.cursor(KEPT) is None


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(UnavailableError("no answer"), "waiting"), (UnauthorizedError("no"), "paused")],
)
def test_trouble_while_it_is_estimated_leaves_what_was_reached(
    clerk: Clerk, error: ConnectorError, outcome: str
) -> None:
    clerk.broken_off()
    clerk.source.fails_at_once = error

    run = clerk.run()

    assert (run.outcome, run.message) == (outcome, error.message)
    assert clerk.source.read_from == []
    clerk.source.fails_at_once = None
    clerk.run()
    assert clerk.source.read_from == ["c2"]


def test_a_stop_while_it_is_estimated_forgets_nothing(clerk: Clerk) -> None:
    clerk.broken_off()
    clerk.desk.runner.stop.set()

    run = clerk.run(order(clerk.desk.flow, START, END - timedelta(days=1)))

    assert run.outcome == "stopped"
    assert clerk.source.read_from == []
    assert clerk.desk.store.cursor(KEPT) is not None


def test_a_resume_point_that_cannot_be_read_is_none(clerk: Clerk) -> None:
    with clerk.desk.store.writing() as tx:
        tx.set_cursor(KEPT, "2026-01-01T00:00:00Z")

    assert clerk.run().outcome == "done"
    assert clerk.source.read_from == [None]


# ── what a mapping is ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("flow: calls", "\n# a word\nflow: calls"),
        ("every: 2 minutes", "every: 7 minutes"),
        ("reread: 2 days", "reread: 3 days"),
        ("since: 7 days", "since: 2026-01-01"),
        ("{from: note}", "{ from:  note }"),
    ],
)
def test_layout_and_schedule_do_not_make_another_mapping(
    desk: Desk, text: str, new: str
) -> None:
    assert fingerprint(edited(text, new)) == fingerprint(desk.flow)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("{from: note}", "{from: id}"),
        ("{from: note}", "{from: note, write: once}"),
        ("{from: note}", "{from: note, map: {a: b}}"),
        ("{from: note}", "{from: note, default: b}"),
        ("phone:{id}", "phones:{id}"),
        ("reread: 2 days", "zone: Asia/Kolkata"),
        ("reread: 2 days", "deleted: recreate"),
        ("reread: 2 days", "when: {note: {not: x}}"),
        ("reread: 2 days", "when: {note: {in: [x, y]}}"),
        ("object: Task", "object: Event"),
    ],
)
def test_what_changes_a_row_makes_another_mapping(
    desk: Desk, text: str, new: str
) -> None:
    assert fingerprint(edited(text, new)) != fingerprint(desk.flow)


def test_options_and_regions_make_another_mapping(desk: Desk) -> None:
    prints = {
        fingerprint(desk.flow),
        fingerprint(replace(desk.flow, options={"types": ["a"]})),
        fingerprint(replace(desk.flow, options={"types": ["b"]})),
        fingerprint(replace(desk.flow, regions=("US",))),
    }

    assert len(prints) == 4


PRINTS = """
from dataclasses import replace
from connector.engine.backfill import fingerprint
from tests.engine.test_backfill import edited
flow = edited("reread: 2 days", "when: {note: {in: [x, y]}}")
print(fingerprint(replace(flow, options={"types": {"a", "b", "c"}})))
"""


def test_a_mapping_is_the_same_in_every_process() -> None:
    told = {
        subprocess.run(  # noqa: S603  it starts our own module
            [sys.executable, "-c", PRINTS],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
