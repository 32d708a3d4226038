"""The sandbox's Agendize keeps calls as the vendor's document says, over HTTP."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import httpx
import pytest

from connector.sandbox.agendize import FIELDS, AgendizeSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
WHOLE: dict[str, object] = {
    "id": "c-1",
    "buttonId": "41180",
    "clientId": "cl-7",
    "callerNumber": "+919930042101",
    "calledNumber": "+919820011101",
    "trackingNumber": "+912248930101",
    "start": {"dateTime": "2026-11-20T11:30:00", "timeZone": "Asia/Kolkata"},
    "duration": 42,
    "status": "completed",
    "externalId": "x-1",
    "type": "callTracking",
    "record": {"mimeType": "audio/mpeg", "url": "https://records.example/c-1.mp3"},
}
"""Every field of the document's resource."""
NEW: dict[str, object] = {
    "callerNumber": "+919820011101",
    "calledNumber": "+919930042101",
    "start": {"dateTime": "2026-11-20T11:00:00", "timeZone": "Europe/Paris"},
}


@pytest.fixture
def sandbox() -> AgendizeSandbox:
    return AgendizeSandbox(now=lambda: NOW)


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


def error(answer: httpx.Response) -> tuple[int, str]:
    inner = answer.json()["error"]
    assert inner["code"] == answer.status_code
    return answer.status_code, inner["message"]


# ── who may ask ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"token": "SSO", "apiKey": "KEY"}, ""),
        ({"token": "SSO"}, "?apiKey=KEY"),
        ({"Authorization": "Bearer OAUTH"}, ""),
        ({"Authentication": "Bearer OAUTH"}, ""),
    ],
)
def test_each_documented_way_in_is_open(headers: dict[str, str], query: str) -> None:
    sandbox = AgendizeSandbox(token="SSO", api_key="KEY", oauth_token="OAUTH")  # noqa: S106 - opens only the sandbox

    with Server(sandbox.app) as server:
        url = f"{server.url}/api/2.0/calls{query}"
        answer = httpx.get(url, headers=headers, trust_env=False)

    assert answer.status_code == 200
    assert answer.json()["items"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"token": "SSO"},
        {"apiKey": "KEY"},
        {"token": "SSO", "apiKey": "wrong"},
        {"token": "wrong", "apiKey": "KEY"},
        {"Authorization": "Bearer SSO"},
        {"Authorization": "OAUTH"},
    ],
)
def test_nobody_else_is_let_in(headers: dict[str, str]) -> None:
    sandbox = AgendizeSandbox(token="SSO", api_key="KEY", oauth_token="OAUTH")  # noqa: S106 - opens only the sandbox
    sandbox.add(WHOLE)
    asked = (
        ("GET", "/calls"),
        ("POST", "/calls"),
        ("GET", "/calls/c-1"),
        ("PUT", "/calls/c-1"),
        ("DELETE", "/calls/c-1"),
        ("POST", "/calls/watch"),
    )

    with (
        Server(sandbox.app) as server,
        httpx.Client(headers=headers, trust_env=False) as client,
    ):
        url = f"{server.url}/api/2.0"
        answers = [client.request(method, f"{url}{path}") for method, path in asked]

    assert {answer.status_code for answer in answers} == {401}
    assert (len(sandbox), sandbox.watches) == (1, ())


# ── one call ───────────────────────────────────────────────────────────────


