"""Calls are counted by the hour: of a whole span, and of each of its days."""

from datetime import UTC, datetime

import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from tests.sandbox.test_callyzer_operations import given
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import Json, shape

HOURS = {"working_hour_from": "10:00", "working_hour_to": "12:30"}
WEDNESDAY = int(datetime(2026, 11, 17, 18, 30, tzinfo=UTC).timestamp())
"""Midnight before the 18th of November, in India."""
TWO_DAYS = {"call_from": WEDNESDAY, "call_to": WEDNESDAY + 2 * 86_400 - 1}
CALLS = (
    ("2026-11-18", "09:59:59", "Incoming", 20),
    ("2026-11-18", "10:00:00", "Outgoing", 30),
    ("2026-11-18", "10:59:59", "Missed", 0),
    ("2026-11-18", "12:29:59", "Outgoing", 2),
    ("2026-11-19", "10:30:00", "Incoming", 50),
    ("2026-11-19", "12:30:00", "Outgoing", 60),
)
"""Of a Wednesday and a Thursday."""


@pytest.fixture(autouse=True)
def two_days(account: CallyzerSandbox) -> None:
    for at, (day, time, kind, duration) in enumerate(CALLS):
        account.add({
            "id": f"{at}",
            "call_date": day,
            "call_time": time,
            "call_type": kind,
            "duration": duration,
        })  # fmt: skip


def hourly(ask: Ask, **more: object) -> Json:
    answer = ask("/call-log/hourly-analytics", TWO_DAYS | HOURS | more)
    found: Json = answer.json()["result"]
    return found


def daywise(ask: Ask, **more: object) -> Json:
    answer = ask("/call-log/daywise-analytics", TWO_DAYS | HOURS | more)
    found: Json = answer.json()["result"]
    return found


def counted(report: Json) -> dict[str, int]:
    return {slot["slot"]: slot["total_calls"] for slot in report["time_slots"]}


@pytest.mark.parametrize(
    ("report", "example"),
    [("hourly-analytics", given.HOURLY), ("daywise-analytics", given.DAYWISE)],
)
def test_a_report_has_the_keys_and_the_types_of_the_documents_example(
    ask: Ask, report: str, example: Json
) -> None:
    answer = ask(f"/call-log/{report}", TWO_DAYS | HOURS)

    assert shape(answer.json()) == shape(example)


def test_a_day_is_cut_into_its_working_hours_and_what_is_around_them(ask: Ask) -> None:
    assert counted(hourly(ask)) == {
        "Before 10:00 AM": 1,
        "10:00 AM - 10:59 AM": 3,
        "11:00 AM - 11:59 AM": 0,
        "12:00 PM - 12:29 PM": 1,
        "After 12:30 PM": 1,
    }


def test_slots_have_their_shares_and_days_their_averages(ask: Ask) -> None:
    report = hourly(ask)

    assert (report["total_calls"], report["total_connected_calls"]) == (6, 4)
    assert report["total_duration"] == 162
    assert report["daily_average"] == {
        "avg_calls": 3,
        "avg_connected_calls": 2,
        "avg_duration": 81,
    }
    assert report["time_slots"][1] == {
        "slot": "10:00 AM - 10:59 AM",
        "total_calls": 3,
        "total_connected_calls": 2,
        "total_duration": 80,
        "total_call_perc": 50.0,
        "total_connected_calls_perc": 50.0,
        "total_duration_perc": 49.38,
    }
    assert report["time_slots"][2]["total_duration_perc"] == 0


def test_excluded_days_do_not_count_at_all(ask: Ask) -> None:
    report = hourly(ask, exclude_days=["Wed", "Sun"])

    assert report["total_calls"] == report["daily_average"]["avg_calls"] == 2
    assert counted(report)["Before 10:00 AM"] == 0


def test_working_hours_may_go_on_after_midnight(ask: Ask) -> None:
    night = {"working_hour_from": "23:30", "working_hour_to": "01:00"}

    report = hourly(ask, **night)

    assert counted(report) == {
        "Before 11:30 PM": 6,
        "11:30 PM - 12:29 AM": 0,
        "12:30 AM - 12:59 AM": 0,
        "After 01:00 AM": 0,
    }


def test_each_slot_has_a_row_for_every_day_of_the_span(ask: Ask) -> None:
    report = daywise(ask)

    slots = {slot["slot"]: slot for slot in report["time_slots"]}
    assert slots["10:00 AM - 10:59 AM"] == {
        "slot": "10:00 AM - 10:59 AM",
        "days_with_no_calls_in_time_slot": 0,
        "daily_average": {"calls": 1, "connected_calls": 1, "duration": 40},
        "day_wise": [
            {
                "date": "2026-11-18",
                "day": "Wednesday",
                "total_calls": 2,
                "total_connected_calls": 1,
                "total_duration": 30,
            },
            {
                "date": "2026-11-19",
                "day": "Thursday",
                "total_calls": 1,
                "total_connected_calls": 1,
                "total_duration": 50,
            },
        ],
    }
    assert slots["11:00 AM - 11:59 AM"]["days_with_no_calls_in_time_slot"] == 2
    assert slots["After 12:30 PM"]["days_with_no_calls_in_time_slot"] == 1
    assert report["total_days_with_no_calls_in_time_slot"] == 2


def test_by_the_time_of_the_sync_the_days_are_those_of_the_calls(ask: Ask) -> None:
    synced = {"synced_from": given.NOON - 60, "synced_to": given.NOON}

    answer = ask("/call-log/daywise-analytics", synced | HOURS).json()["result"]

    days = [row["date"] for row in answer["time_slots"][0]["day_wise"]]
    assert days == ["2026-11-18", "2026-11-19"]
    assert answer["total_calls"] == 6


def test_a_span_without_calls_has_slots_without_calls(ask: Ask) -> None:
    empty = {"synced_from": 1, "synced_to": 2}

    by_hour, by_day = (
        ask(f"/call-log/{name}", empty | HOURS).json()["result"]
        for name in ("hourly-analytics", "daywise-analytics")
    )

    assert set(counted(by_hour).values()) == {0}
    assert by_hour["daily_average"]["avg_calls"] == by_day["total_calls"] == 0
    assert by_day["total_days_with_no_calls_in_time_slot"] == 0
