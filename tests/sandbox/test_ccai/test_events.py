"""Session events are posted, and other processes change data by the side doors."""

import base64
import json
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_ccai.document import INBOUND, KOREAN, SCHEDULED, Clock, Json


class Receiver:
    """Takes what is posted to ``/events``, or answers with another status."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[str, str, Json]] = []
        self.app = Starlette(routes=[Route("/events", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        headers = request.headers
        event = json.loads(await request.body())
        self.got.append((headers["authorization"], headers["content-type"], event))
        return Response(status_code=self.status)

    @property
    def items(self) -> list[Json]:
        return [event["events"][0]["item"] for _, _, event in self.got]  # type: ignore[index] # it is a list


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def address(receiver: Receiver) -> Iterator[str]:
    with Server(receiver.app) as server:
        yield f"{server.url}/events"


def test_every_change_of_state_is_posted_with_basic_authentication(
    sandbox: CcaiSandbox,
    clock: Clock,
    apps: httpx.Client,
    receiver: Receiver,
    address: str,
) -> None:
    sandbox.subscribe(address, "us", "secret")

    call_id = apps.post("/calls", json=INBOUND).json()["id"]
    for _ in range(4):
        clock.advance(10)
        sandbox.advance(call_id)
    sandbox.change(call_id, rating=5)

    assert sandbox.events.settle()
    basic = base64.b64encode(b"us:secret").decode()
    assert {got[:2] for got in receiver.got} == {(f"Basic {basic}", "application/json")}
    assert [item["state"] for item in receiver.items] == [
        *("connected", "connected", "connected", "connected", "disconnected"),
    ]
    assert {(item["call_id"], item["dn"]) for item in receiver.items} == {
        (call_id, KOREAN)
    }
    assert sandbox.events.failures == []
    assert len(sandbox.events.delivered) == 5


def test_an_item_is_known_better_with_every_event(
    sandbox: CcaiSandbox, apps: httpx.Client, receiver: Receiver, address: str
) -> None:
    sandbox.subscribe(address, "us", "secret")

    call_id = apps.post("/calls", json=INBOUND).json()["id"]
    for _ in range(4):
        sandbox.advance(call_id)

    assert sandbox.events.settle()
    first, last = receiver.items[0], receiver.items[-1]
    agents = [item["participants"][1:] for item in receiver.items]  # type: ignore[index] # it is a list
    assert first["initiator"] == "virtual_agent_9"
    assert "ends_at" not in first
    assert "ends_at" in last
    assert [[a["status"] for a in each] for each in agents] == [
        *([], ["accepted"], ["accepted"], ["connected"], ["disconnected"]),
    ]
    assert str(last["initiator"]).startswith("agent_")


def test_an_event_has_an_id_and_the_time_in_milliseconds(
    sandbox: CcaiSandbox, clock: Clock, receiver: Receiver, address: str
) -> None:
    sandbox.subscribe(address, "us", "secret")
    sandbox.add({"id": 1})
    sandbox.moods.flat_events = True
    sandbox.add({"id": 2})

    assert sandbox.events.settle()
    (_, _, first), (_, _, second) = receiver.got
    event: Json = first["events"][0]  # type: ignore[index] # it is a list
    assert first["count"] == 1
    assert str(UUID(str(event["event_id"]))) == event["event_id"]
    assert event["timestamp"] == int(clock.at.timestamp() * 1000)
    assert second["events"][0]["call_id"] == 2  # type: ignore[index] # it is a list


def test_a_scheduled_call_has_no_session_yet_and_nor_have_loaded_ones(
    sandbox: CcaiSandbox, apps: httpx.Client, receiver: Receiver, address: str
) -> None:
    sandbox.subscribe(address, "us", "secret")

    sandbox.load(5)
    call_id = apps.post("/calls", json=SCHEDULED).json()["id"]
    sandbox.advance(call_id)

    assert sandbox.events.settle()
    assert [item["call_id"] for item in receiver.items] == [call_id]


def test_what_is_not_taken_is_remembered_and_not_repeated(
    sandbox: CcaiSandbox, receiver: Receiver, address: str
) -> None:
    receiver.status = 401
    sandbox.subscribe(address, "us", "secret")
    sandbox.add({"id": 1})
    assert sandbox.events.settle()
    sandbox.subscribe("http://127.0.0.1:9/events", "us", "secret")
    sandbox.add({"id": 2})
    assert sandbox.events.settle()

    refused, lost = sandbox.events.failures
    assert "401" in refused.reason
    assert "refused" in lost.reason
    assert (len(receiver.got), sandbox.events.delivered) == (1, [])


def test_without_a_subscriber_nothing_is_posted(
    sandbox: CcaiSandbox, receiver: Receiver, address: str
) -> None:
    sandbox.add({"id": 1})
    sandbox.subscribe(address, "us", "secret")
    sandbox.events.subscribe(None)
    sandbox.add({"id": 2})

    assert sandbox.events.settle()
    assert receiver.got == []
    with pytest.raises(ValueError, match="file:///etc"):
        sandbox.subscribe("file:///etc/passwd", "us", "secret")


def test_another_process_adds_and_changes_calls_without_credentials(
    sandbox: CcaiSandbox, clock: Clock, server: Server
) -> None:
    def post(calls: object) -> httpx.Response:
        return httpx.post(f"{server.url}/sandbox/calls", json=calls, trust_env=False)

    added = post([{"status": "connected", "number": KOREAN}, {"id": 40}])
    clock.advance(60)
    changed = post([{"id": 1, "status": "finished"}])
    wrong = [post([{"id": 40, "colour": "red"}]), post([5]), post({"id": 1}), post(5)]

    assert (added.json(), changed.json()) == ([1, 40], [1])
    assert sandbox.call(1)["status"] == "finished"
    assert sandbox.call(1)["updated_at"] != sandbox.call(40)["updated_at"]
    assert [answer.status_code for answer in wrong] == [400] * 4
    assert "colour" in wrong[0].text
    assert sandbox.add({})["id"] == 41


def test_another_process_subscribes(
    sandbox: CcaiSandbox, server: Server, receiver: Receiver, address: str
) -> None:
    def put(to: object) -> int:
        url = f"{server.url}/sandbox/subscription"
        return httpx.put(url, json=to, trust_env=False).status_code

    taken = put({"url": address, "username": "us", "password": "secret"})
    wrong = [
        put({"url": address}),
        put([]),
        put({"url": 5, "username": "", "password": ""}),
    ]
    sandbox.add({"id": 1})

    assert sandbox.events.settle()
    assert (taken, wrong) == (204, [400] * 3)
    assert [item["call_id"] for item in receiver.items] == [1]
