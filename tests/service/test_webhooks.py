"""Deliveries over HTTP: authenticated, noted durably, answered; any body harms nothing."""

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from connector.service.schedule import SOON, Schedule
from connector.service.web import create_web, serving
from connector.service.webhooks import MOST_BYTES
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.office import Office

SECRET = "a secret"  # noqa: S105  opens nothing
BODY = [{"call_logs": [{"id": "one"}, {"id": "two"}]}]


@pytest.fixture
def app(office: Office, clock: ManualClock) -> Iterator[App]:
    office.settings = {**office.settings, "CALLYZER_WEBHOOK_SECRET": SECRET}
    office.write()
    with office.app(clock) as opened:
        yield opened


@pytest.fixture
def schedule(app: App, office: Office) -> Schedule:
    schedule = Schedule(app=app, runner=app.runner())
    schedule.look()
    return schedule


@pytest.fixture
def url(app: App, schedule: Schedule) -> Iterator[str]:
    with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}/webhooks"


def post(
    url: str, body: bytes, secret: str | None = SECRET, system: str = "callyzer"
) -> httpx.Response:
    headers = {} if secret is None else {"X-Callyzer-Signature": secret}
    return httpx.post(f"{url}/{system}", content=body, headers=headers, trust_env=False)


def noted(app: App) -> list[str]:
    return [nudge.record_id for nudge in app.store.nudges("calls", 100)]


def test_an_authentic_delivery_is_noted_and_answered(url: str, app: App) -> None:
    answer = post(url, json.dumps(BODY).encode())

    assert (answer.status_code, answer.json()) == (200, {"accepted": 2})
    assert noted(app) == ["one", "two"]


def test_the_same_again_is_noted_once(url: str, app: App) -> None:
    for _ in range(3):
        post(url, json.dumps(BODY).encode())

    assert sorted(noted(app)) == ["one", "two"]


@pytest.mark.parametrize("secret", [None, "", "another"])
def test_a_forged_one_is_refused_and_nothing_noted(
    url: str, app: App, secret: str | None
) -> None:
    answer = post(url, json.dumps(BODY).encode(), secret)

    assert answer.status_code == 401
    assert noted(app) == []


@pytest.mark.parametrize("body", [b"", b"{", b"5", b"[1]", b"\xff" * 1000])
def test_a_malformed_one_is_told_what_is_wrong(url: str, app: App, body: bytes) -> None:
    answer = post(url, body)

    assert (answer.status_code, noted(app)) == (400, [])
    assert "the body is not" in answer.json()["error"]


def test_a_huge_one_is_refused_before_it_is_read_whole(url: str, app: App) -> None:
    answer = post(url, b" " * (MOST_BYTES + 1))

    assert (answer.status_code, noted(app)) == (413, [])


@pytest.mark.parametrize("system", ["nobody", "salesforce", "newvoicemedia"])
def test_a_system_that_does_not_post_has_no_route(url: str, system: str) -> None:
    assert post(url, b"[]", system=system).status_code == 404


def test_a_delivery_of_a_stream_that_no_flow_reads_is_answered_and_forgotten(
    url: str, app: App, schedule: Schedule
) -> None:
    schedule.flows.clear()

    assert post(url, json.dumps(BODY).encode()).status_code == 200
    assert noted(app) == []


def test_the_flow_is_run_very_soon(url: str, schedule: Schedule, app: App) -> None:
    schedule.start()
    schedule.clockwork.pause()
    job = schedule.clockwork.get_job("calls/live")
    assert job is not None
    job.modify(next_run_time=app.clock.now() + timedelta(hours=1))

    post(url, json.dumps(BODY).encode())

    hastened = schedule.clockwork.get_job("calls/live")
    assert hastened is not None
    assert hastened.next_run_time == app.clock.now() + SOON
    schedule.stop()
