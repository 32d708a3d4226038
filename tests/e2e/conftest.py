"""Fixtures of the tests that try to break the product."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from tests.e2e.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=5):
        yield
