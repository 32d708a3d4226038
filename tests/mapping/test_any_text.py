"""No text whatsoever makes the loader raise anything but MappingError."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from connector.errors import MappingError
from connector.mapping.faults import Fault
from connector.mapping.flow import DialFlow, DirectoryFlow, Flow
from connector.mapping.load import PushFlow, World, load_folder, load_text

SNIPPETS = st.sampled_from(
    [
        *("{", "}", "[", "]", ":", ": ", "- ", "&a ", "*a", "!x ", "|", ">", "? ", "#"),
        *("<<: ", "'", '"', "\n", "\t", "  ", "%", "---", "...", "~", "null", "true"),
        *("1", "-0", "0x1F", "1e999", ".inf", "9" * 5000, "2026-02-30", "\ud800"),
        *("from: ", "value: ", "template: ", "first: ", "find: ", "map: ", "as: "),
        *("every: ", "cron: ", "zone: ", "reread: ", "when: ", "not: ", "blank: "),
        *("find: ", "by: ", "ties: ", "none: ", "create: ", "internal: ", "never: "),
        *("directory: ", "phones: ", "where: ", "field X__c", "default: "),
        *("crm: ", "request: ", "call: ", "guards: ", "hours: ", "answer: ", "Who.X"),
        *('"\\ud800"', "{a|b}", "{{", "\x00", "\ufeff", "12 weeks", "é", "😀"),
    ]
)
ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def loaded(text: str, world: World) -> Flow | tuple[object, ...]:
    """The flow, or the faults."""
    try:
        return load_text(text, "x.yaml", world)
    except MappingError as error:
        return error.faults


def assert_loaded_or_told(text: str, world: World) -> None:
    outcome = loaded(text, world)

    if isinstance(outcome, (PushFlow, DirectoryFlow, DialFlow)):
        return
    assert outcome
    for fault in outcome:
        assert isinstance(fault, Fault)
        assert fault.line >= 1
        assert str(fault).encode()


@ANY
@given(text=st.text() | st.lists(SNIPPETS).map("".join))
def test_any_text_loads_or_is_told(text: str, world: World) -> None:
    assert_loaded_or_told(text, world)


@ANY
@given(
    data=st.data(), kind=st.sampled_from(["example", "linked", "directory", "dials"])
)
def test_a_broken_edit_of_a_good_file_loads_or_is_told(
    data: st.DataObject, kind: str, world: World, request: pytest.FixtureRequest
) -> None:
    good = request.getfixturevalue(kind)
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 30)))
    typed = data.draw(st.text(max_size=5) | SNIPPETS)

    assert_loaded_or_told(good[:start] + typed + good[end:], world)


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=5,
)


@ANY
@given(
    verb=st.sampled_from(
        ["from", "value", "template", "first", "map", "as", "default"]
    ),
    value=ANY_VALUE,
)
def test_any_value_of_any_verb_loads_or_is_told(
    verb: str, value: object, world: World, example: str
) -> None:
    wrong = f"X__c: {{from: note, {verb}: {value!r}}}"

    assert_loaded_or_told(
        example.replace("X__c: {first: [note, crm_status]}", wrong), world
    )


@ANY
@given(
    key=st.sampled_from(
        ["find", "by", "from", "first", "ties", "none", "default", "create", "map"]
    ),
    value=ANY_VALUE,
)
def test_any_value_of_any_key_of_a_link_loads_or_is_told(
    key: str, value: object, world: World, example: str
) -> None:
    keys = {"find": "Lead", "by": "phone", "from": "note", "none": "create"}
    rule = ", ".join(
        f"{name}: {said!r}" for name, said in (keys | {key: value}).items()
    )

    assert_loaded_or_told(
        example.replace("X__c: {first: [note, crm_status]}", f"X__c: {{{rule}}}"), world
    )


@ANY
@given(
    section=st.sampled_from(["internal", "never", "every", "directory", "zone"]),
    value=ANY_VALUE,
    kind=st.sampled_from(["example", "directory"]),
)
def test_any_value_of_any_section_loads_or_is_told(
    section: str,
    value: object,
    kind: str,
    world: World,
    request: pytest.FixtureRequest,
) -> None:
    assert_loaded_or_told(
        f"{request.getfixturevalue(kind)}{section}: {value!r}\n", world
    )


def places(value: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Where a value stands in a file, and every value inside it."""
    yield path
    for key, inner in items(value):
        yield from places(inner, *path, key)


def items(value: object) -> list[tuple[str | int, object]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def at(file: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - it is YAML
    """The value at ``path``."""
    for key in path:
        file = file[key]
    return file


def put(file: Any, path: tuple[str | int, ...], value: object) -> object:  # noqa: ANN401 - it is YAML
    """The file with another value at ``path``."""
    if not path:
        return value
    file[path[0]] = put(file[path[0]], path[1:], value)
    return file


@ANY
@given(data=st.data(), value=ANY_VALUE | SNIPPETS)
def test_any_value_anywhere_in_a_dial_file_loads_or_is_told(
    data: st.DataObject, value: object, world: World, dials: str
) -> None:
    file = YAML(typ="safe", pure=True).load(dials)
    path = data.draw(st.sampled_from(list(places(file))))

    assert_loaded_or_told(repr(put(file, path, value)), world)


@ANY
@given(key=st.text(max_size=8) | SNIPPETS, value=ANY_VALUE, data=st.data())
def test_any_key_anywhere_in_a_dial_file_loads_or_is_told(
    key: str, value: object, data: st.DataObject, world: World, dials: str
) -> None:
    file = YAML(typ="safe", pure=True).load(dials)
    held = [path for path in places(file) if isinstance(at(file, path), dict)]
    path = data.draw(st.sampled_from(held))

    assert_loaded_or_told(repr(put(file, path, {**at(file, path), key: value})), world)


@ANY
@given(content=st.binary())
def test_any_bytes_in_a_folder_are_told(
    content: bytes, world: World, example: str, tmp_path: Path
) -> None:
    (tmp_path / "good.yaml").write_text(example)
    (tmp_path / "other.yaml").write_bytes(content)

    folder = load_folder(tmp_path, world)

    with contextlib.suppress(UnicodeDecodeError):
        assert content.decode() != example
    assert [flow.name for flow in folder.flows] == ["callyzer-call-logs"]
    assert folder.faults
