"""One run of a flow: its outcome, its row, its lease, and what it does first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from structlog.typing import EventDict

from connector.engine.hold import LEASE
from connector.errors import (
    BusyError,
    ConnectorError,
    LeaseLostError,
    QuotaReachedError,
    SchemaMismatchError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import (
    Lane,
    Page,
    Run,
)
from tests.engine.desk import TASK, Desk, call, is_free


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as events:
        yield events


# ── outcomes ───────────────────────────────────────────────────────────────


def test_a_run_that_read_all_there_was_is_done(
    desk: Desk, logged: list[EventDict]
) -> None:
    desk.source.pages = [
        Page(records=[call("1"), call("2")], cursor="c1"),
        Page(records=[call("3")], cursor="c2"),
    ]

    run = desk.run()

    assert (run.outcome, run.message, run.counts.created) == ("done", "", 3)
    assert desk.store.cursor("calls") == "c2"
    assert desk.last() == run
    assert run.ended_at == desk.clock.now()
    assert logged == [
        {
            "event": "run_ended",
            "log_level": "info",
            "flow": "calls",
            "lane": "live",
            "outcome": "done",
            "message": "",
            "read": 3,
            "created": 3,
        }
    ]


def test_the_next_run_reads_on_from_the_cursor(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]
    desk.run()
    desk.source.pages.append(Page(records=[call("2")], cursor="c2"))

    assert desk.run().counts.read == 1
    assert desk.source.read_from == [None, "c1"]


def test_a_run_that_was_told_to_stop_finishes_the_page_in_hand(desk: Desk) -> None:
    desk.source.pages = [
        Page(records=[call("1")], cursor="c1"),
        Page(records=[call("2")], cursor="c2"),
    ]

    def told(run: Run) -> None:
        if run.counts.read:
            desk.runner.stop.set()

    desk.runner.progress = told

    run = desk.run()

    assert run.outcome == "stopped"
    assert desk.store.cursor("calls") == "c1"
    assert desk.notes() == {"phone:1": "hello"}


@pytest.mark.parametrize(
    "error", [UnavailableError("no answer"), QuotaReachedError("no calls left")]
)
def test_trouble_that_passes_has_the_run_wait_with_all_before_it_in(
    desk: Desk, error: ConnectorError, logged: list[EventDict]
) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]
    desk.source.fails = error

    run = desk.run()

    assert (run.outcome, run.message) == ("waiting", error.message)
    assert desk.store.cursor("calls") == "c1"
    assert desk.last() == run
    assert logged[0]["log_level"] == "warning"


@pytest.mark.parametrize(
    "error", [UnauthorizedError("who are you"), SchemaMismatchError("no such field")]
)
def test_what_must_be_mended_has_the_run_pause(
    desk: Desk, error: ConnectorError
) -> None:
    desk.source.fails = error

    run = desk.run()

    assert (run.outcome, run.message) == ("paused", error.message)


def test_a_pause_sets_nothing_aside_and_keeps_the_cursor(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]
    desk.crm.before = lambda *_: SchemaMismatchError("no such field")

    run = desk.run()

    assert run.outcome == "paused"
    assert desk.store.cursor("calls") is None
    assert desk.store.quarantined() == 0


def test_a_mapping_that_the_crm_does_not_fit_pauses_with_every_fault(
    desk: Desk,
) -> None:
    desk.crm.described = replace(TASK, fields={})

    run = desk.run()

    assert run.outcome == "paused"
    assert run.message.splitlines() == [
        "calls.yaml:8:3: Task has no field 'Call_Key__c'",
        "calls.yaml:9:3: Task has no field 'Note__c'",
    ]


def test_a_bug_is_raised_and_its_run_is_not_at_work_for_ever(
    desk: Desk, logged: list[EventDict]
) -> None:
    desk.source.fails = ZeroDivisionError("none")

    with pytest.raises(ZeroDivisionError):
        desk.run()

    assert desk.last().outcome == "died"
    assert desk.last().message == "ZeroDivisionError: see the log"
    assert desk.last().ended_at == desk.clock.now()
    assert logged[0]["outcome"] == "died"
    assert is_free(desk)


# ── leases ─────────────────────────────────────────────────────────────────


def test_a_flow_that_is_run_by_somebody_else_is_busy_and_leaves_no_run(
    desk: Desk,
) -> None:
    desk.store.acquire("calls", Lane.LIVE, "somebody", LEASE)

    with pytest.raises(BusyError, match=r"calls \(live\) is being run by another"):
        desk.run()

    assert desk.store.runs() == []


def test_another_lane_is_free(desk: Desk) -> None:
    desk.store.acquire("calls", Lane.LIVE, "somebody", LEASE)

    assert desk.run(Lane.REREAD).outcome == "done"


@pytest.mark.parametrize("error", [None, UnavailableError(), UnauthorizedError()])
def test_the_lease_is_given_back_however_a_run_ends(
    desk: Desk, error: ConnectorError | None
) -> None:
    desk.source.fails = error

    desk.run()

    assert is_free(desk)


def test_a_lease_that_nobody_gave_back_is_free_within_a_minute(desk: Desk) -> None:
    desk.store.acquire("calls", Lane.LIVE, "the dead", LEASE)
    desk.clock.time += timedelta(seconds=59)

    assert desk.run().outcome == "done"


def test_a_run_that_lost_its_lease_waits_and_commits_nothing(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]

    def slept(*_: object) -> None:
        desk.clock.time += timedelta(minutes=5)
        desk.store.acquire("calls", Lane.LIVE, "somebody", LEASE)

    desk.source.reading = slept

    run = desk.run()

    assert (run.outcome, run.message) == ("waiting", LeaseLostError().message)
    assert desk.store.cursor("calls") is None
    assert not is_free(desk)
