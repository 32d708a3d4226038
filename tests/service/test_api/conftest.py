"""A service with a desk, and an app without a flow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from connector.settings import Settings
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.test_api.caller import TOKEN, Counter


@pytest.fixture
def desk() -> Counter:
    return Counter()


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock, token: str) -> Iterator[App]:
    (tmp_path / "mappings").mkdir()
    settings = {
        "connector_state": tmp_path / "state.db",
        "connector_mappings": tmp_path / "mappings",
        "connector_api_token": token,
        "salesforce_url": "https://org.example",
        "salesforce_client_id": "the-app",
        "salesforce_client_secret": "the-secret-of-the-app",
    }
    with App(Settings.model_validate(settings), clock) as opened:
        yield opened


@pytest.fixture
def schedule(app: App) -> Schedule:
    schedule = Schedule(app=app, runner=app.runner())
    schedule.look()
    return schedule


@pytest.fixture
def url(app: App, schedule: Schedule, desk: Counter) -> Iterator[str]:
    with serving(create_web(app, schedule, desk), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"
