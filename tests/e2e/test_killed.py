"""SIGKILL at every request and at any moment: nothing lost, nothing twice."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import Literal

import pytest

from tests.e2e.processes import KILLED, Killer, Nursery, expire_leases
from tests.e2e.world import World


def _changed(world: World) -> list[str]:
    """Have 205 calls in the CRM that changed since, and 5 that are new there."""
    world.clock.shift(hours=-1)
    known = world.arrive(205)
    world.sync()
    world.clock.shift(minutes=30)
    world.note(known, "second")
    world.arrive(5, hours=0.1)
    world.clock.ahead = timedelta()
    return known


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("where", "at_least"), [("pages", 4), ("writes", 3)])
def test_killed_at_any_request_before_or_after_it_is_applied(
    worlds: Callable[[], World],
    nursery: Nursery,
    where: str,
    at_least: int,
    when: Literal["before", "after"],
) -> None:
    deaths = 0
    for number in count(1):
        with worlds() as world:
            known = _changed(world)
            killer = Killer(number)
            gate = world.pages if where == "pages" else world.writes
            gate.open()
            setattr(gate, when, killer)

            pid = nursery.start(world.folder)
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            world.note(known[::2], "first")
            report = world.later()

            assert report.exit_code == 0
            world.assert_truth()
    assert deaths >= at_least


@pytest.mark.timeout(60)
def test_killed_at_any_moment_again_and_again(world: World, nursery: Nursery) -> None:
    chance = Random(20261121)  # noqa: S311  repeatable
    world.clock.shift(hours=-1)
    calls = world.arrive(450)
    ends = []
    for turn in range(20):
        world.clock.ahead = timedelta(seconds=-40)
        world.note(chance.sample(calls, 250), f"turn {turn % 3}")
        world.clock.ahead = timedelta()
        pid = nursery.start(world.folder)
        axe = threading.Timer(chance.uniform(0.02, 0.3), _strike, [pid])
        axe.start()
        ends.append(nursery.wait(pid))
        axe.cancel()
        expire_leases(world.state)

    world.note(calls[::2], "turn 0")
    report = world.later()

    assert ends.count(KILLED) > 1
    assert report.exit_code == 0
    world.assert_truth()


def _strike(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
