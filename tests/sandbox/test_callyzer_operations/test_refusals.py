"""Each report refuses, in the words of its own table, what its table refuses."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import NOON, NOW, TODAY, Json

HOURS = {"working_hour_from": "09:00", "working_hour_to": "18:00"}
REPORTS: dict[str, Json] = {
    "summary": {},
    "employee-summary": {},
    "analysis": {},
    "never-attended": {},
    "not-pickup-by-client": {},
    "unique-clients": {},
    "hourly-analytics": HOURS,
    "daywise-analytics": HOURS,
    "history": {},
}
IN_PAGES = (
    *("employee-summary", "never-attended", "not-pickup-by-client"),
    *("unique-clients", "history"),
)
BY_DURATION = (
    *("summary", "employee-summary", "analysis", "hourly-analytics"),
    *("daywise-analytics", "history"),
)
EXCLUDING = CallyzerSandbox(
    seconds_per_request=0, now=lambda: NOW, excluded=["9000000001"]
)
NO_SPAN = (
    "Either ‘call_from’ and ‘call_to’ or ‘synced_from’ and ‘synced_to’ are mandatory. "
    "The duration should be less than 180 days."
)
HALF = "`%s_from` and ‘%s_to’ are mandatory. The duration should be less than 180 days."
OUT_OF_RANGE = "Value out of range for unsigned long data type."
NO_DURATION = (
    "Invalid duration value. The value of ‘duration_les_than’ should be greater than "
    "value of ‘duration_grt_than’"
)
BAD_PAGE = (
    "Invalid value. Value should be greater than zero and within range of unsigned "
    "integer data type."
)
NO_HOURS = (
    "The “working_hour_from” and “working_hour_to” are mandatory. The value should be "
    "in HH:mm format."
)
BAD_HOURS = (
    "The “working_hour_from” / “working_hour_to” is not valid. The value should be in "
    "HH:mm format."
)
RULES: tuple[tuple[Json, str], ...] = (
    ({"call_from": 1, "call_to": 180 * 86_400 + 1}, "The duration should be less than 180 days."),
    ({"call_from": "x", "call_to": 2}, "Invalid call_from. Please pass the timestamp in UNIX format."),
    ({"synced_from": 1, "synced_to": -2}, "Invalid synced_to. Please pass the timestamp in UNIX format."),
    ({"call_from": NOON}, HALF % ("call", "call")),
    ({"synced_to": NOON}, HALF % ("synced", "synced")),
    ({"call_from": 2, "call_to": 2}, "Invalid date range. `From` timestamp should be less than `To` timestamp."),
    (TODAY | {"call_types": ["Answered"]}, "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or Rejected."),
    (TODAY | {"emp_tags": ["North", "East"]}, "The ‘East’ tags doesn’t exist."),
)  # fmt: skip


def said(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    assert answer.json()["result"] is None
    return str(answer.json()["message"])


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_has_these_rules(ask: Ask, report: str) -> None:
    found = [
        said(ask(f"/call-log/{report}", REPORTS[report] | body)) for body, _ in RULES
    ]

    assert found == [message for _, message in RULES]


@pytest.mark.parametrize("report", REPORTS)
def test_a_span_is_wanted_of_every_report(ask: Ask, report: str) -> None:
    words = {
        "daywise-analytics": (
            "Either “call_from” and “call_to” or “synced_from” and “synced_to” are "
            "mandatory."
        )
    }

    answer = ask(f"/call-log/{report}", REPORTS[report])

    assert said(answer) == words.get(report, NO_SPAN)


@pytest.mark.parametrize("report", REPORTS)
def test_numbers_must_be_valid_and_somebodys(ask: Ask, report: str) -> None:
    words = {
        "employee-summary": (
            "Invalid numbers ‘ +9181,98 2’.",
            "Invalid numbers ‘444000,555000’ numbers doesn’t exist.",
        )
    }
    usual = (
        "Invalid numbers ‘+9181,98 2’.",
        "The ‘444000,555000’ numbers doesn’t exist.",
    )
    body = REPORTS[report] | TODAY

    found = tuple(
        said(ask(f"/call-log/{report}", body | {"emp_numbers": numbers}))
        for numbers in (["+9181", "98 2"], ["555000", "9820011101", "444000"])
    )

    assert found == words.get(report, usual)


@pytest.mark.parametrize("report", REPORTS)
def test_what_a_report_is_not_asked_by_is_refused(ask: Ask, report: str) -> None:
    paged, timed = report in IN_PAGES, report in BY_DURATION
    body = REPORTS[report] | TODAY

    with_page = ask(f"/call-log/{report}", body | {"page_no": 1, "page_size": 7})
    with_duration = ask(f"/call-log/{report}", body | {"duration_les_than": 9})

    # Without any calls there is no employee to sum up, which is refused as well.
    unknown = "The message body on the request is not as per API specification."
    assert (with_page.json()["message"] != unknown) == paged
    assert (with_duration.json()["message"] != unknown) == timed


@pytest.mark.parametrize("report", BY_DURATION)
def test_durations_have_limits(ask: Ask, report: str) -> None:
    body = REPORTS[report] | TODAY

    found = [
        said(ask(f"/call-log/{report}", body | durations))
        for durations in (
            {"duration_les_than": -1},
            {"duration_grt_than": 2**63},
            {"duration_les_than": 5, "duration_grt_than": 5},
        )
    ]

    assert found == [
        OUT_OF_RANGE,
        OUT_OF_RANGE,
        NO_DURATION,
    ]


@pytest.mark.parametrize("report", IN_PAGES)
def test_pages_have_limits(ask: Ask, report: str) -> None:
    body = REPORTS[report] | TODAY
    stop = "" if report in {"employee-summary", "history"} else "."

    found = [
        said(ask(f"/call-log/{report}", body | page))
        for page in (
            {"page_no": 0},
            {"page_no": 2**31},
            {"page_size": 0},
            {"page_size": 10_000},
        )
    ]

    size = f"Invalid value. The value should be between 1 to 100{stop}"
    assert found == [BAD_PAGE, BAD_PAGE, size, size]


@pytest.mark.parametrize("report", ["hourly-analytics", "daywise-analytics"])
def test_working_hours_are_wanted(ask: Ask, report: str) -> None:
    found = [
        said(ask(f"/call-log/{report}", TODAY | hours))
        for hours in (
            {},
            {"working_hour_from": "09:00", "working_hour_to": " "},
            {"working_hour_from": "9:00", "working_hour_to": "18:00"},
            {"working_hour_from": "09:00", "working_hour_to": "24:00"},
        )
    ]

    assert found == [NO_HOURS, NO_HOURS, BAD_HOURS, BAD_HOURS]


def test_only_days_of_the_daywise_report_must_begin_before_they_end(ask: Ask) -> None:
    night = TODAY | {"working_hour_from": "22:00", "working_hour_to": "06:00"}

    hourly = ask("/call-log/hourly-analytics", night)
    daywise = ask("/call-log/daywise-analytics", night)

    assert hourly.status_code == 200
    assert said(daywise) == (
        "The “working_hour_from” should not be greater than “working_hour_to”."
    )


def test_days_are_excluded_by_their_three_letters_in_the_hourly_report_only(
    ask: Ask,
) -> None:
    body = TODAY | HOURS

    assert said(
        ask("/call-log/hourly-analytics", body | {"exclude_days": ["Monday"]})
    ) == ("Invalid value. The days should be in ‘ddd’ format i.e. Mon")
    assert ask(
        "/call-log/hourly-analytics", body | {"exclude_days": ["Mon"]}
    ).is_success
    assert said(ask("/call-log/daywise-analytics", body | {"exclude_days": ["Mon"]}))


@pytest.mark.parametrize("account", [EXCLUDING])
def test_excluded_numbers_are_left_out_where_that_is_asked(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.add({"id": "a", "client_number": "9000000001"})
    account.add({"id": "b", "client_number": "9000000002"})

    with_them, without = (
        ask("/call-log/summary", TODAY | {"is_exclude_numbers": wanted})
        for wanted in (True, False)
    )

    assert with_them.json()["result"]["total_calls"] == 2
    assert without.json()["result"]["total_calls"] == 1
    assert said(ask("/call-log/summary", TODAY | {"is_exclude_numbers": "yes"}))


@pytest.mark.parametrize("report", REPORTS)
def test_nobody_reads_a_report_without_the_token(
    client: httpx.Client, account: CallyzerSandbox, report: str
) -> None:
    body = REPORTS[report] | TODAY

    stranger = client.post(
        f"/call-log/{report}", json=body, headers={"authorization": "Bearer wrong"}
    )
    account.moods.expired = True
    late = client.post(f"/call-log/{report}", json=body)

    assert stranger.status_code == 401
    assert (late.status_code, late.json()) == (
        403,
        {"result": None, "message": "Your subscription has expired."},
    )
