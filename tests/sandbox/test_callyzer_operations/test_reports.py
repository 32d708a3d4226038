"""Summaries, the analysis and the lists of clients are counted from the calls."""

import pytest

from connector.sandbox.callyzer import TEAM, CallyzerSandbox
from tests.sandbox.test_callyzer_operations import given
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import NOON, TODAY, Json, shape

ANANYA, ROHAN = TEAM[0], TEAM[1]
X, Y, Z = "9000000001", "9000000002", "9000000003"
CALLS = (
    ("a1", ANANYA, X, "09:00:00", "Missed", 0),
    ("a2", ANANYA, X, "09:30:00", "Outgoing", 60),
    ("a3", ANANYA, Y, "10:00:00", "Missed", 0),
    ("a4", ANANYA, Y, "10:10:00", "Outgoing", 0),
    ("a5", ANANYA, Z, "11:00:00", "Incoming", 2),
    ("b1", ROHAN, X, "09:00:00", "Outgoing", 0),
    ("b2", ROHAN, X, "09:20:00", "Outgoing", 100),
    ("b3", ROHAN, Z, "11:30:00", "Rejected", 0),
)
"""Ananya missed and then reached X, but never reached Y; Rohan reached X in the end."""


@pytest.fixture(autouse=True)
def morning(account: CallyzerSandbox) -> None:
    for call_id, employee, number, at, kind, duration in CALLS:
        account.add({
            "id": call_id,
            "emp_name": employee.name,
            "emp_code": employee.code,
            "emp_country_code": employee.country_code,
            "emp_number": employee.number,
            "emp_tags": list(employee.tags),
            "client_name": f"client {number[-1]}",
            "client_country_code": "91",
            "client_number": number,
            "call_time": at,
            "call_type": kind,
            "duration": duration,
        })  # fmt: skip


def result(ask: Ask, name: str, **more: object) -> Json:
    found: Json = ask(f"/call-log/{name}", TODAY | more).json()["result"]
    return found


def rows(ask: Ask, name: str, **more: object) -> list[Json]:
    found: list[Json] = ask(f"/call-log/{name}", TODAY | more).json()["result"]
    return found


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("summary", given.SUMMARY),
        ("employee-summary", given.EMPLOYEE_SUMMARY),
        ("analysis", given.ANALYSIS),
        ("never-attended", given.WAITING),
        ("not-pickup-by-client", given.WAITING),
        ("unique-clients", given.UNIQUE_CLIENTS),
    ],
)
def test_a_report_has_the_keys_and_the_types_of_the_documents_example(
    ask: Ask, name: str, example: Json
) -> None:
    answer = ask(f"/call-log/{name}", TODAY)

    assert answer.status_code == 200
    assert shape(answer.json()) == shape(example)


# ── summaries ──────────────────────────────────────────────────────────────


def test_the_summary_counts_all_calls(ask: Ask) -> None:
    assert result(ask, "summary") == {
        "total_incoming_calls": 1,
        "total_incoming_duration": 2,
        "total_outgoing_calls": 4,
        "total_outgoing_duration": 160,
        "total_missed_calls": 2,
        "total_rejected_calls": 1,
        "total_calls": 8,
        "total_duration": 162,
        "total_never_attended_calls": 1,
        "total_not_pickup_by_clients_calls": 1,
        "total_unique_clients": 3,
        "total_working_hours": "04:30:02",
        "total_connected_calls": 2,
    }


def test_the_summary_counts_only_what_is_asked_for(ask: Ask) -> None:
    by_rohan = result(ask, "summary", emp_numbers=[f"91-{ROHAN.number}"])
    longer = result(ask, "summary", duration_grt_than=2)
    missed = result(ask, "summary", call_types=["Missed"])

    assert (by_rohan["total_calls"], by_rohan["total_unique_clients"]) == (3, 2)
    assert (longer["total_calls"], longer["total_duration"]) == (2, 160)
    assert missed["total_calls"] == missed["total_missed_calls"] == 2
    assert missed["total_never_attended_calls"] == 1


def test_nothing_adds_up_to_nothing(ask: Ask) -> None:
    empty = {"call_from": 1, "call_to": 2}

    answer = ask("/call-log/summary", empty).json()["result"]

    assert answer.pop("total_working_hours") == "00:00:00"
    assert set(answer.values()) == {0}


def test_employees_are_counted_each_by_themselves(ask: Ask) -> None:
    ananya, rohan = result(ask, "employee-summary")["employees"]

    assert (ananya["emp_code"], rohan["emp_code"]) == ("101", "102")
    assert (ananya["total_calls"], rohan["total_calls"]) == (5, 3)
    assert ananya["total_incoming_connected_calls"] == 0
    assert ananya["total_duration"] == 62
    assert rohan["total_outgoing_connected_calls"] == 1
    assert rohan["total_unique_clients"] == 2
    assert ananya["total_never_attended_calls"] == 1
    assert rohan["total_working_hours"] == "02:30:00"
    assert rohan["avg_duration_per_call"] == "00:01:40"
    assert rohan["avg_incoming_duration"] == "00:00:00"
    assert (ananya["last_call_log"]["id"], rohan["last_call_log"]["id"]) == ("a5", "b3")


