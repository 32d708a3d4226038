"""What a run does first, what it asks the CRM, and what it tells."""

from dataclasses import replace

import pytest

from connector.engine.quarantine import RETRY_AFTER
from connector.errors import (
    QuotaReachedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import (
    CrmObject,
    Lane,
    Page,
)
from tests.engine.desk import TASK, Desk, call, locked

# ── what comes first ───────────────────────────────────────────────────────


def test_what_is_due_in_quarantine_is_retried_before_anything_is_read(
    desk: Desk,
) -> None:
    desk.crm.refuse = locked
    desk.source.pages = [Page(records=[call("1", "locked")], cursor="c1")]
    assert desk.run().counts.set_aside == 1
    desk.crm.refuse = lambda _: None
    noted: list[dict[object, object]] = []
    desk.source.reading = lambda: noted.append(desk.notes())

    too_early = desk.run()
    desk.clock.time += RETRY_AFTER[0]
    due = desk.run()

    assert (too_early.counts.read, due.counts.healed) == (0, 1)
    assert noted == [{}, {"phone:1": "locked"}]
    assert desk.store.quarantined() == 0


def test_many_entries_that_are_due_are_all_retried_once(desk: Desk) -> None:
    desk.crm.refuse = lambda row: locked({**row, "Note__c": "locked"})
    records = [call(str(number)) for number in range(450)]
    desk.source.pages = [Page(records=records, cursor="c1")]
    desk.run()
    desk.clock.time += RETRY_AFTER[0]

    run = desk.run()

    assert (run.counts.read, run.counts.set_aside) == (450, 450)
    assert {entry.attempts for entry in desk.store.asides()} == {2}


def test_records_that_were_asked_for_are_fetched_and_settled(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1"), call("2")], cursor="c1")]
    with desk.store.writing() as tx:
        tx.set_cursor("calls", "c1")
        tx.nudge("calls", ["1", "gone"])
        tx.nudge("another", ["2"])

    run = desk.run()

    assert desk.source.fetched == [["1", "gone"]]
    assert desk.notes() == {"phone:1": "hello"}
    assert run.counts.created == 1
    assert desk.store.nudges("calls", 9) == []
    assert [n.record_id for n in desk.store.nudges("another", 9)] == ["2"]


def test_many_records_that_were_asked_for_are_fetched_in_parts(desk: Desk) -> None:
    ids = [str(number) for number in range(450)]
    desk.source.pages = [Page(records=[call(name) for name in ids], cursor="c1")]
    with desk.store.writing() as tx:
        tx.set_cursor("calls", "c1")
        tx.nudge("calls", ids)

    run = desk.run()

    assert [len(part) for part in desk.source.fetched] == [200, 200, 50]
    assert run.counts.created == 450


def test_records_that_were_asked_for_stay_so_while_the_crm_does_not_answer(
    desk: Desk,
) -> None:
    desk.source.pages = [Page(records=[call("1")])]
    with desk.store.writing() as tx:
        tx.nudge("calls", ["1"])
    desk.crm.before = lambda *_: UnavailableError()

    assert desk.run().outcome == "waiting"
    assert [n.record_id for n in desk.store.nudges("calls", 9)] == ["1"]


def test_a_run_that_is_told_to_stop_first_reads_nothing(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]
    desk.runner.stop.set()

    assert desk.run().outcome == "stopped"
    assert desk.source.read_from == []


# ── looking back ───────────────────────────────────────────────────────────


def test_looking_back_moves_no_cursor_and_retries_nothing(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")], cursor="c1")]

    run = desk.run(Lane.REREAD, "c1")

    assert (run.lane, run.outcome, run.counts.created) == (Lane.REREAD, "done", 1)
    assert desk.store.cursor("calls") is None


def test_a_flow_that_does_not_look_back_has_nothing_to_do(desk: Desk) -> None:
    desk.flow = replace(desk.flow, reread=None)
    desk.source.pages = [Page(records=[call("1")])]

    assert desk.run(Lane.REREAD).counts.read == 0


# ── the CRM's fields ───────────────────────────────────────────────────────


def test_the_crm_is_asked_for_its_fields_afresh_after_a_pause(desk: Desk) -> None:
    desk.run()
    desk.source.fails = UnauthorizedError()
    desk.run()
    desk.source.fails = None
    desk.run()
    desk.run()

    assert desk.crm.fresh == [False, False, True, False]


def test_a_doubt_stays_while_the_crm_does_not_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.source.fails = UnauthorizedError()
    desk.run()
    desk.source.fails = None
    asked: list[bool] = []

    def no_answer(name: str, *, fresh: bool = False) -> CrmObject:
        asked.append(fresh)
        raise UnavailableError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.crm, "describe", no_answer)
        assert desk.run().outcome == "waiting"
    desk.run()

    assert set(asked) == {True}
    assert desk.crm.fresh == [False, True]


def test_a_field_that_was_added_meanwhile_ends_the_pause(desk: Desk) -> None:
    desk.crm.described = replace(TASK, fields={})
    assert desk.run().outcome == "paused"
    desk.crm.described = TASK

    assert desk.run().outcome == "done"


def test_progress_is_told_with_the_counts_so_far(desk: Desk) -> None:
    desk.source.pages = [
        Page(records=[call("1")], cursor="c1"),
        Page(records=[call("2")], cursor="c2"),
    ]
    seen: list[int] = []
    desk.runner.progress = lambda run: seen.append(run.counts.read)

    desk.run()

    assert seen[-1] == 2
    assert 1 in seen


def test_a_run_tells_how_long_it_was_asked_to_wait(desk: Desk) -> None:
    desk.source.pages = [Page(records=[call("1")])]
    desk.crm.before = lambda *_: QuotaReachedError(retry_after=900)

    run = desk.run()

    assert (run.outcome, run.retry_after) == ("waiting", 900)
