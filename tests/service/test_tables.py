"""What the commands print: readable at 80 columns, and when piped."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from connector.engine.comparing import Change
from connector.service import tables
from connector.service.tables import (
    Table,
    cell,
    counted,
    print_json,
    printable,
    show,
)

ID = "7CMowPI1KSt0PzP5ddNRO38-WTyvWfXR_7qcSDxea3Y"
COLUMNS = ("id", "flow", "record", "code", "attempts", "retry_at", "message")
ROW = {
    "id": 1,
    "flow": "callyzer-call-logs",
    "record": ID,
    "code": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "attempts": 1,
    "retry_at": None,
    "message": "Call Status: bad value\nfor restricted picklist field: " + "x " * 900,
}


def table(*rows: tuple[str, ...], names: str, width: int | None) -> list[str]:
    set_ = Table(names=names.split(","), rows=rows, width=width)
    return [line.plain for line in set_.lines()]


def test_where_it_is_piped_a_row_is_one_line_and_nothing_is_cut(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show([ROW, ROW], COLUMNS, as_json=False, empty="none")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert ID in lines[1]
    assert "\x1b" not in lines[1]
    assert lines[1].endswith("picklist field: " + "x " * 899 + "x")


def test_on_a_terminal_what_does_not_fit_stands_below_its_row_in_two_lines() -> None:
    cells = tuple(cell(ROW[name]) for name in COLUMNS)

    lines = table(cells, cells, names=",".join(COLUMNS), width=80)

    assert len(lines) == 1 + 2 * 3
    assert lines[0] == "id  flow                record"
    assert lines[1] == f"1   callyzer-call-logs  {ID}"
    assert lines[2].startswith("    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST · attempts")
    assert lines[3].endswith(" …")
    assert max(map(len, lines)) <= 80


def test_a_text_that_fits_beside_its_row_stands_there() -> None:
    assert table(("calls", "read 2"), names="flow,result", width=80) == [
        "flow   result",
        "calls  read 2",
    ]


def test_a_long_text_has_two_lines_beside_its_row() -> None:
    lines = table(("calls", "word " * 99), names="flow,message", width=80)

    assert len(lines) == 3
    assert lines[1].startswith("calls  word word")
    assert lines[2].startswith("       word word")
    assert lines[2].endswith(" …")


def test_meanings_are_never_cut() -> None:
    lines = table(("id", "word " * 99), names="field,meaning", width=80)

    assert " ".join(lines).count("word") == 99


def test_columns_below_a_row_have_their_names_and_zeros_are_left_out() -> None:
    lines = table(("a" * 30, "7", "0", ""), names="flow,one two,three,four", width=34)

    assert lines[1:] == ["a" * 30, "    one two 7"]


def test_wide_letters_take_the_room_they_have() -> None:
    lines = table(("電話", "1"), ("a", "2"), names="flow,n", width=80)

    assert [cell_len(line) for line in lines] == [7, 7, 7]


def test_a_table_without_rows_says_what_that_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show([], COLUMNS, as_json=False, empty="Nothing is set aside.")

    assert capsys.readouterr().out == "Nothing is set aside.\n"


def test_markup_of_others_is_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    show([{"message": "[bold]no[/] :smile:"}], ("message",), as_json=False, empty="")

    assert "[bold]no[/] :smile:" in capsys.readouterr().out


def test_nothing_that_acts_on_a_terminal_is_printed() -> None:
    assert printable("\x1b[2Jgone\rback\x07") == "\\x1b[2Jgone\\rback\\x07"
    assert printable("half \ud800") == "half \\ud800"
    assert printable("two\nlines, बात") == "two\nlines, बात"


@given(st.text(st.characters(), max_size=200))
def test_a_cell_is_one_line_that_can_be_written(text: str) -> None:
    shown = cell(text)

    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(
    st.lists(st.tuples(*[st.text("ab 0", max_size=90)] * 4), min_size=1, max_size=5),
    st.integers(40, 200),
)
def test_any_table_is_narrow_enough_but_for_its_first_column(
    rows: list[tuple[str, str, str, str]], width: int
) -> None:
    cells = [tuple(map(cell, row)) for row in rows]
    first = max(cell_len(row[0]) for row in cells)

    lines = table(*cells, names="a,b,c,d", width=width)

    assert all(len(line) <= max(width, first) for line in lines)


def test_every_value_becomes_json(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    print_json(
        {
            "at": at,
            "wait": timedelta(minutes=1),
            "hash": b"\x01\xff",
            "zone": ZoneInfo("Asia/Kolkata"),
            "change": Change(field="Subject", before=None, after=1),
            "other": ValueError("no"),
        }
    )

    assert json.loads(capsys.readouterr().out) == {
        "at": "2026-11-21T08:00:00+00:00",
        "wait": 60.0,
        "hash": "01ff",
        "zone": "Asia/Kolkata",
        "change": {"field": "Subject", "before": None, "after": 1},
        "other": "no",
    }


def test_things_are_counted() -> None:
    assert [counted(n, "flow") for n in (0, 1, 1200)] == [
        *("0 flows", "1 flow", "1,200 flows")
    ]


def test_a_terminal_gets_a_table_of_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=StringIO(), force_terminal=True, width=80, highlight=False)
    monkeypatch.setattr(tables, "out", screen)

    show([ROW], COLUMNS, as_json=False, empty="")

    lines = Text.from_ansi(screen.file.getvalue()).plain.splitlines()  # type: ignore[attr-defined]  # it is a StringIO
    assert len(lines) == 4
    assert max(map(len, lines)) <= 80
