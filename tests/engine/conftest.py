"""Fixtures of the engine's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from connector.state.store import Store
from connector.testing import ManualClock, MemoryCrm
from tests.engine.desk import Desk, opened_desk
from tests.engine.office import Office, opened
from tests.engine.world import TASK, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = ManualClock()
    crm = MemoryCrm(described=TASK, key="Call_Key__c")
    with Store(tmp_path / "state.db", clock) as store:
        yield World(store=store, crm=crm, clock=clock)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = opened(tmp_path, ManualClock())
    with office.store:
        yield office


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=4):
        yield
