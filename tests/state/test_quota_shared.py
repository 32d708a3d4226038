"""What processes that share the quota's book agree on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.crm.salesforce.budget import Budget
from connector.crm.salesforce.quota import QuotaMeter
from connector.errors import QuotaReachedError
from connector.model import Quota
from connector.state.quota import StoreQuotaBook
from connector.state.store import Store
from connector.testing import ManualClock

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
BUDGET = Budget(reserve=20)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def books(tmp_path: Path, clock: ManualClock) -> Iterator[list[StoreQuotaBook]]:
    """The books of two processes, on one file."""
    path = tmp_path / "state.db"
    with Store(path, clock) as one, Store(path, clock) as other:
        yield [StoreQuotaBook(store, clock) for store in (one, other)]


def quota(used: int) -> Quota:
    return Quota(used=used, limit=1000)


# ── asking the CRM ─────────────────────────────────────────────────────────


def test_one_process_at_a_time_has_the_turn(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    every = timedelta(minutes=5)
    ours, theirs = books
    turns: list[tuple[bool, bool]] = []

    for minutes in (0, 4.9, 0.1):
        clock.time += timedelta(minutes=minutes)
        turns.append((theirs.turn(every), ours.turn(every)))

    assert turns == [(True, False), (False, False), (True, False)]


def test_a_turn_taken_by_a_clock_that_was_set_back_is_nobodys(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    every = timedelta(minutes=5)
    books[0].turn(every)
    clock.time -= timedelta(days=1)

    assert books[1].turn(every)
    assert not books[0].turn(every)


def test_a_pause_is_known_to_all_until_it_is_over(books: list[StoreQuotaBook]) -> None:
    ours, theirs = books
    until = START + timedelta(minutes=15)
    before = theirs.paused_until()

    ours.pause(until)
    during = theirs.paused_until()
    ours.turn(timedelta(minutes=5))
    theirs.pause(None)

    assert (before, during, ours.paused_until()) == (None, until, None)
    assert not theirs.turn(timedelta(minutes=5))


def test_a_pause_is_not_ended_by_what_was_put_off(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    meters = [QuotaMeter(clock, lambda: BUDGET, book) for book in books]
    ours, theirs = meters
    for used in (500, 501):
        ours.hear({"Sforce-Limit-Info": f"api-usage={used}/1000"}, ours.heard)
    theirs.pause()

    ours.flush()

    for meter in meters:
        with pytest.raises(QuotaReachedError), meter.spend("logging"):
            pytest.fail("the CRM refuses calls for the day")


# ── one budget ─────────────────────────────────────────────────────────────


def test_a_process_stops_at_what_another_one_used(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = (QuotaMeter(clock, lambda: BUDGET, book) for book in books)
    theirs.hear({"Sforce-Limit-Info": "api-usage=10/1000"}, None)
    clock.time += timedelta(milliseconds=100)

    ours.hear({"Sforce-Limit-Info": "api-usage=800/1000"}, None)

    with pytest.raises(QuotaReachedError), theirs.spend("logging"):
        pytest.fail("the reserve is touched")


def test_one_process_asks_and_the_others_go_on(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = (QuotaMeter(clock, lambda: BUDGET, book) for book in books)
    ours.note(quota(800))
    clock.time += timedelta(minutes=5)

    ours.look("logging", lambda: ours.note(quota(100)))
    theirs.look("logging", lambda: pytest.fail("the book knows"))

    with theirs.spend("logging"):
        pass
    assert theirs.last == quota(100)


def test_where_the_look_fails_the_others_do_not_repeat_it(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = (QuotaMeter(clock, lambda: BUDGET, book) for book in books)
    ours.note(quota(800))
    clock.time += timedelta(minutes=5)
    asked: list[str] = []

    for _ in range(2):
        ours.look("logging", lambda: asked.append("we"))
        theirs.look("logging", lambda: asked.append("they"))
        clock.time += timedelta(minutes=2)

    assert asked == ["we"]
