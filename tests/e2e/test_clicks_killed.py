"""Killed at every point between the press and what the agent sees: one call at most."""

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from itertools import count
from queue import Queue
from typing import Literal

import pytest

from connector.engine.asking import BELIEVED
from tests.e2e.clicks import REQUESTS, assert_ended, forget, until_the_end
from tests.e2e.gate import Act, Passing
from tests.e2e.hotline import MAPPING, Hotline
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.processes import KILLED, Killer, Nursery, expire_leases

COMMITS = 8
"""At least, of a poll that finds one request."""
AT_LEAST = {"asked": REQUESTS, "calls": 1}
"""Requests of such a poll."""
WRITES = {"asked": 3, "calls": 1}
"""A claim, the record and the claim again; and the call."""
STOPPED = BELIEVED.total_seconds() + 1
"""Seconds of the machine's own time: a process that is stopped has no other."""


def _dies(hotline: Hotline, which: str, fate: Fate) -> bool:
    """Look in a process that meets its fate, if it lives that long."""
    app = hotline.app(which, opens=lambda path, clock: MortalStore(path, clock, fate))
    with suppress(Death), app:
        app.poll()
    return fate.dead


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_dials_once_at_most_and_is_shown(
    hotline: Hotline, when: When
) -> None:
    for commit in count(1):
        which, rang = f"round-{commit}", len(hotline.phones.dials)
        request = hotline.press()

        died = _dies(hotline, which, Fate(commit=commit, when=when))
        until_the_end(hotline, which)

        assert_ended(hotline, request, rang=rang)
        if not died:
            break
    assert commit > COMMITS


@pytest.mark.timeout(60)
@pytest.mark.parametrize("left", [0, -1], ids=["least", "most"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_power_cut_at_any_commit_dials_once_at_most_and_is_shown(
    hotline: Hotline, when: When, left: int
) -> None:
    for commit in count(1):
        which, rang = f"round-{commit}", len(hotline.phones.dials)
        hotline.poll(which)
        state = hotline.state(which)
        disk = [state.read_bytes()]
        request = hotline.press()

        died = _dies(hotline, which, Fate(commit=commit, when=when, disk=disk))
        forget(state)
        state.write_bytes(disk[left])
        until_the_end(hotline, which)

        assert_ended(hotline, request, rang=rang)
        if not died:
            break
    assert commit > COMMITS


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("where", ["asked", "calls"])
def test_killed_at_any_request_before_or_after_it_is_handled(
    hotline: Hotline,
    nursery: Nursery,
    where: Literal["asked", "calls"],
    when: Literal["before", "after"],
) -> None:
    for number in count(1):
        rang = len(hotline.phones.dials)
        forget(hotline.state())
        request = hotline.press()
        killer = Killer(number)
        gate = hotline.asked if where == "asked" else hotline.calls
        gate.open()
        setattr(gate, when, killer)

        pid = nursery.start(hotline.folder)
        killer.aim(pid)
        died = nursery.wait(pid) == KILLED
        gate.open()
        codes = _until_the_end(hotline, nursery)

        assert codes == [0, 0]
        assert_ended(hotline, request, rang=rang)
        if not died:
            break
    assert number > AT_LEAST[where]


def _until_the_end(hotline: Hotline, nursery: Nursery) -> list[int]:
    """Start it anew at once, and after 10 minutes; how these processes ended."""
    codes = []
    for minutes in (0, 10):
        hotline.clock.shift(minutes=minutes)
        expire_leases(hotline.state())
        codes.append(nursery.wait(nursery.start(hotline.folder)))
    return codes


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("where", ["asked", "calls"])
def test_the_service_killed_at_any_write(
    hotline: Hotline,
    nursery: Nursery,
    where: Literal["asked", "calls"],
    when: Literal["before", "after"],
) -> None:
    with (hotline.folder / ".env").open("a") as settings:
        settings.write("\nCONNECTOR_PORT=0")
    for number in range(1, WRITES[where] + 1):
        rang = len(hotline.phones.dials)
        forget(hotline.state())
        request = hotline.press()
        killer = Killer(number)
        gate = hotline.asked if where == "asked" else hotline.calls
        gate.open()
        setattr(gate, when, _of_writes(killer))

        pid = nursery.start(hotline.folder, "serve")
        killer.aim(pid)
        code = nursery.wait(pid)
        gate.open()
        codes = _until_the_end(hotline, nursery)

        assert (code, codes) == (KILLED, [0, 0])
        assert_ended(hotline, request, rang=rang)


def _of_writes(act: Act) -> Act:
    """Let an act count, and see, what writes only."""
    numbers = count(1)
    return lambda passing: (
        None if passing.method == "GET" else act(replace(passing, number=next(numbers)))
    )


def test_a_process_that_was_stopped_after_its_claim_rings_nobody_late(
    hotline: Hotline, nursery: Nursery
) -> None:
    hotline.map(MAPPING.replace("expires: 2 minutes", "expires: 3 seconds"))
    request = hotline.press()
    pids: Queue[int] = Queue()
    stopped = threading.Event()

    def stop(passing: Passing) -> None:
        if passing.method == "POST":
            os.kill(pids.get(timeout=10), signal.SIGSTOP)
            stopped.set()

    hotline.asked.after = stop  # its answer comes nevertheless
    pid = nursery.start(hotline.folder)
    pids.put(pid)
    assert stopped.wait(10)
    threading.Event().wait(STOPPED)
    os.kill(pid, signal.SIGCONT)
    code = nursery.wait(pid)

    assert (code, hotline.seen(request)[0]) == (0, "Expired")
    hotline.assert_dialled()
