"""``none: create`` makes one lead a number: many processes, kills, lost answers."""

import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Literal

import pytest
from starlette.types import ASGIApp

from tests.e2e.gate import Passing, dropped
from tests.e2e.processes import KILLED, Killer, Nursery
from tests.e2e.switchboard import STRANGER, Switchboard
from tests.e2e.world import World

WHO = """  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone, none: create}
"""
NUMBERS = [f"98765000{n:02}" for n in range(12)]


def made(world: World) -> Counter[object]:
    """How many leads there are of each of our numbers."""
    ours = {f"+91{number}" for number in (*NUMBERS, STRANGER)}
    return Counter(
        lead["Phone"] for lead in world.crm.rows("Lead") if lead["Phone"] in ours
    )


def filled(world: World) -> Switchboard:
    """Three calls of each new number, and a loaded directory."""
    board = Switchboard(world)
    board.map(WHO)
    world.clock.shift(hours=-1)
    board.refresh()
    for number in NUMBERS * 3:
        board.call(number)
    world.clock.ahead = timedelta()
    return board


def assert_made_once(world: World) -> None:
    assert made(world) == Counter({f"+91{number}": 1 for number in NUMBERS})
    leads = {lead["Id"]: lead["Phone"] for lead in world.crm.rows("Lead")}
    tasks = world.tasks()
    assert len(tasks) == 36
    assert Counter(leads[t["WhoId"]] for t in tasks) == Counter(
        {f"+91{number}": 3 for number in NUMBERS}
    )


def test_three_processes_at_once_make_each_lead_once(
    world: World, nursery: Nursery
) -> None:
    filled(world)

    pids = [nursery.start(world.folder, "sync", "calls", "--json") for _ in range(3)]
    codes = [nursery.wait(pid) for pid in pids]

    assert codes == [0, 0, 0]
    assert_made_once(world)


@pytest.mark.timeout(90)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_write_before_or_after_it_is_applied(
    worlds: Callable[[], World], nursery: Nursery, when: Literal["before", "after"]
) -> None:
    deaths = 0
    for number in count(1):
        with worlds() as world:
            filled(world)
            killer = Killer(number)
            setattr(world.writes, when, killer)

            pid = nursery.start(world.folder, "sync", "calls", "--json")
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            world.later()
            world.later()

            assert_made_once(world)
    assert deaths >= 2
    assert signal.SIGKILL == -KILLED


def test_a_lead_whose_answer_is_lost_is_not_made_again(world: World) -> None:
    board = Switchboard(world)
    board.map(WHO)
    board.refresh()
    calls = [board.call(STRANGER) for _ in range(3)]

    def lost(passing: Passing) -> ASGIApp | None:
        return dropped if passing.number == 1 else None

    world.writes.after = lost
    world.sync()
    world.later()

    assert made(world) == Counter({f"+91{STRANGER}": 1})
    assert len({board.who(call) for call in calls}) == 1


def test_with_a_key_the_crm_itself_refuses_the_second(
    worlds: Callable[[], World],
) -> None:
    with worlds() as world:
        board = Switchboard(world)
        keyed = WHO.strip().removesuffix("}") + (
            ", create: {object: Lead, key: Call_Key__c, fields: {LastName: "
            "{from: customer.phone}, Company: {value: New}, "
            "Phone: {from: customer.phone, as: phone}}}}"
        )
        board.map(f"  {keyed}\n")
        board.refresh()
        board.call(STRANGER)
        board.push()
        world.state.rename(world.state.with_suffix(".lost"))
        for name in ("connector.db-wal", "connector.db-shm"):
            (world.folder / name).unlink(missing_ok=True)
        lead = next(x for x in world.crm.rows("Lead") if x["Call_Key__c"])
        world.crm.change(str(lead["Id"]), Phone="withheld")
        board.refresh()
        second = board.call(STRANGER)

        board.push()

        assert board.who(second) == lead["Id"]
        assert len([x for x in world.crm.rows("Lead") if x["Call_Key__c"]]) == 1
