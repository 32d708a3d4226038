"""The process dies at every single commit: before it is through, and just after."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest

from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.world import MAPPING, World

AT_LEAST = 10
"""Commits of a run with two batches, and of the re-read after it."""
NO_SECOND_LOOK = MAPPING.replace("reread: 2 days\n", "")
"""What the cursor has passed is not looked at again."""


def _dies(world: World, fate: Fate) -> bool:
    """Sync in a process that meets its fate, if it lives that long."""
    app = world.app(opens=lambda path, clock: MortalStore(path, clock, fate))
    with suppress(Death), app:
        app.sync()
    return fate.dead


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_loses_nothing_and_doubles_nothing(
    world: World, when: When
) -> None:
    calls = world.arrive(205)
    world.sync()
    for commit in count(1):
        world.arrive(5, hours=0.1)
        world.note(calls, f"second in round {commit}")

        died = _dies(world, Fate(commit=commit, when=when))
        world.note(calls[::2], "first")
        report = world.later()

        assert report.exit_code == 0
        world.assert_truth()
        if not died:
            break
    assert commit > AT_LEAST


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_leaves_the_cursor_before_what_is_not_in(
    worlds: Callable[[], World], when: When
) -> None:
    for commit in count(1):
        with worlds() as world:
            world.map(NO_SECOND_LOOK)
            world.arrive(205)
            world.clock.shift(hours=1)

            died = _dies(world, Fate(commit=commit, when=when))
            report = world.later()

            assert report.exit_code == 0
            world.assert_truth()
        if not died:
            break


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_power_cut_after_any_commit_leaves_nothing_old_in_the_crm(
    world: World, when: When
) -> None:
    calls = world.arrive(5)
    world.sync()
    for commit in count(1):
        world.note(calls, f"second in round {commit}")
        disk = [world.state.read_bytes()]

        died = _dies(world, Fate(commit=commit, when=when, disk=disk))
        world.state.write_bytes(disk[0])
        world.note(calls, "first")
        report = world.later()

        assert report.exit_code == 0
        world.assert_truth()
        if not died:
            break


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_of_the_first_run_makes_no_second_task(
    worlds: Callable[[], World], when: When
) -> None:
    for commit in count(1):
        with worlds() as world:
            world.arrive(205)

            died = _dies(world, Fate(commit=commit, when=when))
            report = world.later()

            assert report.exit_code == 0
            world.assert_truth()
        if not died:
            break
    assert commit > AT_LEAST - 4


def test_a_value_that_was_sent_and_went_back_is_put_back_in_the_crm(
    world: World,
) -> None:
    calls = world.arrive(3)
    world.sync()
    world.note(calls, "second")
    fate = Fate(commit=10**6, when="before")
    world.writes.after = lambda _: setattr(fate, "dead", True)

    assert _dies(world, fate)
    in_between = {row["Description"] for row in world.tasks()}
    world.note(calls, "first")
    report = world.later()

    assert in_between == {"second"}
    assert sum(run.counts.updated for run in report.runs) == 3
    world.assert_truth()
