"""Deliveries over HTTP: authenticated, noted durably, answered; any body harms nothing."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from connector.service import webhooks as receiving
from connector.service.schedule import SOON, Schedule
from connector.service.web import create_web, serving
from connector.service.webhooks import MOST_BYTES, MOST_RECORDS
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


def raw(url: str, *lines: str) -> str:
    """Send these lines of a request and no more; the answer's first line."""
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=5) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return line.recv(1000).decode().partition("\r\n")[0]


def test_a_body_of_somebody_without_a_right_is_not_waited_for(url: str) -> None:
    path = "/webhooks/callyzer"

    said = raw(url, f"POST {path} HTTP/1.1", "Host: us", "Content-Length: 4000000")

    assert "401" in said


def test_a_body_that_says_to_be_huge_is_not_waited_for(url: str) -> None:
    said = raw(
        url,
        "POST /webhooks/callyzer HTTP/1.1",
        "Host: us",
        f"X-Callyzer-Signature: {SECRET}",
        f"Content-Length: {MOST_BYTES + 1}",
    )

    assert "413" in said


def test_a_body_that_does_not_come_is_not_waited_for_long(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "BODY_SECONDS", 0.05)

    said = raw(
        url,
        "POST /webhooks/callyzer HTTP/1.1",
        "Host: us",
        f"X-Callyzer-Signature: {SECRET}",
        "Content-Length: 100",
    )

    assert "408" in said


def test_a_connection_that_is_cut_is_one_line_in_the_log(
    url: str, app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port)) as line:
        line.sendall(
            b"POST /webhooks/callyzer HTTP/1.1\r\nHost: us\r\nContent-Length: 100\r\n"
            + f"X-Callyzer-Signature: {SECRET}\r\n\r\n[".encode()
        )

    assert post(url, json.dumps(BODY).encode()).status_code == 200
    assert "Traceback" not in "".join(capsys.readouterr())


def test_an_address_may_end_with_a_slash(url: str, app: App) -> None:
    assert post(url, json.dumps(BODY).encode(), system="callyzer/").status_code == 200
    assert noted(app) == ["one", "two"]


def test_a_delivery_about_too_many_records_is_refused_whole(url: str, app: App) -> None:
    many = [{"call_logs": [{"id": str(n)} for n in range(MOST_RECORDS + 1)]}]

    answer = post(url, json.dumps(many).encode())

    assert (answer.status_code, noted(app)) == (413, [])
    assert "10000 records" in answer.json()["error"]


def test_a_compressed_body_is_refused_in_clear_words(url: str) -> None:
    headers = {"X-Callyzer-Signature": SECRET, "Content-Encoding": "gzip"}

    answer = httpx.post(
        f"{url}/callyzer", content=b"x", headers=headers, trust_env=False
    )

    assert answer.status_code == 415


def test_before_the_mapping_files_are_read_it_asks_to_try_again(
    app: App, office: Office
) -> None:
    fresh = Schedule(app=app, runner=app.runner())

    with serving(create_web(app, fresh), "127.0.0.1", 0) as port:
        answer = post(f"http://127.0.0.1:{port}/webhooks", json.dumps(BODY).encode())

    assert answer.status_code == 503


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
