"""Killed anywhere while receivers' outcomes become Tasks: nothing lost, nothing twice."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from tests.e2e.campaign import Campaign
from tests.e2e.mortal import Death, Fate, MortalStore, When
from tests.e2e.processes import KILLED, Killer, Nursery


@pytest.fixture
def campaigns(tmp_path: Path) -> Callable[[], Campaign]:
    """Return what makes one campaign after the other."""
    numbers = count()

    def campaign() -> Campaign:
        folder = tmp_path / f"campaign-{next(numbers)}"
        folder.mkdir()
        return Campaign(folder)

    return campaign


def changed(campaign: Campaign) -> int:
    """Have 205 people who were called since, and 5 more who are new in the CRM."""
    call = campaign.call(210)
    campaign.ring(call, *range(1, 206))
    campaign.sync()
    campaign.ring(call, *range(1, 206), reply="decline")
    campaign.ring(call, *range(206, 211))
    return call


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("where", "at_least"), [("asked", 1), ("writes", 2)])
def test_killed_at_any_request_before_or_after_it_is_applied(
    campaigns: Callable[[], Campaign],
    nursery: Nursery,
    where: str,
    at_least: int,
    when: Literal["before", "after"],
) -> None:
    deaths = 0
    for number in count(1):
        with campaigns() as campaign:
            call = changed(campaign)
            killer = Killer(number)
            gate = campaign.asked if where == "asked" else campaign.writes
            gate.open()
            setattr(gate, when, killer)

            pid = nursery.start(campaign.folder)
            killer.aim(pid)
            if nursery.wait(pid) != KILLED:
                break
            deaths += 1
            campaign.ring(call, *range(1, 50), reply="accept")
            report = campaign.later()

            assert report.exit_code == 0
            campaign.assert_truth()
    assert deaths >= at_least


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_commit_loses_nothing_and_doubles_nothing(
    campaigns: Callable[[], Campaign], when: When
) -> None:
    with campaigns() as campaign:
        call = changed(campaign)
        for commit in count(1):
            campaign.ring(call, *range(1, 40))
            fate = Fate(commit=commit, when=when)
            app = campaign.app(
                opens=lambda path, clock, fate=fate: MortalStore(path, clock, fate)
            )
            with suppress(Death), app:
                app.sync()
            campaign.ring(call, *range(20, 60), reply="accept")
            report = campaign.later()

            assert report.exit_code == 0
            campaign.assert_truth()
            if not fate.dead:
                break
    assert commit > 4
