"""Durations and cron lines: what is accepted means what it says."""

from datetime import date, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.cron import check_cron
from connector.mapping.durations import parse_duration, parse_since


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 seconds", timedelta(seconds=30)),
        ("1 second", timedelta(seconds=1)),
        ("2 minutes", timedelta(minutes=2)),
        ("1 hour", timedelta(hours=1)),
        ("7 days", timedelta(days=7)),
        ("2 weeks", timedelta(weeks=2)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length
    assert parse_since(text) == length


@pytest.mark.parametrize(
    "wrong", ["", "7", "7days", "-1 day", "00 dayz", "1.5 hours", "2 months", 12, None]
)
def test_anything_else_is_no_duration(wrong: object) -> None:
    with pytest.raises(ValueError, match="such as 7 days"):
        parse_duration(wrong)


@pytest.mark.parametrize("nothing", ["0 days", "0 minutes", "00 second"])
def test_no_time_at_all_is_told_to_be_too_short(nothing: str) -> None:
    with pytest.raises(ValueError, match="must be longer than zero"):
        parse_duration(nothing)


def test_since_takes_a_day_too() -> None:
    assert parse_since(date(2026, 1, 31)) == date(2026, 1, 31)
    assert parse_since("2026-01-31") == date(2026, 1, 31)


GOOD_CRON = [
    "* * * * *",
    "*/5 8-20 * * mon-fri",
    "0,30 9 1-7,15 jan-mar,12 MON,wed",
    "10-50/20 0-0 */2 * sun",
    "5/10 * 31 * *",
]
BAD_CRON = [
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "*/0 * * * *",
    "*/60 * * * *",
    "20-10 * * * *",
    "* * * * fri-mon",
    "* * * * someday",
    "* * * foo *",
    "1,,2 * * * *",
    "* * * * 1",
    "* * * * 0-4",
    "@daily",
    "a b c d e",
]


@pytest.mark.parametrize("line", GOOD_CRON)
def test_a_good_cron_line_is_one_to_the_scheduler_too(line: str) -> None:
    check_cron(line)

    assert CronTrigger.from_crontab(line, timezone="UTC")


@pytest.mark.parametrize("line", BAD_CRON)
def test_a_bad_cron_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"five parts| is no "):
        check_cron(line)


def test_weekdays_are_names_because_numbers_mean_two_things() -> None:
    with pytest.raises(ValueError, match="write mon, tue"):
        check_cron("0 9 * * 1-5")


ITEM = st.from_regex(r"(\*|[0-9]{1,2}(-[0-9]{1,2})?)(/[0-9]{1,2})?", fullmatch=True)
NAMES = st.sampled_from(["mon", "mon-fri", "sat-sun", "jan", "feb-apr", "*", "xyz"])


@given(parts=st.lists(ITEM | NAMES, min_size=5, max_size=5))
def test_the_scheduler_takes_every_cron_line_that_is_accepted(parts: list[str]) -> None:
    line = " ".join(parts)
    try:
        check_cron(line)
    except ValueError:
        return

    assert CronTrigger.from_crontab(line, timezone="UTC")
