"""Rows with more or less in them than the document has harm nobody else."""

from functools import partial
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.transport.jsontext import Json
from tests.systems.standard.desk import Desk
from tests.systems.standard.rows import (
    EXTRAS,
    JUNK,
    everywhere,
    rows,
    with_junk,
    with_null,
)

FEW: Final = 8
ANY: Final = st.integers(0, 999)


def test_keys_that_no_document_has_are_ignored(desk: Desk) -> None:
    desk.fill(FEW)
    plain = desk.read().records
    desk.line.spoil = partial(everywhere, change=lambda row: {**row, **EXTRAS})

    assert desk.read().records == plain


def test_a_null_anywhere_sets_nobody_aside(desk: Desk) -> None:
    there = desk.fill(FEW)

    for name in sorted(_keys(desk).difference(desk.case.vital)):
        desk.line.spoil = partial(everywhere, change=with_null(name))
        seen = desk.read()

        assert seen.records.keys() == there, name
        assert not seen.rejects, name


def test_junk_in_a_row_sets_nothing_else_aside(desk: Desk) -> None:
    there = desk.fill(FEW)

    @settings(max_examples=40)
    @given(which=ANY, key=ANY, junk=st.sampled_from(JUNK))
    def holds(which: int, key: int, junk: Json) -> None:
        desk.line.spoil = with_junk(which, key, junk, desk.case.vital)
        desk.line.asked.clear()

        seen = desk.read()

        missing, answers = there - seen.records.keys(), len(desk.line.asked)
        assert len(missing) <= len(seen.rejects) <= answers

    holds()


def _keys(desk: Desk) -> set[str]:
    """Every key that a row has in the answers to a reading."""
    found: set[str] = set()

    def noted(body: Json) -> Json:
        found.update(*rows(body))
        return body

    desk.line.spoil = noted
    desk.read()
    return found