def test_employees_come_in_pages_until_none_meets_the_search(ask: Ask) -> None:
    pages = [
        ask("/call-log/employee-summary", TODAY | {"page_no": number, "page_size": 1})
        for number in (1, 2, 3)
    ]

    names = [p.json()["result"]["employees"][0]["emp_name"] for p in pages[:2]]
    assert names == [ANANYA.name, ROHAN.name]
    assert pages[2].status_code == 400
    assert pages[2].json()["message"] == "No employees meet the search criteria."


# ── analysis ───────────────────────────────────────────────────────────────


def test_the_analysis_says_who_is_first_in_what(ask: Ask) -> None:
    found = result(ask, "analysis")

    assert found["average_duration"] == {
        "total_duration": 162,
        "per_call": 32,
        "total_calls": 5,
        "per_day": 162,
        "total_days": 1,
        "per_incoming_call": 2,
        "total_incoming_calls": 1,
        "per_outgoing_call": 40,
        "total_outgoing_calls": 4,
    }
    firsts = {name: who["emp_code"] for name, who in found.items() if "emp_code" in who}
    assert firsts == {
        "top_dialer": "101",
        "top_answered": "101",
        "top_caller": "101",
        "highest_total_duration": "102",
        "longest_duration": "102",
    }
    assert found["highest_total_duration"]["total_calls"] == 2
    assert found["longest_duration"]["call_log"]["id"] == "b2"


def test_without_calls_nobody_is_first(ask: Ask) -> None:
    found = result(ask, "analysis", call_types=["Missed"])

    assert found["top_caller"]["total_calls"] == 2
    assert found["top_dialer"] is found["longest_duration"] is None
    assert set(found["average_duration"].values()) == {0}


# ── who waits for an answer ────────────────────────────────────────────────


def test_never_attended_are_the_clients_who_were_missed_and_not_reached_after_that(
    ask: Ask,
) -> None:
    answer = ask("/call-log/never-attended", TODAY).json()

    (row,) = answer["result"]
    assert (row["emp_code"], row["client_number"]) == ("101", Y)
    assert [log["id"] for log in row["call_logs"]] == ["a3", "a4"]
    assert answer["total_records"] == 1


def test_a_client_who_was_reached_before_is_missed_all_the_same(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change("a2", call_time="08:30:00")

    numbers = [row["client_number"] for row in rows(ask, "never-attended")]

    assert numbers == [X, Y]


def test_a_client_who_is_reached_after_the_span_waits_no_more(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change("a4", call_date="2026-11-22", duration=30)

    assert rows(ask, "never-attended") == []


def test_a_colleagues_talk_does_not_answer_for_the_one_who_missed_the_call(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change("b2", client_number=Y, call_time="10:30:00")

    assert [row["emp_code"] for row in rows(ask, "never-attended")] == ["101"]


def test_a_client_dialled_without_the_country_code_is_the_same_client(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.change("a4", client_country_code="", client_number=f"0{Y}", duration=9)

    assert rows(ask, "never-attended") == []
    assert result(ask, "summary")["total_unique_clients"] == 3


def test_not_picked_up_are_the_clients_who_were_dialled_and_never_spoke(
    account: CallyzerSandbox, ask: Ask
) -> None:
    before = rows(ask, "not-pickup-by-client")
    account.change("b2", duration=0)
    after = rows(ask, "not-pickup-by-client")

    assert [row["client_number"] for row in before] == [Y]
    assert [(row["emp_code"], row["client_number"]) for row in after] == [
        ("102", X),
        ("101", Y),
    ]
    assert [log["id"] for log in after[0]["call_logs"]] == ["b1", "b2"]


def test_the_summarys_totals_are_the_lengths_of_the_lists(
    account: CallyzerSandbox, ask: Ask
) -> None:
    account.load(400, days=5)
    span = {"call_from": NOON - 6 * 86_400, "call_to": NOON}

    summary = ask("/call-log/summary", span).json()["result"]
    totals = {
        name: ask(f"/call-log/{name}", span).json()["total_records"]
        for name in ("never-attended", "not-pickup-by-client", "unique-clients")
    }

    assert totals == {
        "never-attended": summary["total_never_attended_calls"],
        "not-pickup-by-client": summary["total_not_pickup_by_clients_calls"],
        "unique-clients": summary["total_unique_clients"],
    }
    assert all(total > 5 for total in totals.values())


# ── clients ────────────────────────────────────────────────────────────────


def test_each_client_is_listed_once_with_all_calls_and_the_last_one(ask: Ask) -> None:
    x, y, z = rows(ask, "unique-clients")

    assert [row["client_number"] for row in (x, y, z)] == [X, Y, Z]
    assert (x["total_calls"], x["total_connected_calls"]) == (4, 2)
    assert (
        y["total_never_attended_calls"],
        y["total_not_pickup_by_clients_calls"],
    ) == (
        1,
        1,
    )
    assert (z["last_call_log"]["id"], z["last_call_log"]["emp_code"]) == ("b3", "102")


def test_clients_come_in_pages_which_may_be_larger_than_elsewhere(ask: Ask) -> None:
    pages = [
        ask("/call-log/unique-clients", TODAY | {"page_no": number, "page_size": 2})
        for number in (1, 2, 3)
    ]
    sizes = [
        ask("/call-log/unique-clients", TODAY | {"page_size": size}).status_code
        for size in (9_999, 10_000)
    ]

    assert [len(page.json()["result"]) for page in pages] == [2, 1, 0]
    assert pages[1].json()["total_records"] == 3
    assert (pages[1].json()["page_no"], pages[1].json()["page_size"]) == (2, 2)
    assert sizes == [200, 400]
