"""The tables of documented operations say what the clients, tests and streams are."""

import re
from collections.abc import Mapping
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from typing import NamedTuple

import pytest

from connector.transport.operation import Operation
from connector.wiring import STREAMS
from tests.docs.test_docs import COMMANDS

ROOT = Path(__file__).parents[2]
HEADING = "## Every documented operation"
ROW = re.compile(r"\| (.+?) \| `(\w+)` \| `(\w+)` \| (.+?) \|")
TESTS = frozenset(
    name
    for path in ROOT.glob("tests/**/test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
)
CLIENT_ONLY = "client only"


class Line(NamedTuple):
    """A line of a page's table."""

    operation: str
    method: str
    test: str
    used_by: str


def page(system: str) -> str:
    """What is written of a system; every system whose operations we have has a page."""
    return (ROOT / "docs" / f"{system}.md").read_text(encoding="utf-8")


def operations(system: str) -> Mapping[str, Operation]:
    found: Mapping[str, Operation] = import_module(
        f"connector.systems.{system}.operations"
    ).OPERATIONS
    return found


def clients(system: str) -> list[type]:
    module = import_module(f"connector.systems.{system}.client")
    return [kind for name, kind in getmembers(module, isclass) if "Client" in name]


def table(system: str) -> list[Line]:
    after = page(system).partition(HEADING)[2].partition("\n## ")[0]
    return [Line(*cells) for cells in ROW.findall(after)]


SYSTEMS = sorted(
    {path.parent.name for path in ROOT.glob("connector/systems/*/operations*")}
)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_page_has_every_documented_operation_and_no_other(system: str) -> None:
    documented = {line.method: line.operation for line in table(system)}

    there = operations(system)
    assert len(table(system)) == len(documented) == len(set(documented.values()))
    assert documented.keys() == there.keys()
    for name, operation in there.items():
        address = f"{operation.method} {operation.path}".partition("?")[0]
        said = documented[name]
        assert said == operation.section or said.partition("?")[0] == address


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_operation_is_called_as_the_method_of_its_client(system: str) -> None:
    for name, operation in operations(system).items():
        assert operation.name == name
        assert any(callable(getattr(kind, name, None)) for kind in clients(system))


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_test_that_a_table_names_is_one(system: str) -> None:
    assert {line.test for line in table(system)} <= TESTS


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_uses_an_operation_is_a_stream_or_a_command(system: str) -> None:
    streams = STREAMS.get(system, {})
    for line in table(system):
        for name in re.findall(r"`([^`]+)`", line.used_by):
            assert name in streams or name.removeprefix("connector ") in COMMANDS
        assert line.used_by == CLIENT_ONLY or "`" in line.used_by


@pytest.mark.parametrize("system", [name for name in SYSTEMS if name in STREAMS])
def test_every_stream_uses_an_operation_and_is_described(system: str) -> None:
    used = " ".join(line.used_by for line in table(system))

    assert [name for name in STREAMS[system] if f"`{name}`" not in used] == []
