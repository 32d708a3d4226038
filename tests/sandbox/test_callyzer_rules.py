"""The sandbox's Callyzer filters and refuses in the words of the document."""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
LAST_DAY = {"synced_from": NOON - 86_400, "synced_to": NOON}
DAY, LONG_MAX, INTEGER_MAX = 86_400, 2**63 - 1, 2**31 - 1

NO_SPAN = (
    "Either ‘call_from’ and ‘call_to’ or ‘synced_from’ and ‘synced_to’ are mandatory."
    " The duration should be less than 180 days."
)
HALF = "`%s_from` and ‘%s_to’ are mandatory. The duration should be less than 180 days."
BACKWARDS = "Invalid date range. `From` timestamp should be less than `To` timestamp."
BAD_TYPES = (
    "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or"
    " Rejected."
)
OUT_OF_RANGE = "Value out of range for unsigned long data type."
NO_DURATION = (
    "Invalid duration value. The value of ‘duration_les_than’ should be greater than"
    " value of ‘duration_grt_than’"
)
BAD_PAGE = (
    "Invalid value. Value should be greater than zero and within range of unsigned"
    " integer data type."
)
BAD_PAGE_SIZE = "Invalid value. The value should be between 1 to 100"
BAD_IDS = "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed."


@pytest.fixture
def sandbox() -> CallyzerSandbox:
    excluded = ["91-7777777777"]
    return CallyzerSandbox(seconds_per_request=0, now=lambda: NOW, excluded=excluded)


@pytest.fixture
def client(sandbox: CallyzerSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/v2.1/call-log",
            headers={"authorization": f"Bearer {sandbox.token}"},
            trust_env=False,
        ) as client,
    ):
        yield client


def ids(answer: httpx.Response) -> list[str]:
    return [call["id"] for call in answer.json()["result"]]


# ── filters ────────────────────────────────────────────────────────────────

CALLS: tuple[dict[str, object], ...] = (
    {"id": "in", "call_type": "Incoming", "duration": 10, "emp_tags": ["North", "A"]},
    {"id": "out", "call_type": "Outgoing", "duration": 20, "emp_tags": ["South"]},
    {"id": "missed", "call_type": "Missed", "client_number": "7777777777"},
)
COUNTRY = {"emp_country_code": "91", "client_country_code": "91"}


@pytest.fixture
def filtered(sandbox: CallyzerSandbox, client: httpx.Client) -> httpx.Client:
    for at, call in enumerate(CALLS):
        numbers = {"emp_number": f"981000000{at}", "client_number": f"999000000{at}"}
        sandbox.add({**COUNTRY, **numbers, **call})
    return client


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, {"in", "out", "missed"}),
        ({"call_types": ["Incoming", "Missed"]}, {"in", "missed"}),
        ({"duration_grt_than": 10}, {"out"}),
        ({"duration_les_than": 10}, {"missed"}),
        ({"duration_grt_than": 0, "duration_les_than": 20}, {"in"}),
        ({"emp_numbers": ["9810000000"]}, {"in"}),
        ({"emp_numbers": ["91-9810000001", "9810000000"]}, {"in", "out"}),
        ({"emp_tags": ["A", "South"]}, {"in", "out"}),
        ({"client_numbers": ["91-9990000001"]}, {"out"}),
        ({"client_numbers": ["1-9990000001"]}, set()),
        ({"is_exclude_numbers": True}, {"in", "out", "missed"}),
        ({"is_exclude_numbers": False}, {"in", "out"}),
        ({"call_types": [], "duration_grt_than": None, "emp_tags": " "}, None),
        ({"call_from": NOON - 20, "call_to": NOON - 10}, set()),
    ],
)
def test_a_filter_keeps_what_the_document_says(
    filtered: httpx.Client, condition: dict[str, object], expected: set[str] | None
) -> None:
    answer = filtered.post("/history", json={**LAST_DAY, **condition})

    assert set(ids(answer)) == (
        expected if expected is not None else {"in", "out", "missed"}
    )
    assert answer.json()["total_records"] == len(ids(answer))


