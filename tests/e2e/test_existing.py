"""Calls that a vendor's own package logs as well: one task each, over real HTTP."""

import re
from datetime import timedelta

import pytest

from connector.service.backfill import backfill, span
from connector.service.preview import predictions
from tests.e2e.others import (
    ENRICHED,
    SKIPPED,
    THEIRS,
    asked,
    assert_once,
    log,
    tasks,
)
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import World

QUERIES_AND_WRITES = re.compile(r"/query|/composite/sobjects")


@pytest.fixture
def shared(world: World) -> World:
    """A world of which the package logs the calls as well."""
    world.map(ENRICHED)
    return world


# ── what happens ───────────────────────────────────────────────────────────


def test_calls_that_the_package_logged_are_enriched_and_the_others_created(
    shared: World,
) -> None:
    calls = shared.arrive(250)
    ids = log(shared, *calls[::2])

    report = shared.sync()

    counts = report.runs[0].counts
    assert (counts.updated, counts.created) == (125, 125)
    subjects = {tasks(shared)[crm_id]["Subject"] for crm_id in ids}
    assert subjects == {THEIRS}
    assert_once(shared)


def test_what_was_enriched_is_updated_by_its_id_and_asked_for_no_more(
    shared: World,
) -> None:
    calls = shared.arrive(3)
    log(shared, *calls)
    shared.sync()
    shared.note(calls, "second")
    before = asked(shared)

    report = shared.sync()

    assert report.runs[0].counts.updated == 3
    assert asked(shared) == before
    assert_once(shared)


def test_a_mapping_that_does_not_say_so_asks_for_nothing(world: World) -> None:
    calls = world.arrive(3)
    log(world, *calls)

    world.sync()

    assert asked(world) == 0
    assert len(tasks(world)) >= 6


def test_archived_tasks_are_found_too(shared: World) -> None:
    calls = shared.arrive(2)
    log(shared, *calls, IsArchived=True)

    counts = shared.sync().runs[0].counts

    assert (counts.updated, counts.created) == (2, 0)


@pytest.mark.parametrize("mapping", [ENRICHED, SKIPPED])
def test_tasks_in_the_bin_are_not(world: World, mapping: str) -> None:
    world.map(mapping)
    (call,) = world.arrive(1)
    (crm_id,) = log(world, call)
    world.crm.delete(crm_id)

    counts = world.sync().runs[0].counts

    assert (counts.created, counts.skipped) == (1, 0)
    assert_once(world)


def test_ids_that_need_escaping_are_asked_for_as_they_are(shared: World) -> None:
    shared.map(
        ENRICHED.replace("{from: id}", '{template: "it\'s \\"{id}\\" \\\\ 100%"}')
    )
    (call,) = shared.arrive(1)
    log(shared, f'it\'s "{call}" \\ 100%')

    counts = shared.sync().runs[0].counts

    assert (counts.updated, counts.created) == (1, 0)


def test_links_that_the_package_made_stay_and_empty_ones_are_set(world: World) -> None:
    board = Switchboard(world)
    more = "existing: {match: CallObject}\n"
    board.map(WHO, "  CallObject: {from: id}\n", more=more)
    ours, theirs = board.contact("Ours", STRANGER), board.contact("Theirs", "1")
    board.refresh()
    empty, taken = board.call(STRANGER), board.call(STRANGER)
    log(world, empty)
    log(world, taken, WhoId=theirs)

    board.push()
    board.relink()

    assert (board.who(empty), board.who(taken)) == (ours, theirs)
    assert board.link(taken).why == "linked in the CRM by somebody else"


def test_calls_that_are_skipped_write_nothing_and_ask_no_more(world: World) -> None:
    world.map(SKIPPED)
    calls = world.arrive(5)
    log(world, *calls[:4])
    before = tasks(world)

    first = world.sync()
    once = asked(world)
    again = world.sync()
    reread = world.sync()

    assert (first.runs[0].counts.skipped, first.runs[0].counts.created) == (4, 1)
    assert sum(run.counts.unchanged for run in (*again.runs, *reread.runs)) >= 4
    assert asked(world) == once
    after = tasks(world)
    assert {crm_id: after[crm_id] for crm_id in before} == before


def test_a_backfill_enriches_as_any_run_does(shared: World) -> None:
    shared.clock.shift(days=-25)
    calls = shared.arrive(20)
    log(shared, *calls[::2])
    shared.clock.shift(days=25)
    with shared.app() as app:
        now = shared.clock.now()
        first, last = (f"{now - timedelta(days=n):%Y-%m-%d}" for n in (40, 20))
        wanted = span(app.flow, first, last, now)

        counts = backfill(app, app.flow, wanted, lambda _: None).runs[0].counts

    assert (counts.updated, counts.created) == (10, 10)
    assert_once(shared)


@pytest.mark.parametrize("mapping", [ENRICHED, SKIPPED])
def test_a_preview_says_what_a_run_then_does(world: World, mapping: str) -> None:
    world.map(mapping)
    calls = world.arrive(4)
    log(world, *calls[:2])
    before = tasks(world)
    with world.app() as app:
        told = list(predictions(app, app.flow, 20, lambda _: None))
    shown = tasks(world)

    counts = world.sync().runs[0].counts

    actions = [each.action for each in told]
    known = "skip" if mapping is SKIPPED else "change"
    assert sorted(actions) == sorted([known, known, "create", "create"])
    assert shown == before
    assert (counts.created, counts.updated + counts.skipped) == (2, 2)
    by_id = {each.crm_id: each for each in told if each.action == "change"}
    for crm_id, each in by_id.items():
        after = tasks(world)[str(crm_id)]
        assert all(after[change.field] == change.after for change in each.changes)
