"""Calls that a vendor's own package logs as well: kills, lost answers, two at once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
from starlette.types import ASGIApp

from connector.clock import Clock
from connector.model import Lane
from connector.state.store import Store
from tests.e2e.gate import Held, Passing, dropped
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.others import (
    ENRICHED,
    SKIPPED,
    assert_once,
    log,
    tasks,
)
from tests.e2e.processes import KILLED, Killer, Nursery
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.test_lost_answers import ANSWERS
from tests.e2e.test_two_at_once import RealWaits
from tests.e2e.world import World

QUERIES_AND_WRITES = re.compile(r"/query|/composite/sobjects")


@pytest.fixture
def shared(world: World) -> World:
    """A world of which the package logs the calls as well."""
    world.map(ENRICHED)
    return world


# ── trouble ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("lost", [2, 10**6])
def test_an_update_whose_answer_is_lost_makes_no_second_task(
    shared: World, answer: ASGIApp, lost: int
) -> None:
    calls = shared.arrive(250)
    log(shared, *calls[::2])
    shared.writes.after = lambda p: answer if p.number <= lost else None

    shared.sync()
    report = shared.later()

    assert report.exit_code == 0
    assert_once(shared)


def test_a_look_whose_answer_is_lost_is_repeated(shared: World) -> None:
    calls = shared.arrive(5)
    log(shared, *calls)
    shared.writes.watched = re.compile("/query")
    shared.writes.after = lambda passing: dropped if passing.number == 1 else None

    report = shared.sync()

    assert report.exit_code == 0
    assert_once(shared)


@pytest.mark.timeout(90)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_query_or_write_before_or_after_it_is_applied(
    worlds: Callable[[], World], nursery: Nursery, when: Literal["before", "after"]
) -> None:
    deaths = 0
    for number in count(1):
        with worlds() as world:
            world.map(ENRICHED)
            world.clock.shift(hours=-1)
            calls = world.arrive(205)
            log(world, *calls[::2])
            world.clock.ahead = timedelta()
            world.writes.watched = QUERIES_AND_WRITES
            killer = Killer(number)
            setattr(world.writes, when, killer)

            pid = nursery.start(world.folder)
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            world.note(calls[::3], "second")
            report = world.later()

            assert report.exit_code == 0
            assert_once(world)
    assert deaths >= 5, "two batches: of each a query, creates and updates"


@pytest.mark.timeout(90)
@pytest.mark.parametrize("mapping", [ENRICHED, SKIPPED])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_makes_no_second_task(
    worlds: Callable[[], World], when: When, mapping: str
) -> None:
    for commit in count(1):
        with worlds() as world:
            world.map(mapping)
            calls = world.arrive(205)
            log(world, *calls[::2])
            fate = Fate(commit=commit, when=when)
            app = world.app(
                opens=lambda path, clock, fate=fate: MortalStore(path, clock, fate)
            )

            with suppress(Death), app:
                app.sync()
            report = world.later()

            assert report.exit_code == 0
            if mapping is ENRICHED:
                assert_once(world)
            else:
                skipped = frozenset(calls[::2])
                assert (
                    sum(t["CallObject"] in skipped for t in tasks(world).values())
                    == 103
                )
                world.assert_truth(without=skipped)
        if not fate.dead:
            break
    assert commit > 10


def test_a_task_that_is_deleted_between_the_look_and_the_update_is_created(
    shared: World,
) -> None:
    calls = shared.arrive(3)
    ids = log(shared, *calls)

    def delete(passing: Passing) -> None:
        if passing.number == 1:
            shared.crm.delete(ids[1])

    shared.writes.before = delete

    report = shared.sync()

    counts = report.runs[0].counts
    assert (counts.updated, counts.created, counts.deleted) == (2, 1, 0)
    assert_once(shared)


def test_one_that_is_created_instead_has_the_links_that_theirs_had(
    world: World,
) -> None:
    board = Switchboard(world)
    what = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
    more = "existing: {match: CallObject}\n"
    board.map(WHO, what, "  CallObject: {from: id}\n", more=more)
    contact = board.contact("Ours", STRANGER)
    account = world.crm.add("Account", {"Name": "Ours", "Phone": STRANGER})
    board.refresh()
    call = board.call(STRANGER)
    (theirs,) = log(world, call, WhoId=board.contact("Theirs", "1"))

    def delete(passing: Passing) -> None:
        if passing.number == 1:
            world.crm.delete(theirs)

    world.writes.before = delete

    board.push()

    assert world.task(call)["WhatId"] == account
    assert board.who(call) == contact


def test_where_the_state_was_lost_ours_is_updated_and_theirs_left(
    shared: World,
) -> None:
    calls = shared.arrive(3)
    shared.sync()
    shared.state.unlink()
    shared.crm.change(shared.task(calls[0])["Id"], CallObject="changed by hand")
    theirs = log(shared, *calls)
    shared.note(calls, "second")

    counts = shared.later().runs[0].counts

    assert (counts.updated, counts.created) == (3, 0)
    assert [tasks(shared)[crm_id]["Call_Key__c"] for crm_id in theirs] == [None] * 3
    shared.assert_truth()


# ── two at once ────────────────────────────────────────────────────────────


def test_three_processes_at_once_enrich_each_task_once(
    shared: World, nursery: Nursery
) -> None:
    shared.clock.shift(hours=-1)
    calls = shared.arrive(450)
    log(shared, *calls[::2])
    shared.clock.ahead = timedelta()

    pids = [nursery.start(shared.folder) for _ in range(3)]
    codes = [nursery.wait(pid) for pid in pids]

    assert codes == [0, 0, 0]
    assert_once(shared)


def test_two_installations_with_states_of_their_own_make_one_task_each(
    shared: World,
) -> None:
    calls = shared.arrive(50)
    log(shared, *calls[::2])
    held = Held(shared.crm.app)
    turns = iter([held])
    shared.writes.before = lambda _: next(turns, None)

    def elsewhere(path: Path, clock: Clock) -> Store:
        return Store(path.with_name("other.db"), clock)

    with shared.app() as one, ThreadPoolExecutor(1) as pool:
        first = pool.submit(one.run)
        assert held.arrived.wait(10)
        other = shared.sync(opens=elsewhere)
        held.release()
        outcome = first.result(20).outcome

    assert (other.exit_code, outcome) == (0, "done")
    assert_once(shared)


def test_two_lanes_never_take_one_task_for_two_calls(world: World) -> None:
    world.map(ENRICHED.replace("{from: id}", "{from: emp_code}"))
    one, other = world.arrive(2)
    world.note([one], "first", emp_code="the-one")
    world.note([other], "first", emp_code="someone else")
    (crm_id,) = log(world, "the-one")
    held = Held(world.crm.app)
    turns = iter([held])
    world.writes.before = lambda _: next(turns, None)

    with (
        world.app(clock=RealWaits(world)) as slow,
        world.app(clock=RealWaits(world)) as quick,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(slow.run, Lane.REREAD)
        assert held.arrived.wait(10)
        world.note([other, *world.arrive(1)], "first", emp_code="the-one")
        second = pool.submit(quick.run, Lane.LIVE)
        held.release()
        outcomes = {first.result(20).outcome, second.result(20).outcome}

    assert outcomes == {"done"}
    assert tasks(world)[crm_id]["Call_Key__c"] == f"callyzer:{one}"
    world.assert_truth()
