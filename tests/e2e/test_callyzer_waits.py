"""Whoever was missed is called back: one open Task, completed by the connector, once."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.callyzer import TEAM
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.switchboard import DIRECTORY, Switchboard
from tests.e2e.world import ZONE, World

ROOT = Path(__file__).parents[2]
CLIENT = "9876512345"
AT_LEAST = 5
"""Commits of a run that completes a Task and makes another."""


def shipped(name: str) -> str:
    return (ROOT / "mappings" / f"{name}.yaml").read_text(encoding="utf-8")


def alone(name: str) -> str:
    """A shipped mapping without its links, so that it needs no directory."""
    lines = shipped(name).splitlines(keepends=True)
    return "".join(line for line in lines if "{find: " not in line)


class Desk:
    """A world in which calls are made one by one, with a minute between them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ids = count(1)

    def call(
        self, kind: str, seconds: int = 0, number: str = CLIENT, by: int = 0
    ) -> str:
        """Let a call begin now; its id. Some time passes after it."""
        call_id = f"call-{next(self._ids)}"
        began = self.world.clock.now().astimezone(ZONE)
        who = TEAM[by]
        self.world.callyzer.add({
            "id": call_id,
            "emp_name": who.name,
            "emp_code": who.code,
            "emp_country_code": who.country_code,
            "emp_number": who.number,
            "client_name": "Asha",
            "client_country_code": "91",
            "client_number": number,
            "duration": seconds,
            "call_type": kind,
            "call_date": f"{began:%Y-%m-%d}",
            "call_time": f"{began:%H:%M:%S}",
        })  # fmt: skip
        self.world.clock.shift(minutes=1)
        return call_id

    def missed(self, number: str = CLIENT, by: int = 0) -> str:
        return self.call("Missed", number=number, by=by)

    def later(self, **by: float) -> None:
        assert self.world.later(**by).exit_code == 0

    def tasks(self) -> dict[str, str]:
        """The status of each task, by the id of the call that it began with."""
        return {task["CallObject"]: task["Status"] for task in self.world.tasks()}

    def task(self, call_id: str) -> dict[str, Any]:
        (found,) = [t for t in self.world.tasks() if t["CallObject"] == call_id]
        return found

    def by_hand(self, call_id: str, **values: str) -> None:
        """Let an agent change a task in the CRM."""
        self.world.crm.change(str(self.task(call_id)["Id"]), **values)


@pytest.fixture
def desk(world: World) -> Desk:
    world.map(alone("callyzer-call-back"))
    return Desk(world)


def test_a_missed_call_is_an_open_task_until_somebody_called_back(desk: Desk) -> None:
    missed = desk.missed()
    desk.later()
    assert desk.tasks() == {missed: "Not Started"}

    desk.call("Outgoing", 42)
    desk.later()

    task = desk.task(missed)
    assert task["Status"] == "Completed"
    assert task["Subject"] == "Call back Asha"
    assert task["Priority"] == "High"
    assert task["TaskSubtype"] == "Call"
    assert task["Call_Customer__c"] == "+919876512345"


def test_a_colleague_or_the_client_may_call_back(desk: Desk) -> None:
    one, two = desk.missed("9876500001"), desk.missed("9876500002")
    desk.later()

    desk.call("Outgoing", 5, "9876500001", by=1)
    desk.call("Incoming", 5, "9876500002", by=2)
    desk.later()

    assert desk.tasks() == {one: "Completed", two: "Completed"}


def test_a_call_that_nobody_answers_is_no_call_back(desk: Desk) -> None:
    missed = desk.missed()
    desk.later()

    desk.call("Outgoing", 0)
    desk.call("Rejected", 0)
    desk.later()

    assert desk.tasks() == {missed: "Not Started"}


def test_who_is_missed_again_after_a_call_back_gets_a_new_task(desk: Desk) -> None:
    first = desk.missed()
    desk.later()
    desk.call("Outgoing", 42)
    desk.later()

    second = desk.missed()
    desk.later()
    assert desk.tasks() == {first: "Completed", second: "Not Started"}
    desk.call("Outgoing", 42)
    desk.later()

    assert desk.tasks() == {first: "Completed", second: "Completed"}


def test_called_back_and_missed_again_between_two_readings(desk: Desk) -> None:
    first = desk.missed()
    desk.later()

    desk.call("Outgoing", 42)
    second = desk.missed()
    desk.later()

    assert desk.tasks() == {first: "Completed", second: "Not Started"}


