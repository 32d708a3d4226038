"""``connector backfill``: the calls of a past time, by when they began."""

import json
import re
import signal
from datetime import timedelta

import pytest

from connector.clock import SystemClock
from connector.model import Lane
from connector.sandbox.faults import Fault
from connector.state.store import Store
from tests.cli.conftest import Connector
from tests.service.office import MAPPING, ZONE, Office

HISTORY = "/call-log/history"


def day(office: Office, ago: float) -> str:
    """A day so many days ago, in the flow's zone."""
    at = (office.callyzer.now() - timedelta(days=ago)).astimezone(ZONE)
    return f"{at:%Y-%m-%d}"


def past(office: Office, *names: str, days: float = 30) -> tuple[str, ...]:
    """Calls that are too old for live, and the arguments that bring them in."""
    for number, name in enumerate(names):
        office.call(name, hours=24 * days - number)
    return "calls", "--from", day(office, days + 1), "--to", day(office, days - 1)


def test_it_says_what_it_costs_and_carries_the_calls_over(
    connector: Connector, office: Office
) -> None:
    command = past(office, "one", "two")
    _, _, first, _, last = command

    said = connector("backfill", *command)

    cost, header, row = said.out.splitlines()
    assert said.code == 0
    assert set(office.tasks()) == {"calls:one", "calls:two"}
    assert re.fullmatch(
        rf"About 2 calls from {first} to {last}: about 1 request to callyzer, and about"
        r" 1 CRM call \(of [\d,]+ left today before the reserve\)",
        cost,
    )
    assert header == "flow   lane      outcome  result"
    assert row == "calls  backfill  done     read 2, created 2"
    assert "goes on" not in said.err


def test_to_a_program_it_says_json_and_the_cost_beside(
    connector: Connector, office: Office
) -> None:
    said = connector("backfill", *past(office, "one"), "--json")

    (row,) = said.json
    assert (row["lane"], row["outcome"], row["created"]) == ("backfill", "done", 1)
    assert said.err.startswith("About 1 call from ")


def test_calls_outside_the_days_are_not_asked_for(
    connector: Connector, office: Office
) -> None:
    office.call("before", hours=24 * 33)
    office.call("after", hours=24 * 27)

    connector("backfill", *past(office, "one"))

    assert set(office.tasks()) == {"calls:one"}


def test_the_cursor_of_the_flow_is_not_touched_and_no_other_is_shown(
    connector: Connector, office: Office
) -> None:
    connector("cursor", "set", "calls", "2026-01-02")
    before = connector("cursor", "show", "--json").json
    office.callyzer.faults.add(Fault(path=HISTORY, times=-1, skip=4, status=503))

    connector("backfill", *past(office, "one", days=400)[:4], day(office, 1))

    with Store(office.folder / "state.db", SystemClock()) as store:
        assert store.cursor("calls/backfill")
    assert connector("cursor", "show", "--json").json == before
    assert connector("cursor", "show", "calls/backfill").code == 2


def test_a_second_time_it_writes_nothing(connector: Connector, office: Office) -> None:
    command = past(office, "one", "two")
    connector("backfill", *command)

    said = connector("backfill", *command, "--json")

    assert (said.code, said.json[0]["unchanged"]) == (0, 2)
    assert len(office.crm.writes) == 1


def test_after_an_edit_of_the_mapping_the_rows_that_differ_are_written(
    connector: Connector, office: Office
) -> None:
    command = past(office, "plain", "other")
    office.call("noted", hours=24 * 30, note="a note")
    connector("backfill", *command)
    office.write(MAPPING.replace("{from: note}", '{from: note, map: {a note: "!"}}'))

    said = connector("backfill", *command, "--json")

    assert (said.json[0]["updated"], said.json[0]["unchanged"]) == (1, 2)
    assert office.tasks()["calls:noted"]["Call_Note__c"] == "!"
    _, edited = office.crm.writes
    assert (edited.verb, len(edited.ids)) == ("update", 1)


