"""``connector check``: what is wrong, where, and what a schedule costs."""

import pytest

from connector.sandbox.faults import Fault
from tests.cli.conftest import Connector
from tests.service.office import MAPPING, OTHER, Office


def test_a_good_mapping_is_said_to_be_good_with_what_it_costs(
    connector: Connector,
) -> None:
    said = connector("check")

    assert said.code == 0
    assert "calls: runs 720 times a day, at most 720 CRM calls, 0.7%" in said.out
    assert said.out.endswith("1 flow loaded, 0 errors\n")


def test_a_flow_by_cron_says_when_it_runs_and_what_a_run_costs(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING.replace("every: 2 minutes", 'cron: "0 8 * * mon-fri"'))

    assert "calls: runs at 0 8 * * mon-fri; a run costs" in connector("check").out


def test_asking_whether_others_made_a_record_is_part_of_the_cost(
    connector: Connector, office: Office
) -> None:
    existing = f"{MAPPING}existing: {{match: Call_Note__c}}\n"
    office.write(existing)

    by_length = connector("check").out
    office.write(existing.replace("every: 2 minutes", 'cron: "0 8 * * mon-fri"'))

    assert "runs 720 times a day, at most 1,440 CRM calls, 1.4%" in by_length
    assert "a run costs the CRM 2 calls for each 200" in connector("check").out


def test_every_fault_is_said_with_file_line_and_column(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING.replace("duration", "duratoin").replace("2 days", "2 daze"))
    office.write("flow: [", "broken.yaml")

    said = connector("check")

    assert said.code == 2
    mappings = office.folder / "mappings"
    assert f"{mappings}/calls.yaml:4:9: " in said.out
    assert f"{mappings}/calls.yaml:10:33: " in said.out
    assert "did you mean 'duration'?" in said.out
    assert f"{mappings}/broken.yaml:1:8: not valid YAML" in said.out
    assert "0 flows loaded, 3 errors" in said.out


def test_what_the_crm_lacks_is_said_where_the_file_names_it(
    connector: Connector, office: Office
) -> None:
    path = office.write(MAPPING.replace("Call_Note__c", "Call_Notes__c"))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:12:3: Task has no field 'Call_Notes__c' (did you mean" in said.out


def test_an_object_that_the_crm_lacks_is_said_where_the_file_names_it(
    connector: Connector, office: Office
) -> None:
    path = office.write(MAPPING.replace("object: Task", "object: Tusk__c"))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:5:14: " in said.out


def test_offline_only_the_files_are_looked_at(bare: Connector, office: Office) -> None:
    said = bare("check", "--offline")

    assert (said.code, said.err) == (0, "")
    assert said.out == "1 flow loaded, 0 errors\n"
    assert not office.crm.calls


def test_offline_a_broken_file_is_a_fault(bare: Connector, office: Office) -> None:
    office.write("flow: calls\n")

    assert bare("check", "--offline").code == 2


def test_a_folder_without_mapping_files_is_a_fault(bare: Connector) -> None:
    said = bare("check", "--offline")

    assert said.code == 2
    assert "there is no mapping file (*.yaml) here" in said.out


def test_a_flow_whose_systems_are_not_configured_says_so(
    bare: Connector, office: Office
) -> None:
    said = bare("check")

    assert said.code == 2
    assert "calls.yaml: callyzer is not configured: set CALLYZER_URL" in said.out
    assert "SALESFORCE_URL is not set" in said.out


AGENDIZE = """\
flow: elsewhere
from: {system: agendize, stream: calls, since: 7 days}
every: 5 minutes
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "agendize:{id}"}
  Subject: {template: "Call {id}"}
"""


def test_a_flow_of_a_system_that_is_not_there_is_left_out_beside_others(
    connector: Connector, office: Office
) -> None:
    office.write(AGENDIZE, "elsewhere.yaml")
    office.call("one")

    said, synced = connector("check"), connector("sync")

    assert (said.code, synced.code) == (0, 0)
    assert "elsewhere.yaml: left out, as agendize is not configured" in said.out
    assert set(office.tasks()) == {"calls:one"}


def test_a_flow_that_is_left_out_says_why_when_it_is_named(
    connector: Connector, office: Office
) -> None:
    office.write(AGENDIZE, "elsewhere.yaml")

    said = connector("sync", "elsewhere")

    assert said.code == 2
    assert "set AGENDIZE_URL" in said.err


def test_a_crm_that_does_not_answer_is_not_a_wrong_mapping(
    connector: Connector, office: Office
) -> None:
    office.write(OTHER, "other.yaml")
    office.crm.faults.add(Fault(path="/services/", times=-1, status=503))

    said = connector("check")

    assert said.code == 1
    assert said.out.count("the CRM could not be asked") == 1
    assert said.out.endswith("2 flows loaded, 0 errors\n")


def test_a_wrong_mapping_is_wrong_while_the_crm_does_not_answer(
    connector: Connector, office: Office
) -> None:
    office.write("flow: other\n", "other.yaml")
    office.crm.faults.add(Fault(path="/services/", times=-1, status=503))

    assert connector("check").code == 2


def test_credentials_that_the_crm_refuses_are_said_once(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(OTHER, "other.yaml")
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "guessed")

    said = connector("check")

    assert said.code == 2
    assert said.out.count("invalid_client") == 1
    assert "guessed" not in said.out + said.err


def test_each_object_is_asked_for_once_a_flow_and_nothing_else(
    connector: Connector, office: Office
) -> None:
    connector("check")

    assert office.crm.used == 1


def test_it_is_said_as_json_too(connector: Connector, office: Office) -> None:
    office.write("flow: other\n", "other.yaml")

    said = connector("check", "--json")

    assert said.code == 2
    assert {row["severity"] for row in said.json} == {"error", "warning", "info"}
    assert all(set(row) == {"severity", "message"} for row in said.json)


def test_every_wrong_setting_is_said_at_once(
    bare: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONNECTOR_PORT", "eighty")
    monkeypatch.setenv("CALLYZER_URL", "https://api.example/v2.1")

    said = bare("check", "--offline")

    assert (said.code, said.out) == (2, "")
    assert "CONNECTOR_PORT: " in said.err
    assert "CALLYZER_TOKEN is not" in said.err
