"""A poll hands out what there is something to do for, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.engine.dial import Clicks
from connector.engine.dial_poll import Poll
from connector.model import Lane, Run
from tests.e2e.hotline import MAPPING, Hotline

UNANSWERED = (
    MAPPING.partition("  expired:")[0]
    + "  unknown:"
    + (MAPPING.partition("  unknown:")[2])
)
"""Says nothing of requests that expire: they ask for ever."""


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    with Hotline(tmp_path) as opened:
        yield opened


@pytest.fixture
def clicks(hotline: Hotline) -> Iterator[Clicks]:
    hotline.map(UNANSWERED)
    with hotline.app() as app:
        yield app.clicks(app.click, lambda _: None)


def polled(hotline: Hotline, clicks: Clicks) -> int:
    """Poll for two at most, at once; how many there were."""
    flow = clicks.plan.flow.name
    run = Run(flow=flow, lane=Lane.LIVE, started_at=hotline.clock.now())
    Poll(clicks=clicks, hand_out=lambda work: work(), most=2).carry(run)
    return run.counts.read


def pressed(hotline: Hotline, count: int) -> list[str]:
    """Ask for calls to nobody in particular; the requests' ids."""
    owner = next(row for row in hotline.crm.rows("User") if row["Call_Agent_Id__c"])
    ids = [f"request-{number}" for number in range(count)]
    for number, request in enumerate(ids):
        asked = {
            "Call_Request__c": "Requested",
            "Call_Request_Id__c": request,
            "Call_Requested_At__c": hotline.clock.now().isoformat(),
            "Call_Number__c": f"+9198200410{number:02}",
            "OwnerId": owner["Id"],
        }
        hotline.crm.add("Task", asked)
    return ids


def test_records_that_ask_for_ever_do_not_keep_a_new_one_waiting(
    hotline: Hotline, clicks: Clicks
) -> None:
    pressed(hotline, 3)
    hotline.clock.shift(minutes=3)
    first, second = polled(hotline, clicks), polled(hotline, clicks)
    request = hotline.press()

    third = polled(hotline, clicks)

    assert (first, second, third) == (2, 1, 1)
    assert hotline.seen(request) == ("Placed", "")


def test_what_is_beyond_the_most_is_for_the_next_poll(
    hotline: Hotline, clicks: Clicks
) -> None:
    pressed(hotline, 3)
    hotline.clock.shift(minutes=3)

    counts = [polled(hotline, clicks) for _ in range(3)]

    assert counts == [2, 1, 0]
    assert [each.state for each in clicks.state.dials()] == ["expired"] * 3


def test_of_many_the_latest_go_first(hotline: Hotline, clicks: Clicks) -> None:
    pressed(hotline, 3)
    hotline.clock.shift(minutes=3)
    request = hotline.press()

    polled(hotline, clicks)

    assert hotline.seen(request) == ("Placed", "")
