"""One budget: what the meter lets through, of many threads and many processes."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.crm.salesforce.budget import ELSEWHERE, Budget, Purpose
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.crm.salesforce.quota import QuotaMeter
from connector.errors import QuotaReachedError, UnavailableError
from connector.model import Quota
from connector.testing import ManualClock
from tests.crm.quota_book import Book
from tests.crm.quota_org import DONE

BUDGET = Budget(reserve=20, dial_share=5)
MOST = 726
"""Calls of 1000 that leave flows none: 250 are kept, 24 may be on their way elsewhere."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def book(clock: ManualClock) -> Book:
    return Book(clock)


@pytest.fixture
def meter(clock: ManualClock, book: Book) -> QuotaMeter:
    return QuotaMeter(clock, lambda: BUDGET, book)


def usage(used: int) -> Mapping[str, str]:
    return {"Sforce-Limit-Info": f"api-usage={used}/1000"}


def spend(meter: QuotaMeter, purpose: Purpose = "logging") -> None:
    """Make a call that costs nothing."""
    with meter.spend(purpose):
        pass


# ── who may use what ───────────────────────────────────────────────────────


def test_dialling_goes_on_where_logging_stops(meter: QuotaMeter) -> None:
    meter.note(Quota(used=750, limit=1000))

    spend(meter, "dialling")
    with pytest.raises(QuotaReachedError) as stopped:
        spend(meter, "logging")

    assert stopped.value.message == (
        "750 of 1,000 daily API calls are used; from 726 on flows wait, as 20% are kept "
        "in reserve and 5% for dialling. The next look is in 5 minutes"
    )


def test_dialling_stops_at_the_reserve(meter: QuotaMeter) -> None:
    meter.note(Quota(used=799, limit=1000))
    spend(meter, "dialling")
    meter.note(Quota(used=800, limit=1000))

    with pytest.raises(QuotaReachedError) as stopped:
        spend(meter, "dialling")

    assert stopped.value.message == (
        "800 of 1,000 daily API calls are used; from 800 on dialling waits, as 20% are "
        "kept in reserve. The next look is in 5 minutes"
    )


@given(
    reserve=st.integers(0, 100),
    share=st.integers(0, 100),
    used=st.integers(0, 2000),
)
def test_the_reserve_and_what_is_for_dialling_are_left_alone(
    reserve: int, share: int, used: int
) -> None:
    budget = Budget(reserve=reserve, dial_share=min(share, 100 - reserve))
    meter = QuotaMeter(ManualClock(), lambda: budget, None)
    meter.note(Quota(used=used, limit=1000))
    let_through = set[Purpose]()

    purposes: tuple[Purpose, ...] = ("logging", "dialling")
    for purpose in purposes:
        with suppress(QuotaReachedError), meter.spend(purpose):
            let_through.add(purpose)

    left = 1000 - used
    assert ("dialling" in let_through) == (left > 10 * reserve)
    kept = 10 * (reserve + budget.dial_share)
    assert ("logging" in let_through) == (left > kept + ELSEWHERE)
    for purpose in purposes:
        told = budget.left(Quota(used=used, limit=1000), purpose)
        assert (purpose in let_through) == (told > 0)


# ── threads ────────────────────────────────────────────────────────────────


def test_calls_that_are_not_answered_yet_count_as_used(meter: QuotaMeter) -> None:
    meter.note(Quota(used=MOST - 2, limit=1000))

    with meter.spend("logging"), meter.spend("logging"):
        with pytest.raises(QuotaReachedError):
            spend(meter)
        spend(meter, "dialling")

    spend(meter)


def test_a_call_that_failed_is_not_counted_for_ever(meter: QuotaMeter) -> None:
    meter.note(Quota(used=MOST - 1, limit=1000))

    for _ in range(3):
        with pytest.raises(UnavailableError), meter.spend("logging"):
            raise UnavailableError


def test_however_many_threads_call_the_reserve_is_left(meter: QuotaMeter) -> None:
    used, lock = [676], threading.Lock()
    meter.note(Quota(used=676, limit=1000))

    def call(_: int) -> None:
        with suppress(QuotaReachedError), meter.spend("logging"):
            before = meter.heard
            with lock:
                used[0] += 1
                answer = usage(used[0])
            meter.hear(answer, before)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(call, range(400)))

    assert used == [MOST]


def test_an_answer_that_was_overtaken_does_not_lower_the_reading(
    meter: QuotaMeter,
) -> None:
    before = meter.heard

    meter.hear(usage(750), before)
    meter.hear(usage(749), before)

    assert meter.last == Quota(used=750, limit=1000)


