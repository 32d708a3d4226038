"""``connector status`` and ``runs``, ``streams`` and ``schema``."""

import json

from tests.cli.conftest import Connector
from tests.service.office import MAPPING, Office


def test_a_flow_that_never_ran_says_so(connector: Connector) -> None:
    (row,) = connector("status", "--json").json

    assert row["outcome"] == "never ran"


def test_each_flow_says_how_it_stands(connector: Connector, office: Office) -> None:
    office.call("good")
    office.call("bad", crm_status="Escalated")
    connector("sync")

    said = connector("status")
    (row,) = connector("status", "--json").json

    assert said.code == 0
    assert said.out.splitlines()[1].split()[:4] == ["calls", "done", "1", "1"]
    assert (row["in_crm"], row["set_aside"], row["unlinked"]) == (1, 1, 0)
    assert row["read_up_to"].endswith("Z")


def test_records_that_are_on_nobody_are_counted_until_they_are_linked(
    connector: Connector, office: Office
) -> None:
    who = "  WhoId: {find: Contact, by: phone, from: customer.phone}\n"
    office.write(MAPPING + who)
    people = "flow: directory\ndirectory: {Contact: {phones: [Phone]}}\n"
    office.write(people + "every: 5 minutes\n", "directory.yaml")
    for name in ("one", "two"):
        office.call(name, client_number="9876512345", client_country_code="91")
    connector("sync")

    directory, calls = connector("status", "--json").json
    office.crm.add("Contact", {"LastName": "Late", "Phone": "98765 12345"})
    connector("sync")
    *_, after = connector("status", "--json").json

    assert (calls["unlinked"], after["unlinked"]) == (2, 0)
    assert directory["unlinked"] is None
    assert directory["in_crm"] == len(office.crm.rows("Contact")) - 1


def test_faults_of_the_files_are_said_beside_the_flows(
    connector: Connector, office: Office
) -> None:
    office.write("flow: other\n", "other.yaml")

    said = connector("status")

    assert "never ran" in said.out
    assert "other.yaml:1:1: " in said.err


def test_no_flows_say_so(connector: Connector, office: Office) -> None:
    (office.folder / "mappings" / "calls.yaml").unlink()

    assert connector("status").out == "There are no flows.\n"


def test_runs_are_listed_the_newest_first(connector: Connector, office: Office) -> None:
    office.call("one")
    connector("sync")
    connector("sync")

    rows = connector("runs", "--json").json
    said = connector("runs", "calls", "--limit", "1")

    assert [row["id"] for row in rows] == [3, 2, 1]
    assert rows[2]["created"] == 1
    assert len(said.out.splitlines()) == 2


def test_a_run_that_was_paused_says_what_to_mend(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING.replace("Call_Note__c", "Nothing__c"))
    connector("sync")

    said = connector("runs")

    assert "paused" in said.out
    assert "Task has no field 'Nothing__c'" in said.out


def test_before_the_first_run_there_is_nothing_to_list(connector: Connector) -> None:
    assert connector("runs").out == "Nothing ran yet.\n"
    assert connector("runs", "calls").out == "Nothing ran yet.\n"


def test_runs_of_a_flow_that_there_never_was_are_a_wrong_argument(
    connector: Connector,
) -> None:
    assert connector("runs", "cals").code == 2


def test_streams_need_no_settings(bare: Connector) -> None:
    said = bare("streams", "callyzer")

    assert said.code == 0
    assert "callyzer call_logs  call.started_at" in said.out
    assert bare("streams", "--json").json[0]["stream"] == "callyzer call_logs"


def test_a_system_that_is_not_there_names_those_that_are(bare: Connector) -> None:
    said = bare("streams", "calyzer")

    assert said.code == 2
    assert "there is callyzer" in said.err


def test_the_schema_is_json(bare: Connector) -> None:
    schema = json.loads(bare("schema").out)

    assert "$schema" in schema
    assert "oneOf" in schema


def test_a_command_that_is_not_there_is_a_wrong_argument(bare: Connector) -> None:
    assert bare("snyc").code == 2
