"""Reading by the last change: nothing lost, whatever changes meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import UnavailableError
from connector.systems.ccai.reading import LATE, Tail
from connector.systems.ccai.wire import ListPage
from tests.systems.ccai.fake import START, Desk, Told, rows

HOUR = timedelta(hours=1)


def desk(count: int, *, per: int = 3, told: Told = "link") -> Desk:
    """A desk with calls that changed one after the other, a minute apart."""
    found = Desk(rng=Random(1), per=per, told=told)  # noqa: S311  repeatable
    for number in range(count):
        found.change(number + 1, ago=60 * (count + 5 - number))
    return found


@given(
    seed=st.integers(0, 2**32),
    per=st.integers(2, 6),
    told=st.sampled_from(["link", "total", "size", "page", "none"]),
    fine=st.booleans(),
    stale=st.booleans(),
    alike=st.booleans(),
)
def test_whatever_changes_while_it_is_read_and_whenever_it_dies_every_call_is_shown(  # noqa: PLR0913  the dimensions of the claim
    seed: int, per: int, told: Told, *, fine: bool, stale: bool, alike: bool
) -> None:
    rng = Random(seed)  # noqa: S311  repeatable
    vendor = Desk(rng=rng, per=per, told=told, fine=fine, stale=stale, busy=2)
    for number in range(rng.randint(0, 25)):
        ago = rng.choice((300, 299.9995, 240)) if alike else rng.uniform(0, 600)
        vendor.change(number + 1, ago=ago)
    cursor, shown = START - HOUR, set[tuple[int, str]]()

    for _ in range(4):
        dies_after = rng.randint(1, 12)
        for number, part in enumerate(vendor.tail(cursor), start=1):
            shown.update(rows(part))
            cursor = max(cursor, part.through or cursor)
            if number == dies_after:
                break
        vendor.now += timedelta(seconds=rng.choice((0, 1, 90)))
    vendor.busy = 0
    vendor.now += 2 * LATE
    for part in vendor.tail(cursor):
        shown.update(rows(part))

    assert vendor.latest() <= shown


@pytest.mark.parametrize("told", ["link", "total", "size", "page", "none"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 20])
def test_calls_are_shown_once_each_in_order(count: int, told: Told) -> None:
    vendor = desk(count, told=told)

    found = [row for part in vendor.tail(START - HOUR) for row in rows(part)]

    assert [call_id for call_id, _ in found] == list(range(1, count + 1))


@pytest.mark.parametrize(("told", "most"), [("link", 1), ("total", 1), ("none", 1)])
def test_when_nothing_changed_one_request_is_enough(told: Told, most: int) -> None:
    vendor = desk(7, told=told)
    cursor = [p.through for p in vendor.tail(START - HOUR) if p.through][-1]
    before = len(vendor.requests)

    again = [row for part in vendor.tail(cursor) for row in rows(part)]

    assert again == []
    assert len(vendor.requests) - before == most


def test_the_next_page_is_asked_for_from_where_the_last_one_ended() -> None:
    vendor = desk(6, told="size")

    list(vendor.tail(START - HOUR))

    assert {number for _, number in vendor.requests} == {1}
    assert len(vendor.requests) == 3


@pytest.mark.parametrize("told", ["link", "total", "size", "page", "none"])
@pytest.mark.parametrize("count", [4, 6, 20])
def test_more_calls_of_one_moment_than_a_page_holds_are_all_shown(
    count: int, told: Told
) -> None:
    vendor = desk(2, told=told)
    for number in range(count):
        vendor.change(100 + number, ago=200)
    vendor.change(7, ago=100)

    parts = list(vendor.tail(START - HOUR))

    found = [row for part in parts for row in rows(part)]
    assert len(found) == len(set(found)) == count + 3
    assert max(part.through for part in parts if part.through) > START - timedelta(
        seconds=101
    )


def test_a_crowd_that_headers_say_to_be_all_there_is_is_looked_behind_once() -> None:
    """A Per-Page that says what was asked for, and a total of the page."""
    vendor = desk(0, told="page")
    for number in range(8):
        vendor.change(number, ago=200)

    def ask(at: datetime, number: int) -> ListPage:
        return replace(vendor.ask(at, number), size=100)

    tail = Tail(ask=ask, at=START - HOUR, clock=lambda: vendor.now)
    found = {row for part in tail.parts() for row in rows(part)}

    assert vendor.latest() == found


@pytest.mark.parametrize(("count", "request_"), [(9, 3), (9, 4), (4, 2)])
def test_a_call_of_a_crowd_that_moves_hides_no_other(count: int, request_: int) -> None:
    """What is on the next page moves up when one of those before it changes."""
    vendor = desk(0)
    for number in range(count):
        vendor.change(number + 1, ago=200)

    def ask(at: datetime, number: int) -> ListPage:
        page = vendor.ask(at, number)
        if len(vendor.requests) == request_:
            vendor.change(1)
        return page

    tail = Tail(ask=ask, at=START - HOUR, clock=lambda: vendor.now)
    found = {row for part in tail.parts() for row in rows(part)}

    assert vendor.latest() <= found


def test_what_may_still_come_late_is_read_again() -> None:
    vendor = desk(3)
    vendor.change(9, ago=1)
    vendor.change(8, ago=2, late=50)

    first = list(vendor.tail(START - HOUR))
    cursor = max(part.through for part in first if part.through)
    read_by = vendor.now
    vendor.now += timedelta(seconds=60)
    second = [row for part in vendor.tail(cursor) for row in rows(part)]

    assert cursor <= read_by - LATE
    assert {call_id for call_id, _ in second} == {8, 9}


@pytest.mark.parametrize("ours", [timedelta(hours=-3), timedelta(hours=3)])
def test_a_clock_of_ours_that_is_wrong_loses_nothing(ours: timedelta) -> None:
    vendor = desk(3)
    vendor.change(9, ago=1)
    vendor.change(8, ago=2, late=50)
    tail = Tail(ask=vendor.ask, at=START - HOUR, clock=lambda: vendor.now + ours)

    parts = list(tail.parts())

    assert max(p.through for p in parts if p.through) <= vendor.now - LATE


def test_a_call_of_the_future_does_not_carry_the_cursor_away() -> None:
    vendor = desk(5)
    vendor.change(9, ago=-1_000_000, late=-2_000_000)

    parts = list(vendor.tail(START - HOUR))

    assert {i for part in parts for i, _ in rows(part)} == {1, 2, 3, 4, 5, 9}
    assert max(part.through for part in parts if part.through) < START


def test_a_reading_ends_though_calls_keep_changing() -> None:
    vendor = desk(30)
    vendor.busy = 9

    assert sum(1 for _ in vendor.tail(START - HOUR)) < 100


def test_calls_that_do_not_tell_when_they_changed_are_shown_and_move_no_cursor() -> (
    None
):
    def ask(_: object, number: int) -> ListPage:
        found = [{"id": number * 10 + each} for each in range(3)]
        return ListPage(
            rows=found if number < 3 else [], linked=number < 2, total=6, at=START
        )

    parts = list(Tail(ask=ask, at=START, clock=lambda: START).parts())

    shown = {row["id"] for part in parts for row in part.rows}
    assert shown == {10, 11, 12, 20, 21, 22}
    assert all((p.through or START) <= START for p in parts)


@pytest.mark.parametrize(
    "times",
    [
        ["2026-11-21T06:00:01Z", "2026-11-21T06:00:00Z"],
        ["2026-11-20T06:00:00Z", "2026-11-21T06:00:00Z"],
    ],
)
def test_a_list_that_is_not_what_was_asked_for_is_not_read(times: list[str]) -> None:
    page = ListPage(
        rows=[{"id": i, "updated_at": at} for i, at in enumerate(times)],
        linked=False,
        total=2,
        at=START,
    )
    tail = Tail(ask=lambda *_: page, at=START - 3 * HOUR, clock=lambda: START)

    with pytest.raises(UnavailableError, match="another list"):
        list(tail.parts())


def test_a_vendor_that_answers_every_page_alike_is_not_asked_for_ever() -> None:
    crowd = [{"id": i, "updated_at": "2026-11-21T06:00:00Z"} for i in range(100)]
    page = ListPage(rows=crowd, linked=True, total=None, at=START)
    tail = Tail(ask=lambda *_: page, at=START - 3 * HOUR, clock=lambda: START)

    with pytest.raises(UnavailableError, match="alike"):
        list(tail.parts())
