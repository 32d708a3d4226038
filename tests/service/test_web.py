"""What the service says of itself while something is wrong."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from connector.errors import ConfigError
from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.office import Office


@pytest.fixture
def app(office: Office, clock: ManualClock) -> Iterator[App]:
    with office.app(clock) as opened:
        yield opened


@pytest.fixture
def schedule(app: App) -> Schedule:
    return Schedule(app=app, runner=app.runner())


@pytest.fixture
def url(app: App, schedule: Schedule) -> Iterator[str]:
    with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


def test_a_clockwork_that_does_not_tick_is_not_healthy(url: str) -> None:
    assert get(f"{url}/healthz").status_code == 503


def test_a_clockwork_that_ticks_is_healthy(url: str, schedule: Schedule) -> None:
    schedule.start()

    assert get(f"{url}/healthz").status_code == 200

    schedule.stop()
    assert get(f"{url}/healthz").status_code == 503


def test_without_a_flow_it_is_not_ready(
    url: str, schedule: Schedule, office: Office
) -> None:
    office.write("flow: calls\n")
    schedule.look()

    answer = get(f"{url}/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert "run `connector check`" in answer.json()["problems"][0]
    assert answer.json()["broken_mapping_files"] == 4


def test_a_state_that_cannot_be_written_is_not_ready(
    url: str, schedule: Schedule, app: App
) -> None:
    schedule.look()
    app.store.db.execute("pragma query_only = on")

    answer = get(f"{url}/readyz")

    assert answer.status_code == 503
    assert "the state cannot be used" in answer.json()["problems"][0]


def test_a_state_that_cannot_be_read_is_not_ready(
    url: str, schedule: Schedule, office: Office
) -> None:
    schedule.look()
    with closing(sqlite3.connect(office.folder / "state.db")) as somebody:
        somebody.execute("drop table quarantine")

    answer = get(f"{url}/readyz")

    assert answer.status_code == 503
    assert "the state cannot be used" in answer.json()["problems"][0]


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/v1", "/v1/dials/"])
def test_there_is_no_other_route(url: str, path: str) -> None:
    assert get(url + path).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_that_is_taken_is_a_wrong_setting(
    app: App, schedule: Schedule, host: str
) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        port = taken.getsockname()[1]

        with (
            pytest.raises(ConfigError, match=rf":{port}: Address already in use$"),
            serving(create_web(app, schedule), host, port),
        ):
            pass
