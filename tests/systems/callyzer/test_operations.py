"""Every documented operation: how it is sent, and what the sandbox answers."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from connector.errors import ConfigError, RefusedError
from connector.sandbox.callyzer import EXAMPLE, EXAMPLE_EMPLOYEE, EXAMPLE_LEAD
from connector.sandbox.callyzer import CallyzerSandbox as Sandbox
from connector.sandbox.server import Server
from connector.systems.callyzer.client import CallyzerClient, version_fields
from connector.systems.callyzer.operations import OPERATIONS
from connector.systems.callyzer.wire import Window
from connector.transport.http import Http
from tests.systems.callyzer.line import (
    END,
    FOUND,
    FULL_LEAD,
    HOURS,
    LEAD,
    NOW,
    OBJECT,
    PAGE,
    REPORTS,
    SPAN,
    START,
    Line,
)
from tests.systems.pacer import FreePacer

# ── requests ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "address", "values", "answer"), REPORTS)
@pytest.mark.parametrize("by", ["call", "synced"])
def test_a_report_is_asked_for_with_its_parameters(
    name: str, address: str, values: dict[str, Any], answer: httpx.Response, by: str
) -> None:
    line = Line(answer)
    span = {f"{by}_from": START, f"{by}_to": END}

    getattr(line.client, name)({**span, **values})

    (request,) = line.sent
    assert (request.method, request.url.path) == (
        "POST",
        f"/api/v2.1/call-log/{address}",
    )
    assert json.loads(request.content) == {**span, **values}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Bearer key"
    assert line.pacer.waits == 1


@pytest.mark.parametrize(
    ("name", "values", "sent"),
    [
        ("get", ["a", "b"], ("POST", "call-log/get", "", {"unique_ids": ["a", "b"]})),
        (
            "remove_recordings",
            ["a"],
            ("DELETE", "call-log/call-recording/remove", "", {"unique_ids": ["a"]}),
        ),
        ("save_lead", LEAD, ("POST", "lead/save", "", LEAD)),
        ("save_lead", FULL_LEAD, ("POST", "lead/save", "", FULL_LEAD)),
        (
            "save_leads",
            {"leads": [FULL_LEAD, LEAD]},
            ("POST", "lead/bulksave", "", {"leads": [FULL_LEAD, LEAD]}),
        ),
        (
            "leads",
            {"first_name": "Raj", "contact_numbers": ["91-9988776655"], **PAGE},
            (
                "POST",
                "lead/get",
                "",
                {"first_name": "Raj", "contact_numbers": ["91-9988776655"], **PAGE},
            ),
        ),
        ("leads", {}, ("POST", "lead/get", "", {})),
        ("employees", {}, ("GET", "employee/get", "", None)),
        (
            "employees",
            {"emp_numbers": ["91-1", "91-2"], "emp_name": "A B", "page_no": 2},
            (
                "GET",
                "employee/get",
                "emp_numbers=91-1&emp_numbers=91-2&emp_name=A+B&page_no=2",
                None,
            ),
        ),
    ],
)
def test_an_operation_is_sent_as_documented(
    name: str, values: object, sent: tuple[object, ...]
) -> None:
    line = Line(OBJECT if name == "save_leads" else FOUND)

    getattr(line.client, name)(values)

    (request,) = line.sent
    path = request.url.path.removeprefix("/api/v2.1/")
    body = json.loads(request.content) if request.content else None
    assert (request.method, path, request.url.query.decode(), body) == sent


def test_blank_values_are_left_out_as_they_would_be_ignored() -> None:
    line = Line(FOUND)

    line.client.never_attended({**SPAN, "emp_tags": [], "emp_numbers": None})

    assert json.loads(line.sent[0].content) == SPAN


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("https://api1.callyzer.co/api/v2.1", {}),
        ("https://api1.callyzer.co/api/v2", {}),
        ("https://api1.callyzer.co/api", {}),
        ("https://api1.callyzer.co/api/v2.2", {"call_method": "m", "call_mode": "o"}),
        ("https://api1.callyzer.co/api/v2.10/", {"call_method": "m", "call_mode": "o"}),
        ("https://api1.callyzer.co/api/v3", {"call_method": "m", "call_mode": "o"}),
    ],
)
def test_what_version_2_2_wants_is_known_by_the_address(
    url: str, fields: dict[str, str]
) -> None:
    assert version_fields(url, call_method="m", call_mode="o") == fields


def test_the_fields_of_version_2_2_go_with_history_and_summary_only() -> None:
    fields = {"call_method": "PhoneCall", "call_mode": "Voice"}
    line = Line(FOUND, fields)

    line.client.history(Window(start=START, end=END), 1, {})
    line.client.never_attended(SPAN)

    history, missed = (json.loads(request.content) for request in line.sent)
    assert history.items() >= fields.items()
    assert missed == SPAN


def test_every_operation_is_sent_by_the_method_of_its_name() -> None:
    assert len(OPERATIONS) == 15
    assert all(callable(getattr(CallyzerClient, name)) for name in OPERATIONS)


# ── against the sandbox ────────────────────────────────────────────────────


@pytest.fixture
def account() -> Sandbox:
    sandbox = Sandbox(seconds_per_request=0, now=lambda: NOW, examples=True)
    sandbox.load(300, seed=7, days=3)
    return sandbox


@pytest.fixture
def client(account: Sandbox) -> Iterator[CallyzerClient]:
    with Server(account.app) as server:
        http = Http(
            server.url + account.prefix,
            headers={"Authorization": f"Bearer {account.token}"},
        )
        yield CallyzerClient(http, FreePacer())
        http.close()


LATELY = {
    "call_from": int(NOW.timestamp()) - 86_400 * 4,
    "call_to": int(NOW.timestamp()),
}


@pytest.mark.parametrize(
    ("name", "more", "keys"),
    [
        (
            "summary",
            {},
            {"total_calls", "total_connected_calls", "total_working_hours"},
        ),
        ("analysis", {}, {"average_duration", "top_dialer", "longest_duration"}),
        ("hourly_analytics", HOURS, {"total_calls", "daily_average", "time_slots"}),
        ("daywise_analytics", HOURS, {"daily_average", "time_slots"}),
    ],
)
def test_totals_are_read(
    client: CallyzerClient, name: str, more: dict[str, Any], keys: set[str]
) -> None:
    found = getattr(client, name)({**LATELY, **more})

    assert found.keys() >= keys


def test_the_totals_of_employees_are_read_page_by_page(client: CallyzerClient) -> None:
    first = client.employee_summary({**LATELY, "page_size": 2})
    second = client.employee_summary({**LATELY, "page_size": 2, "page_no": 2})

    assert {row["emp_code"] for row in first} & {
        row["emp_code"] for row in second
    } == set()
    assert all(row["total_calls"] > 0 for row in first + second)


def test_nobody_with_calls_is_a_refusal_of_employee_summary(
    client: CallyzerClient,
) -> None:
    with pytest.raises(RefusedError, match="No employees meet"):
        client.employee_summary({"call_from": 1, "call_to": 2})


@pytest.mark.parametrize("name", ["never_attended", "not_picked_up", "unique_clients"])
def test_clients_are_read_page_by_page(client: CallyzerClient, name: str) -> None:
    page = getattr(client, name)({**LATELY, "page_size": 3})

    assert (len(page.rows), page.page_no, page.page_size) == (3, 1, 3)
    assert page.total > 3
    assert all("client_number" in row for row in page.rows)


def test_a_recording_is_removed_once(account: Sandbox, client: CallyzerClient) -> None:
    call_id = str(EXAMPLE["id"])

    removed = client.remove_recordings([call_id, "nobody's"])
    again = client.remove_recordings([call_id])

    assert [row["status"] for row in removed] == ["Success", "Failed"]
    assert removed[0]["id"] == call_id
    assert [row["status"] for row in again] == ["Failed"]
    assert client.get([call_id])[0]["call_recording_url"] == ""


def test_a_lead_is_saved_found_and_changed(client: CallyzerClient) -> None:
    lead = {
        **LEAD,
        "assignment": {"strategy": "Random"},
        "contact_numbers": ["91-70000"],
    }

    client.save_lead(lead)

    (found,) = client.leads({"contact_numbers": ["91-70000"]}).rows
    client.save_lead({**lead, "id": found["id"], "first_name": "Usha"})
    (changed,) = client.leads({"contact_numbers": ["91-70000"]}).rows
    assert found["details"]["first_name"] == "Asha"
    assert changed["id"] == found["id"]
    assert changed["details"]["first_name"] == "Usha"


def test_leads_are_saved_together_and_those_that_are_not_are_told(
    client: CallyzerClient,
) -> None:
    good = {"first_name": "Asha", "contact_numbers": ["91-7000000001"]}
    known = {"first_name": "Usha", "contact_numbers": ["123"]}

    saved = client.save_leads(
        {"leads": [good, known], "assignment": {"strategy": "Minimum Leads"}}
    )

    assert [row["contact_numbers"] for row in saved["savedLeads"]] == [
        ["91-7000000001"]
    ]
    assert [row["contact_numbers"] for row in saved["errors"]] == [["123"]]


def test_leads_are_read_page_by_page(account: Sandbox, client: CallyzerClient) -> None:
    account.add_lead(EXAMPLE_LEAD)

    page = client.leads({"page_size": 5, "page_no": 2})

    assert (len(page.rows), page.page_no) == (5, 2)
    assert page.total == len(account.lead_ids())
    assert page.rows[0].keys() == EXAMPLE_LEAD.keys()


def test_employees_are_found_by_number_tag_code_and_name(
    account: Sandbox, client: CallyzerClient
) -> None:
    account.add_employee({**EXAMPLE_EMPLOYEE, "emp_code": "T3", "emp_tags": ["t", "u"]})

    for asked in (
        {"emp_numbers": ["91-3333333333", "3333333333"]},
        {"emp_tags": ["t", "u"]},
        {"emp_codes": ["T3"]},
        {"emp_name": "TEST333"},
    ):
        assert [row["emp_code"] for row in client.employees(asked).rows] == ["T3"]
    with pytest.raises(ConfigError, match="for a given name"):
        client.employees({"emp_name": "Nobody"})
