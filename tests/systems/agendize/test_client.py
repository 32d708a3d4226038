"""Every documented operation, over real HTTP; its rules; and what refusals become."""

import json
from typing import Any

import httpx
import pytest

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.operations import OPERATIONS
from connector.transport.http import Http
from tests.systems.agendize.conftest import Account
from tests.systems.pacer import FreePacer

START = {"dateTime": "2026-11-20T10:00:00", "timeZone": "Europe/Paris"}
CALL = {
    "callerNumber": "+33612345678",
    "calledNumber": "+33123456789",
    "start": START,
}


class Line:
    """A client whose requests are seen, and answered as a test says."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = answer
        http = Http(
            "https://api.agendize.com/api/2.0",
            headers={"token": "sso", "apiKey": "key"},
            transport=httpx.MockTransport(self._ask),
        )
        self.pacer = FreePacer()
        self.client = AgendizeClient(http, self.pacer)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def answered(status: int = 200, body: object = None) -> httpx.Response:
    return httpx.Response(status, json=body if body is not None else {})


# ── against the sandbox ────────────────────────────────────────────────────


def test_a_call_is_inserted_read_changed_and_deleted(account: Account) -> None:
    client = account.client

    made = client.insert({**CALL, "duration": 30, "clientId": "c1"})
    call_id = made["id"]
    client.update(call_id, {"clientId": "c2"})

    assert client.get(call_id)["clientId"] == "c2"
    assert client.get(call_id)["callerNumber"] == CALL["callerNumber"]
    client.delete(call_id)
    with pytest.raises(RefusedError) as caught:
        client.get(call_id)
    assert caught.value.status == 404


def test_a_list_has_the_calls_of_its_dates(account: Account) -> None:
    account.sandbox.add({"id": "new", "start": {"dateTime": "2026-11-20T10:00:00"}})
    account.sandbox.add({"id": "old", "start": {"dateTime": "2026-10-20T10:00:00"}})
    dates = {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-12-01T00:00:00Z"}

    found = account.client.list(dates)

    assert [call["id"] for call in found.items] == ["new"]


def test_a_sync_token_lists_what_changed_since(account: Account) -> None:
    account.sandbox.add({"id": "one"})
    token = account.client.list({}).sync_token
    account.sandbox.add({"id": "two"})

    found = account.client.list({"syncToken": token})

    assert [call["id"] for call in found.items] == ["two"]


@pytest.mark.parametrize("search", ["0612", "9999"])
def test_a_search_finds_numbers(account: Account, search: str) -> None:
    account.sandbox.add({"id": "one", "callerNumber": "+330612345678"})

    found = account.client.list({"search": search})

    assert len(found.items) == (search == "0612")


def test_a_watch_is_registered_with_its_secret(account: Account) -> None:
    basic = {"username": "us", "password": "s3cret"}

    made = account.client.watch(
        {"address": "http://127.0.0.1:1/webhooks/agendize", "basicAuth": basic}
    )

    assert made["address"].endswith("/webhooks/agendize")
    assert len(account.sandbox.watches) == 1


# ── requests ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "args", "sent"),
    [
        ("get", ("a/b",), ("GET", "/api/2.0/calls/a%2Fb", "", None)),
        ("delete", ("7",), ("DELETE", "/api/2.0/calls/7", "", None)),
        ("list", ({},), ("GET", "/api/2.0/calls", "", None)),
        (
            "list",
            ({"syncToken": "t=1", "toolId": "5"},),
            ("GET", "/api/2.0/calls", "syncToken=t%3D1&toolId=5", None),
        ),
        ("insert", (CALL,), ("POST", "/api/2.0/calls", "", CALL)),
        (
            "update",
            ("7", {"duration": 5}),
            ("PUT", "/api/2.0/calls/7", "", {"duration": 5}),
        ),
        (
            "watch",
            ({"address": "https://us.example/w", "status": "enabled"},),
            (
                "POST",
                "/api/2.0/calls/watch",
                "",
                {"address": "https://us.example/w", "status": "enabled"},
            ),
        ),
    ],
)
def test_an_operation_is_sent_as_documented(
    name: str, args: tuple[Any, ...], sent: tuple[object, ...]
) -> None:
    line = Line(answered(200, {"items": []} if name == "list" else {"id": "7"}))

    getattr(line.client, name)(*args)

    (request,) = line.sent
    path = request.url.raw_path.decode().partition("?")[0]
    body = json.loads(request.content) if request.content else None
    query = request.url.query.decode()
    assert (request.method, path, query, body) == sent
    assert (request.headers["token"], request.headers["apikey"]) == ("sso", "key")
    assert line.pacer.waits == 1


@pytest.mark.parametrize(
    ("name", "args", "parameter"),
    [
        ("get", ("",), "callId"),
        ("list", ({"startDate": "2026-11-01"},), "startDate"),
        ("list", ({"endDate": "2026-11-01T00:00:00"},), "endDate"),
        ("insert", ({**CALL, "callerNumber": None},), "callerNumber"),
        ("insert", ({**CALL, "calledNumber": ""},), "calledNumber"),
        ("insert", ({**CALL, "start": None},), "start"),
        ("insert", ({**CALL, "start": {}},), "start"),
        (
            "insert",
            ({**CALL, "start": {"dateTime": "2026-11-20T10:00:00Z"}},),
            "start.dateTime",
        ),
        ("insert", ({**CALL, "duration": -1},), "duration"),
        ("insert", ({**CALL, "status": "busy"},), "status"),
        ("update", ("7", {"duration": "5"}), "duration"),
        ("watch", ({},), "address"),
        ("watch", ({"address": "us.example"},), "address"),
        ("watch", ({"address": "https://a", "status": "on"},), "status"),
        (
            "watch",
            ({"address": "https://a", "basicAuth": {"username": "u"}},),
            "basicAuth.password",
        ),
    ],
)
def test_what_the_document_does_not_allow_is_not_sent(
    name: str, args: tuple[Any, ...], parameter: str
) -> None:
    line = Line(answered())

    with pytest.raises(RefusedError) as caught:
        getattr(line.client, name)(*args)

    assert (caught.value.parameter, line.sent) == (parameter, [])


# ── answers ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401), UnauthorizedError),
        (httpx.Response(403), UnauthorizedError),
        (httpx.Response(404), RefusedError),
        (httpx.Response(410), RefusedError),
        (httpx.Response(405), ConfigError),
        (httpx.Response(429, headers={"retry-after": "3"}), RateLimitedError),
        (httpx.Response(500), UnavailableError),
        (httpx.Response(200, text="<html>"), UnavailableError),
        (httpx.Response(200, text='{"items": ['), UnavailableError),
        (answered(200, {"calls": []}), UnavailableError),
        (answered(200, {"items": {}}), UnavailableError),
        (httpx.ReadTimeout("slow"), UnavailableError),
    ],
)
def test_a_list_that_is_none_is_told_apart(
    answer: httpx.Response | Exception, kind: type[ConnectorError]
) -> None:
    with pytest.raises(kind) as caught:
        Line(answer).client.list({})

    assert type(caught.value) is kind


@pytest.mark.parametrize("body", ["plain", {"message": "plain"}, {"error": "plain"}])
def test_a_refusal_is_told_in_its_own_words(body: object) -> None:
    with pytest.raises(RefusedError, match="Agendize: plain"):
        Line(answered(400, body)).client.list({})


@pytest.mark.parametrize("name", ["insert", "watch"])
def test_what_would_be_made_twice_is_not_known_when_its_answer_is_lost(
    name: str,
) -> None:
    line = Line(httpx.ReadTimeout("slow"))
    values = CALL if name == "insert" else {"address": "https://us.example"}

    with pytest.raises(OutcomeUnknownError):
        getattr(line.client, name)(values)


def test_every_documented_operation_is_a_method_of_the_client() -> None:
    assert all(callable(getattr(AgendizeClient, name)) for name in OPERATIONS)
