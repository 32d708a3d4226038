"""A folder of mapping files: good ones run, whatever is wrong with the others."""

from pathlib import Path

import pytest

from connector.mapping.load import World, load_folder


def test_a_broken_file_does_not_hide_a_good_one(
    tmp_path: Path, example: str, world: World
) -> None:
    (tmp_path / "good.yaml").write_text(example)
    (tmp_path / "broken.yml").write_text("flow: [")

    folder = load_folder(tmp_path, world)

    assert [flow.file for flow in folder.flows] == [str(tmp_path / "good.yaml")]
    assert [fault.file for fault in folder.faults] == [str(tmp_path / "broken.yml")]


@pytest.mark.parametrize("missing", [True, False])
def test_a_folder_without_files_is_a_fault(
    tmp_path: Path, world: World, *, missing: bool
) -> None:
    path = tmp_path / "none" if missing else tmp_path

    folder = load_folder(path, world)

    assert folder.flows == ()
    assert "there is no mapping file" in folder.faults[0].message


def test_what_cannot_be_read_is_a_fault(tmp_path: Path, world: World) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"flow: \xe9")

    folder = load_folder(tmp_path, world)

    assert [fault.message for fault in folder.faults] == [
        "cannot be read: Is a directory",
        "is not UTF-8 text",
    ]


def test_an_editors_hidden_file_is_no_mapping_file(
    tmp_path: Path, example: str, world: World
) -> None:
    (tmp_path / "x.yaml").write_text(example)
    (tmp_path / ".x.yaml").write_text("half")

    assert load_folder(tmp_path, world).faults == ()


def test_an_editors_byte_order_mark_is_no_mistake(
    tmp_path: Path, example: str, world: World
) -> None:
    (tmp_path / "x.yaml").write_text(example, encoding="utf-8-sig")

    assert load_folder(tmp_path, world).faults == ()


def test_two_files_with_one_name_are_both_left_out(
    tmp_path: Path, example: str, world: World
) -> None:
    (tmp_path / "a.yaml").write_text(example)
    (tmp_path / "b.yaml").write_text(example.replace('"callyzer:{id}"', '"b:{id}"'))

    folder = load_folder(tmp_path, world)

    assert folder.flows == ()
    (fault,) = folder.faults
    assert fault.file == str(tmp_path / "b.yaml")
    assert str(tmp_path / "a.yaml") in fault.message
    assert fault.hint == "give one of them another name"


@pytest.mark.parametrize(
    "key",
    [
        '{template: "callyzer:{id}"}',
        '{template: "CALL{id}"}',
        '{template: "{id}"}',
        "{from: id}",
        '{template: "other:{id}", map: {a: b}}',
    ],
)
def test_two_flows_that_could_own_one_key_are_both_left_out(
    tmp_path: Path, example: str, world: World, key: str
) -> None:
    other = example.replace("flow: callyzer-call-logs", "flow: other")
    (tmp_path / "a.yaml").write_text(example)
    (tmp_path / "b.yaml").write_text(other.replace('{template: "callyzer:{id}"}', key))

    folder = load_folder(tmp_path, world)

    assert folder.flows == ()
    (fault,) = folder.faults
    assert (fault.line, fault.column) == (11, 3)
    assert str(tmp_path / "a.yaml") in fault.message
    assert "other:" in fault.hint


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ('"callyzer:{id}"', '"callyzer-leads:{id}"'),
        ("object: Task", "object: Event"),
        ("Call_Key__c", "Other_Key__c"),
    ],
)
def test_flows_whose_keys_never_meet_run_side_by_side(
    tmp_path: Path, example: str, world: World, right: str, other: str
) -> None:
    text = example.replace("flow: callyzer-call-logs", "flow: other")
    (tmp_path / "a.yaml").write_text(example)
    (tmp_path / "b.yaml").write_text(text.replace(right, other))

    folder = load_folder(tmp_path, world)

    assert len(folder.flows) == 2
    assert folder.faults == ()
