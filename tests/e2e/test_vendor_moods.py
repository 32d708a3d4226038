"""Callyzer on its bad days, and calls that come and change while they are read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import pytest

from connector.sandbox.callyzer import trouble
from connector.sandbox.faults import Fault
from tests.e2e.gate import Passing
from tests.e2e.world import World

HISTORY = "call-log/history"
BAD_ANSWERS = {
    "a database exception": trouble.DATABASE_EXCEPTION,
    "a database exception in the documented shape": trouble.DATABASE_MESSAGE,
    "a web page with 200": trouble.HTML_PAGE,
    "half of a JSON text": trouble.CUT_JSON,
    "half of an answer": Fault(HISTORY, cut="half"),
    "no answer": Fault(HISTORY, cut="after"),
    "no connection": Fault(HISTORY, cut="before"),
    "a late answer": Fault(HISTORY, delay=0.2),
    "a proxy's 502": Fault(HISTORY, status=502, body="bad gateway"),
    "an empty answer": Fault(HISTORY, body=""),
    "another shape": Fault(HISTORY, body='{"result": null, "message": "Success"}'),
    "429 with seconds": Fault(HISTORY, status=429, headers={"Retry-After": "2"}),
    "429 with a date": Fault(
        HISTORY, status=429, headers={"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}
    ),
    "429 that says nothing": Fault(HISTORY, status=429),
}


@pytest.mark.parametrize("page", [0, 3])
@pytest.mark.parametrize("fault", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_bad_answer_to_any_page_ends_right(
    world: World, fault: Fault, page: int
) -> None:
    world.arrive(450)
    world.callyzer.faults.add(replace(fault, skip=page, times=2))

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("fault", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_vendor_that_stays_bad_loses_nothing(world: World, fault: Fault) -> None:
    world.arrive(450)
    world.callyzer.faults.add(replace(fault, skip=3, times=30, delay=0))

    first = world.sync()
    world.callyzer.faults.clear()
    report = world.later()

    assert first.exit_code in {0, 1}
    assert first.left_aside == 0
    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("mood", ["repeats", "shortens"])
@pytest.mark.parametrize("page", [1, 2, 5])
def test_a_page_that_is_repeated_or_short_is_asked_for_again(
    world: World, mood: str, page: int
) -> None:
    world.arrive(450)
    setattr(world.callyzer.moods, mood, Counter({page: 2}))

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


def test_durations_written_as_text_are_the_same_durations(world: World) -> None:
    world.arrive(250)
    world.sync()
    writes = len(world.crm.writes)
    world.callyzer.moods.text_durations = True

    report = world.later()

    assert report.exit_code == 0
    assert len(world.crm.writes) == writes
    world.assert_truth()


@pytest.mark.parametrize("tells", ["seconds", "date", "none"])
def test_a_vendor_with_a_rate_limit_is_read_to_the_end(
    world: World, tells: Literal["seconds", "date", "none"]
) -> None:
    world.arrive(250)
    world.callyzer.seconds_per_request = 0.02
    world.callyzer.moods.retry_after = tells

    runs = [world.later(seconds=5) for _ in range(8)]
    world.callyzer.seconds_per_request = 0
    report = world.later()

    assert {run.exit_code for run in runs} <= {0, 1}
    assert report.exit_code == 0
    world.assert_truth()


def test_an_expired_subscription_pauses_the_flow_with_the_vendors_words(
    world: World,
) -> None:
    world.arrive(10)
    world.callyzer.moods.expired = True

    paused = world.sync()
    world.callyzer.moods.expired = False
    report = world.later()

    assert (paused.exit_code, paused.runs[0].outcome) == (2, "paused")
    assert "subscription has expired" in paused.runs[0].message
    assert report.exit_code == 0
    world.assert_truth()


def test_a_row_that_cannot_be_read_is_set_aside_and_the_rest_go_in(
    world: World,
) -> None:
    world.arrive(250)
    odd = '{"result": [{"id": "odd", "duration": "an hour"}], "message": "Success",'
    body = odd + '"total_records": 1, "page_no": 1, "page_size": 100}'
    world.sync()
    world.callyzer.faults.add(Fault(HISTORY, body=body))

    report = world.later()

    with world.app() as app:
        (entry,) = app.store.asides()
    assert (report.exit_code, entry.record_id, entry.code) == (1, "odd", "UNREADABLE")
    world.assert_truth()


# ── calls that come and change meanwhile ───────────────────────────────────


def _at_every_page(world: World, act: Callable[[int], object]) -> None:
    def between(passing: Passing) -> None:
        act(passing.number)

    world.pages.after = between


def test_calls_that_change_while_pages_are_read_are_not_lost(world: World) -> None:
    calls = world.arrive(450)

    def change(number: int) -> None:
        world.callyzer.change(calls[(number * 37) % 450], note=f"changed {number}")

    _at_every_page(world, change)
    world.sync()
    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()


def test_calls_that_arrive_while_pages_are_read_are_not_lost(world: World) -> None:
    world.arrive(450)
    _at_every_page(world, lambda _: world.arrive(3, hours=0.001))

    world.sync()
    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()


def test_calls_that_vanish_while_pages_are_read_take_no_other_with_them(
    world: World,
) -> None:
    calls = world.arrive(450)
    world.sync()
    removed: list[str] = []

    def remove(number: int) -> None:
        removed.append(calls[number])
        world.callyzer.remove(calls[number])

    world.note(calls[50:], "second")
    _at_every_page(world, remove)
    world.sync()
    report = world.later()

    assert report.exit_code == 0
    kept = {f"callyzer:{call}" for call in calls} - {f"callyzer:{r}" for r in removed}
    assert {row["Call_Key__c"] for row in world.tasks()} >= kept
    assert {world.task(call)["Description"] for call in calls[50:]} == {"second"}


def test_a_call_that_changes_while_its_batch_is_written_ends_as_it_is_now(
    world: World,
) -> None:
    calls = world.arrive(250)
    world.sync()
    world.note(calls, "second")

    def change(passing: Passing) -> None:
        world.note(calls[passing.number :: 7], f"third {passing.number}")

    world.writes.before = change
    world.sync()
    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()
