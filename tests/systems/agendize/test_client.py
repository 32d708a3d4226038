"""Every documented operation, over real HTTP, and what answers become."""

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
from connector.systems.agendize.client import LONGEST_BLOCK, PAUSE
from tests.systems.agendize.conftest import Account
from tests.systems.agendize.line import CALL, Line, answered

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
        (httpx.Response(200, text=""), UnavailableError),
        (httpx.Response(200, text='{"items": ['), UnavailableError),
        (answered(200, {"calls": []}), UnavailableError),
        (answered(200, {"items": {}}), UnavailableError),
        (answered(200, {"error": None}), UnavailableError),
        (httpx.Response(200, text="null"), UnavailableError),
        (httpx.ReadTimeout("slow"), UnavailableError),
    ],
)
def test_a_list_that_is_none_is_told_apart(
    answer: httpx.Response | Exception, kind: type[ConnectorError]
) -> None:
    with pytest.raises(kind) as caught:
        Line(answer).client.list({})

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (204, ""),
        (200, "{}"),
        (200, "[]"),
        (200, '{"items": null}'),
        (200, '{"nextSyncToken": "t"}'),
    ],
)
def test_a_list_without_a_call_may_be_empty_in_many_ways(
    status: int, text: str
) -> None:
    found = Line(httpx.Response(status, text=text)).client.list({})

    assert found.items == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "3"}, 3), ({}, PAUSE), ({"retry-after": "9999"}, LONGEST_BLOCK)],
)
def test_all_wait_as_long_as_a_429_asks_for(
    headers: dict[str, str], seconds: float
) -> None:
    line = Line(httpx.Response(429, headers=headers))

    with pytest.raises(RateLimitedError):
        line.client.list({})

    assert line.pacer.blocks == [seconds]


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
