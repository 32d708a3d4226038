"""The schedule: what becomes of flows when the directory's file changes."""

import pytest

from connector.mapping.flow import DirectoryFlow
from connector.service.schedule import Schedule
from tests.service.office import MAPPING, OTHER, Office
from tests.service.phone import BROKEN, MINUTE, jobs, pushing

PEOPLE = """
flow: directory
every: 5 minutes
directory:
  Contact: {phones: [Phone]}
  Lead: {phones: [Phone]}
"""
FEWER = PEOPLE.replace("  Lead: {phones: [Phone]}\n", "")
LINKED = MAPPING + "  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone}\n"


@pytest.fixture
def linked(schedule: Schedule, office: Office) -> Schedule:
    """A schedule whose calls are looked up among contacts and leads."""
    office.write(LINKED)
    office.write(PEOPLE, "directory.yaml")
    schedule.look()
    assert schedule.faults == ()
    return schedule


def known(schedule: Schedule) -> list[str]:
    """The objects of the directory that runs."""
    directory = schedule.flows["directory"]
    assert isinstance(directory, DirectoryFlow)
    return [each.name for each in directory.objects]


def test_a_directory_that_loses_whom_a_flow_looks_for_waits_until_that_is_mended(
    linked: Schedule, office: Office
) -> None:
    office.write(FEWER, "directory.yaml")

    linked.look()

    assert known(linked) == ["Contact", "Lead"]
    assert len(pushing(linked, "calls").finds) == 1
    (fault,) = linked.faults
    assert "calls.yaml:14:" in fault
    assert "Lead is not in" in fault
    office.write(LINKED.replace("[Contact, Lead]", "Contact"))
    linked.look()
    assert known(linked) == ["Contact"]
    assert linked.faults == ()


def test_it_waits_also_where_the_flow_is_broken_meanwhile(
    linked: Schedule, office: Office
) -> None:
    office.write(BROKEN)
    office.write(FEWER, "directory.yaml")

    linked.look()

    assert known(linked) == ["Contact", "Lead"]
    assert any("Lead is not in" in fault for fault in linked.faults)
    office.write(PEOPLE.replace("5 minutes", "1 hour"), "directory.yaml")
    linked.look()
    assert linked.flows["directory"].every == 60 * MINUTE
    assert len(linked.faults) == 1


def test_what_needs_the_directory_that_waits_waits_with_it(
    linked: Schedule, office: Office
) -> None:
    office.write(OTHER, "other.yaml")
    linked.look()
    office.write(BROKEN)
    office.write(FEWER + "  Account: {phones: [Phone]}\n", "directory.yaml")
    account = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
    office.write(OTHER + account, "other.yaml")

    linked.look()

    assert pushing(linked, "other").finds == ()
    assert any(
        "other.yaml:14:" in fault and "directory.yaml is broken" in fault
        for fault in linked.faults
    )
    office.write(LINKED.replace("[Contact, Lead]", "Contact"))
    linked.look()
    assert known(linked) == ["Contact", "Account"]
    assert len(pushing(linked, "other").finds) == 1


def test_a_directory_whose_file_disappears_stays_while_a_flow_needs_it(
    linked: Schedule, office: Office
) -> None:
    (office.folder / "mappings" / "directory.yaml").unlink()

    linked.look()

    assert jobs(linked) == {"calls/live", "calls/reread", "directory/live"}
    assert "no file has that" in linked.faults[0]
    office.write(MAPPING)
    linked.look()
    assert jobs(linked) == {"calls/live", "calls/reread"}
    assert linked.faults == ()
