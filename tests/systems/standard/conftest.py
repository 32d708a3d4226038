"""Every test here is run over every case, and retries happen at once."""

from collections.abc import Iterator

import pytest
import stamina

from tests.systems.standard.case import AnyCase
from tests.systems.standard.desk import Desk, opened
from tests.systems.standard.registry import CASES


@pytest.fixture(params=CASES, ids=str, scope="session")
def case(request: pytest.FixtureRequest) -> AnyCase:
    found: AnyCase = request.param
    return found


@pytest.fixture
def desk(case: AnyCase) -> Iterator[Desk]:
    with opened(case) as found:
        yield found


@pytest.fixture(autouse=True)
def retries_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=9, cap=True):
        yield
