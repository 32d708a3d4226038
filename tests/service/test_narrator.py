"""The demo's narrator: each run in plain words, and whom its calls are on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from connector.service.commands import retry
from connector.service.narrator import Narrator
from connector.testing import ManualClock
from tests.service.hall import (
    DIRECTORY,
    KIND,
    KNOWN,
    OFFICE,
    ONE,
    OTHER,
    OWNER,
    STRANGER,
    WHAT,
    WHO,
    Hall,
)
from tests.service.office import MAPPING, Office


@dataclass(slots=True)
class Told(Hall):
    """One whose runs are narrated."""

    said: list[str] = field(default_factory=list)
    narrator: Narrator = field(init=False)

    def __post_init__(self) -> None:
        self.narrator = Narrator(app=self.app, say=self.said.append)

    def run(self) -> list[str]:
        """Run everything once; what was said, without the times of day."""
        self.said.clear()
        for run in self.runs():
            self.narrator.tell(run)
        return [line if line[0] == " " else line[10:] for line in self.said]


@pytest.fixture
def hall(office: Office, clock: ManualClock) -> Iterator[Told]:
    office.write(DIRECTORY, "directory.yaml")
    office.write(MAPPING + WHO + WHAT)
    with office.app(clock) as app:
        yield Told(office, app, clock)


def people(lines: list[str]) -> list[str]:
    """The lines that say whom calls are on."""
    return [line.strip() for line in lines if line.startswith(" ")]


def test_a_call_is_on_everybody_whom_one_of_its_links_found(hall: Told) -> None:
    hall.has("Contact", KNOWN)
    hall.has("Account", KNOWN)
    hall.office.crm.add("Account", {"Name": "Head Office", "Phone": OFFICE})
    for name, number in enumerate((KNOWN, OFFICE, OFFICE, STRANGER)):
        hall.call(f"call {name}", number)

    why = f"the only Contact with +91{KNOWN}"
    assert people(hall.run()) == [
        "2 calls on Account Head Office: the only Account with +919876500002",
        f"1 call  on Contact R and Account R: {why}; {why.replace('Contact', 'Account')}",
        "1 call  on nobody: nobody has +919876500003",
    ]


def test_it_says_for_whom_a_call_is_logged_and_who_is_the_default(hall: Told) -> None:
    default = hall.user(0, FirstName="Ananya", LastName="Iyer", EmployeeNumber="901")
    hall.user(1, FirstName="Ravi", LastName="Menon", EmployeeNumber="902")
    hall.office.write(MAPPING + OWNER % default)
    hall.call("hers", STRANGER, emp_code="902")
    hall.call("nobody's", STRANGER, emp_code="908")

    assert people(hall.run()) == [
        "1 call  for Ananya Iyer: the default, as nobody has 908",
        "1 call  for Ravi Menon: the only User with 902",
    ]


def test_calls_between_colleagues_are_on_nobody_and_that_is_as_it_should_be(
    hall: Told,
) -> None:
    hall.office.write(MAPPING + WHO + KIND + "internal: log\n")
    hall.user(0, MobilePhone=ONE)
    hall.user(1, MobilePhone=OTHER)
    hall.call("inside", OTHER, agent=ONE)

    assert people(hall.run()) == ["1 call  between colleagues"]


def test_a_run_without_news_is_not_told(hall: Told) -> None:
    hall.call("one", STRANGER)
    hall.call("unwanted", STRANGER, call_type="Rejected")
    first = hall.run()

    second = hall.run()

    assert [line.split(":")[0] for line in first if line[0] != " "] == [
        "directory",
        "calls",
    ]
    assert second == []


def test_what_was_told_is_told_again_only_when_it_changes(hall: Told) -> None:
    hall.call("one", STRANGER)
    hall.run()
    hall.call("two", STRANGER)
    second = people(hall.run())
    hall.office.crm.add("Contact", {"LastName": "Late", "Phone": STRANGER})

    third = people(hall.run())
    hall.call("three", STRANGER)
    fourth = people(hall.run())

    assert second == ["1 call  on nobody: nobody has +919876500003"]
    assert third == ["2 calls on Contact Late: the only Contact with +919876500003"]
    assert fourth == ["1 call  on Contact Late: the only Contact with +919876500003"]


def test_what_was_set_aside_is_told_once_and_whom_it_is_on_when_it_goes_in(
    hall: Told,
) -> None:
    hall.call("bad", STRANGER, crm_status="Escalated")
    first = people(hall.run())
    second = people(hall.run())
    hall.office.crm.add_picklist_value("Task", "Call_Status__c", "Escalated")
    retry(hall.app, [], None, every=True)

    third = people(hall.run())

    assert [line[:11] for line in first] == ["1 set aside"]
    assert second == []
    assert third == ["1 call  on nobody: nobody has +919876500003"]


def test_a_run_that_did_not_go_well_says_why_each_time(
    hall: Told, office: Office
) -> None:
    office.write(MAPPING.replace("Call_Note__c", "Nothing__c"))

    (said,) = [line for line in hall.run() if line.startswith("calls")]
    (again,) = hall.run()

    assert "Task has no field 'Nothing__c'" in said
    assert again == said


def test_it_reads_what_is_new_in_the_ledger_and_no_more(hall: Told) -> None:
    for number in range(30):
        hall.call(f"call {number}", STRANGER)
    hall.run()
    asked: list[str] = []
    hall.app.store.db.conn.set_trace_callback(asked.append)
    hall.call("new", STRANGER)

    hall.run()

    rows = [found[1] for sql in asked if (found := re.search(r"rowid > (\d+)", sql))]
    assert rows == ["30", "31"]
    assert not any("links is not null" in sql for sql in asked)
