"""Whom nobody knows: a row a value, and no value of somebody who is known."""

from collections.abc import Iterator

import pytest

from connector.service.links import unmapped
from connector.service.status import standings
from connector.testing import ManualClock
from tests.service.hall import (
    DIRECTORY,
    KIND,
    KNOWN,
    ONE,
    OTHER,
    OWNER,
    STRANGER,
    WHAT,
    WHO,
    Hall,
)
from tests.service.office import MAPPING, Office

NOBODY = f"+91{STRANGER}"


@pytest.fixture
def hall(office: Office, clock: ManualClock) -> Iterator[Hall]:
    office.write(DIRECTORY, "directory.yaml")
    office.write(MAPPING + WHO + WHAT)
    with office.app(clock) as app:
        yield Hall(office, app, clock)


def listed(hall: Hall) -> list[tuple[object, ...]]:
    """What, value, calls and field of each row."""
    rows = unmapped(hall.app, hall.app.flows())
    return [(row["what"], row["value"], row["calls"], row["field"]) for row in rows]


def on_nobody(hall: Hall) -> object:
    """What the status says of the flow."""
    *_, row = standings(hall.app, hall.app.flows())
    return row["unlinked"]


def test_a_number_that_nobody_has_is_one_row_whatever_was_looked_for(
    hall: Hall,
) -> None:
    hall.call("one", STRANGER)
    hall.call("two", STRANGER)

    counts = hall.counts()

    assert listed(hall) == [("customer", NOBODY, 2, "WhatId, WhoId")]
    assert (counts.unlinked, on_nobody(hall)) == (2, 2)


@pytest.mark.parametrize("kind", ["Contact", "Lead", "Account"])
def test_somebody_who_is_known_is_not_listed_for_what_else_they_could_be(
    hall: Hall, kind: str
) -> None:
    hall.has(kind, KNOWN)
    hall.call("one", KNOWN)

    counts = hall.counts()

    assert listed(hall) == []
    assert (counts.unlinked, on_nobody(hall)) == (0, 0)


def test_a_tie_is_listed_with_how_many_have_it_though_the_account_is_known(
    hall: Hall,
) -> None:
    hall.office.write(MAPPING + WHO)
    hall.has("Contact", KNOWN)
    hall.has("Contact", KNOWN)
    hall.call("one", KNOWN)
    hall.runs()

    (row,) = unmapped(hall.app, hall.app.flows())

    assert (row["value"], row["known_to"]) == (f"+91{KNOWN}", 2)


def test_an_agent_whom_nobody_maps_is_listed_and_the_call_is_on_somebody(
    hall: Hall,
) -> None:
    hall.office.write(MAPPING + WHO + OWNER % hall.user(0))
    hall.has("Contact", KNOWN)
    hall.call("one", KNOWN, emp_code="908")

    counts = hall.counts()

    assert listed(hall) == [("agent", "908", 1, "OwnerId")]
    assert (counts.unlinked, on_nobody(hall)) == (0, 0)


def test_what_is_about_to_be_looked_up_again_is_not_listed(hall: Hall) -> None:
    hall.call("one", STRANGER)
    hall.runs()
    hall.has("Contact", STRANGER)
    directory = hall.app.flows().directory
    assert directory
    hall.app.runner().refresh(directory)

    assert listed(hall) == []
    assert on_nobody(hall) == 0


def test_the_numbers_of_colleagues_are_not_listed(hall: Hall) -> None:
    hall.office.write(MAPPING + WHO + KIND + "internal: log\n")
    hall.user(0, MobilePhone=ONE)
    hall.user(1, MobilePhone=OTHER)
    hall.call("inside", OTHER, agent=ONE)

    counts = hall.counts()

    assert (counts.created, counts.unlinked, on_nobody(hall)) == (1, 0, 0)
    assert listed(hall) == []


def test_the_numbers_of_calls_that_were_set_aside_for_it_are_listed(
    hall: Hall,
) -> None:
    hall.office.write(MAPPING + WHO.replace("}", ", none: set aside}"))
    hall.call("one", STRANGER)

    counts = hall.counts()

    assert counts.set_aside == 1
    assert listed(hall) == [("customer", NOBODY, 1, "WhoId")]
    assert on_nobody(hall) == 0


def test_two_flows_that_look_for_one_number_are_one_row(hall: Hall) -> None:
    other = (MAPPING + WHO).replace("flow: calls", "flow: other")
    hall.office.write(other.replace("calls:{", "other:{"), "other.yaml")
    hall.call("one", STRANGER)
    hall.runs()

    (row,) = unmapped(hall.app, hall.app.flows())

    assert (row["flow"], row["calls"]) == ("calls, other", 2)
