"""``connector sync``: one flow or all, once, now."""

import signal

import pytest

from connector.clock import SystemClock
from connector.model import Lane
from connector.sandbox.faults import Fault
from connector.service import sync as service
from connector.state.store import Store
from connector.wiring import App
from tests.cli.conftest import Connector
from tests.service.office import MAPPING, OTHER, Office


def test_it_carries_the_calls_over_and_says_so(
    connector: Connector, office: Office
) -> None:
    office.call("one")
    office.call("two")

    said = connector("sync")

    assert said.code == 0
    assert set(office.tasks()) == {"calls:one", "calls:two"}
    assert said.out.splitlines() == [
        "flow   lane  outcome  result",
        "calls  live  done     read 2, created 2",
    ]


def test_a_second_time_it_looks_back_and_writes_nothing(
    connector: Connector, office: Office
) -> None:
    office.call("one")
    connector("sync")

    said = connector("sync", "calls", "--json")

    assert said.code == 0
    assert [(row["lane"], row["outcome"]) for row in said.json] == [
        ("live", "done"),
        ("reread", "done"),
    ]
    assert said.json[1]["unchanged"] == 1
    assert len(office.crm.writes) == 1


def test_a_record_set_aside_is_said_by_every_run_until_it_is_mended(
    connector: Connector, office: Office
) -> None:
    office.call("good")
    office.call("bad", crm_status="Escalated")

    first, second = connector("sync"), connector("sync")
    office.crm.add_picklist_value("Task", "Call_Status__c", "Escalated")
    connector("quarantine", "retry", "--all")
    third = connector("sync")

    assert [first.code, second.code, third.code] == [1, 1, 0]
    assert "created 1, set aside 1, left aside 1" in first.out
    assert "left aside 1" in second.out
    assert "created 1, healed 1" in third.out


def test_one_flow_of_several_can_be_run(connector: Connector, office: Office) -> None:
    office.write(OTHER, "other.yaml")
    office.call("one")

    said = connector("sync", "other", "--json")

    assert {row["flow"] for row in said.json} == {"other"}
    assert set(office.tasks()) == {"other:one"}


def test_all_flows_are_run_if_none_is_named(
    connector: Connector, office: Office
) -> None:
    office.write(OTHER, "other.yaml")
    office.call("one")

    assert connector("sync").code == 0
    assert set(office.tasks()) == {"calls:one", "other:one"}


def test_a_flow_named_twice_is_run_once(connector: Connector, office: Office) -> None:
    assert len(connector("sync", "calls", "calls", "--json").json) == 1


def test_a_flow_that_is_not_there_names_those_that_are(
    connector: Connector, office: Office
) -> None:
    office.write(OTHER, "other.yaml")

    said = connector("sync", "cals")

    assert said.code == 2
    assert said.err == "there is no flow 'cals'; there is calls, other\n"


def test_while_a_mapping_file_is_broken_nothing_is_run(
    connector: Connector, office: Office
) -> None:
    office.call("one")
    path = office.write("flow: other\n", "other.yaml")

    said = connector("sync", "calls")

    assert said.code == 2
    assert f"{path}:1:1: " in said.err
    assert office.tasks() == {}


def test_a_field_that_the_crm_lacks_is_a_wrong_mapping(
    connector: Connector, office: Office
) -> None:
    office.call("one")
    path = office.write(MAPPING.replace("Call_Note__c", "Nothing__c"))

    said = connector("sync", "--json")

    assert said.code == 2
    assert said.json[0]["outcome"] == "paused"
    assert f"{path}:12:3: Task has no field 'Nothing__c'" in said.json[0]["message"]


def test_a_vendor_that_does_not_answer_is_waited_for(
    connector: Connector, office: Office
) -> None:
    office.callyzer.faults.add(Fault(path="/call-log", times=-1, status=503))

    said = connector("sync", "--json")

    assert said.code == 1
    assert said.json[0]["outcome"] == "waiting"


def test_a_flow_whose_system_is_not_configured_says_so(
    connector: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CALLYZER_URL")

    said = connector("sync")

    assert said.code == 2
    assert "not run" in said.out
    assert "set CALLYZER_URL and CALLYZER_TOKEN" in said.out


def test_a_flow_that_is_run_elsewhere_is_waited_for_and_then_said_so(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(OTHER, "other.yaml")
    office.call("one")
    monkeypatch.setattr(service, "PATIENCE", 0)
    with Store(office.folder / "state.db", SystemClock()) as store:
        assert store.acquire("calls", Lane.LIVE, "somebody", 45)

        said = connector("sync")

    assert said.code == 1
    assert "calls (live) is being run by another process" in said.out
    assert set(office.tasks()) == {"other:one"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_page_in_hand(
    connector: Connector,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    office.write(OTHER, "other.yaml")
    office.call("one")
    really = service.sync

    def told(app: App, *arguments: object) -> service.Report:
        signal.raise_signal(number)
        assert app.stop.wait(10)
        return really(app, *arguments)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr("connector.cli.working.run_sync", told)

    said = connector("sync", "--json")

    assert said.code == 1
    assert [row["message"] for row in said.json] == ["not run: told to stop"] * 2


def test_a_bug_in_one_flow_does_not_stop_the_others(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write(OTHER, "other.yaml")
    office.call("one")
    real = service._lanes  # noqa: SLF001  a bug has no door

    def lanes(*arguments: object) -> None:
        if getattr(arguments[2], "name", "") == "calls":
            raise ZeroDivisionError
        real(*arguments)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(service, "_lanes", lanes)

    said = connector("sync")

    assert said.code == 1
    assert "ZeroDivisionError: see the log" in said.out
    assert "run_crashed" in said.err
    assert set(office.tasks()) == {"other:one"}


def test_an_error_of_ours_is_one_message_and_no_traceback(
    connector: Connector, office: Office
) -> None:
    (office.folder / "state.db").write_text("this is no database, surely not")

    said = connector("status")

    assert said.code == 2
    assert "CONNECTOR_STATE" in said.err
    assert "Traceback" not in said.err
