"""Fixtures of the service's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
import structlog
from structlog.typing import EventDict

from connector.model import Run
from connector.service.schedule import Schedule
from connector.testing import ManualClock
from tests.service.office import Office, opened_office
from tests.service.phone import Phone


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def office(tmp_path: Path, clock: ManualClock) -> Iterator[Office]:
    with opened_office(tmp_path, clock) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=3):
        yield


@pytest.fixture
def phone(office: Office, clock: ManualClock) -> Iterator[Phone]:
    with Phone(office, clock) as opened:
        yield opened


@pytest.fixture
def ended() -> list[Run]:
    """The runs that ended."""
    return []


@pytest.fixture
def schedule(phone: Phone, ended: list[Run]) -> Schedule:
    return Schedule(app=phone, runner=phone.runner(), ended=ended.append)


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as events:
        yield events