def test_a_call_is_got_with_every_field_of_the_resource(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.add(WHOLE)

    answer = client.get("/calls/c-1")

    assert answer.status_code == 200
    assert answer.json() == WHOLE
    assert tuple(answer.json()) == FIELDS


def test_a_call_that_is_inserted_is_returned_and_kept(client: httpx.Client) -> None:
    given = NEW | {"duration": 60, "buttonId": "b", "clientId": "c", "externalId": "e"}

    answer = client.post("/calls", json=given)

    call = answer.json()
    assert answer.status_code == 200
    assert call == given | {"id": call["id"], "status": "completed"}
    assert client.get(f"/calls/{call['id']}").json() == call


def test_the_companys_zone_is_the_default(client: httpx.Client) -> None:
    start = {"dateTime": "2026-11-20T11:00:00"}

    call = client.post("/calls", json=NEW | {"start": start}).json()

    assert call["start"] == start | {"timeZone": "Asia/Kolkata"}


def test_a_duration_may_be_of_each_type_that_the_document_names(
    client: httpx.Client,
) -> None:
    types: tuple[object, ...] = (60, "60", [60], ["60"])

    calls = [client.post("/calls", json=NEW | {"duration": d}).json() for d in types]

    assert [call["duration"] for call in calls] == [60] * 4


def test_an_update_changes_what_it_names_and_nothing_else(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.add(WHOLE)
    change = {"calledNumber": ["+912"], "start": {"timeZone": "UTC"}, "duration": "7"}

    answer = client.put("/calls/c-1", json=change)

    start = {"dateTime": "2026-11-20T11:30:00", "timeZone": "UTC"}
    changed = WHOLE | {"calledNumber": "+912", "start": start, "duration": 7}
    assert (answer.status_code, answer.json()) == (200, changed)
    assert client.get("/calls/c-1").json() == changed


def test_a_whole_call_can_be_put_back_and_keeps_what_nobody_sets(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.add(WHOLE)

    answer = client.put("/calls/c-1", json=WHOLE | {"id": "c-2", "status": "busy"})

    assert answer.json() == WHOLE


def test_a_call_is_deleted_with_an_empty_answer(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.add(WHOLE)

    answer = client.delete("/calls/c-1")

    assert (answer.status_code, answer.content, len(sandbox)) == (204, b"", 0)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_call_that_is_not_there_is_not_found(
    client: httpx.Client, method: str
) -> None:
    assert error(client.request(method, "/calls/c-9", json={}))[0] == 404


# ── what is refused ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"callerNumber": None}, "Required: callerNumber."),
        ({"start": None}, "Required: start.dateTime."),
        ({"start": {"timeZone": "UTC"}}, "Required: start.dateTime."),
        ({"callerNumber": " "}, "callerNumber must be a number."),
        ({"callerNumber": 91}, "callerNumber must be a number."),
        ({"calledNumber": ["1", "2"]}, "calledNumber must be a number."),
        ({"duration": -1}, "duration must be an integer, not negative."),
        ({"duration": "1m"}, "duration must be an integer, not negative."),
        ({"duration": True}, "duration must be an integer, not negative."),
        ({"buttonId": 41180}, "buttonId must be a string."),
        ({"start": "2026-11-20T11:00:00"}, "start is not known."),
        ({"colour": "red"}, "colour is not known."),
        ({"start": {"date": "2026-11-20"}}, "start.date is not known."),
        (
            {"start": {"dateTime": "2026-11-20T11:00:00", "timeZone": "Mars"}},
            "start.timeZone must be a time zone.",
        ),
    ],
)
def test_a_call_that_is_not_as_documented_is_refused(
    sandbox: AgendizeSandbox,
    client: httpx.Client,
    change: Mapping[str, object],
    message: str,
) -> None:
    assert error(client.post("/calls", json=NEW | dict(change))) == (400, message)
    assert len(sandbox) == 0


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-20T11:00:00Z",
        "2026-11-20T11:00:00+05:30",
        "2026-11-20 11:00:00",
        "2026-11-20",
        "2026-11-31T11:00:00",
        1,
    ],
)
def test_a_start_is_an_rfc_3339_time_without_its_zone(
    client: httpx.Client, moment: object
) -> None:
    answer = client.post("/calls", json=NEW | {"start": {"dateTime": moment}})

    message = (
        "start.dateTime must be a date and time of RFC 3339, without time zone"
        " information."
    )
    assert error(answer) == (400, message)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null"])
def test_a_body_that_is_no_object_is_refused(
    sandbox: AgendizeSandbox, client: httpx.Client, body: bytes
) -> None:
    sandbox.add(WHOLE)
    asked = (("POST", "/calls"), ("PUT", "/calls/c-1"), ("POST", "/calls/watch"))

    answers = [client.request(method, path, content=body) for method, path in asked]

    assert [error(a) for a in answers] == [(400, "The body must be a JSON object.")] * 3