def test_usage_that_falls_with_the_days_window_is_believed(meter: QuotaMeter) -> None:
    meter.hear(usage(750), None)

    meter.hear(usage(400), meter.heard)

    assert meter.last == Quota(used=400, limit=1000)


def test_of_many_threads_that_doubt_a_reading_one_asks(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time += timedelta(minutes=5)
    asked: list[None] = []

    def ask() -> None:
        asked.append(None)
        for _ in range(5):  # we looked twice, and the others wait for this answer
            book.looked.acquire(timeout=2)
        meter.note(Quota(used=100, limit=1000))

    def call(_: int) -> None:
        meter.look("logging", ask)
        spend(meter)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(call, range(4)))

    assert len(asked) == 1


# ── processes ──────────────────────────────────────────────────────────────


def test_what_another_process_heard_later_decides(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    meter.hear(usage(10), None)
    clock.time += timedelta(seconds=1)
    book.note(Quota(used=750, limit=1000))

    with pytest.raises(QuotaReachedError):
        spend(meter)


def test_within_one_second_the_higher_reading_decides(
    meter: QuotaMeter, book: Book
) -> None:
    book.note(Quota(used=750, limit=1000))
    meter.hear(usage(10), None)
    book.readings.reverse()

    with pytest.raises(QuotaReachedError):
        spend(meter)


def test_what_we_heard_later_than_the_book_decides(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    book.note(Quota(used=750, limit=1000))
    clock.time += timedelta(seconds=1)
    meter.hear(usage(10), None)

    spend(meter)

    assert meter.last == Quota(used=10, limit=1000)


def test_a_reading_that_stops_us_is_told_at_once_and_others_when_it_suits(
    meter: QuotaMeter, book: Book
) -> None:
    meter.hear(usage(10), None)
    meter.hear(usage(750), meter.heard)

    assert [one.quota.used for one in book.readings] == [10, 750]
    assert book.at_once == [Quota(used=750, limit=1000)]


def test_who_sees_a_fresh_reading_of_another_does_not_ask(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time += timedelta(minutes=5)
    book.note(Quota(used=790, limit=1000))

    meter.look("logging", lambda: pytest.fail("the book knows"))

    with pytest.raises(QuotaReachedError, match="790 of 1,000"):
        spend(meter)


def test_a_pause_of_another_process_is_not_ended_by_our_own_answers(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    book.pause(clock.now() + timedelta(minutes=15))
    clock.time += timedelta(minutes=14)

    meter.hear(usage(10), None)

    for purpose in get_args(Purpose):
        with pytest.raises(QuotaReachedError, match="10 of 1,000") as stopped:
            spend(meter, purpose)
        assert stopped.value.retry_after == 60
        assert stopped.value.message.endswith("The next look is in a minute")
    clock.time += timedelta(minutes=1)
    spend(meter)


def test_a_pause_is_everybodys_and_so_is_its_end(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    other = QuotaMeter(clock, lambda: BUDGET, book)
    meter.pause()
    with pytest.raises(QuotaReachedError):
        spend(other)

    other.note(Quota(used=10, limit=1000))

    spend(meter)


def test_in_a_pause_nobody_asks(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time += timedelta(minutes=5)
    meter.pause()

    meter.look("logging", lambda: pytest.fail("it is not to be asked"))

    assert book.turns == []


def test_the_wait_ends_when_the_reading_that_stops_us_is_to_be_doubted(
    meter: QuotaMeter, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time += timedelta(minutes=3, seconds=30)

    with pytest.raises(QuotaReachedError) as stopped:
        spend(meter)

    assert stopped.value.retry_after == 90
    assert stopped.value.message.endswith("The next look is in 2 minutes")


def test_a_reading_from_before_the_clock_was_set_back_is_doubted(
    meter: QuotaMeter, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time -= timedelta(days=1)

    meter.look("logging", lambda: meter.note(Quota(used=100, limit=1000)))
    spend(meter)

    assert meter.last == Quota(used=100, limit=1000)


def test_a_state_that_cannot_be_used_leaves_the_answer_as_it_is(
    config: SalesforceConfig, answers: list[object], book: Book, clock: ManualClock
) -> None:
    book.trouble = UnavailableError("the state cannot be used: disk full")
    answers += [(200, DONE, usage(10)), (200, DONE, usage(800))]
    crm = SalesforceCrm(config, clock, book)

    outcomes = [crm.create("Task", [{"Subject": "one"}]) for _ in range(2)]

    assert [len(each) for each in outcomes] == [1, 1]
    with pytest.raises(QuotaReachedError):
        crm.create("Task", [{"Subject": "one"}])
    crm.close()
