"""Refused batches, rows, fields and choices; locks; and what mends them."""

import pytest
from starlette.types import ASGIApp

from connector.sandbox.faults import Fault
from connector.service import commands
from tests.e2e.gate import Passing, refusing
from tests.e2e.processes import Nursery
from tests.e2e.world import FLOW, World

LOCKED = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "locked", "fields": []}


def _refuse_marked(world: World, code: str = "JSON_PARSER_ERROR") -> None:
    """Let the CRM turn any batch away that has a row with the note ``bad``."""

    def judge(passing: Passing) -> ASGIApp | None:
        bad = any(row.get("Description") == "bad" for row in passing.rows)
        return refusing(code) if bad else None

    world.writes.before = judge


@pytest.mark.parametrize("first_run", [True, False])
def test_a_refused_batch_goes_in_without_the_one_row_that_is_to_blame(
    world: World, *, first_run: bool
) -> None:
    calls = world.arrive(450)
    if not first_run:
        world.sync()
    world.note(calls, "second")
    bad = {calls[3], calls[199], calls[340]}
    world.note(sorted(bad), "bad")
    _refuse_marked(world)

    report = world.sync()

    assert (report.exit_code, report.left_aside) == (1, 3)
    with world.app() as app:
        entries = app.store.asides(FLOW)
    assert {entry.record_id for entry in entries} == bad
    assert {entry.code for entry in entries} == {"JSON_PARSER_ERROR"}
    assert all("says the org" in entry.message for entry in entries)
    notes = {row["Call_Key__c"]: row["Description"] for row in world.tasks()}
    others = [notes[f"callyzer:{call}"] for call in calls if call not in bad]
    assert set(others) == {"second"}


def test_rows_that_spoiled_a_batch_go_in_when_the_vendor_mends_them(
    world: World,
) -> None:
    calls = world.arrive(220)
    world.note(calls[:2], "bad")
    _refuse_marked(world)
    world.sync()

    world.note(calls[:2], "good")
    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()


def test_one_refused_row_is_set_aside_once_and_the_rest_go_in(world: World) -> None:
    calls = world.arrive(250)
    world.note([calls[7]], "n" * 40_000)

    first, again = world.sync(), world.later()

    assert (first.exit_code, first.left_aside) == (1, 1)
    assert (again.exit_code, again.left_aside) == (1, 1)
    assert sum(run.counts.set_aside for run in again.runs) == 0
    world.assert_truth(without=frozenset({calls[7]}))


def test_a_choice_that_the_picklist_lacks_goes_in_once_it_is_added_and_retried(
    world: World,
) -> None:
    calls = world.arrive(250)
    world.note(calls[:5], "second", crm_status="Escalated")
    refused = world.sync()

    world.crm.add_picklist_value("Task", "Call_Status__c", "Escalated")
    untouched = world.later()
    with world.app() as app:
        retried = commands.retry(app, [], None, every=True)
    mended = world.later()

    assert (refused.exit_code, refused.left_aside) == (1, 5)
    assert untouched.left_aside == 5, "a person decides when it is tried again"
    assert (retried, mended.exit_code, mended.left_aside) == (5, 0, 0)
    assert world.task(calls[0])["Call_Status__c"] == "Escalated"
    world.assert_truth()


def test_a_retry_sends_what_the_vendor_has_now_not_what_was_set_aside(
    world: World,
) -> None:
    (call,) = world.arrive(1)
    world.note([call], "old note", crm_status="Escalated")
    world.sync()

    world.crm.add_picklist_value("Task", "Call_Status__c", "Escalated")
    with world.app() as app:
        commands.retry(app, [], None, every=True)
    world.note([call], "new note")
    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()


# ── a field that is gone ───────────────────────────────────────────────────


def test_a_removed_field_pauses_the_flow_and_all_goes_in_when_it_is_back(
    world: World, nursery: Nursery
) -> None:
    calls = world.arrive(250)
    world.sync()
    with world.app() as app:
        cursor = app.store.cursor(FLOW)
    world.note(calls, "second")
    shape = world.crm.org.table("Task").object
    world.crm.remove_field("Task", "Call_Status__c")

    paused = world.sync()
    code = nursery.wait(nursery.start(world.folder))
    with world.app() as app:
        kept = app.store.cursor(FLOW)
    world.crm.org.reshape(shape)
    back = world.later()

    assert (code, paused.exit_code, paused.runs[-1].outcome) == (2, 2, "paused")
    assert "Call_Status__c" in paused.runs[-1].message
    assert (paused.left_aside, kept) == (0, cursor)
    assert back.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_field_removed_while_a_run_writes_pauses_it_between_two_batches(
    world: World, batch: int
) -> None:
    world.arrive(450)
    shape = world.crm.org.table("Task").object

    def remove(passing: Passing) -> None:
        if passing.number == batch:
            world.crm.remove_field("Task", "Call_Status__c")

    world.writes.before = remove
    with world.app() as app:
        paused = app.sync()
        rested = app.sync()
        world.writes.open()
        world.crm.org.reshape(shape)
        still = app.sync()
        back = app.sync()

    assert (paused.exit_code, paused.runs[-1].outcome) == (2, "paused")
    assert rested.exit_code == 2
    assert paused.left_aside == rested.left_aside == 0
    assert 0 in (still.exit_code, back.exit_code)
    assert back.exit_code == 0
    world.assert_truth()


# ── locks ──────────────────────────────────────────────────────────────────


def test_rows_that_are_locked_for_a_moment_go_in_within_the_run(world: World) -> None:
    calls = world.arrive(250)
    for call in calls[:10]:
        world.crm.lock(f"callyzer:{call}", times=2)

    report = world.sync()

    assert (report.exit_code, report.left_aside) == (0, 0)
    world.assert_truth()


def test_rows_locked_by_a_value_that_many_share_go_in_as_well(world: World) -> None:
    world.arrive(50)
    world.crm.lock_value("Description", "first", times=60)

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


def test_a_row_locked_for_long_is_set_aside_and_heals_by_itself_when_due(
    world: World,
) -> None:
    calls = world.arrive(250)
    world.sync()
    world.note(calls, "second")
    world.crm.faults.add(
        Fault(
            "composite/sobjects",
            times=-1,
            rows={"match": {"Description": "second"}, "error": LOCKED},
        )
    )

    locked = world.sync()
    world.crm.faults.clear()
    with world.app() as app:
        due = {entry.retry_at for entry in app.store.asides(FLOW)}
    early = world.later(seconds=20)
    healed = world.later(seconds=60)

    assert (locked.exit_code, locked.left_aside) == (1, 250)
    assert None not in due
    assert early.left_aside == 250
    assert (healed.exit_code, healed.left_aside) == (0, 0)
    assert sum(run.counts.healed for run in healed.runs) == 250
    world.assert_truth()


def test_a_call_that_changes_while_it_is_set_aside_goes_in_as_it_is_then(
    world: World,
) -> None:
    calls = world.arrive(3)
    for call in calls:
        world.crm.lock(f"callyzer:{call}", times=100)
    world.sync()

    for call in calls:
        world.crm.lock(f"callyzer:{call}", times=0)
    world.note(calls, "second")
    report = world.later()

    assert (report.exit_code, report.left_aside) == (0, 0)
    world.assert_truth()
