"""The quota's book: what one process hears, another reads; a reading a minute."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.model import Quota, Reading
from connector.state.quota import KEPT, StoreQuotaBook
from connector.state.store import Store
from connector.testing import ManualClock

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


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


def reading(used: int, **after: float) -> Reading:
    return Reading(quota=quota(used), at=START + timedelta(**after))


def test_in_a_new_book_nothing_was_read(books: list[StoreQuotaBook]) -> None:
    assert books[0].last() is None
    assert books[0].since(START) == []


def test_what_one_process_notes_another_reads(books: list[StoreQuotaBook]) -> None:
    ours, theirs = books

    ours.note(quota(25))

    assert theirs.last() == reading(25)


def test_the_newest_reading_of_a_minute_is_kept(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    for used in (10, 20, 30, 40):
        books[used % 20 // 10].note(quota(used))
        clock.time += timedelta(seconds=25)

    assert books[0].since(START) == [reading(30, seconds=50), reading(40, seconds=75)]


def test_readings_are_given_from_a_moment_on(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    for used in (10, 20, 30):
        books[0].note(quota(used))
        clock.time += timedelta(minutes=1)

    found = books[1].since(START + timedelta(minutes=1))

    assert found == [reading(20, minutes=1), reading(30, minutes=2)]


def test_readings_older_than_25_hours_are_forgotten(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    books[0].note(quota(10))
    clock.time += KEPT + timedelta(seconds=1)
    before = books[1].last()

    books[0].note(quota(20))

    assert before is None
    assert len(books[1].since(START)) == 1


def test_readings_of_a_clock_that_was_set_back_are_forgotten(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    clock.time += timedelta(days=1)
    books[0].note(quota(900))
    clock.time = START
    before = books[1].last()

    books[1].note(quota(10))
    clock.time += timedelta(days=1)

    assert before is None
    assert books[1].last() == reading(10)


def test_of_two_readings_of_one_second_the_higher_is_kept(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = books
    ours.note(quota(500))
    ours.note(quota(501))
    theirs.note(quota(1000), at_once=True)
    clock.time += timedelta(seconds=1.5)

    ours.flush()

    assert ours.last() == theirs.last() == reading(1000)


# ── writing no more than needed ────────────────────────────────────────────


def test_a_reading_like_the_one_before_waits(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = books
    ours.note(quota(10))
    clock.time += timedelta(seconds=1)

    ours.note(quota(11))

    assert theirs.last() == reading(10)


def test_what_waits_is_written_when_the_process_ends(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = books
    ours.note(quota(10))
    clock.time += timedelta(seconds=1)
    ours.note(quota(11))
    clock.time += timedelta(seconds=30)

    ours.flush()

    assert theirs.last() == reading(11, seconds=1)


def test_what_waited_does_not_replace_what_another_heard_since(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    ours, theirs = books
    ours.note(quota(10))
    ours.note(quota(11))
    clock.time += timedelta(seconds=30)
    theirs.note(quota(500))

    ours.flush()

    assert ours.last() == reading(500, seconds=30)
    assert len(ours.since(START)) == 1


@pytest.mark.parametrize(
    ("seconds", "used"), [(2, 11), (1, 20), (0, 20), (1, 0), (-1, 10)]
)
def test_a_reading_that_is_news_is_written(
    books: list[StoreQuotaBook], clock: ManualClock, seconds: int, used: int
) -> None:
    ours, theirs = books
    ours.note(quota(10))
    clock.time += timedelta(seconds=seconds)

    ours.note(quota(used))

    assert theirs.last() == reading(used, seconds=seconds)


def test_a_reading_that_others_must_know_is_written_at_once(
    books: list[StoreQuotaBook],
) -> None:
    ours, theirs = books
    ours.note(quota(799))

    ours.note(quota(800), at_once=True)

    assert theirs.last() == reading(800)


def test_five_hundred_answers_a_second_are_written_a_few_times(
    books: list[StoreQuotaBook], clock: ManualClock
) -> None:
    written = set[int]()

    for used in range(500):
        books[0].note(Quota(used=used, limit=100_000))
        clock.time += timedelta(milliseconds=20)
        last = books[1].last()
        written.add(last.quota.used if last else 0)

    assert len(written) == 5


STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2000), st.integers(0, 100), st.booleans()),
    max_size=20,
)


@settings(max_examples=50)  # each opens a file
@given(STEPS)
def test_whoever_writes_whenever_there_is_one_reading_a_minute_and_the_last_one(
    steps: list[tuple[bool, int, int, bool]],
) -> None:
    clock = ManualClock(START)
    with TemporaryDirectory() as folder, Store(Path(folder) / "s.db", clock) as store:
        both = [StoreQuotaBook(store, clock) for _ in range(2)]
        for other, used, seconds, at_once in steps:
            clock.time += timedelta(seconds=seconds)
            both[other].note(quota(used), at_once=at_once)
        for book in both:
            book.flush()

        found = both[0].since(START)

        minutes = [one.at.replace(second=0) for one in found]
        assert all(a < b for a, b in itertools.pairwise(minutes))
        assert found[-1:] == ([last] if (last := both[1].last()) else [])
        assert not steps or found[-1].at == clock.time
