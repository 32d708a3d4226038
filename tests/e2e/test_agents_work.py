"""What agents did in the CRM stands, also when the state was lost or a record is gone."""

import pytest

from tests.e2e.gate import dropped
from tests.e2e.processes import KILLED, Killer, Nursery
from tests.e2e.world import FLOW, MAPPING, World

RECREATE = MAPPING.replace("deleted: leave", "deleted: recreate")


def _lose_state(world: World) -> None:
    """Delete the state file, and what SQLite keeps beside it."""
    for path in world.folder.glob("connector.db*"):
        path.unlink()


def test_a_lost_state_makes_no_second_task_and_keeps_agents_edits(
    world: World,
) -> None:
    calls = world.arrive(450)
    world.sync()
    world.crm.change(world.task(calls[9])["Id"], Subject="edited by an agent")
    world.note(calls[:200], "second")
    _lose_state(world)

    report = world.sync()

    assert report.exit_code == 0
    assert report.runs[0].counts.created == 0
    assert world.task(calls[9])["Subject"] == "edited by an agent"
    world.assert_truth()


def test_a_lost_state_costs_as_many_writes_as_it_has_batches_and_no_query(
    world: World,
) -> None:
    world.arrive(450)
    world.sync()
    _lose_state(world)
    before = world.crm.calls

    world.sync()

    spent = world.crm.calls - before
    assert spent["collection create"] == spent["collection update"] == 3
    assert spent["query"] == spent["query all"] == 0


def test_a_state_file_deleted_after_a_crash_leaves_nothing_that_misleads(
    world: World, nursery: Nursery
) -> None:
    calls = world.arrive(250)
    world.clock.shift(hours=-1)
    world.sync()
    world.clock.shift(hours=1)
    killer = Killer(1)
    world.pages.before = killer
    world.pages.count = 0
    pid = nursery.start(world.folder)
    killer.aim(pid)
    killed = nursery.wait(pid)
    world.state.unlink()

    world.note(calls[:9], "second")
    report = world.later()

    assert (killed, report.exit_code) == (KILLED, 0)
    world.assert_truth()


def test_a_restored_backup_of_the_state_brings_nothing_old_back(world: World) -> None:
    calls = world.arrive(250)
    world.sync()
    backup = world.state.read_bytes()
    world.note(calls, "second")
    new = world.arrive(5, hours=0.01)
    world.sync()
    world.crm.change(world.task(new[0])["Id"], Subject="edited by an agent")

    _lose_state(world)
    world.state.write_bytes(backup)
    report = world.later()

    assert report.exit_code == 0
    assert world.task(new[0])["Subject"] == "edited by an agent"
    world.assert_truth()


def test_a_task_that_an_agent_deleted_stays_deleted(world: World) -> None:
    calls = world.arrive(250)
    world.sync()
    gone = frozenset(calls[:3])
    for call in gone:
        world.crm.delete(world.task(call)["Id"])
    world.note(calls, "second")

    first = world.sync()
    world.note(calls, "third")
    second = world.later()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.runs[0].counts.deleted == 3
    world.assert_truth(without=gone)


def test_a_deleted_task_is_made_again_once_where_the_mapping_says_so(
    world: World,
) -> None:
    world.map(RECREATE)
    calls = world.arrive(250)
    world.sync()
    for call in calls[:3]:
        world.crm.delete(world.task(call)["Id"])
    world.note(calls, "second")

    first = world.sync()
    second = world.later()

    assert first.runs[0].counts.created == 3
    assert sum(run.counts.created for run in second.runs) == 0
    world.assert_truth()


def test_a_recreated_task_whose_answer_is_lost_is_not_made_twice(
    world: World,
) -> None:
    world.map(RECREATE)
    calls = world.arrive(3)
    world.sync()
    world.crm.delete(world.task(calls[0])["Id"])
    world.note(calls, "second")
    world.writes.count = 0
    killer = {2}
    world.writes.after = lambda passing: (
        dropped if passing.number in killer and passing.method == "POST" else None
    )

    report = world.sync()

    assert report.exit_code == 0
    world.assert_truth()


@pytest.mark.parametrize("mapping", [MAPPING, RECREATE], ids=["leave", "recreate"])
def test_what_comes_back_from_the_recycle_bin_is_not_made_twice(
    world: World, mapping: str
) -> None:
    world.map(mapping)
    calls = world.arrive(3)
    world.sync()
    task = world.task(calls[0])["Id"]
    world.crm.delete(task)
    world.crm.change(task, IsDeleted=False)
    world.note(calls, "second")

    report = world.later()

    assert report.exit_code == 0
    world.assert_truth()


def test_an_agents_edit_of_a_mapped_field_stands_until_the_vendor_changes_it(
    world: World,
) -> None:
    (call,) = world.arrive(1)
    world.sync()
    world.crm.change(world.task(call)["Id"], Description="an agent's own words")

    world.later()
    between = world.task(call)["Description"]
    world.note([call], "second")
    world.later()

    assert between == "an agent's own words"
    world.assert_truth()


def test_nothing_is_written_when_nothing_changed(world: World) -> None:
    world.arrive(450)
    world.sync()
    before = len(world.crm.writes)

    for _ in range(3):
        world.later()

    assert len(world.crm.writes) == before
    with world.app() as app:
        assert app.store.quarantined(FLOW) == 0
