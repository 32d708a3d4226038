"""Agendize's calls become Tasks: once, on the right people, as they are in the end."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from connector.sandbox.agendize.moods import Dates
from connector.sandbox.faults import Fault
from connector.service.checking import against_crm
from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from tests.e2e.buttons import COLLEAGUE, CUSTOMER, FLOW, Buttons, live, refresh
from tests.e2e.gate import Passing
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.processes import KILLED, Killer, Nursery
from tests.e2e.world import Assembly


@pytest.fixture
def many(tmp_path: Path) -> Callable[[], Buttons]:
    """Return what makes one account after the other."""
    numbers = count()

    def buttons() -> Buttons:
        folder = tmp_path / f"account-{next(numbers)}"
        folder.mkdir()
        return Buttons(folder)

    return buttons


@pytest.fixture
def buttons(many: Callable[[], Buttons]) -> Iterator[Buttons]:
    with many() as opened:
        yield opened


def people(buttons: Buttons) -> tuple[str, str]:
    """Have somebody who calls, and somebody who is called; their ids."""
    contact = buttons.crm.add("Contact", {"LastName": "A", "Phone": CUSTOMER})
    user = next(str(u["Id"]) for u in buttons.crm.rows("User") if u["MobilePhone"])
    buttons.crm.change(user, Phone=COLLEAGUE)
    return contact, user


# ── from day to day, with the mapping that ships ───────────────────────────


def test_the_mapping_that_ships_fits_the_org(buttons: Buttons) -> None:
    with buttons.app() as app:
        said = list(against_crm(app, app.flows()))

    assert [row for row in said if row["severity"] == "error"] == []


def test_a_call_becomes_one_task_on_the_right_people(buttons: Buttons) -> None:
    contact, user = people(buttons)
    buttons.call("one", duration=42)
    buttons.call("two", callerNumber="+33600000000", calledNumber="+33100000000")

    report = buttons.sync()

    tasks = buttons.tasks()
    assert (report.exit_code, sorted(tasks)) == (0, ["one", "two"])
    assert (tasks["one"]["WhoId"], tasks["one"]["OwnerId"]) == (contact, user)
    assert tasks["two"]["WhoId"] is None
    assert tasks["two"]["OwnerId"] != user
    assert {name: tasks["one"][name] for name in EXPECTED} == EXPECTED


EXPECTED = {
    "Subject": f"Agendize call from {CUSTOMER}",
    "Status": "Completed",
    "TaskSubtype": "Call",
    "CallType": "Inbound",
    "CallDisposition": "answered",
    "CallDurationInSeconds": 42,
    "CallObject": "one",
    "Call_Customer__c": CUSTOMER,
}


def test_reading_again_writes_nothing_without_a_change(buttons: Buttons) -> None:
    for number in range(250):
        buttons.call(f"c{number}", hours=number / 2)
    buttons.sync()
    before = len(buttons.crm.writes)

    reports = [buttons.later(hours=3) for _ in range(2)]

    assert [report.exit_code for report in reports] == [0, 0]
    assert (len(buttons.crm.writes), len(buttons.tasks())) == (before, 250)
    buttons.assert_truth()


def test_a_call_that_changes_updates_its_task_and_no_other(buttons: Buttons) -> None:
    buttons.call("one")
    buttons.call("two")
    buttons.sync()
    before = buttons.tasks()["one"]["Id"]
    recording = {"mimeType": "audio/mpeg", "url": "https://rec.example/1.mp3"}
    buttons.agendize.change("one", status="busy", record=recording)
    buttons.call("three", hours=0)

    report = buttons.later()

    counts, task = report.runs[0].counts, buttons.tasks()["one"]
    assert (counts.created, counts.updated) == (1, 1)
    assert (task["Id"], task["Call_Recording__c"]) == (before, recording["url"])
    buttons.assert_truth()


@pytest.mark.parametrize("dates", ["described", "named", "contained", "exclusive"])
def test_whatever_the_dates_mean_and_without_tokens_all_get_in(
    buttons: Buttons, dates: Dates
) -> None:
    buttons.agendize.moods.dates = dates
    buttons.agendize.moods.sync_tokens = False
    for number in range(1, 8):
        buttons.call(f"c{number}", hours=23.9 * number, duration=3600)
    buttons.sync()
    buttons.agendize.change("c1", status="busy")
    buttons.call("new", hours=0)

    report = buttons.later()

    assert report.exit_code == 0
    buttons.assert_truth()


def test_a_call_that_agendize_deletes_leaves_its_task(buttons: Buttons) -> None:
    buttons.call("one")
    buttons.sync()
    buttons.agendize.remove("one")

    report = buttons.later(hours=3)

    assert (report.exit_code, list(buttons.tasks())) == (0, ["one"])


def test_calls_that_come_while_tasks_are_written_get_in_next_time(
    buttons: Buttons,
) -> None:
    for number in range(210):
        buttons.call(f"c{number}")

    def meanwhile(passing: Passing) -> None:
        buttons.call(f"new{passing.number}", hours=0)

    buttons.writes.before = meanwhile
    buttons.sync()
    report = buttons.later()

    assert (report.exit_code, len(buttons.tasks()) > 210) == (0, True)
    buttons.assert_truth()


# ── watching ───────────────────────────────────────────────────────────────


@pytest.fixture
def served(buttons: Buttons) -> Iterator[tuple[Assembly, str]]:
    """Have the service take deliveries in; the connector, and where."""
    with buttons.app() as app:
        refresh(app)
        schedule = Schedule(app=app, runner=app.runner())
        schedule.look()
        with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
            yield app, f"http://127.0.0.1:{port}/webhooks/agendize"


def noted(app: Assembly) -> list[str]:
    return [nudge.record_id for nudge in app.store.nudges(FLOW, 10)]


def test_a_call_that_a_watch_delivers_is_fetched(
    buttons: Buttons, served: tuple[Assembly, str]
) -> None:
    app, address = served
    watch_id = app.watch("agendize", address)

    buttons.call("one")

    assert buttons.agendize.settle()
    assert [watch["id"] for watch in buttons.agendize.watches] == [watch_id]
    assert [attempt.status for attempt in buttons.agendize.attempts] == [200]
    names = noted(app)
    buttons.agendize.faults.add(Fault("/calls$", body='{"items": []}', times=-1))
    run = live(app)
    assert (names, run.outcome, noted(app)) == (["one"], "done", [])
    buttons.assert_truth()


def test_a_change_that_a_watch_delivers_updates_the_task(
    buttons: Buttons, served: tuple[Assembly, str]
) -> None:
    app, address = served
    buttons.call("one")
    live(app)
    app.watch("agendize", address)

    buttons.agendize.change("one", status="noAnswered", duration=0)

    assert buttons.agendize.settle()
    assert (noted(app), live(app).outcome) == (["one"], "done")
    buttons.assert_truth()


def test_a_watch_with_another_password_is_refused(
    buttons: Buttons, served: tuple[Assembly, str]
) -> None:
    app, address = served
    app.watch("agendize", address)
    (watch,) = buttons.agendize.watches
    watch["basicAuth"]["password"] = "wrong"  # noqa: S105  opens nothing

    buttons.call("one")

    assert buttons.agendize.settle()
    assert [attempt.status for attempt in buttons.agendize.attempts] == [401]
    assert noted(app) == []


# ── killed anywhere ────────────────────────────────────────────────────────


def changed(buttons: Buttons) -> None:
    """Have 205 calls that changed since they were read, and 5 new ones."""
    for number in range(205):
        buttons.call(f"c{number}", hours=number / 2)
    buttons.sync()
    for number in range(205):
        buttons.agendize.change(f"c{number}", status="busy", duration=0)
    for number in range(5):
        buttons.call(f"new{number}", hours=0)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("where", "at_least"), [("asked", 1), ("writes", 2)])
def test_killed_at_any_request_nothing_is_lost_and_nothing_doubled(
    many: Callable[[], Buttons],
    nursery: Nursery,
    where: str,
    at_least: int,
    when: Literal["before", "after"],
) -> None:
    deaths = 0
    for number in count(1):
        with many() as buttons:
            changed(buttons)
            killer = Killer(number)
            gate = buttons.asked if where == "asked" else buttons.writes
            gate.open()
            setattr(gate, when, killer)

            pid = nursery.start(buttons.folder)
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            buttons.agendize.change("c7", status="noAnswered")
            report = buttons.later()

            assert report.exit_code == 0
            buttons.assert_truth()
    assert deaths >= at_least


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_loses_nothing_and_doubles_nothing(
    many: Callable[[], Buttons], when: When
) -> None:
    with many() as buttons:
        changed(buttons)
        for commit in count(1):
            buttons.call(f"later{commit}", hours=0)
            fate = Fate(commit=commit, when=when)
            with suppress(Death):
                buttons.sync(
                    opens=lambda path, clock, fate=fate: MortalStore(path, clock, fate)
                )
            buttons.agendize.change(f"c{commit}", status="noAnswered")
            report = buttons.later()

            assert report.exit_code == 0
            buttons.assert_truth()
            if not fate.dead:
                break
    assert commit > 4
