"""Several processes, several lanes, and a writer that sleeps past its lease."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from connector.clock import SystemClock
from connector.model import Lane, Run
from tests.e2e.gate import Gate, Held, Passing
from tests.e2e.processes import ROOT, Nursery, output
from tests.e2e.world import World


class RealWaits(SystemClock):
    """The world's time, with waits that take as long as they say."""

    def __init__(self, world: World) -> None:
        self._world = world

    @override
    def now(self) -> datetime:
        return self._world.clock.now()


def test_the_command_as_an_operator_starts_it(world: World) -> None:
    world.clock.shift(hours=-1)
    world.arrive(450)
    world.clock.ahead = timedelta()

    done = subprocess.run(
        [sys.executable, "-m", "connector", "sync", "--json"],
        cwd=world.folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    (row,) = json.loads(done.stdout)
    assert (done.returncode, row["outcome"], row["created"]) == (0, "done", 450)
    world.assert_truth()


def test_three_processes_at_once_make_each_task_once(
    world: World, nursery: Nursery
) -> None:
    world.clock.shift(hours=-1)
    world.arrive(450)
    world.clock.ahead = timedelta()

    pids = [nursery.start(world.folder) for _ in range(3)]
    codes = [nursery.wait(pid) for pid in pids]

    rows = [row for pid in pids for row in json.loads(output(world.folder, pid))]
    assert codes == [0, 0, 0]
    assert sum(row["created"] for row in rows) == 450
    assert world.crm.calls["collection create"] == 3
    assert world.crm.calls["collection update"] == 0
    world.assert_truth()


@pytest.mark.parametrize("known", [False, True])
def test_a_live_run_and_a_re_read_at_once_write_each_call_once(
    world: World, *, known: bool
) -> None:
    calls = world.arrive(450)
    if known:
        world.sync()
    world.note(calls, "second")
    sent: Counter[str] = Counter()

    def count(passing: Passing) -> None:
        sent.update(str(row.get("id", row["Call_Key__c"])) for row in passing.rows)

    world.writes.before = count
    both = threading.Barrier(2)

    def run(lane: Lane) -> Run:
        with world.app(clock=RealWaits(world)) as app:
            both.wait(10)
            return app.run(lane)

    with ThreadPoolExecutor(2) as pool:
        live, reread = pool.map(run, (Lane.LIVE, Lane.REREAD))

    assert (live.outcome, reread.outcome) == ("done", "done")
    assert set(sent.values()) == {1}
    assert len(sent) == 450
    world.assert_truth()


def test_two_lanes_that_read_different_versions_end_with_the_latest(
    world: World,
) -> None:
    calls = world.arrive(150)
    world.sync()
    world.note(calls, "second")
    old = Held(world.crm.app)
    held = iter([old])
    world.writes.before = lambda _: next(held, None)

    with (
        world.app(clock=RealWaits(world)) as slow,
        world.app(clock=RealWaits(world)) as quick,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(slow.run, Lane.REREAD)
        assert old.arrived.wait(10)
        world.note(calls, "third")
        second = pool.submit(quick.run, Lane.LIVE)
        old.release()
        outcomes = {first.result(10).outcome, second.result(10).outcome}

    assert outcomes == {"done"}
    world.assert_truth()


# ── a writer that sleeps past its lease ────────────────────────────────────


def _stopped_at_first(gate: Gate, world: World, nursery: Nursery) -> tuple[int, Held]:
    """Start a process, and stop it at its first request, which is held back."""
    held = Held(gate.app)
    requests = iter([held])
    gate.before = lambda _: next(requests, None)
    pid = nursery.start(world.folder)
    assert held.arrived.wait(10)
    os.kill(pid, signal.SIGSTOP)
    return pid, held


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("lands", ["late", "in time"])
def test_a_writer_paused_past_its_lease_leaves_nothing_old_behind(
    world: World, nursery: Nursery, lands: str, *, new: bool
) -> None:
    world.clock.shift(hours=-1)
    calls = world.arrive(150)
    if not new:
        world.sync()
        world.note(calls, "second")
    world.clock.ahead = timedelta()
    pid, held = _stopped_at_first(world.writes, world, nursery)
    if lands == "in time":
        held.release()
        assert held.handled.wait(10)

    world.clock.shift(seconds=60)
    world.note(calls, "third")
    took_over = world.sync()
    held.release()
    assert held.handled.wait(10)
    os.kill(pid, signal.SIGCONT)
    code = nursery.wait(pid)
    report = world.later()

    assert (took_over.exit_code, code, report.exit_code) == (0, 1, 0)
    assert "took this flow over" in output(world.folder, pid)
    world.assert_truth()


def test_a_reader_paused_past_its_lease_writes_nothing(
    world: World, nursery: Nursery
) -> None:
    world.clock.shift(hours=-1)
    calls = world.arrive(150)
    world.clock.ahead = timedelta()
    pid, held = _stopped_at_first(world.pages, world, nursery)

    world.clock.shift(seconds=60)
    world.sync()
    world.note(calls, "second")
    writes = len(world.crm.writes)
    held.release()
    os.kill(pid, signal.SIGCONT)
    code = nursery.wait(pid)
    report = (len(world.crm.writes), world.later().exit_code)

    assert (code, report) == (1, (writes, 0))
    world.assert_truth()
