"""When so many of the daily calls are used, at the rate of the last hour."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connector.engine.forecast import LOOKS_BACK, SHORTEST, forecast
from connector.model import Quota, Reading

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def reading(minutes_ago: float, used: int, limit: int = 100_000) -> Reading:
    at = NOW - timedelta(minutes=minutes_ago)
    return Reading(quota=Quota(used=used, limit=limit), at=at)


def test_the_rate_of_the_last_hour_goes_on() -> None:
    readings = [reading(60, 59_000), reading(30, 60_500), reading(0, 61_000)]

    found = forecast(readings, 80_000, NOW)

    assert found == NOW + timedelta(hours=9.5)


def test_it_counts_from_the_last_reading() -> None:
    readings = [reading(30, 70_000), reading(20, 71_000)]

    assert forecast(readings, 80_000, NOW) == NOW - timedelta(minutes=20 - 90)


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [reading(0, 61_000)],
        [reading(2, 59_000), reading(0, 61_000)],
        [reading(61, 59_000), reading(0, 61_000)],
        [reading(30, 59_000), reading(-30, 61_000)],
        [reading(30, 61_000), reading(0, 61_000)],
        [reading(30, 61_000), reading(0, 59_000)],
        [reading(30, 59_000, limit=200_000), reading(0, 61_000)],
        [reading(50, 79_000), reading(2, 10), reading(0, 300)],
    ],
    ids=[
        *("none", "one", "too close", "too old", "of the future"),
        *("no growth", "falling", "another limit", "fell just now"),
    ],
)
def test_where_there_is_no_rate_there_is_no_forecast(
    readings: Sequence[Reading],
) -> None:
    assert forecast(readings, 80_000, NOW) is None


def test_what_is_reached_already_is_reached_now() -> None:
    readings = [reading(30, 70_000), reading(10, 90_000)]

    assert forecast(readings, 80_000, NOW) == NOW


def test_what_should_have_been_reached_by_now_is_expected_now() -> None:
    readings = [reading(59, 70_000), reading(50, 79_000)]

    assert forecast(readings, 80_000, NOW) == NOW


def test_where_the_usage_fell_the_rate_is_that_since_then() -> None:
    readings = [
        *(reading(50, 79_000), reading(40, 1_000), reading(20, 30_000)),
        reading(0, 61_000),
    ]

    assert forecast(readings, 80_000, NOW) == NOW + timedelta(minutes=40 * 19 / 60)


def test_where_the_limit_changed_the_rate_is_that_since_then() -> None:
    readings = [
        *(reading(50, 0, limit=5_000), reading(30, 60_000)),
        reading(0, 61_000),
    ]

    assert forecast(readings, 62_000, NOW) == NOW + timedelta(minutes=30)


def test_a_rate_next_to_nothing_is_a_forecast_too() -> None:
    limit = 2**63 - 1
    readings = [reading(60, 0, limit), reading(0, 1, limit)]

    found = forecast(readings, limit, NOW)

    assert found
    assert found - NOW >= timedelta(days=365)


READINGS = st.lists(
    st.builds(
        reading, st.floats(0, 90), st.integers(0, 2_000), st.sampled_from([999, 1_000])
    ),
    max_size=8,
)


@given(READINGS, st.integers(0, 2_000), st.integers(0, 2_000))
def test_a_forecast_is_never_in_the_past_and_more_calls_are_never_used_earlier(
    readings: list[Reading], one: int, other: int
) -> None:
    low, high = (forecast(readings, most, NOW) for most in sorted((one, other)))

    assert (low is None) == (high is None)
    if low and high:
        assert NOW <= low <= high


@given(READINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_readings_does_not_matter(
    readings: list[Reading], chance: Random
) -> None:
    assume(len({one.at for one in readings}) == len(readings))
    shuffled = list(readings)
    chance.shuffle(shuffled)

    assert forecast(shuffled, 80_000, NOW) == forecast(readings, 80_000, NOW)


@given(
    st.integers(0, 50_000),
    st.integers(1, 20_000),
    st.timedeltas(SHORTEST, LOOKS_BACK),
)
def test_a_steady_rate_is_carried_on(start: int, more: int, span: timedelta) -> None:
    first = Reading(quota=Quota(used=start, limit=100_000), at=NOW - span)
    last = reading(0, start + more)

    found = forecast([first, last], 80_000, NOW)

    assert found
    wait = min((80_000 - start - more) / more * span, timedelta(days=366))
    assert abs(found - NOW - wait) < timedelta(seconds=1)
