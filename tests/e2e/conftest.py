"""Fixtures of the tests that try to break the product."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from tests.e2e.hotline import Hotline
from tests.e2e.processes import Nursery
from tests.e2e.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as opened:
        yield opened


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    with Hotline(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=5):
        yield


@pytest.fixture
def worlds(tmp_path: Path) -> Callable[[], World]:
    """Return what makes one world after the other."""
    numbers = itertools.count()

    def world() -> World:
        folder = tmp_path / f"world-{next(numbers)}"
        folder.mkdir()
        return World(folder)

    return world


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as opened:
        yield opened
