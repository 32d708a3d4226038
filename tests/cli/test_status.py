"""``connector status`` and ``runs``, ``streams`` and ``schema``."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.clock import SystemClock
from connector.engine.hold import LEASE
from connector.model import Lane, Run
from connector.sandbox.faults import Fault
from connector.state.store import Store
from connector.testing import ManualClock
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
    assert said.out.splitlines()[1].split()[:5] == ["calls", "done", "1", "0", "1"]
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


HISTORY = "/call-log/history"


def backfill(connector: Connector, office: Office) -> None:
    first, last = (office.callyzer.now() - timedelta(days=days) for days in (399, 1))
    days = ("--from", f"{first:%Y-%m-%d}", "--to", f"{last:%Y-%m-%d}")
    connector("backfill", "calls", *days)


def test_a_backfill_that_is_not_through_is_said_beside_the_flow(
    connector: Connector, office: Office
) -> None:
    office.call("one", hours=24 * 30)
    connector("sync")
    office.callyzer.faults.add(Fault(path=HISTORY, times=-1, skip=4, status=503))
    backfill(connector, office)

    (row,) = connector("status", "--json").json
    said = connector("status").out

    left = row["backfill"]
    assert row["outcome"] == "done"
    assert (left["outcome"], left["up_to"][:2]) == ("waiting", "20")
    assert "503" in left["message"]
    assert "calls: a backfill of the calls from " in said
    assert f"is not through: waiting, up to {left['up_to']}. " in said
    office.callyzer.faults.clear()
    backfill(connector, office)
    (row,) = connector("status", "--json").json
    assert row["backfill"] is None
    assert "backfill" not in connector("status").out


def test_a_backfill_that_ended_before_its_first_page_is_not_through(
    connector: Connector, office: Office
) -> None:
    office.callyzer.faults.add(Fault(path=HISTORY, times=-1, status=503))
    backfill(connector, office)

    (row,) = connector("status", "--json").json

    assert row["outcome"] == "never ran"
    assert row["backfill"]["outcome"] == "waiting"
    assert (row["backfill"]["start"], row["backfill"]["up_to"]) == (None, None)
    assert "calls: a backfill is not through: waiting. " in connector("status").out


def test_looking_back_does_not_hide_how_the_flow_stands(
    connector: Connector, office: Office
) -> None:
    clock = SystemClock()
    with Store(office.folder / "state.db", clock) as store:
        for lane, outcome in ((Lane.LIVE, "paused"), (Lane.REREAD, "done")):
            run = store.start_run(Run(flow="calls", lane=lane, started_at=clock.now()))
            store.finish_run(replace(run, outcome=outcome))

    (row,) = connector("status", "--json").json

    assert row["outcome"] == "paused"


@pytest.mark.parametrize(
    ("ago", "outcome"), [(LEASE / 2, "running"), (LEASE + 1, "died")]
)
def test_a_run_whose_process_was_killed_is_at_work_until_its_lease_is_over(
    connector: Connector, office: Office, ago: float, outcome: str
) -> None:
    clock = ManualClock(SystemClock().now() - timedelta(seconds=ago))
    with Store(office.folder / "state.db", clock) as store:
        store.acquire("calls", Lane.LIVE, "the killed one", LEASE)
        store.start_run(Run(flow="calls", lane=Lane.LIVE, started_at=clock.now()))

    (row,) = connector("status", "--json").json
    (run,) = connector("runs", "--json").json

    assert (row["outcome"], run["outcome"]) == (outcome, outcome)


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
    assert "callyzer call_logs call.started_at" in " ".join(said.out.split())
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
