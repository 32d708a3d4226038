"""``connector quarantine``: what was set aside, and what to do with it."""

import json

import pytest

from connector.sandbox.faults import Fault
from tests.cli.conftest import Connector
from tests.service.office import Office

LONG = "first line\nsecond line\n" + "and so on " * 200


@pytest.fixture
def spoilt(connector: Connector, office: Office) -> Connector:
    """Two records are set aside."""
    office.call("bad", hours=3, crm_status="Escalated", note="one\ntwo \x1b[31mred")
    office.call("long", hours=2, note=LONG)
    office.call("good", hours=1)
    assert connector("sync").code == 1
    return connector


def test_the_list_says_each_reason_in_the_words_of_the_crm(spoilt: Connector) -> None:
    said = spoilt("quarantine", "list")

    header, bad, long = said.out.splitlines()
    assert header.split() == [
        *("id", "flow", "record", "code", "attempts", "retry", "at", "message")
    ]
    assert "bad value for restricted picklist field: Escalated" in bad
    assert "STRING_TOO_LONG" in long


def test_the_list_is_said_as_json_too(spoilt: Connector) -> None:
    said = spoilt("quarantine", "list", "--json", "--flow", "calls")

    assert [row["record"] for row in said.json] == ["bad", "long"]
    assert "\n" in said.json[1]["message"]


def test_an_empty_list_says_so(connector: Connector) -> None:
    assert connector("quarantine", "list").out == "Nothing is set aside.\n"


def test_one_entry_is_shown_whole_with_the_record(spoilt: Connector) -> None:
    said = spoilt("quarantine", "show", "1")

    about, record = said.out.split("The record, as the vendor showed it:\n")
    assert "                 id  1\n" in about
    assert "                 id  bad\n" in record
    assert "               note  one\n                     two \\x1b[31mred\n" in record
    assert "         crm_status  Escalated\n" in record


def test_the_whole_text_is_in_json(spoilt: Connector) -> None:
    said = spoilt("quarantine", "show", "2", "--json")

    assert said.json["payload"]["note"] == LONG
    assert said.json["key"] == "calls:long"


def test_an_entry_that_is_not_there_is_a_wrong_argument(spoilt: Connector) -> None:
    for command in ("show", "retry", "discard"):
        said = spoilt("quarantine", command, "99")

        assert (said.code, said.err) == (2, "there is no quarantine entry 99\n")


@pytest.mark.parametrize("command", ["retry", "discard"])
def test_nothing_is_done_to_all_without_saying_all(
    spoilt: Connector, command: str
) -> None:
    said = spoilt("quarantine", command)

    assert (said.code, said.err) == (2, "say which: ids, --flow FLOW or --all\n")
    assert len(spoilt("quarantine", "list", "--json").json) == 2


def test_what_is_retried_goes_in_once_the_crm_is_mended(
    spoilt: Connector, office: Office
) -> None:
    office.crm.add_picklist_value("Task", "Call_Status__c", "Escalated")

    said = spoilt("quarantine", "retry", "1")

    assert said.out == "1 record will be sent by the flow's next run\n"
    assert "calls:bad" not in office.tasks()
    assert spoilt("sync").code == 1
    assert "calls:bad" in office.tasks()
    assert [r["id"] for r in spoilt("quarantine", "list", "--json").json] == [2]


def test_all_of_a_flow_can_be_discarded(spoilt: Connector) -> None:
    said = spoilt("quarantine", "discard", "--flow", "calls")

    assert said.out == "2 records forgotten\n"
    assert spoilt("quarantine", "list").out == "Nothing is set aside.\n"


def test_a_flow_that_there_never_was_is_a_wrong_argument(spoilt: Connector) -> None:
    for command in ("list", "retry", "discard"):
        said = spoilt("quarantine", command, "--flow", "cals")

        assert said.code == 2
        assert said.err == "there is no flow 'cals'; there is calls\n"


def test_entries_of_a_flow_whose_file_is_gone_can_be_listed_and_discarded(
    spoilt: Connector, office: Office
) -> None:
    (office.folder / "mappings" / "calls.yaml").unlink()

    assert len(spoilt("quarantine", "list", "--flow", "calls", "--json").json) == 2
    assert spoilt("quarantine", "discard", "--flow", "calls").code == 0


def test_an_id_that_is_no_number_is_a_wrong_argument(spoilt: Connector) -> None:
    assert spoilt("quarantine", "show", "one").code == 2


def test_what_was_no_record_is_asked_of_the_vendor_again(
    connector: Connector, office: Office
) -> None:
    odd = {"result": [{"id": "odd", "duration": "soon"}], "total_records": 1}
    paged = odd | {"message": "Success", "page_no": 1, "page_size": 100}
    office.callyzer.faults.add(Fault(path="/history", body=json.dumps(paged)))
    connector("sync")
    assert connector("quarantine", "list", "--json").json[0]["code"] == "UNREADABLE"
    office.call("odd")

    connector("quarantine", "retry", "--all")

    assert connector("sync").code == 0
    assert set(office.tasks()) == {"calls:odd"}
