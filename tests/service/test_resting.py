"""Who rests until when: many threads at once, and the directory's news."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from connector.model import Lane
from connector.service.resting import RESTS, Rests
from connector.testing import ManualClock

LIVE = ("calls", Lane.LIVE)


def test_of_two_lanes_that_are_paused_at_once_one_counts() -> None:
    clock = ManualClock()
    rests = Rests(clock)

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda _: rests.pause("calls"), range(50)))

    until = clock.now() + RESTS[0]
    assert [each for each in said if each] == [until]
    assert rests.until("calls") == until


def test_nobody_rests_longer_than_an_hour() -> None:
    clock = ManualClock()
    rests = Rests(clock)

    rests.wait("calls", 86_400)

    assert rests.until("calls") == clock.now() + timedelta(hours=1)


def test_who_missed_that_the_directory_was_loaded_does_not_wait_for_it() -> None:
    clock = ManualClock()
    rests = Rests(clock)
    began = clock.now()
    clock.time += timedelta(seconds=1)

    before = rests.loaded()

    assert before == set()
    assert not rests.await_directory(LIVE, began)
    assert rests.loaded() == set()


def test_who_waits_for_the_directory_is_told_once() -> None:
    clock = ManualClock()
    rests = Rests(clock)
    rests.loaded()
    clock.time += timedelta(seconds=1)

    waits = rests.await_directory(LIVE, clock.now())

    assert waits
    assert [rests.loaded(), rests.loaded()] == [{LIVE}, set()]
