"""Two of whatever there may be two of: installations, processes, threads, pasts."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Literal

import pytest

from connector.sandbox.faults import Fault
from connector.service.dialling import DialDesk
from tests.e2e.clicks import ADITI, assert_ended, at, back_up, restore, until_the_end
from tests.e2e.gate import Held, Passing
from tests.e2e.hotline import MAPPING, Hotline
from tests.e2e.mortal import Death, Fate, MortalStore
from tests.e2e.processes import Nursery
from tests.e2e.settled import write_settings

UNGUARDED = re.sub(r"^guards:\n(?: .*\n)+", "", MAPPING, flags=re.MULTILINE)
ROUNDS = 10


def _at_once(*acts: Callable[[], object]) -> None:
    """Do all of these at the same time, and raise what they raise."""
    together = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        together.wait(10)
        one()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, acts))


def _request(hotline: Hotline, name: str, number: str = ADITI) -> str:
    """Have a task of an agent ask for a call; its id."""
    agents = (row for row in hotline.crm.rows("User") if row["Call_Agent_Id__c"])
    return hotline.crm.add(
        "Task",
        {
            "OwnerId": next(agents)["Id"],
            "Subject": "Call",
            "Call_Request__c": "Requested",
            "Call_Request_Id__c": name,
            "Call_Requested_At__c": hotline.clock.now().isoformat(),
            "Call_Number__c": number,
        },
    )


# ── installations that know nothing of each other ──────────────────────────


def test_two_installations_that_poll_at_once_dial_once(hotline: Hotline) -> None:
    for number in range(ROUNDS):
        rang = len(hotline.phones.dials)
        request = hotline.press()

        _at_once(*(partial(hotline.poll, which) for which in ("one", "two")))

        assert assert_ended(hotline, request, rang=rang) == "Placed", number
        hotline.clock.shift(minutes=1)


def test_twenty_requests_and_four_processes_of_two_installations(
    hotline: Hotline, nursery: Nursery
) -> None:
    hotline.map(UNGUARDED)
    numbers = [f"+91993004{number}" for number in range(2200, 2220)]
    for number in numbers:
        _request(hotline, number, number)
    folders = []
    for which in ("one", "two"):
        folders.append(folder := hotline.folder / which)
        folder.mkdir()
        write_settings(folder, hotline.values(which))

    pids = [nursery.start(folder) for folder in folders * 2]
    codes = [nursery.wait(pid) for pid in pids]

    rang = Counter(dial.number for dial in hotline.phones.dials)
    shown = {hotline.seen(number)[0] for number in numbers}
    assert (codes, shown) == ([0] * 4, {"Placed"})
    assert rang == Counter(numbers)


@pytest.mark.timeout(60)
def test_two_installations_and_two_records_with_one_request_dial_once(
    hotline: Hotline,
) -> None:
    hotline.map(UNGUARDED)
    for number in range(ROUNDS // 2):
        rang = len(hotline.phones.dials)
        for _ in range(2):
            _request(hotline, f"request-{number}")

        _at_once(*(partial(hotline.poll, which) for which in ("one", "two")))
        for minutes in (3, 10):
            for which in ("one", "two"):
                hotline.later(which, minutes=minutes)

        tasks = hotline.tasks(f"request-{number}")
        shown = {task["Call_Request__c"] for task in tasks}
        assert len(hotline.phones.dials) == rang + 1
        assert "Placed" in shown
        assert shown <= {"Placed", "Blocked"}


@pytest.mark.parametrize("says", ["Claimed", "Placed"])
def test_what_another_installation_left_when_it_died_has_an_end(
    hotline: Hotline, says: str
) -> None:
    request = hotline.press()
    fate = Fate()
    hotline.asked.after = lambda _: setattr(fate, "dead", bool(hotline.claims(request)))
    opens = partial(MortalStore, fate=fate)
    with suppress(Death), hotline.app("other", opens=opens) as other:
        other.poll()
    hotline.asked.open()
    (claim,) = hotline.claims(request)
    hotline.crm.change(claim["Id"], State__c=says)

    hotline.poll("ours")
    hotline.later("ours", minutes=6)
    early = hotline.seen(request)[0]
    hotline.later("ours", minutes=2)
    shown = hotline.seen(request)[0]
    hotline.later("other")

    assert (early, claim["State__c"]) == ("Requested", "Claimed")
    assert shown == {"Claimed": "Unknown", "Placed": "Placed"}[says]
    assert hotline.seen(request)[0] == shown
    hotline.assert_dialled()


# ── threads ────────────────────────────────────────────────────────────────


def test_a_nudge_and_a_poll_at_once_dial_once(hotline: Hotline) -> None:
    with hotline.app() as app:
        desk, runner = DialDesk(app=app), app.runner()
        desk.work_for([app.click])
        for number in range(ROUNDS):
            request = hotline.press()
            record = hotline.task(request)["Id"]

            _at_once(
                partial(desk.nudge, record),
                partial(desk.poll, app.click, runner),
                partial(desk.nudge, record),
            )
            desk.wait()

            assert hotline.seen(request) == ("Placed", "")
            assert len(hotline.phones.dials) == number + 1
            hotline.clock.shift(minutes=1)
        desk.close()


def test_a_hundred_nudges_are_one_call(hotline: Hotline) -> None:
    request = hotline.press()
    record = hotline.task(request)["Id"]
    hotline.calls.before = lambda _: held
    held = Held(hotline.phones.app)

    with hotline.app() as app:
        desk = DialDesk(app=app)
        desk.work_for([app.click])
        known = [desk.nudge(record) for _ in range(50)]
        assert held.arrived.wait(10)
        known += [desk.nudge(record) for _ in range(50)]
        held.release()
        desk.wait()
        desk.nudge(record)
        desk.wait()
        desk.close()

    assert all(known)
    assert hotline.seen(request) == ("Placed", "")
    assert hotline.asked.count < 60, "nudges that wait are one"
    hotline.assert_dialled(ADITI)


def test_another_installation_that_is_nudged_meanwhile_says_nothing(
    hotline: Hotline,
) -> None:
    """Not even where the clock by which it was pressed is a little ahead."""
    request = hotline.press()
    ahead = (hotline.clock.now() + timedelta(seconds=30)).isoformat()
    hotline.crm.change(hotline.task(request)["Id"], Call_Requested_At__c=ahead)
    record = hotline.task(request)["Id"]
    seen: list[str] = []

    def nudge(_: Passing) -> None:
        with hotline.app("other") as app:
            desk = DialDesk(app=app)
            desk.work_for([app.click])
            for again in (True, True, True):
                assert desk.nudge(record) is again
                desk.wait()
            desk.close()
        seen.append(hotline.seen(request)[0])

    hotline.calls.before = nudge
    hotline.poll()

    assert seen == ["Requested"]
    assert hotline.seen(request) == ("Placed", "")


# ── a past that comes back ─────────────────────────────────────────────────


@pytest.mark.timeout(60)
@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
@pytest.mark.parametrize("where", ["asked", "calls"])
def test_a_backup_of_any_moment_dials_nothing_again(
    hotline: Hotline, where: Literal["asked", "calls"], *, told: bool
) -> None:
    backup = hotline.folder / "backup"
    for number in count(1):
        which, rang = f"round-{number}", len(hotline.phones.dials)
        hotline.poll(which)
        state = hotline.state(which)
        request = hotline.press()
        gate = hotline.asked if where == "asked" else hotline.calls
        hotline.asked.open()
        hotline.calls.open()
        gate.before = at(number, partial(back_up, state, backup))
        if not told:
            hotline.crm.faults.add(Fault("", method="PATCH", status=503, times=-1))
        hotline.poll(which)
        reached = gate.count >= number
        before = hotline.seen(request)[0]

        hotline.crm.faults.clear()
        restore(backup, state)
        hotline.later(which, seconds=50)
        until_the_end(hotline, which)

        ended = assert_ended(hotline, request, rang=rang)
        assert len(hotline.phones.dials) == rang + 1
        if told:
            assert (before, ended) == ("Placed", "Placed")
        if not reached:
            break
    assert number > {"asked": 4, "calls": 1}[where]
