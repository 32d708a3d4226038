"""A backfill among killed processes, other lanes, and edits of the mapping."""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from connector.clock import SystemClock
from connector.model import Lane
from connector.service.backfill import backfill, span
from connector.service.sync import Report
from tests.e2e.gate import Gate, Held
from tests.e2e.processes import KILLED, Killer, Nursery, expire_leases, output
from tests.e2e.world import FLOW, MAPPING, World

DAYS = 401
"""More than two windows of Callyzer's take."""
CALLS = 350
LAST_PAGE = 8
"""Requests: three for the estimate, then two, two and one for the windows."""


def ordered(world: World, *, days: float = DAYS, until: float = 0) -> tuple[str, str]:
    """The ``--from`` and ``--to`` of so many days, up to some days ago."""
    now = world.clock.now()
    first, last = now - timedelta(days=days), now - timedelta(days=until)
    return f"{first:%Y-%m-%dT%H:%MZ}", f"{last:%Y-%m-%dT%H:%MZ}"


def command(world: World, **days: float) -> tuple[str, ...]:
    first, last = ordered(world, **days)
    return "backfill", FLOW, "--from", first, "--to", last, "--json"


def history(world: World) -> list[str]:
    """Have calls of more than a year, that live would not look at."""
    world.clock.shift(days=-8)
    calls = world.arrive(CALLS, hours=24 * (DAYS - 9))
    world.clock.ahead = timedelta()
    return calls


def keys(world: World) -> Counter[str]:
    """How many tasks each call has."""
    tasks = Counter(str(row["Call_Key__c"]) for row in world.tasks())
    return Counter({key.removeprefix("callyzer:"): n for key, n in tasks.items()})


def watched(gate: Gate) -> list[dict[str, Any]]:
    """The bodies of the requests that pass a gate from now on."""
    bodies: list[dict[str, Any]] = []
    gate.open()
    gate.before = lambda passing: bodies.append(json.loads(passing.body))
    return bodies


def kept(world: World, name: str = f"{FLOW}/backfill") -> str | None:
    with world.app() as app:
        return app.store.cursor(name)


def said(folder: Path, pid: int) -> str:
    """What a process wrote to stderr."""
    return (folder / f"{pid}.err").read_text(encoding="utf-8")


# ── killed ─────────────────────────────────────────────────────────────────


def test_killed_in_the_middle_it_reads_on_and_writes_nothing_twice(
    world: World, nursery: Nursery
) -> None:
    calls = history(world)
    order = command(world)
    bodies = watched(world.pages)
    killer = Killer(2)
    world.writes.before = killer

    pid = nursery.start(world.folder, *order)
    killer.aim(pid)
    assert nursery.wait(pid) == KILLED
    expire_leases(world.state)
    *_, first_window = bodies[:4]  # three were asked for the estimate
    again = watched(world.pages)
    world.writes.open()
    pid = nursery.start(world.folder, *order)
    code = nursery.wait(pid)

    (row,) = json.loads(output(world.folder, pid))
    assert (code, row["outcome"], row["created"]) == (0, "done", CALLS - 200)
    assert bodies[0]["call_from"] == first_window["call_from"]
    assert min(body["call_from"] for body in again) == first_window["call_to"] - 1
    assert keys(world) == Counter(calls)
    assert said(world.folder, pid).startswith("Going on from ")
    assert kept(world) is None


@pytest.mark.timeout(60)
@pytest.mark.parametrize("where", ["pages", "writes"])
def test_killed_at_any_request_all_calls_are_there_once_in_the_end(
    worlds: Callable[[], World], nursery: Nursery, where: str
) -> None:
    deaths = 0
    for number in count(1):
        with worlds() as world:
            calls = history(world)
            order = command(world)
            killer = Killer(number)
            gate = world.pages if where == "pages" else world.writes
            gate.before = killer
            pid = nursery.start(world.folder, *order)
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            gate.open()
            expire_leases(world.state)

            code = nursery.wait(nursery.start(world.folder, *order))

            assert code == 0
            assert keys(world) == Counter(calls)
    assert deaths >= 2


