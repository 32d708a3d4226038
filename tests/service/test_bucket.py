"""A token bucket: never more than it should, and never closed for long."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from connector.service.bucket import Bucket
from connector.testing import ManualClock

RATE, BURST = 4.0, 6
PASSES = st.lists(st.floats(0, 5))
JUMPS = st.lists(st.floats(-1e6, 1e6))


def bucket(clock: ManualClock) -> Bucket:
    return Bucket(clock=clock, rate=RATE, burst=BURST)


@given(PASSES)
def test_it_gives_no_more_than_the_burst_and_what_the_time_brought(
    passes: list[float],
) -> None:
    clock = ManualClock()
    asked = bucket(clock)

    given_out = 0
    for seconds in passes:
        clock.time += timedelta(seconds=seconds)
        given_out += sum(asked.take() == 0 for _ in range(3))

    assert given_out <= BURST + sum(passes) * RATE + 0.001


@given(JUMPS)
def test_a_clock_that_jumps_keeps_nobody_out_for_longer_than_it_says(
    jumps: list[float],
) -> None:
    clock = ManualClock()
    asked = bucket(clock)

    for seconds in jumps:
        clock.time += timedelta(seconds=seconds)
        while (wait := asked.take()) == 0:
            pass
        assert wait <= 1 / RATE
        clock.time += timedelta(seconds=wait, microseconds=1)
        assert asked.take() == 0


@given(JUMPS)
def test_a_clock_that_jumps_gives_no_more_than_a_burst_at_a_time(
    jumps: list[float],
) -> None:
    clock = ManualClock()
    asked = bucket(clock)

    for seconds in jumps:
        clock.time += timedelta(seconds=seconds)
        assert sum(asked.take() == 0 for _ in range(BURST * 2)) <= BURST
