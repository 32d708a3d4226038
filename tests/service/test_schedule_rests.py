"""The schedule: a flow that is paused or waits rests, and wakes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.typing import EventDict
from typing_extensions import override

from connector.engine.run import Runner
from connector.mapping.flow import PushFlow
from connector.model import Lane, Quota, Run
from connector.ports import Source
from connector.sandbox.faults import Fault
from connector.service.resting import RESTS
from connector.service.schedule import SOON, Schedule
from connector.testing import ManualClock
from tests.service.office import MAPPING, OTHER, Office
from tests.service.phone import CALLS, EDITED, MINUTE, Phone, named


def test_a_paused_flow_rests_longer_each_time(
    schedule: Schedule, office: Office, clock: ManualClock, ended: list[Run]
) -> None:
    office.callyzer.moods.expired = True
    schedule.look()

    for number, rest in enumerate([*RESTS, RESTS[-1]]):
        schedule.tick("calls", Lane.LIVE)
        assert [run.outcome for run in ended] == ["paused"] * (number + 1)
        clock.time += rest - timedelta(seconds=1)
        schedule.tick("calls", Lane.LIVE)
        schedule.tick("calls", Lane.REREAD)
        assert len(ended) == number + 1
        clock.time += timedelta(seconds=1)


def test_a_flow_that_was_mended_rests_no_more(
    schedule: Schedule, office: Office, clock: ManualClock, ended: list[Run]
) -> None:
    office.callyzer.moods.expired = True
    schedule.look()
    schedule.tick("calls", Lane.LIVE)
    office.callyzer.moods.expired = False
    clock.time += RESTS[0]

    schedule.tick("calls", Lane.LIVE)
    schedule.tick("calls", Lane.LIVE)
    office.callyzer.moods.expired = True
    schedule.tick("calls", Lane.LIVE)
    clock.time += RESTS[0]
    schedule.tick("calls", Lane.LIVE)

    assert [run.outcome for run in ended] == [
        *("paused", "done", "done", "paused", "paused")
    ]


@pytest.mark.parametrize("text", [MAPPING, EDITED, MAPPING + "# mended\n"])
def test_a_resting_flow_wakes_when_its_file_is_written(
    schedule: Schedule, office: Office, clock: ManualClock, text: str, ended: list[Run]
) -> None:
    office.callyzer.moods.expired = True
    schedule.look()
    schedule.tick("calls", Lane.LIVE)
    office.write(OTHER, "other.yaml")
    schedule.look()
    schedule.tick("calls", Lane.LIVE)
    assert len(ended) == 1
    clock.time += MINUTE
    office.write(text)

    schedule.look()
    schedule.tick("calls", Lane.LIVE)

    assert schedule.clockwork.get_job(CALLS).next_run_time == clock.now()
    assert len(ended) == 2


def test_a_flow_whose_system_is_not_configured_rests(
    office: Office, clock: ManualClock, logged: list[EventDict]
) -> None:
    office.settings = {
        name: value
        for name, value in office.settings.items()
        if not name.startswith("CALLYZER")
    }
    with Phone(office, clock) as phone:
        schedule = Schedule(app=phone, runner=phone.runner())
        schedule.look()

        schedule.tick("calls", Lane.LIVE)
        schedule.tick("calls", Lane.LIVE)

    (event,) = named(logged, "run_failed")
    assert "set CALLYZER_URL and CALLYZER_TOKEN" in event["message"]
    assert len(named(logged, "flow_paused")) == 1


def test_trouble_that_passes_is_no_reason_to_rest(
    schedule: Schedule, office: Office, ended: list[Run]
) -> None:
    office.callyzer.faults.add(Fault(path="/call-log", times=3, status=503))
    schedule.look()

    schedule.tick("calls", Lane.LIVE)
    schedule.tick("calls", Lane.LIVE)

    assert [run.outcome for run in ended] == ["waiting", "done"]


# ── looking again ──────────────────────────────────────────────────────────


DAILY = MAPPING.replace("every: 2 minutes", 'cron: "0 2 * * *"').replace(
    "reread: 2 days", "reread: {back: 2 days, every: 12 hours}"
)
LOOK_AGAIN = timedelta(minutes=5)
LANES = (Lane.LIVE, Lane.REREAD)


def put_off(schedule: Schedule, clock: ManualClock, **by: float) -> None:
    """Let the next tick of each lane be this late, as after one that began."""
    for lane in LANES:
        job = schedule.clockwork.get_job(f"calls/{lane}")
        job.modify(next_run_time=clock.now() + timedelta(**by))


def ticks(schedule: Schedule, clock: ManualClock) -> list[timedelta]:
    """When the next tick of each lane is, from now."""
    jobs = [schedule.clockwork.get_job(f"calls/{lane}") for lane in LANES]
    return [job.next_run_time - clock.now() for job in jobs]


def use_up(phone: Phone, used: int = 90_000) -> None:
    phone.quota_book.note(Quota(used=used, limit=100_000), at_once=True)


@pytest.mark.parametrize("lane", LANES)
def test_a_lane_that_waits_ticks_when_that_is_over_however_late_its_next_tick_is(
    schedule: Schedule, office: Office, phone: Phone, clock: ManualClock, lane: Lane
) -> None:
    office.write(DAILY)
    use_up(phone)
    schedule.look()
    put_off(schedule, clock, hours=9)

    schedule.tick("calls", lane)

    later = timedelta(hours=9)
    wanted = {lane: LOOK_AGAIN}
    assert ticks(schedule, clock) == [wanted.get(each, later) for each in LANES]
    clock.time += LOOK_AGAIN
    use_up(phone, 0)
    schedule.tick("calls", lane)
    assert [run.outcome for run in phone.store.runs("calls")] == ["done", "waiting"]


def test_a_tick_in_a_rest_is_made_up_for_when_the_rest_is_over(
    schedule: Schedule, office: Office, phone: Phone, clock: ManualClock
) -> None:
    office.write(DAILY)
    use_up(phone)
    schedule.look()
    put_off(schedule, clock, hours=9)
    schedule.tick("calls", Lane.LIVE)
    clock.time += MINUTE

    schedule.tick("calls", Lane.REREAD)

    assert ticks(schedule, clock) == [LOOK_AGAIN - MINUTE] * 2


def test_a_paused_flow_looks_again_however_late_its_next_tick_is(
    schedule: Schedule, office: Office, clock: ManualClock
) -> None:
    office.write(DAILY)
    office.callyzer.moods.expired = True
    schedule.look()

    for rest in RESTS:
        put_off(schedule, clock, hours=9)
        schedule.tick("calls", Lane.LIVE)
        schedule.tick("calls", Lane.REREAD)
        assert ticks(schedule, clock) == [rest, rest]
        clock.time += rest


def test_a_tick_that_comes_earlier_stays(
    schedule: Schedule, phone: Phone, clock: ManualClock
) -> None:
    use_up(phone)
    schedule.look()
    put_off(schedule, clock, minutes=2)

    schedule.tick("calls", Lane.LIVE)

    assert ticks(schedule, clock)[0] == 2 * MINUTE


def test_nobody_looks_again_before_the_tick_in_hand_has_ended(
    schedule: Schedule, phone: Phone, clock: ManualClock
) -> None:
    use_up(phone)
    clock.time += LOOK_AGAIN - timedelta(seconds=0.25)
    schedule.look()
    put_off(schedule, clock, minutes=2)

    schedule.tick("calls", Lane.LIVE)

    assert ticks(schedule, clock)[0] == SOON


# ── the directory ──────────────────────────────────────────────────────────

WHO = MAPPING + "  WhoId: {find: Contact, by: phone, from: customer.phone}\n"
PEOPLE = "flow: directory\ndirectory: {Contact: {phones: [Phone]}}\nevery: 1 hour\n"


def test_both_lanes_that_waited_for_the_directory_run_when_it_is_loaded(
    schedule: Schedule, office: Office, clock: ManualClock, ended: list[Run]
) -> None:
    office.write(WHO)
    office.write(PEOPLE, "directory.yaml")
    schedule.look()
    put_off(schedule, clock, hours=9)
    for lane in LANES:
        schedule.tick("calls", lane)
    waiting = ticks(schedule, clock)
    clock.time += MINUTE

    schedule.tick("directory", Lane.LIVE)

    assert waiting == [timedelta(hours=9)] * 2
    assert ticks(schedule, clock) == [SOON] * 2
    assert [run.needs_directory for run in ended] == [True, True, False]


@dataclass(slots=True, kw_only=True)
class Overtaken(Runner):
    """A runner that tells of a run when something else has happened since."""

    meanwhile: Callable[[], None] = lambda: None

    @override
    def run(
        self, flow: PushFlow, source: Source, lane: Lane, end: str | None = None
    ) -> Run:
        run = Runner.run(self, flow, source, lane, end)
        self.meanwhile()
        return run


def test_a_flow_that_missed_that_the_directory_was_loaded_runs_soon(
    phone: Phone, office: Office, clock: ManualClock
) -> None:
    office.write(WHO)
    office.write(PEOPLE, "directory.yaml")
    runner = Overtaken(
        state=phone.store, crm=phone.crm, clock=clock, owner="we", stop=phone.stop
    )
    schedule = Schedule(app=phone, runner=runner)
    runner.meanwhile = lambda: schedule.tick("directory", Lane.LIVE)
    schedule.look()
    put_off(schedule, clock, hours=9)

    schedule.tick("calls", Lane.LIVE)

    assert ticks(schedule, clock)[0] == SOON
