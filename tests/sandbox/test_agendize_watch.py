"""The sandbox's Agendize tells those who watch, as each of them asked."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.server import Server

START = {"dateTime": "2026-11-20T11:00:00", "timeZone": "Asia/Kolkata"}
NEW = {"callerNumber": "+91982", "calledNumber": "+91993", "start": START}


@dataclass
class Receiver:
    """Somebody who watches, and writes down what arrives."""

    url: str = ""
    status: int = 200
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    forms: list[bytes] = field(default_factory=list)
    granted: object = field(default_factory=lambda: {"access_token": "fresh"})

    @property
    def calls(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, _, body in self.received]

    async def hear(self, request: Request) -> Response:
        body = await request.body()
        self.received.append((request.method, dict(request.headers), body))
        headers = {"location": f"{self.url}/elsewhere"}
        return Response(status_code=self.status, headers=headers)

    async def token(self, request: Request) -> Response:
        self.forms.append(await request.body())
        return JSONResponse(self.granted)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    methods = ["POST", "PUT", "PATCH", "DELETE"]
    routes = [
        Route("/hook", receiver.hear, methods=methods),
        Route("/token", receiver.token, methods=["POST"]),
    ]
    with Server(Starlette(routes=routes)) as server:
        receiver.url = server.url
        yield receiver


@pytest.fixture
def sandbox() -> AgendizeSandbox:
    return AgendizeSandbox()


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


def watch(client: httpx.Client, receiver: Receiver, **asked: object) -> httpx.Response:
    body = {"address": f"{receiver.url}/hook"} | asked
    return client.post("/calls/watch", json=body)


def test_every_change_is_told_with_the_call_as_it_then_is(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    watch(client, receiver)

    new = client.post("/calls", json=NEW).json()
    changed = client.put(f"/calls/{new['id']}", json={"duration": 9}).json()
    client.delete(f"/calls/{new['id']}")
    by_hand = sandbox.add({"id": "a"})

    assert sandbox.settle()
    assert receiver.calls == [new, changed, changed, by_hand]
    assert {method for method, _, _ in receiver.received} == {"POST"}
    assert receiver.received[0][1]["content-type"] == "application/json"
    assert [attempt.status for attempt in sandbox.attempts] == [200] * 4


def test_a_deleted_call_may_be_told_with_its_status(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    sandbox.moods.deleted = "status"
    sandbox.add({"id": "a"})
    watch(client, receiver)

    sandbox.remove("a")

    assert sandbox.settle()
    assert [call["status"] for call in receiver.calls] == ["deleted"]


def test_the_sender_shows_what_the_watch_asked_for(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    watch(client, receiver, basicAuth={"username": "u", "password": "pä"})
    watch(client, receiver, httpRequestHeader={"X-Secret": "s", "X-Other": "o"})

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    basic, custom = (headers for _, headers, _ in receiver.received)
    pair = base64.b64encode("u:pä".encode()).decode()
    assert basic["authorization"] == f"Basic {pair}"
    assert "authorization" not in custom
    assert (custom["x-secret"], custom["x-other"]) == ("s", "o")


def test_the_sender_gets_a_token_where_the_watch_says(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    url = f"{receiver.url}/token"
    oauth = {"clientId": "i", "refreshToken": "r", "accessTokenUrl": url}
    watch(client, receiver, oauth2Auth=oauth)

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    assert receiver.forms == [b"grant_type=refresh_token&client_id=i&refresh_token=r"]
    assert receiver.received[0][1]["authorization"] == "Bearer fresh"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_watch_may_ask_for_another_method_of_which_delete_has_no_body(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver, method: str
) -> None:
    watch(client, receiver, method=method)

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    ((used, _, body),) = receiver.received
    assert (used, body == b"") == (method, method == "DELETE")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"my_id_key": "{id}", "dataContent": {"caller": "from {callerNumber}"}},
            {"my_id_key": "a", "dataContent": {"caller": "from +91982"}},
        ),
        (
            {"when": "{start.dateTime}", "none": "{record.url}", "kept": 1},
            {"when": "2026-11-20T11:00:00", "none": "", "kept": 1},
        ),
        ({"all": ["{id}"], "long": "{duration}"}, {"all": ["{id}"], "long": "42"}),
        (
            '"my_id_key": ${$.id}, "dataContent": { "both": "${$.id} ${$.status}"}',
            {"my_id_key": "a", "dataContent": {"both": 'a comp"leted'}},
        ),
        (
            '{"long": ${$.duration}, "start": ${$.start}, "none": ${$.record.url}}',
            {"long": 42, "start": START, "none": None},
        ),
    ],
)  # fmt: skip
def test_a_schema_says_what_is_sent(
    sandbox: AgendizeSandbox,
    client: httpx.Client,
    receiver: Receiver,
    schema: object,
    expected: object,
) -> None:
    watch(client, receiver, schema=schema)

    sandbox.add(NEW | {"id": "a", "duration": 42, "status": 'comp"leted'})

    assert sandbox.settle()
    assert receiver.calls == [expected]


def test_nobody_is_told_who_stopped_watching(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    watch(client, receiver, status="disabled")
    sandbox.unwatch(watch(client, receiver).json()["id"])
    sandbox.add({"id": "a"})
    sandbox.load(5)

    assert sandbox.settle()
    assert receiver.received == []


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_change_can_be_told_again_or_never(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver, times: int
) -> None:
    watch(client, receiver)
    sandbox.moods.deliveries = times

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    assert [call["id"] for call in receiver.calls] == ["a"] * times


@pytest.mark.parametrize("status", [302, 401, 500])
def test_a_delivery_that_is_not_taken_is_remembered_and_not_repeated(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver, status: int
) -> None:
    watch(client, receiver)
    receiver.status = status
    sandbox.add({"id": "a"})
    assert sandbox.settle()
    receiver.status = 204
    sandbox.add({"id": "b"})
    assert sandbox.settle()

    (failure,) = sandbox.failures
    assert (failure.call_id, failure.status) == ("a", status)
    assert failure.address == f"{receiver.url}/hook"
    assert [call["id"] for call in receiver.calls] == ["a", "b"]


@pytest.mark.parametrize("granted", [{}, [], {"access_token": "a\nb"}])
def test_a_watch_that_gets_no_token_is_not_told(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver, granted: object
) -> None:
    receiver.granted = granted
    watch(client, receiver, oauth2Auth={"accessTokenUrl": f"{receiver.url}/token"})

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    assert receiver.received == []
    assert [attempt.status for attempt in sandbox.failures] == [None]


def test_an_address_where_nobody_is_fails_and_others_are_still_told(
    sandbox: AgendizeSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    with Server(Starlette()) as gone:
        address = f"{gone.url}/hook"
    oauth = {"accessTokenUrl": f"{receiver.url}/hook"}
    client.post("/calls/watch", json={"address": address})
    watch(client, receiver, httpRequestHeader={"X-Secret": "a\nb"})
    watch(client, receiver, oauth2Auth=oauth)
    watch(client, receiver)

    sandbox.add({"id": "a"})

    assert sandbox.settle()
    told = client.get(client.base_url.join("/sandbox/deliveries")).json()
    assert [attempt["status"] for attempt in told] == [None, None, None, 200]
    assert [bool(attempt.reason) for attempt in sandbox.attempts] == [True] * 3 + [
        False
    ]
    assert told[0]["address"] == address
