"""The schedule: which flows run when, and how it starts and stops."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from structlog.typing import EventDict

from connector.engine.hold import LEASE
from connector.errors import UnauthorizedError
from connector.model import Lane, Run
from connector.service.schedule import CRON_JITTER, Schedule
from connector.testing import ManualClock
from tests.service.office import MAPPING, OTHER, Office, moment
from tests.service.phone import (
    CALLS,
    EDITED,
    MINUTE,
    Phone,
    jobs,
    named,
)


def test_each_flow_has_a_job_for_each_of_its_lanes(
    schedule: Schedule, office: Office
) -> None:
    office.write(OTHER.replace("reread: 2 days\n", ""), "other.yaml")

    schedule.look()

    assert jobs(schedule) == {"calls/live", "calls/reread", "other/live"}


def test_a_flow_runs_at_once_and_looks_back_after_one_interval(
    schedule: Schedule, office: Office, clock: ManualClock
) -> None:
    office.write(MAPPING.replace("2 days", "{back: 2 days, every: 30 minutes}"))

    schedule.look()

    live, reread = (
        schedule.clockwork.get_job(f"calls/{lane}")
        for lane in Lane
        if lane != "backfill"
    )
    assert live.next_run_time == clock.now()
    assert live.trigger.interval == 2 * MINUTE
    assert reread.next_run_time == clock.now() + 30 * MINUTE


def test_cron_is_in_the_zone_of_the_flow(schedule: Schedule, office: Office) -> None:
    cron = 'cron: "30 9 * * mon-fri"\nzone: America/New_York'
    office.write(MAPPING.replace("every: 2 minutes", cron))

    schedule.look()

    trigger = schedule.clockwork.get_job(CALLS).trigger
    saturday = moment("2026-11-21T08:00:00")
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("America/New_York"))
    late = trigger.get_next_fire_time(None, saturday) - monday
    assert abs(late.total_seconds()) <= CRON_JITTER


def test_a_demonstration_hastens_every_flow(phone: Phone) -> None:
    schedule = Schedule(app=phone, runner=phone.runner(), faster=15)

    schedule.look()

    every = {j.id: j.trigger.interval for j in schedule.clockwork.get_jobs()}
    assert every["calls/live"] == timedelta(seconds=8)
    assert every["calls/reread"] == timedelta(minutes=2)


def test_a_tick_runs_its_flow(
    schedule: Schedule, office: Office, ended: list[Run]
) -> None:
    office.call("one")
    schedule.look()

    schedule.tick("calls", Lane.LIVE)

    assert [(run.lane, run.outcome) for run in ended] == [("live", "done")]
    assert set(office.tasks()) == {"calls:one"}


def test_looking_back_ends_at_the_cursor(
    schedule: Schedule, office: Office, ended: list[Run], phone: Phone
) -> None:
    office.call("old", hours=3)
    office.call("new", hours=1)
    with phone.store.writing() as tx:
        tx.set_cursor("calls", "2026-11-21T06:00:00Z")
    schedule.look()

    schedule.tick("calls", Lane.REREAD)

    assert [run.counts.read for run in ended] == [1]
    assert set(office.tasks()) == {"calls:old"}


def test_a_flow_that_is_run_elsewhere_is_left_out(
    schedule: Schedule, phone: Phone, ended: list[Run], logged: list[EventDict]
) -> None:
    schedule.look()
    phone.store.acquire("calls", Lane.LIVE, "somebody", LEASE)

    schedule.tick("calls", Lane.LIVE)

    assert ended == []
    assert len(named(logged, "flow_busy")) == 1


def test_a_flow_that_was_removed_does_not_run(
    schedule: Schedule, ended: list[Run]
) -> None:
    schedule.tick("calls", Lane.LIVE)

    assert ended == []


def test_a_bug_in_one_flow_does_not_stop_the_others(
    office: Office, phone: Phone, logged: list[EventDict]
) -> None:
    office.write(OTHER, "other.yaml")
    ran = threading.Event()
    phone.broken = "calls"
    schedule = Schedule(app=phone, runner=phone.runner(), ended=lambda _: ran.set())

    schedule.look()
    schedule.tick("calls", Lane.LIVE)
    schedule.start()

    assert ran.wait(10)
    assert schedule.running
    schedule.stop()
    assert named(logged, "run_crashed")[0]["flow"] == "calls"
    assert not schedule.running


def test_stopping_waits_for_the_run_in_hand(
    schedule: Schedule, office: Office, phone: Phone, ended: list[Run]
) -> None:
    office.write(MAPPING.replace("reread: 2 days\n", ""))
    phone.waits = "calls"
    schedule.start()
    assert phone.started.wait(10)

    stopping = threading.Thread(target=schedule.stop)
    stopping.start()
    assert phone.stop.wait(10)
    assert stopping.is_alive()
    assert ended == []
    phone.goes_on.set()
    stopping.join(10)

    assert [run.outcome for run in ended] == ["stopped"]
    assert phone.store.cursor("calls") == "2026-11-21T07:00:00Z"
    assert phone.store.acquire("calls", Lane.LIVE, "the next one", LEASE)


def test_a_version_that_was_replaced_while_it_ran_puts_nothing_to_rest(
    schedule: Schedule, office: Office, phone: Phone, ended: list[Run]
) -> None:
    phone.waits, phone.trouble = "calls", UnauthorizedError()
    schedule.look()
    running = threading.Thread(target=schedule.tick, args=("calls", Lane.LIVE))
    running.start()
    assert phone.started.wait(10)
    office.write(EDITED)
    schedule.look()
    phone.goes_on.set()
    running.join(10)
    phone.waits = ""

    schedule.tick("calls", Lane.LIVE)

    assert [run.outcome for run in ended] == ["paused", "done"]


def test_stopping_while_a_file_is_taken_up_comes_to_an_end(
    office: Office, phone: Phone
) -> None:
    schedule = Schedule(app=phone, runner=phone.runner())
    schedule.start()
    office.write(OTHER, "other.yaml")
    phone.loads = True
    schedule.clockwork.add_job(schedule.look)
    assert phone.started.wait(10)

    stopping = threading.Thread(target=schedule.stop)
    stopping.start()
    assert phone.stop.wait(10)
    phone.goes_on.set()
    stopping.join(10)

    assert not stopping.is_alive()
    assert not schedule.running


def test_once_it_stops_no_file_is_taken_up(
    schedule: Schedule, office: Office, phone: Phone
) -> None:
    schedule.look()
    phone.stop.set()
    office.write(OTHER, "other.yaml")

    schedule.look()

    assert set(schedule.flows) == {"calls"}
