"""The page says what the code does: every operation, where it is tested and used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.operations import OPERATIONS
from connector.systems.multisender.source import STREAMS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "multisender.md").read_text(encoding="utf-8")
TESTS = "".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.glob("*.py"))
)
ASKED = {
    "list_click_to_calls",
    "get_click_to_call",
    "list_rsvp_calls",
    "get_rsvp_call",
    "list_rsvp_call_receivers",
    "list_group_accounts",
}
"""What the streams ask."""


def rows() -> Iterator[list[str]]:
    _, _, table = PAGE.partition("## Every documented operation")
    for line in table.splitlines():
        if line.startswith("| ") and not line.startswith("| Operation"):
            yield [cell.strip().strip("`") for cell in line.strip("|").split("|")]


ROWS = {name: (operation, test, use) for operation, name, test, use in rows()}


def test_every_operation_is_on_the_page_and_no_other() -> None:
    assert ROWS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_row_of_the_page_is_true(name: str) -> None:
    operation, test, use = ROWS[name]
    known = OPERATIONS[name]

    assert operation.startswith(f"{known.method} {known.path}")
    assert f"def {test}(" in TESTS
    assert (use in STREAMS) == (name in ASKED)
    assert use in STREAMS or use == "client only"
    assert name in vars(MultisenderClient)
