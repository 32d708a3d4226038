"""Records that something asked us to look at: one that is not answered stops no other."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from connector.engine.nudging import BATCHES, FAILURES, GIVEN_UP
from connector.engine.push import BATCH
from connector.errors import RateLimitedError, RefusedError, UnavailableError
from connector.model import Page, Reject
from tests.engine.desk import Desk, call

LATER = timedelta(minutes=2)


def asked_for(desk: Desk, ids: Sequence[str]) -> None:
    """Let records be there, and be asked for, and not be read otherwise."""
    desk.source.pages = [Page(records=[call(name) for name in ids], cursor="c1")]
    with desk.store.writing() as tx:
        tx.set_cursor("calls", "c1")
        tx.nudge("calls", ids)


def left(desk: Desk) -> list[str]:
    return [nudge.record_id for nudge in desk.store.nudges("calls", 100_000)]


@pytest.mark.parametrize("error", [UnavailableError, RefusedError])
@pytest.mark.parametrize("bad", ["0", "7", "199", "230"])
def test_a_record_that_the_vendor_does_not_answer_for_stops_no_other(
    desk: Desk, bad: str, error: Callable[[], Exception]
) -> None:
    asked_for(desk, [str(number) for number in range(250)])
    desk.source.chokes = {bad: error()}

    run = desk.run()

    assert (run.outcome, run.counts.created) == ("done", 249)
    assert left(desk) == [bad]
    assert len(desk.source.fetched) < 20


def test_it_goes_in_as_soon_as_the_vendor_answers(desk: Desk) -> None:
    asked_for(desk, ["1", "2"])
    desk.source.chokes = {"2": UnavailableError()}
    desk.run()
    desk.source.chokes = {}

    assert desk.run().counts.created == 1
    assert left(desk) == []


def test_many_that_are_not_answered_are_left_for_later_runs_behind_the_others(
    desk: Desk,
) -> None:
    bad = [f"bad{number}" for number in range(2 * FAILURES)]
    asked_for(desk, [*bad, "1", "2"])
    desk.source.chokes = {name: UnavailableError() for name in bad}

    runs = [desk.run() for _ in range(3)]

    assert [run.counts.created for run in runs][:2] == [0, 0]
    assert desk.notes().keys() == {"phone:1", "phone:2"}
    assert sorted(left(desk)) == sorted(bad)
    assert {run.outcome for run in runs} == {"done"}


def test_after_a_day_a_person_sees_it(desk: Desk) -> None:
    asked_for(desk, ["1"])
    desk.source.chokes = {"1": UnavailableError("the vendor answered 500")}
    desk.run()
    desk.clock.time += GIVEN_UP - LATER
    desk.run()
    assert (left(desk), desk.store.quarantined()) == (["1"], 0)
    desk.clock.time += LATER

    desk.run()

    [entry] = desk.store.asides("calls")
    assert (entry.record_id, entry.code) == ("1", "UNREADABLE")
    assert "the vendor answered 500" in entry.message
    assert left(desk) == []


def test_one_that_is_asked_for_again_has_another_day(desk: Desk) -> None:
    asked_for(desk, ["1"])
    desk.source.chokes = {"1": UnavailableError()}
    desk.run()
    desk.clock.time += GIVEN_UP
    asked_for(desk, ["1"])

    desk.run()

    assert (left(desk), desk.store.quarantined()) == (["1"], 0)


def test_what_is_in_quarantine_with_its_payload_keeps_it(desk: Desk) -> None:
    reject = Reject(id="1", payload={"duration": "x"}, code="UNREADABLE", message="no")
    desk.source.pages = [Page(rejects=[reject], cursor="c1")]
    desk.run()
    asked_for(desk, ["1"])
    desk.source.chokes = {"1": UnavailableError()}
    desk.clock.time += GIVEN_UP
    desk.run()
    desk.clock.time += GIVEN_UP

    desk.run()

    [entry] = desk.store.asides("calls")
    assert entry.record == {"payload": {"duration": "x"}}
    assert left(desk) == []


def test_a_run_fetches_so_many_and_leaves_the_rest_to_the_next(desk: Desk) -> None:
    most = BATCHES * BATCH
    asked_for(desk, [str(number) for number in range(most + 1)])

    first, second = desk.run(), desk.run()

    assert (first.counts.created, second.counts.created) == (most, 1)


def test_a_vendor_that_asks_to_slow_down_is_not_asked_for_each_alone(
    desk: Desk,
) -> None:
    asked_for(desk, ["1", "2"])
    desk.source.chokes = {"2": RateLimitedError(retry_after=90)}

    run = desk.run()

    assert (run.outcome, run.retry_after) == ("waiting", 90)
    assert desk.source.fetched == [["1", "2"]]
    assert left(desk) == ["1", "2"]


def test_what_was_fetched_when_we_were_told_to_stop_is_fetched_again(
    desk: Desk,
) -> None:
    asked_for(desk, ["1", "2"])
    desk.crm.before = lambda *_: desk.runner.stop.set()

    assert desk.run().outcome == "stopped"
    assert left(desk) == ["1", "2"]
