"""The page of a dialer has what a mapping can say to it."""

import re
from pathlib import Path

import pytest

from connector.wiring.dialers import CALL_SECONDS, DIALERS, TOKEN_SECONDS

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([\w.]+)` \|\s*([^|]*?)\s*\| (.+) \|$", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DIALERS)
def test_a_page_has_every_parameter_of_its_dialer_with_its_limit(name: str) -> None:
    _, _, after = page(name).partition("## What a mapping can say")
    section = after.partition("\n## ")[0]
    said = {row[0]: row for row in ROW.findall(section)}

    assert said.keys() == {each.name for each in DIALERS[name].parameters}
    for each in DIALERS[name].parameters:
        _, most, meaning = said[each.name]
        assert most.split(" ")[0] == (str(each.longest) if each.longest else "")
        assert all(choice in section for choice in each.choices)
        assert meaning


def test_the_time_limits_are_as_they_are_written() -> None:
    words = " ".join(page("newvoicemedia").split())

    assert f"an answer has to be whole in {CALL_SECONDS:g}, how" in words
    assert f"a token in {TOKEN_SECONDS:g}." in words
