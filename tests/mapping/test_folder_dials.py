"""A file that dials, beside the other files of its folder."""

from pathlib import Path

import pytest

from connector.mapping.load import Folder, World, load_folder


def folder_of(path: Path, world: World, **files: str) -> Folder:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text)
    return load_folder(path, world)


def test_a_dial_flow_needs_no_directory_and_pushes_nothing(
    tmp_path: Path, dials: str, example: str, world: World
) -> None:
    folder = folder_of(tmp_path, world, dials=dials, example=example)

    assert [flow.name for flow in folder.dials] == ["click-to-call"]
    assert [flow.name for flow in folder.flows] == ["callyzer-call-logs"]
    assert folder.faults == ()


def test_a_flow_of_another_kind_cannot_have_its_name(
    tmp_path: Path, dials: str, example: str, world: World
) -> None:
    text = example.replace("callyzer-call-logs", "click-to-call")

    folder = folder_of(tmp_path, world, dials=dials, example=text)

    assert (folder.dials, folder.flows) == ((), ())
    assert len(folder.faults) == 1


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("zone: UTC", "zone: Asia/Kolkata"),
        ("{is: Requested}", "{is: requested}"),
        ("{is: Requested}", "{in: [Requested, Again]}"),
        ("{is: Requested}", "{not: Done}"),
        ("{is: Requested}", "{blank: false}"),
        ("IsClosed: {is: false}", "Team__c: {is: Sales}"),
    ],
)
def test_two_flows_that_could_dial_for_one_request_are_both_left_out(
    tmp_path: Path, dials: str, world: World, right: str, other: str
) -> None:
    text = f"{dials}zone: UTC\n"
    second = text.replace("click-to-call", "other").replace(right, other)

    folder = folder_of(tmp_path, world, a=text, b=second)

    assert folder.dials == ()
    (fault,) = folder.faults
    assert (Path(fault.file).name, fault.line) == ("b.yaml", 2)
    both = f"{tmp_path / 'a.yaml'} and {tmp_path / 'b.yaml'}"
    assert fault.message.startswith(f"{both} could dial for the same Task records")
    assert "'where'" in fault.hint


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("crm: Task", "crm: Event"),
        ("Call_Request_Id__c", "Call_Me_Id__c"),
        ("{is: Requested}", "{is: Wanted}"),
        ("{is: Requested}", "{in: [Wanted, Again]}"),
        ("{is: Requested}", "{not: [Placed, Requested]}"),
        ("{is: Requested}", "{blank: true}"),
        ("{is: false}", "{is: true}"),
    ],
)
def test_flows_whose_requests_never_meet_run_side_by_side(
    tmp_path: Path, dials: str, world: World, right: str, other: str
) -> None:
    second = dials.replace("click-to-call", "other").replace(right, other)

    folder = folder_of(tmp_path, world, a=dials, b=second)

    assert len(folder.dials) == 2
    assert folder.faults == ()