def test_who_was_called_back_before_the_first_reading_waits_no_more(
    desk: Desk,
) -> None:
    desk.missed()
    desk.call("Outgoing", 42)
    second = desk.missed()
    desk.missed("9876500001", by=1)
    desk.call("Outgoing", 42, "9876500001", by=2)

    desk.later()

    assert desk.tasks() == {second: "Not Started"}


def test_missed_twice_is_one_task(desk: Desk) -> None:
    first = desk.missed()
    desk.later()

    desk.missed()
    desk.later()

    assert desk.tasks() == {first: "Not Started"}


@pytest.mark.parametrize("status", ["Completed", "Deferred"])
def test_what_an_agent_made_of_the_task_stays(desk: Desk, status: str) -> None:
    first = desk.missed()
    desk.later()
    desk.by_hand(first, Status=status, Subject="done", Priority="Low")

    desk.missed()
    desk.later()

    task = desk.task(first)
    assert (task["Status"], task["Subject"], task["Priority"]) == (
        status,
        "done",
        "Low",
    )


def test_a_task_is_not_opened_again_by_a_report_that_is_behind(desk: Desk) -> None:
    missed = desk.missed()
    desk.later()
    talk = desk.call("Outgoing", 42)
    desk.later()

    desk.world.callyzer.remove(talk)
    desk.later()
    desk.later(minutes=10)

    assert desk.tasks() == {missed: "Completed"}


def test_the_window_slides_on_while_the_task_stays_the_same(desk: Desk) -> None:
    first = desk.missed()
    desk.later()
    desk.later(days=6)
    desk.missed()
    desk.later()

    desk.later(days=2)
    assert desk.tasks() == {first: "Not Started"}
    desk.call("Incoming", 42)
    desk.later()

    assert desk.tasks() == {first: "Completed"}


def test_a_task_that_left_the_window_is_completed_all_the_same(desk: Desk) -> None:
    missed = desk.missed()
    desk.later()
    desk.later(days=20)

    desk.call("Outgoing", 42)
    desk.later()

    assert desk.tasks() == {missed: "Completed"}


def test_whoever_does_not_pick_up_is_called_until_they_do(world: World) -> None:
    world.map(alone("callyzer-not-picked-up"))
    desk = Desk(world)
    first = desk.call("Outgoing", 0)
    desk.later()
    desk.call("Outgoing", 0)
    desk.later()
    assert desk.tasks() == {first: "Not Started"}

    desk.call("Outgoing", 9)
    desk.later()

    assert desk.tasks() == {first: "Completed"}
    assert desk.task(first)["Subject"] == "Try Asha again"


def test_the_task_is_on_the_right_people(world: World) -> None:
    world.map(shipped("callyzer-call-back"))
    path = world.folder / "mappings" / "directory.yaml"
    path.write_text(DIRECTORY, encoding="utf-8")
    asha = world.crm.add("Contact", {"LastName": "Rao", "Phone": f"+91 {CLIENT}"})
    desk, board = Desk(world), Switchboard(world)
    missed = desk.missed()

    assert board.refresh().outcome == "done"
    desk.later()

    task = desk.task(missed)
    owner = {u["Id"]: u["EmployeeNumber"] for u in world.crm.rows("User")}
    assert task["WhoId"] == asha
    assert owner[task["OwnerId"]] == TEAM[0].code


@pytest.mark.timeout(120)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_completes_and_opens_all_the_same(
    worlds: Callable[[], World], when: When
) -> None:
    for commit in count(1):
        with worlds() as world:
            world.map(alone("callyzer-call-back"))
            desk = Desk(world)
            numbers = [f"98765{n:05}" for n in range(120)]
            first = {number: desk.missed(number) for number in numbers[:3]}
            desk.later()
            desk.call("Outgoing", 42, numbers[0])
            desk.call("Outgoing", 42, numbers[1])
            again = desk.missed(numbers[1])
            new = [desk.missed(number) for number in numbers[3:]]

            died = _dies(world, Fate(commit=commit, when=when))
            desk.later()

            opened = [first[numbers[2]], again, *new]
            assert desk.tasks() == {
                first[numbers[0]]: "Completed",
                first[numbers[1]]: "Completed",
                **dict.fromkeys(opened, "Not Started"),
            }
            assert len(world.tasks()) == len(opened) + 2
        if not died:
            break
    assert commit > AT_LEAST


def _dies(world: World, fate: Fate) -> bool:
    """Sync in a process that meets its fate, if it lives that long."""
    app = world.app(opens=lambda path, clock: MortalStore(path, clock, fate))
    with suppress(Death), app:
        app.sync()
    return fate.dead
