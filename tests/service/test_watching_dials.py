"""A dial file that is edited while the service runs is taken up, or waits."""

from pathlib import Path

from connector.mapping.flow import DialFlow, World
from connector.mapping.load import load_folder
from connector.service.watching import Flows, good_flows, signature
from connector.wiring.dialers import PARAMETERS

DIALS = """\
flow: click-to-call
from: {crm: Task, where: {Call_Request__c: {is: Requested}}}
request: {id: Call_Request_Id__c, at: Call_Requested_At__c}
every: 1 minute
call: {dialer: newvoicemedia, to.telephoneNumber: {from: Who.Phone}}
answer: {refused: {Call_Message__c: {from: message}}}
"""
WORLD = World(streams={}, zones={}, regions=(), dialers=PARAMETERS)


def looked_at(path: Path, before: Flows) -> tuple[Flows, list[str]]:
    """The flows to run now, and what is wrong."""
    folder = load_folder(path, WORLD)
    flows, faults = good_flows(folder, before, signature(path).keys())
    return flows, [fault.message for fault in faults]


def test_a_dial_file_alone_runs(tmp_path: Path) -> None:
    (tmp_path / "dials.yaml").write_text(DIALS)

    flows, faults = looked_at(tmp_path, {})

    assert [type(flow) for flow in flows.values()] == [DialFlow]
    assert faults == []


def test_a_broken_edit_keeps_the_last_good_version(tmp_path: Path) -> None:
    (tmp_path / "dials.yaml").write_text(DIALS)
    before, _ = looked_at(tmp_path, {})
    (tmp_path / "dials.yaml").write_text(DIALS.replace("dialer:", "dialr:"))

    flows, faults = looked_at(tmp_path, before)

    assert flows == before
    assert faults


def test_another_file_for_the_same_requests_waits(tmp_path: Path) -> None:
    (tmp_path / "dials.yaml").write_text(DIALS)
    before, _ = looked_at(tmp_path, {})
    (tmp_path / "dials.yaml").write_text("broken: [")
    (tmp_path / "more.yaml").write_text(DIALS.replace("click-to-call", "more"))

    flows, faults = looked_at(tmp_path, before)

    assert list(flows) == ["click-to-call"]
    assert any("could dial for the same Task" in fault for fault in faults)


def test_a_dial_file_that_is_removed_dials_no_more(tmp_path: Path) -> None:
    (tmp_path / "dials.yaml").write_text(DIALS)
    before, _ = looked_at(tmp_path, {})
    (tmp_path / "dials.yaml").unlink()

    flows, _ = looked_at(tmp_path, before)

    assert flows == {}
