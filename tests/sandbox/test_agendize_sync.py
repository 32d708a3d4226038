"""The sandbox's Agendize tells what changed since a token, at once or by pages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
import pytest

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAMES = "abcdefgh"


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


def test_a_sync_token_brings_what_changed_since(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    for name in "abc":
        add(sandbox, name, "08:00:00")
    token = asked(client)["nextSyncToken"]

    sandbox.change("b", status="busy")
    add(sandbox, "d", "07:00:00")
    sandbox.change("b", duration=5)
    later = asked(client, syncToken=token)
    nothing = asked(client, syncToken=later["nextSyncToken"])

    assert [call["id"] for call in later["items"]] == ["d", "b"]
    assert later["items"][1]["duration"] == 5
    assert nothing["items"] == []
    assert ids(client, syncToken=token) == "db"


def test_changes_are_filtered_as_all_calls_are(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    token = asked(client)["nextSyncToken"]
    for name, start in zip("abc", ("08:00:00", "09:00:00", "10:00:00"), strict=True):
        add(sandbox, name, start, buttonId="41180", duration=60)
    bounds = {"startDate": "2026-11-20T08:01:00Z", "endDate": "2026-11-20T10:00:00Z"}

    assert ids(client, syncToken=token, **bounds) == "b"
    assert ids(client, syncToken=token, toolId="41183") == ""


def test_a_deleted_call_is_absent_or_has_a_status(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    add(sandbox, "a", "08:00:00")
    add(sandbox, "b", "08:00:00")
    token = asked(client)["nextSyncToken"]
    client.delete("/calls/a")
    sandbox.change("b", duration=5)

    absent = asked(client, syncToken=token)["items"]
    sandbox.moods.deleted = "status"
    told = asked(client, syncToken=token)["items"]

    assert [call["id"] for call in absent] == ["b"]
    assert told[0] == {"id": "a", "status": "deleted"}
    assert told[1:] == absent
    assert ids(client) == "b"


@pytest.mark.parametrize("status", [400, 410])
def test_a_token_that_expired_is_refused_with_either_status(
    sandbox: AgendizeSandbox, client: httpx.Client, status: Literal[400, 410]
) -> None:
    sandbox.moods.token_status = status
    token = asked(client)["nextSyncToken"]
    other = AgendizeSandbox()._cursors.sync_token(1)  # noqa: SLF001 - of another account
    sandbox.expire_tokens()

    refusals = [refusal(client, syncToken=t) for t in (token, other, "", "x", "W10")]

    message = "The sync token is invalid or has expired."
    assert refusals == [(status, message)] * 5
    assert asked(client, syncToken=asked(client)["nextSyncToken"])["items"] == []


# ── pages ──────────────────────────────────────────────────────────────────


def test_pages_together_are_all_calls_once_and_the_last_has_the_sync_token(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.moods.page_size = 3
    for name in NAMES:
        add(sandbox, name, "08:00:00")

    first = asked(client)
    second = asked(client, pageToken=first["nextPageToken"])
    third = asked(client, pageToken=second["nextPageToken"])

    pages = (first, second, third)
    assert [len(page["items"]) for page in pages] == [3, 3, 2]
    assert "".join(c["id"] for page in pages for c in page["items"]) == NAMES
    assert ["nextSyncToken" in page for page in pages] == [False, False, True]
    assert "nextPageToken" not in third


def test_what_changes_between_pages_is_in_the_next_sync(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.moods.page_size = 2
    for name, minute in zip("abcd", range(4), strict=True):
        add(sandbox, name, f"08:0{minute}:00")
    first = asked(client)
    add(sandbox, "e", "07:00:00")
    sandbox.change("a", duration=9)
    sandbox.remove("b")

    last = asked(client, pageToken=first["nextPageToken"])
    sandbox.moods.deleted = "status"
    sandbox.moods.page_size = None
    changed = asked(client, syncToken=last["nextSyncToken"])["items"]

    assert [call["id"] for call in last["items"]] == ["c", "d"]
    assert [call["id"] for call in changed] == ["e", "a", "b"]


def test_changes_are_paged_too(sandbox: AgendizeSandbox, client: httpx.Client) -> None:
    token = asked(client)["nextSyncToken"]
    for name in "abc":
        add(sandbox, name, "08:00:00")
    sandbox.moods.page_size = 2

    first = asked(client, syncToken=token)
    sandbox.change("a", duration=1)
    second = asked(client, pageToken=first["nextPageToken"])

    assert [call["id"] for call in first["items"]] == ["a", "b"]
    assert [call["id"] for call in second["items"]] == ["c", "a"]
    assert ids(client, syncToken=second["nextSyncToken"]) == "a"


@pytest.mark.parametrize("token", ["", "x", "W10", "eyJlcmEiOiAxfQ"])
def test_a_page_token_that_is_none_is_refused(client: httpx.Client, token: str) -> None:
    sync = asked(client)["nextSyncToken"]
    message = "The page token is invalid or has expired."

    assert refusal(client, pageToken=token) == (400, message)
    assert refusal(client, pageToken=sync) == (400, message)
