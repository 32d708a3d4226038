"""Calls are posted to whoever subscribed, as the document's example shows them."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_callyzer_operations.conftest import Ask
from tests.sandbox.test_callyzer_operations.given import NOW, Json
from tests.sandbox.test_callyzer_operations.payload import PAYLOAD, RECORDING

SECRET = "s3cret"  # noqa: S105 - opens only this test


@dataclass
class Receiver:
    """Takes deliveries, and answers with ``status``."""

    status: int = 200
    deliveries: list[tuple[httpx.Headers, bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hook", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        headers = httpx.Headers(request.headers.raw)
        self.deliveries.append((headers, await request.body()))
        return Response(status_code=self.status)

    @property
    def bodies(self) -> list[list[Json]]:
        return [json.loads(body) for _, body in self.deliveries]

    @property
    def ids(self) -> list[list[str]]:
        return [[c["id"] for e in body for c in e["call_logs"]] for body in self.bodies]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    with Server(receiver.app) as server:
        receiver.url = f"{server.url}/hook"
        yield receiver


@pytest.fixture
def subscribed(account: CallyzerSandbox, receiver: Receiver) -> CallyzerSandbox:
    account.subscribe(receiver.url, SECRET)
    return account


def test_the_documents_own_payload_is_posted_as_it_is_printed(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    calls = [
        {name: value for name, value in employee.items() if name != "call_logs"} | call
        for employee in PAYLOAD
        for call in employee["call_logs"]
    ]

    subscribed.add_all(calls)

    assert subscribed.settle()
    assert receiver.bodies == [PAYLOAD]


def test_durations_are_text_and_times_have_no_zone(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    subscribed.add({"id": "a", "duration": 30, "lead_id": "of a lead"})

    assert subscribed.settle()
    (((employee,),),) = (receiver.bodies,)
    (call,) = employee["call_logs"]
    assert call["duration"] == "30"
    assert call["synced_at"] == call["modified_at"] == "2026-11-20 12:00:00"
    assert "lead_id" not in call


def test_the_secret_itself_is_in_the_header(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    subscribed.add({"id": "a"})

    assert subscribed.settle()
    headers, _ = receiver.deliveries[0]
    assert headers["x-callyzer-signature"] == SECRET
    assert headers["content-type"] == "application/json"


def test_the_header_can_be_another_and_a_keyed_hash_of_the_body(
    account: CallyzerSandbox, receiver: Receiver
) -> None:
    account.subscribe(receiver.url, SECRET, header="X-Webhook-Secret", hmac=True)

    account.add({"id": "a", "note": "नमस्ते"})

    assert account.settle()
    headers, body = receiver.deliveries[0]
    wanted = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-webhook-secret"] == wanted
    assert "x-callyzer-signature" not in headers


def test_every_way_in_which_a_call_comes_or_changes_is_posted_in_order(
    subscribed: CallyzerSandbox, receiver: Receiver, ask: Ask
) -> None:
    subscribed.add({"id": "a", "call_recording_url": RECORDING})
    subscribed.change("a", note="late")
    ask("/call-log/call-recording/remove", {"unique_ids": ["a"]}, "DELETE")
    arrived = subscribed.arrive(Random(3))  # noqa: S311 - repeatable
    subscribed.redeliver("a", arrived)

    assert subscribed.settle()
    assert receiver.ids[:4] == [["a"], ["a"], ["a"], [arrived]]
    assert sorted(receiver.ids[4]) == sorted(["a", arrived])
    urls = [body[0]["call_logs"][0]["call_recording_url"] for body in receiver.bodies]
    assert urls[:3] == [RECORDING, RECORDING, ""]


def test_loaded_and_removed_calls_are_not_posted(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    subscribed.load(20)
    subscribed.add({"id": "a"})
    subscribed.remove("a")

    assert subscribed.settle()
    assert receiver.ids == [["a"]]


def test_excluded_numbers_are_posted_unless_that_is_not_wanted(
    receiver: Receiver,
) -> None:
    account = CallyzerSandbox(now=lambda: NOW, excluded=["9000000001"])
    account.subscribe(receiver.url, SECRET, excluded_too=False)
    account.subscribe(receiver.url, SECRET)

    account.add({"id": "kept out", "client_number": "9000000001"})

    assert account.settle()
    assert receiver.ids == [["kept out"]]


def test_after_unsubscribing_nothing_is_posted(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    subscribed.unsubscribe(receiver.url)

    subscribed.add({"id": "a"})

    assert subscribed.settle()
    assert receiver.deliveries == []


# ── failures ───────────────────────────────────────────────────────────────


def test_a_refused_delivery_is_remembered_and_the_next_one_goes_out(
    subscribed: CallyzerSandbox, receiver: Receiver
) -> None:
    receiver.status = 401
    subscribed.add({"id": "a"})
    assert subscribed.settle()
    receiver.status = 200
    subscribed.add({"id": "b"})
    assert subscribed.settle()

    (failure,) = subscribed.failures
    assert (failure.url, failure.call_ids) == (receiver.url, ("a",))
    assert "401" in failure.reason
    assert receiver.ids == [["a"], ["b"]]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hook", "nowhere"])
def test_a_receiver_that_is_not_there_is_remembered(
    account: CallyzerSandbox, url: str
) -> None:
    account.subscribe(url, SECRET)

    account.add({"id": "a"})

    assert account.settle()
    assert [failure.call_ids for failure in account.failures] == [("a",)]


def test_whoever_adds_a_call_does_not_wait_for_the_receiver(
    account: CallyzerSandbox,
) -> None:
    asked, answering = threading.Event(), threading.Event()

    def wait(_: Request) -> Response:
        asked.set()
        answering.wait(10)
        return Response()

    with Server(Starlette(routes=[Route("/", wait, methods=["POST"])])) as server:
        account.subscribe(server.url, SECRET)
        account.add({"id": "a"})
        assert asked.wait(10)
        waited = account.settle(0)
        answering.set()

        assert not waited
        assert account.settle()


def test_another_process_can_subscribe_and_see_what_failed(
    account: CallyzerSandbox, client: httpx.Client, receiver: Receiver
) -> None:
    url = client.base_url.copy_with(path="/sandbox/webhooks")
    receiver.status = 500

    status = client.post(url, json={"url": receiver.url, "secret": SECRET}).status_code
    account.add({"id": "a"})
    assert account.settle()

    assert status == 204
    (failure,) = client.get(url).json()
    assert (failure["url"], failure["call_ids"]) == (receiver.url, ["a"])
