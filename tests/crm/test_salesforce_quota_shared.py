"""One budget: what the meter lets through, of many threads and many processes."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.crm.salesforce.quota import Budget, Purpose, QuotaMeter
from connector.errors import QuotaReachedError, UnavailableError
from connector.model import Quota, Reading
from connector.testing import ManualClock

BUDGET = Budget(reserve=20, dial_share=5)
DONE = [{"id": "00T000000000001AAA", "success": True, "errors": []}]


class Book:
    """A book in memory; ``trouble`` is raised by whoever uses it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.readings: list[Reading] = []
        self.at_once: list[Quota] = []
        self.trouble: Exception | None = None
        self.looked = threading.Semaphore(0)

    def note(self, quota: Quota, *, at_once: bool = False) -> None:
        self._use()
        self.readings.append(Reading(quota=quota, at=self.clock.now()))
        if at_once:
            self.at_once.append(quota)

    def flush(self) -> None:
        self._use()

    def last(self) -> Reading | None:
        self._use()
        self.looked.release()
        return self.readings[-1] if self.readings else None

    def since(self, moment: datetime) -> list[Reading]:
        return [one for one in self.readings if one.at >= moment]

    def _use(self) -> None:
        if self.trouble:
            raise self.trouble


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def book(clock: ManualClock) -> Book:
    return Book(clock)


@pytest.fixture
def meter(clock: ManualClock, book: Book) -> QuotaMeter:
    return QuotaMeter(clock, BUDGET, book)


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
        "750 of 1,000 daily API calls are used; 20% are kept in reserve and 5% for "
        "dialling. Flows wait, and look again in 5 minutes"
    )


def test_dialling_stops_at_the_reserve(meter: QuotaMeter) -> None:
    meter.note(Quota(used=799, limit=1000))
    spend(meter, "dialling")
    meter.note(Quota(used=800, limit=1000))

    with pytest.raises(QuotaReachedError) as stopped:
        spend(meter, "dialling")

    assert "800 of 1,000 daily API calls are used; 20% are kept in reserve. " in (
        stopped.value.message
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
    meter = QuotaMeter(ManualClock(), budget, None)
    meter.note(Quota(used=used, limit=1000))
    let_through = set[Purpose]()

    purposes: tuple[Purpose, ...] = ("logging", "dialling")
    for purpose in purposes:
        with suppress(QuotaReachedError), meter.spend(purpose):
            let_through.add(purpose)

    left = 1000 - used
    assert ("dialling" in let_through) == (left > 10 * reserve)
    assert ("logging" in let_through) == (left > 10 * (reserve + budget.dial_share))


# ── threads ────────────────────────────────────────────────────────────────


def test_calls_that_are_not_answered_yet_count_as_used(meter: QuotaMeter) -> None:
    meter.note(Quota(used=748, limit=1000))

    with meter.spend("logging"), meter.spend("logging"):
        with pytest.raises(QuotaReachedError):
            spend(meter)
        spend(meter, "dialling")

    spend(meter)


def test_a_call_that_failed_is_not_counted_for_ever(meter: QuotaMeter) -> None:
    meter.note(Quota(used=749, limit=1000))

    for _ in range(3):
        with pytest.raises(UnavailableError), meter.spend("logging"):
            raise UnavailableError


def test_however_many_threads_call_the_reserve_is_left(meter: QuotaMeter) -> None:
    used, lock = [700], threading.Lock()
    meter.note(Quota(used=700, limit=1000))

    def call(_: int) -> None:
        with suppress(QuotaReachedError), meter.spend("logging"):
            before = meter.heard
            with lock:
                used[0] += 1
                answer = usage(used[0])
            meter.hear(answer, before)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(call, range(400)))

    assert used == [750]


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


def test_a_day_used_up_in_another_process_is_not_ended_by_our_own_answers(
    meter: QuotaMeter, book: Book, clock: ManualClock
) -> None:
    book.note(Quota(used=1000, limit=1000))
    clock.time += timedelta(minutes=4)

    meter.hear(usage(10), None)

    with pytest.raises(QuotaReachedError):
        spend(meter)
    assert len(book.readings) == 1


def test_a_reading_from_before_the_clock_was_set_back_is_doubted(
    meter: QuotaMeter, clock: ManualClock
) -> None:
    meter.note(Quota(used=800, limit=1000))
    clock.time -= timedelta(days=1)

    meter.look("logging", lambda: meter.note(Quota(used=100, limit=1000)))

    spend(meter)


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
