"""``connector preview``: what would become of real records."""

import re

from connector.sandbox.faults import Fault
from tests.cli.conftest import Connector
from tests.service.office import MAPPING, Office

WRITES = ("POST", "PATCH", "PUT", "DELETE")


def test_it_shows_what_would_be_created_field_by_field(
    connector: Connector, office: Office
) -> None:
    office.call("one", call_type="Incoming", note="Wants a demo", duration=70)

    said = connector("preview", "calls")

    assert said.code == 0
    cost, *lines = said.out.splitlines()
    assert cost == "About 1 request to callyzer, and at most 2 CRM calls"
    assert lines[0] == "create     one"
    assert "    CallDurationInSeconds  70" in lines
    assert "    Call_Note__c           'Wants a demo'" in lines
    assert lines[-2:] == ["1 record: 1 create", "Nothing was written."]


def test_it_shows_each_action_and_its_reason(
    connector: Connector, office: Office
) -> None:
    office.call("same", hours=5)
    office.call("changed", hours=4, note="before")
    connector("sync")
    office.call("changed", hours=3, note="after")
    office.call("unwanted", hours=2, call_type="Rejected")
    office.call("bad", hours=1, crm_status="Escalated")
    office.call("new", hours=0.5)

    said = connector("preview", "calls", "--json")

    shown = {row["record_id"]: row for row in said.json}
    assert {name: row["action"] for name, row in shown.items()} == {
        "same": "leave",
        "changed": "change",
        "unwanted": "skip",
        "bad": "set aside",
        "new": "create",
    }
    change = {"field": "Call_Note__c", "before": "before", "after": "after"}
    assert change in shown["changed"]["changes"]
    assert shown["changed"]["crm_id"] == office.tasks()["calls:changed"]["Id"]
    assert shown["bad"]["reason"] == "Call_Status__c: the CRM has no choice 'Escalated'"


def test_a_change_shows_both_values(connector: Connector, office: Office) -> None:
    office.call("one", note="before")
    connector("sync")
    office.call("one", note="")

    said = connector("preview", "calls")

    # A second may have passed, and then its start is another too.
    assert re.search(r"    Call_Note__c +'before' → nothing", said.out)


def test_it_writes_nothing_anywhere(connector: Connector, office: Office) -> None:
    office.call("old")
    office.call("bad", crm_status="Escalated")
    connector("sync")
    office.call("new", note="x" * 300)
    office.call("old", note="news")
    kept, written = office.kept(), len(office.crm.writes)

    said = connector("preview", "calls")

    assert "1 create" not in said.out
    assert "1 change, 2 set aside" in said.out
    assert office.kept() == kept
    assert len(office.crm.writes) == written


def test_no_more_records_than_asked_for_are_shown(
    connector: Connector, office: Office
) -> None:
    for name in "abc":
        office.call(name)

    assert len(connector("preview", "calls", "--limit", "2", "--json").json) == 2


def test_there_may_be_nothing_to_show(connector: Connector) -> None:
    said = connector("preview", "calls")

    _, *lines = said.out.splitlines()
    assert (said.code, lines) == (0, ["No records.", "Nothing was written."])


def test_a_flow_in_a_broken_file_is_answered_with_its_fault(
    connector: Connector, office: Office
) -> None:
    path = office.write(MAPPING.replace("every:", "evry:"))

    said = connector("preview", "calls")

    assert said.code == 2
    assert "there is no flow 'calls'; there is none" in said.err
    assert f"{path}:3:1: " in said.err


def test_a_vendor_that_does_not_answer_is_said(
    connector: Connector, office: Office
) -> None:
    office.callyzer.faults.add(Fault(path="/call-log", times=-1, status=500))

    said = connector("preview", "calls")

    assert said.code == 1
    assert "answered 500" in said.err
