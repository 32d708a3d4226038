"""The sandbox's Agendize lists calls by date, by text and by sync token."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.agendize.moods import Dates
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EIGHT, TEN = "2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"


@pytest.fixture
def sandbox() -> AgendizeSandbox:
    return AgendizeSandbox(zone="UTC", now=lambda: NOW)


@pytest.fixture
def client(sandbox: AgendizeSandbox) -> Iterator[httpx.Client]:
    headers = {"token": sandbox.token, "apiKey": sandbox.api_key}
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/2.0", headers=headers, trust_env=False
        ) as client,
    ):
        yield client


def add(sandbox: AgendizeSandbox, call_id: str, time: str, **fields: object) -> None:
    sandbox.add({"id": call_id, "start": {"dateTime": f"2026-11-20T{time}"}} | fields)


def asked(client: httpx.Client, **query: str) -> dict[str, Any]:
    answer = client.get("/calls", params=query)
    assert answer.status_code == 200
    return dict(answer.json())


def ids(client: httpx.Client, **query: str) -> str:
    return "".join(call["id"] for call in asked(client, **query)["items"])


def refusal(client: httpx.Client, **query: str) -> tuple[int, str]:
    answer = client.get("/calls", params=query)
    return answer.status_code, answer.json()["error"]["message"]


@pytest.fixture
def day(sandbox: AgendizeSandbox) -> AgendizeSandbox:
    """Calls of ten minutes each: around, at and between eight and ten o'clock."""
    starts = ("07:50:00", "07:50:01", "08:00:00", "09:59:59", "10:00:00")
    for name, start in zip("abcde", starts, strict=True):
        add(sandbox, name, start, duration=600)
    return sandbox


@pytest.mark.usefixtures("day")
def test_all_calls_are_listed_by_when_they_start(client: httpx.Client) -> None:
    answer = asked(client)

    assert "".join(call["id"] for call in answer["items"]) == "abcde"
    assert set(answer) == {"items", "nextSyncToken"}


def test_the_list_is_as_documented_without_any_token(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.moods.sync_tokens = False
    add(sandbox, "a", "08:00:00")

    assert asked(client) == {"items": sandbox.calls}


# ── dates: a call starts before one bound and ends after the other ─────────


QUERIES = (
    {"startDate": EIGHT, "endDate": TEN},
    {"startDate": TEN, "endDate": EIGHT},
    {"startDate": TEN},
    {"endDate": EIGHT},
    {"startDate": EIGHT},
    {"endDate": TEN},
)


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ("described", ["", "bcd", "abcd", "bcde", "ab", "de"]),
        ("named", ["bcd", "", "de", "ab", "bcde", "abcd"]),
        ("either", ["bcd", "bcd", "abcd", "bcde", "ab", "de"]),
        ("contained", ["c", "", "e", "", "cde", "abc"]),
        ("exclusive", ["d", "", "", "ab", "de", "abcd"]),
    ],
)
def test_dates_mean_what_is_described_or_what_they_are_named(
    day: AgendizeSandbox,
    client: httpx.Client,
    dates: Dates,
    found: list[str],
) -> None:
    day.moods.dates = dates

    assert [ids(client, **query) for query in QUERIES] == found


@pytest.mark.usefixtures("day")
def test_a_bound_may_have_any_offset_and_a_fraction(client: httpx.Client) -> None:
    bounds = {
        "startDate": "2026-11-20T13:30:00.5+05:30",
        "endDate": "2026-11-20t10:00:00.5z",
    }

    assert ids(client, **bounds) == "bcde"


def test_a_call_is_found_by_its_own_zone(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    start = {"dateTime": "2026-11-20T14:00:00", "timeZone": "Asia/Kolkata"}
    sandbox.add({"id": "a", "start": start, "duration": 600})

    assert ids(client, startDate=EIGHT, endDate=TEN) == "a"


def test_a_long_call_is_found_by_its_end(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    add(sandbox, "a", "05:00:00", duration=4 * 3600)
    add(sandbox, "b", "06:00:00", duration=60)

    assert ids(client, startDate=EIGHT, endDate=TEN) == "a"


@pytest.mark.parametrize(
    "date",
    ["2026-11-20", "2026-11-20T08:00:00", "1795507200", "", "2026-02-30T08:00:00Z"],
)
def test_a_date_that_is_no_timestamp_is_refused(
    client: httpx.Client, date: str
) -> None:
    for name in ("startDate", "endDate"):
        message = f"{name} must be an RFC 3339 timestamp."

        assert refusal(client, **{name: date}) == (400, message)


def test_a_parameter_that_the_document_lacks_is_refused(client: httpx.Client) -> None:
    assert refusal(client, maxResults="5") == (400, "maxResults is not known.")


# ── text and tool ──────────────────────────────────────────────────────────


def test_a_search_looks_into_all_three_numbers(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    add(sandbox, "a", "08:00:00", callerNumber="+15550100")
    add(sandbox, "b", "08:01:00", calledNumber="+15550100")
    add(sandbox, "c", "08:02:00", trackingNumber="+15550100")
    add(sandbox, "d", "08:03:00", callerNumber="+15550101", clientId="+15550100")

    assert ids(client, search="5550100") == "abc"
    assert ids(client, search="+1555010") == "abcd"


def test_a_tool_is_the_button_of_its_calls(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    add(sandbox, "a", "08:00:00", buttonId="41180")
    add(sandbox, "b", "08:01:00", buttonId="41183")
    add(sandbox, "c", "08:02:00")

    assert ids(client, toolId="41183") == "b"


# ── what the document writes in more than one way ──────────────────────────


def test_a_call_can_be_written_in_the_documents_other_ways(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    record = {"mimeType": "audio/mpeg", "url": "https://records.example/a.mp3"}
    start = {"dateTime": "2026-11-20T14:00:00", "timeZone": "Asia/Kolkata"}
    sandbox.add({"id": "a", "start": start, "duration": 42, "record": record})
    moods = sandbox.moods
    moods.text_durations = moods.mine_type = moods.nulls = moods.zoneless = True

    call = client.get("/calls/a").json()

    assert call == {
        "id": "a",
        "buttonId": None,
        "clientId": None,
        "callerNumber": "",
        "calledNumber": "",
        "trackingNumber": None,
        "start": {"dateTime": "2026-11-20T08:30:00"},
        "duration": "42",
        "status": "completed",
        "externalId": None,
        "type": None,
        "record": {"mineType": "audio/mpeg", "url": record["url"]},
    }
    assert asked(client)["items"] == [call]