# ── refusals ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, NO_SPAN),
        ({"call_from": None, "synced_to": ""}, NO_SPAN),
        ({"call_from": NOON}, HALF % ("call", "call")),
        ({"synced_to": NOON}, HALF % ("synced", "synced")),
        (
            {"call_from": "yesterday", "call_to": NOON},
            "Invalid call_from. Please pass the timestamp in UNIX format.",
        ),
        (
            {"synced_from": 1, "synced_to": -5},
            "Invalid synced_to. Please pass the timestamp in UNIX format.",
        ),
        (
            {"synced_from": 1.5, "synced_to": 3},
            "Invalid synced_from. Please pass the timestamp in UNIX format.",
        ),
        ({"call_from": NOON, "call_to": NOON}, BACKWARDS),
        ({"synced_from": NOON, "synced_to": NOON - 1}, BACKWARDS),
        (
            {"synced_from": NOON - 180 * DAY, "synced_to": NOON},
            "The duration should be less than 180 days.",
        ),
        ({**LAST_DAY, "call_types": ["Outgoing", "missed"]}, BAD_TYPES),
        ({**LAST_DAY, "call_types": "missed"}, BAD_TYPES),
        ({**LAST_DAY, "duration_les_than": -1}, OUT_OF_RANGE),
        ({**LAST_DAY, "duration_grt_than": LONG_MAX + 1}, OUT_OF_RANGE),
        ({**LAST_DAY, "duration_les_than": 5, "duration_grt_than": 5}, NO_DURATION),
        (
            {**LAST_DAY, "emp_numbers": ["+9181", "98 2", "9810000000"]},
            "Invalid numbers ‘+9181,98 2’.",
        ),
        (
            {**LAST_DAY, "emp_numbers": ["9810000000", "555000", "444000"]},
            "The ‘444000,555000’ numbers doesn’t exist.",
        ),
        ({**LAST_DAY, "emp_tags": ["East", "A"]}, "The ‘East’ tags doesn’t exist."),
        ({**LAST_DAY, "client_numbers": ["x"]}, "Invalid numbers ‘x’."),
        ({**LAST_DAY, "page_no": 0}, BAD_PAGE),
        ({**LAST_DAY, "page_no": INTEGER_MAX + 1}, BAD_PAGE),
        ({**LAST_DAY, "page_size": 0}, BAD_PAGE_SIZE),
        ({**LAST_DAY, "page_size": 101}, BAD_PAGE_SIZE),
        (
            {**LAST_DAY, "is_exclude_numbers": "True"},
            "Invalid is_exclude_numbers. Must be either True or False.",
        ),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_in_the_documents_words(
    filtered: httpx.Client, body: dict[str, object], message: str
) -> None:
    answer = filtered.post("/history", json=body)

    assert answer.status_code == 400
    assert answer.json() == {"result": None, "message": message}


@pytest.mark.parametrize("unique_ids", [None, [], "a", [str(n) for n in range(21)]])
def test_only_1_to_20_ids_are_got_at_once(
    client: httpx.Client, unique_ids: object
) -> None:
    answer = client.post("/get", json={"unique_ids": unique_ids})

    assert answer.status_code == 400
    assert answer.json() == {"result": None, "message": BAD_IDS}


def test_the_longest_span_and_the_largest_page_are_allowed(
    client: httpx.Client,
) -> None:
    start = NOON - 180 * DAY + 1

    answer = client.post(
        "/history", json={"call_from": start, "call_to": NOON, "page_size": 100}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("body", [[], "text", {**LAST_DAY, "page": 2}])
def test_a_body_that_is_not_as_documented_is_refused(
    client: httpx.Client, body: object
) -> None:
    answer = client.post("/history", json=body)

    assert (answer.status_code, answer.json()["result"]) == (400, None)


def test_a_body_that_is_not_json_is_refused(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}

    answer = client.post("/history", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["result"]) == (400, None)


def test_only_json_is_read(client: httpx.Client) -> None:
    body = json.dumps(LAST_DAY).encode()
    kinds = ("text/plain", "application/json; charset=utf-8", "application/json")

    statuses = [
        client.post(
            "/history", content=body, headers={"content-type": kind}
        ).status_code
        for kind in kinds
    ]

    assert statuses == [400, 200, 200]
