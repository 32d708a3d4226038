"""The schedule: a paused flow rests, and wakes."""

from datetime import timedelta

import pytest
from structlog.typing import EventDict

from connector.model import Lane, Run
from connector.sandbox.faults import Fault
from connector.service.schedule import RESTS, Schedule
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
