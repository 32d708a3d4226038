"""Answers that are none: asked for again, then told, and the cursor stays behind."""

from dataclasses import replace
from typing import Final

import pytest

from connector.errors import UnavailableError
from connector.sandbox.faults import Fault
from tests.systems.standard.desk import Desk, Seen
from tests.systems.standard.troubles import TROUBLES

MOST: Final = 3
"""How many requests of a reading are each hit in turn."""


@pytest.fixture(params=TROUBLES, scope="session")
def trouble(request: pytest.FixtureRequest) -> Fault:
    return TROUBLES[request.param]


def test_trouble_that_passes_costs_one_more_request_and_loses_nothing(
    desk: Desk, trouble: Fault
) -> None:
    there = desk.fill()
    usual = _requests(desk)

    for passed in range(min(MOST, usual)):
        before = desk.asked()
        desk.fault(replace(trouble, path=desk.case.path, skip=passed))

        seen = desk.read()

        assert seen.records.keys() == there
        assert desk.asked() - before == usual + 1


def test_trouble_that_stays_is_told_and_the_cursor_passes_nothing_that_was_not_shown(
    desk: Desk, trouble: Fault
) -> None:
    there = desk.fill()

    for passed in range(min(MOST, _requests(desk))):
        seen = Seen()
        desk.fault(replace(trouble, path=desk.case.path, skip=passed, times=-1))

        with pytest.raises(UnavailableError):
            desk.read(seen)

        desk.sandbox.faults.clear()
        assert desk.read(seen).records.keys() == there


def test_json_is_read_whatever_it_is_said_to_be(desk: Desk) -> None:
    there = desk.fill()
    desk.line.media = "text/html; charset=latin-1"

    assert desk.read().records.keys() == there


def _requests(desk: Desk) -> int:
    before = desk.asked()
    desk.read()
    return desk.asked() - before
