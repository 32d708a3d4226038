"""The schedule: what becomes of mapping files that change."""

from pathlib import Path

from structlog.typing import EventDict

from connector.service.schedule import Schedule
from connector.testing import ManualClock
from tests.service.office import MAPPING, OTHER, Office
from tests.service.phone import (
    BROKEN,
    CALLS,
    EDITED,
    MINUTE,
    jobs,
    named,
    pushing,
    subject,
)


def test_a_file_that_did_not_change_is_not_read_again(
    schedule: Schedule, logged: list[EventDict]
) -> None:
    schedule.look()
    schedule.look()

    assert len(named(logged, "flow_scheduled")) == 1


def test_a_changed_file_is_taken_up_and_runs_at_once(
    schedule: Schedule, office: Office, clock: ManualClock
) -> None:
    schedule.look()
    clock.time += MINUTE
    office.write(EDITED.replace("2 minutes", "5 minutes"))

    schedule.look()

    job = schedule.clockwork.get_job(CALLS)
    assert (job.next_run_time, job.trigger.interval) == (clock.now(), 5 * MINUTE)


def test_a_change_of_one_file_leaves_the_other_flows_their_time(
    schedule: Schedule, office: Office, clock: ManualClock
) -> None:
    schedule.look()
    started = clock.now()
    clock.time += MINUTE
    office.write(OTHER, "other.yaml")

    schedule.look()

    assert schedule.clockwork.get_job(CALLS).next_run_time == started
    assert schedule.clockwork.get_job("other/live").next_run_time == clock.now()


def test_a_broken_edit_keeps_the_last_good_version_and_is_logged(
    schedule: Schedule, office: Office, logged: list[EventDict]
) -> None:
    schedule.look()
    before = subject(schedule)
    path = office.write(BROKEN)

    schedule.look()

    assert subject(schedule) == before
    assert jobs(schedule) == {"calls/live", "calls/reread"}
    (event,) = named(logged, "mapping_broken")
    assert event["fault"].startswith(f"{path}:3:1: not valid YAML")
    assert schedule.faults == (event["fault"],)


def test_a_repaired_file_is_taken_up(schedule: Schedule, office: Office) -> None:
    schedule.look()
    before = subject(schedule)
    office.write(BROKEN)
    schedule.look()
    office.write(EDITED)

    schedule.look()

    assert subject(schedule) != before
    assert schedule.faults == ()


def test_a_file_that_was_never_good_gives_a_flow_once_it_is(
    schedule: Schedule, office: Office
) -> None:
    office.write(BROKEN)
    schedule.look()
    assert schedule.flows == {}
    office.write()

    schedule.look()

    assert set(schedule.flows) == {"calls"}


def test_a_file_that_disappears_takes_its_flow_along(
    schedule: Schedule, office: Office, logged: list[EventDict]
) -> None:
    office.write(OTHER, "other.yaml")
    schedule.look()
    (office.folder / "mappings" / "calls.yaml").unlink()

    schedule.look()

    assert jobs(schedule) == {"other/live", "other/reread"}
    assert [event["flow"] for event in named(logged, "flow_removed")] == ["calls"]


def test_a_broken_file_that_disappears_takes_its_flow_along(
    schedule: Schedule, office: Office
) -> None:
    schedule.look()
    path = office.write(BROKEN)
    schedule.look()
    path.unlink()

    schedule.look()

    assert schedule.flows == {}


def test_a_file_that_moves_keeps_its_flow(schedule: Schedule, office: Office) -> None:
    schedule.look()
    path = office.folder / "mappings" / "calls.yaml"
    path.rename(path.with_name("renamed.yaml"))

    schedule.look()

    assert jobs(schedule) == {"calls/live", "calls/reread"}
    assert schedule.flows["calls"].file.endswith("renamed.yaml")


def test_a_flow_that_gets_another_name_leaves_the_old_one(
    schedule: Schedule, office: Office
) -> None:
    schedule.look()
    office.write(OTHER)

    schedule.look()

    assert jobs(schedule) == {"other/live", "other/reread"}


def test_of_two_files_that_clash_the_earlier_good_versions_stay(
    schedule: Schedule, office: Office
) -> None:
    office.write(OTHER, "other.yaml")
    schedule.look()
    office.write(OTHER.replace('"other:{id}"', '"calls:{id}"'), "other.yaml")

    schedule.look()

    assert set(schedule.flows) == {"calls", "other"}
    assert "other:" in str(pushing(schedule, "other").key_rule.verb)
    assert len(schedule.faults) == 1


def test_a_new_file_that_clashes_stops_nothing_that_runs(
    schedule: Schedule, office: Office
) -> None:
    schedule.look()
    office.write(EDITED, "copy.yaml")

    schedule.look()

    assert schedule.flows["calls"].file.endswith("calls.yaml")
    assert "the flow 'calls' is also in" in schedule.faults[0]


def test_a_file_that_clashes_with_a_kept_version_waits(
    schedule: Schedule, office: Office
) -> None:
    schedule.look()
    office.write(BROKEN)
    copy = office.write(EDITED, "copy.yaml")

    schedule.look()

    assert schedule.flows["calls"].file.endswith("calls.yaml")
    assert any("the flow 'calls' is also in" in fault for fault in schedule.faults)
    copy.unlink()
    schedule.look()
    assert len(schedule.faults) == 1


def test_two_files_that_clash_from_the_start_are_both_left_out(
    schedule: Schedule, office: Office
) -> None:
    office.write(EDITED, "copy.yaml")

    schedule.look()

    assert schedule.flows == {}


def test_a_file_that_becomes_readable_is_taken_up(
    schedule: Schedule, office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "elsewhere.yaml"
    path = office.folder / "mappings" / "calls.yaml"
    path.unlink()
    path.symlink_to(target)
    schedule.look()
    assert schedule.flows == {}
    target.write_text(MAPPING, encoding="utf-8")

    schedule.look()

    assert set(schedule.flows) == {"calls"}
