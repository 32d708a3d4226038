"""The process dies at every single commit: before it is through, and just after."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Literal

import pytest

from tests.e2e.mortal import Death, Fate, MortalStore
from tests.e2e.world import World

AT_LEAST = 10
"""Commits of a run with two batches, and of the re-read after it."""


def _dies(world: World, fate: Fate) -> bool:
    """Sync in a process that meets its fate, if it lives that long."""
    app = world.app(opens=lambda path, clock: MortalStore(path, clock, fate))
    with suppress(Death), app:
        app.sync()
    return fate.dead


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_loses_nothing_and_doubles_nothing(
    world: World, when: Literal["before", "after"]
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
def test_a_crash_at_any_commit_of_the_first_run_makes_no_second_task(
    worlds: Callable[[], World], when: Literal["before", "after"]
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
