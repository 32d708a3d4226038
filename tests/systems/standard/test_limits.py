"""The vendor's limit is kept, and where it asks for more patience it gets it."""

import threading
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

import pytest

from connector.errors import RateLimitedError
from connector.ports import Pacer
from connector.sandbox.faults import Fault
from connector.state.slots import StoreSlots
from connector.state.store import Store
from connector.transport.pacing import SharedPacer
from tests.systems.standard.case import AnyCase
from tests.systems.standard.desk import Desk, Seen, opened
from tests.systems.standard.registry import CASES

LIMITED = [case for case in CASES if case.interval]
SOME = 1.0
"""Seconds between two requests where the document has no limit: ours is kept."""


@pytest.fixture
def desk(case: AnyCase) -> Iterator[Desk]:
    with opened(case, interval=case.interval) as found:
        yield found


@pytest.fixture
def state(desk: Desk, tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state.db", desk.clock) as found:
        yield found


def pacer(desk: Desk, state: Store) -> Pacer:
    """Each lane has its own, over one timetable."""
    return SharedPacer(
        slots=StoreSlots(state, desk.clock),
        system=desk.case.stream.system,
        interval=desk.case.interval or SOME,
        urgent=True,
        clock=desk.clock,
        stop=threading.Event(),
    )


def test_two_readings_at_once_keep_the_limit_together(desk: Desk, state: Store) -> None:
    there = desk.fill()
    one, other = Seen(), Seen()

    readings = (desk.pages(pacer=pacer(desk, state)) for _ in range(2))
    for pages in zip_longest(*readings):
        for seen, page in zip((one, other), pages, strict=True):
            seen.take([page] if page else [])

    assert one.records.keys() == other.records.keys() == there
    assert all(gap >= (desk.case.interval or SOME) for gap in gaps(desk))
    assert {arrival.status for arrival in desk.sandbox.faults.requests} == {200}


def test_what_is_asked_for_again_keeps_the_limit_too(desk: Desk, state: Store) -> None:
    desk.fill()
    desk.fault(Fault(desk.case.path, status=503, times=3))

    desk.read(pacer=pacer(desk, state))

    assert len(gaps(desk)) >= 3
    assert all(gap >= (desk.case.interval or SOME) for gap in gaps(desk))


@pytest.mark.parametrize("case", LIMITED, ids=str)
@pytest.mark.parametrize("told", [7, None])
def test_after_a_429_nobody_asks_for_as_long_as_was_asked(
    desk: Desk, state: Store, told: int | None
) -> None:
    there = desk.fill()
    headers = {} if told is None else {"Retry-After": str(told)}
    desk.fault(Fault(desk.case.path, status=429, headers=headers, body=""))

    seen = desk.read(pacer=pacer(desk, state))

    assert seen.records.keys() == there
    assert gaps(desk)[0] >= (told or desk.case.pause)


@pytest.mark.parametrize("told", [0, 7, None])
def test_a_429_that_does_not_end_is_told_with_its_wait_and_reading_goes_on_later(
    desk: Desk, state: Store, told: int | None
) -> None:
    there = desk.fill()
    headers = {} if told is None else {"Retry-After": str(told)}
    desk.fault(Fault(desk.case.path, status=429, headers=headers, body="", times=-1))
    seen, waiting = Seen(), pacer(desk, state)

    with pytest.raises(RateLimitedError) as raised:
        desk.read(seen, pacer=waiting)

    assert raised.value.retry_after == told
    desk.sandbox.faults.clear()
    assert desk.read(seen, pacer=waiting).records.keys() == there


def test_a_wait_of_more_than_a_minute_ends_the_reading_at_once(desk: Desk) -> None:
    desk.fill()
    desk.fault(Fault(desk.case.path, status=429, headers={"Retry-After": "90"}))

    with pytest.raises(RateLimitedError) as raised:
        desk.read()

    assert raised.value.retry_after == 90
    assert desk.asked() == 1


def gaps(desk: Desk) -> list[float]:
    """Seconds between every two requests."""
    moments = [asked.at.timestamp() for asked in desk.line.asked]
    return [later - earlier for earlier, later in pairwise(moments)]
