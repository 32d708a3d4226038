"""Two ways of writing one value, and two values."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connector.engine.comparing import comparable
from connector.model import Scalar


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("datetime", "2026-11-21T08:00:00.000Z", "2026-11-21T08:00:00.000+0000"),
        ("datetime", "2026-11-21T13:30:00+05:30", "2026-11-21T08:00:00Z"),
        ("datetime", "2026-11-21T08:00:00.987Z", "2026-11-21T08:00:00.000Z"),
        ("time", "08:00:00.000Z", "08:00:00Z"),
        ("double", 10, 10.0),
        ("string", "", None),
        ("string", "  ", None),
        ("string", " hello\n", "hello"),
        ("textarea", "one\r\ntwo", "one\ntwo"),
        ("reference", "0055g0000010009", "0055g0000010009AAA"),
        ("id", "0055g0000010009AAA", "0055g0000010009AAA"),
    ],
)
def test_two_ways_of_writing_one_value_are_equal(
    kind: str, first: Scalar, second: Scalar
) -> None:
    assert comparable(first, kind) == comparable(second, kind)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("datetime", "2026-11-21T08:00:00Z", "2026-11-21T08:00:01Z"),
        ("datetime", "2026-11-21T08:00:00Z", "soon"),
        ("date", "2026-11-21", "2026-11-22"),
        ("double", 10, 10.01),
        ("double", 0, None),
        ("boolean", False, None),
        ("string", "20261121", "2026-11-21"),
        ("string", "a b", "ab"),
        ("string", "Hello", "hello"),
        ("reference", "0055g0000010009AAA", "0055g000001000aAAA"),
    ],
)
def test_two_values_are_not_equal(kind: str, first: Scalar, second: Scalar) -> None:
    assert comparable(first, kind) != comparable(second, kind)


@given(
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 2)),  # noqa: DTZ001  hypothesis wants it so
    st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_is_the_same_in_every_zone(moment: datetime, minutes: int) -> None:
    assume(moment.year < 9999)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))

    here = comparable(moment.isoformat(), "datetime")

    assert here == comparable(elsewhere.isoformat(), "datetime")


@given(st.text(), st.sampled_from(["string", "datetime", "date", "time", "id", "x"]))
def test_any_text_can_be_compared(text: str, kind: str) -> None:
    assert comparable(text, kind) == comparable(f" {text} ", kind)
