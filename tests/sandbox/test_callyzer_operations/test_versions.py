"""2.2 has a path of its own, and wants to know which kind of call is meant."""

from collections.abc import Iterator

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_callyzer_operations.given import NOW, TODAY, Json

KIND = {"call_method": "PhoneCall", "call_mode": "Voice"}


@pytest.fixture
def newer() -> Iterator[httpx.Client]:
    account = CallyzerSandbox(version="2.2", seconds_per_request=0, now=lambda: NOW)
    account.add({"id": "a"})
    with (
        Server(account.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/v2.2",
            headers={"authorization": f"Bearer {account.token}"},
            trust_env=False,
        ) as client,
    ):
        yield client


@pytest.mark.parametrize("report", ["history", "summary"])
def test_the_kind_of_call_is_wanted_of_history_and_summary(
    newer: httpx.Client, report: str
) -> None:
    kinds: tuple[Json, ...] = (
        {},
        {"call_method": "PhoneCall"},
        {"call_mode": "Voice"},
        {"call_method": "Telegram", "call_mode": "Voice"},
        {"call_method": "PhoneCall", "call_mode": "voice"},
    )

    answers = [newer.post(f"/call-log/{report}", json=TODAY | kind) for kind in kinds]

    assert [answer.status_code for answer in answers] == [400] * 5
    named = [answer.json()["message"].split(".")[0] for answer in answers]
    assert named == [
        f"Invalid call_{what}"
        for what in ("method", "mode", "method", "method", "mode")
    ]


def test_all_calls_of_the_sandbox_are_phone_calls(newer: httpx.Client) -> None:
    found = [
        newer.post("/call-log/history", json=TODAY | kind).json()["total_records"]
        for kind in (
            KIND,
            {"call_method": ["WhatsAppCall", "PhoneCall"], "call_mode": ["Voice"]},
            KIND | {"call_method": "WhatsAppCall"},
            KIND | {"call_mode": "Video"},
        )
    ]

    assert found == [1, 1, 0, 0]


def test_other_reports_may_be_told_the_kind_of_call(newer: httpx.Client) -> None:
    statuses = [
        newer.post("/call-log/unique-clients", json=TODAY | kind).status_code
        for kind in ({}, KIND)
    ]

    assert statuses == [200, 200]
    assert newer.post("/lead/get", json=KIND).status_code == 400


def test_2_1_knows_no_kinds_of_call(client: httpx.Client) -> None:
    answer = client.post("/call-log/history", json=TODAY | KIND)

    assert answer.status_code == 400


@pytest.mark.parametrize("prefix", ["", "/proxy/callyzer", "/api/v{version}"])
def test_the_prefix_may_be_any(prefix: str) -> None:
    account = CallyzerSandbox(prefix=prefix, version="2.2", seconds_per_request=0)

    with Server(account.app) as server:
        answer = httpx.post(
            f"{server.url}{prefix.replace('{version}', '2.2')}/lead/get",
            json={},
            headers={"authorization": f"Bearer {account.token}"},
            trust_env=False,
        )

    assert answer.status_code == 200
    assert account.prefix == prefix.replace("{version}", "2.2")