def test_a_vendor_that_does_not_answer_leaves_it_to_be_gone_on_with(
    connector: Connector, office: Office
) -> None:
    office.call("old", hours=24 * 390)
    office.call("newer", hours=24 * 30)
    command = ("calls", "--from", day(office, 400), "--to", day(office, 20))
    dead = Fault(path=HISTORY, times=-1, skip=4, status=503)
    office.callyzer.faults.add(dead)

    broken = connector("backfill", *command)
    office.callyzer.faults.clear()
    rest = connector("backfill", *command)

    assert (broken.code, rest.code) == (1, 0)
    assert "waiting" in broken.out
    place = re.findall(
        r"the same command goes on from (20.+)\.$", broken.err, re.MULTILINE
    )
    assert rest.out.startswith(f"Going on from {place[0]}: about 1 call left")
    assert "read 1, created 1" in rest.out
    assert set(office.tasks()) == {"calls:old", "calls:newer"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_it_says_that_it_can_be_gone_on_with(
    connector: Connector, office: Office, number: signal.Signals
) -> None:
    command = past(office, "one")
    office.heard = lambda path: (
        signal.raise_signal(number) if path.endswith("/describe") else None
    )

    said = connector("backfill", *command, "--json")

    assert said.code == 1
    assert said.json[0]["outcome"] == "stopped"
    assert office.tasks() == {}
    assert "It is not through: the same command begins again" in said.err


def test_what_is_set_aside_is_said_and_asks_for_no_second_try(
    connector: Connector, office: Office
) -> None:
    office.call("bad", hours=24 * 30, crm_status="Escalated")

    said = connector("backfill", *past(office, "one"))

    assert said.code == 1
    assert "created 1, set aside 1, left aside 1" in said.out
    assert "goes on" not in said.err


def test_one_that_is_at_work_elsewhere_is_not_begun_again(
    connector: Connector, office: Office
) -> None:
    command = past(office, "one")
    with Store(office.folder / "state.db", SystemClock()) as store:
        assert store.acquire("calls", Lane.BACKFILL, "somebody", 45)

        said = connector("backfill", *command)

    assert (said.code, said.out) == (1, "")
    assert "calls is being backfilled by another process" in said.err
    assert office.callyzer.faults.counts.total() == 0
    assert office.tasks() == {}


def test_a_live_run_elsewhere_does_not_keep_it_from_running(
    connector: Connector, office: Office
) -> None:
    command = past(office, "one")
    with Store(office.folder / "state.db", SystemClock()) as store:
        assert store.acquire("calls", Lane.LIVE, "somebody", 45)

        said = connector("backfill", *command)

    assert said.code == 0
    assert set(office.tasks()) == {"calls:one"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cals", "--from", "2026-01-01", "--to", "2026-01-31"), "no flow 'cals'"),
        (("calls", "--from", "2026-02-01", "--to", "2026-01-31"), "is not before"),
        (("calls", "--from", "2999-01-01", "--to", "2999-01-31"), "in the future"),
        (("calls", "--from", "lately", "--to", "2026-01-31"), "is not a date such"),
        (("calls", "--from", "2026-01-01"), "--to"),
    ],
)
def test_what_cannot_be_meant_is_a_wrong_command(
    connector: Connector, office: Office, arguments: tuple[str, ...], message: str
) -> None:
    said = connector("backfill", *arguments)

    assert said.code == 2
    assert message in said.err
    assert office.callyzer.faults.counts.total() == 0


def test_a_mapping_that_the_crm_does_not_take_is_a_wrong_mapping(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING.replace("Call_Note__c", "Nothing__c"))

    said = connector("backfill", *past(office, "one"), "--json")

    assert (said.code, said.json[0]["outcome"]) == (2, "paused")
    assert "Task has no field 'Nothing__c'" in said.json[0]["message"]


def test_a_flow_whose_system_is_not_configured_says_so(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CALLYZER_URL")

    said = connector("backfill", *past(office, "one"))

    assert said.code == 2
    assert "set CALLYZER_URL and CALLYZER_TOKEN" in said.err


def test_runs_lists_it(connector: Connector, office: Office) -> None:
    connector("backfill", *past(office, "one"))

    (row,) = json.loads(connector("runs", "--json").out)

    assert (row["flow"], row["lane"], row["outcome"]) == ("calls", "backfill", "done")
