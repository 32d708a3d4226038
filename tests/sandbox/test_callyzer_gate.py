"""The sandbox's Callyzer lets in whom it should, and not too often."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
LAST_DAY = {"synced_from": NOON - 86_400, "synced_to": NOON}


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> CallyzerSandbox:
    return CallyzerSandbox(now=clock)


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


@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", "callyzer-sandbox-token"]
)
def test_nobody_is_let_in_without_the_token(
    client: httpx.Client, authorization: str
) -> None:
    for path, body in (("/history", LAST_DAY), ("/get", {"unique_ids": ["a"]})):
        answer = client.post(path, json=body, headers={"authorization": authorization})

        assert (answer.status_code, answer.json()["result"]) == (401, None)


def test_an_expired_subscription_is_refused_until_it_is_renewed(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.moods.expired = True
    expired = client.post("/history", json=LAST_DAY)
    sandbox.moods.expired = False

    assert expired.status_code == 403
    assert expired.json()["message"] == "Your subscription has expired."
    assert client.post("/history", json=LAST_DAY).status_code == 200


# ── one request in two seconds ─────────────────────────────────────────────


def test_a_request_too_soon_after_the_last_accepted_one_is_turned_away(
    sandbox: CallyzerSandbox, clock: Clock, client: httpx.Client
) -> None:
    statuses = []
    for pause in (0, 1.5, 0.4, 0.2, 2.0):
        clock.advance(pause)
        statuses.append(client.post("/history", json=LAST_DAY).status_code)

    assert statuses == [200, 429, 429, 200, 200]


def test_both_endpoints_share_the_limit_and_a_refused_request_counts(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:

    bad, next_one = (
        client.post("/history", json={}),
        client.post("/get", json={"unique_ids": ["a"]}),
    )

    assert (bad.status_code, next_one.status_code) == (400, 429)


def test_the_wait_is_told_in_seconds_as_a_date_or_not_at_all(
    sandbox: CallyzerSandbox, clock: Clock, client: httpx.Client
) -> None:
    client.post("/history", json=LAST_DAY)
    clock.advance(0.5)

    in_seconds = client.post("/history", json=LAST_DAY).headers["retry-after"]
    sandbox.moods.retry_after = "date"
    as_date = client.post("/history", json=LAST_DAY).headers["retry-after"]
    sandbox.moods.retry_after = "none"
    silent = client.post("/history", json=LAST_DAY).headers

    assert in_seconds == "2"
    assert parsedate_to_datetime(as_date) >= NOW + timedelta(seconds=2)
    assert "retry-after" not in silent