# ── stopped ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_page_in_hand_and_the_same_command_goes_on(
    world: World, nursery: Nursery, number: signal.Signals
) -> None:
    calls = history(world)
    order = command(world)
    held = Held(world.callyzer.app)
    wrote = threading.Event()
    world.pages.before = lambda passing: held if passing.number == LAST_PAGE else None
    world.writes.after = lambda _: wrote.set()

    pid = nursery.start(world.folder, *order)
    assert held.arrived.wait(10)
    assert wrote.wait(10)
    os.kill(pid, number)
    code = nursery.wait(pid)
    held.release()
    there = keys(world)
    point = kept(world)
    rest = nursery.wait(nursery.start(world.folder, *order))

    (row,) = json.loads(output(world.folder, pid))
    assert (code, row["outcome"], rest) == (1, "stopped", 0)
    assert "the same command goes on from 20" in said(world.folder, pid)
    assert point is not None
    assert len(there) == row["created"] > 200
    assert keys(world) == Counter(calls)


# ── beside others ──────────────────────────────────────────────────────────


def test_live_goes_on_meanwhile_and_its_cursor_is_its_own(
    world: World, nursery: Nursery
) -> None:
    old = history(world)
    world.sync()
    before = kept(world, FLOW)
    held = Held(world.crm.app)
    requests = iter([held])
    world.writes.before = lambda _: next(requests, None)

    pid = nursery.start(world.folder, *command(world, until=8))
    assert held.arrived.wait(10)
    new = world.arrive(3, hours=0.01)
    live = world.sync()
    at_work = kept(world, FLOW)
    held.release()
    code = nursery.wait(pid)

    assert (live.exit_code, live.runs[0].counts.created, code) == (0, 3, 0)
    assert before
    assert at_work
    assert before <= at_work
    assert kept(world, FLOW) == at_work
    assert keys(world) == Counter([*old, *new])


def test_live_and_a_backfill_of_the_same_calls_at_once_write_each_once(
    world: World,
) -> None:
    world.arrive(450)
    sent: Counter[str] = Counter()
    world.writes.before = lambda passing: sent.update(
        str(row["Call_Key__c"]) for row in passing.rows
    )
    both = threading.Barrier(2)
    first, last = ordered(world, days=2)

    def live() -> str:
        with world.app(clock=SystemClock()) as app:
            both.wait(10)
            return app.run(Lane.LIVE).outcome

    def past() -> str:
        with world.app(clock=SystemClock()) as app:
            wanted = span(app.flow, first, last, app.clock.now())
            both.wait(10)
            return backfill(app, app.flow, wanted, lambda _: None).runs[0].outcome

    with ThreadPoolExecutor(2) as pool:
        outcomes = [each.result(15) for each in (pool.submit(live), pool.submit(past))]

    assert outcomes == ["done", "done"]
    assert set(sent.values()) == {1}
    assert len(sent) == 450
    world.assert_truth()


def test_a_second_one_of_the_same_flow_is_refused_while_one_is_at_work(
    world: World, nursery: Nursery
) -> None:
    calls = history(world)
    held = Held(world.callyzer.app)
    requests = iter([held])
    world.pages.before = lambda _: next(requests, None)

    first = nursery.start(world.folder, *command(world))
    assert held.arrived.wait(10)
    second = nursery.start(world.folder, *command(world, days=30))
    refused = nursery.wait(second)
    held.release()
    code = nursery.wait(first)

    assert (refused, code) == (1, 0)
    assert "calls is being backfilled by another process" in said(world.folder, second)
    assert output(world.folder, second) == ""
    assert keys(world) == Counter(calls)


# ── after an edit of the mapping ───────────────────────────────────────────


def test_after_an_edit_just_the_rows_whose_payload_changed_are_written(
    world: World,
) -> None:
    calls = history(world)
    world.note(calls[100:107], "second")
    order = ordered(world)

    def run() -> Report:
        with world.app() as app:
            wanted = span(app.flow, *order, app.clock.now())
            return backfill(app, app.flow, wanted, lambda _: None)

    first = run()
    unedited = run()
    writes = len(world.crm.writes)
    world.map(
        MAPPING.replace(
            "{from: note}", "{from: note, map: {second: 2nd, first: first}}"
        )
    )
    second = run()

    edited = world.crm.writes[writes:]
    assert (first.runs[0].counts.created, writes) == (CALLS, 2)
    assert unedited.runs[0].counts.unchanged == CALLS
    assert second.runs[0].counts.updated == 7
    assert [(write.verb, len(write.ids)) for write in edited] == [("update", 7)]
    assert Counter(row["Description"] for row in world.tasks()) == {
        "first": CALLS - 7,
        "2nd": 7,
    }
