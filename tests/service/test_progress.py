"""How a run gets on, in one line that fits into a terminal."""

import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from connector.model import Counts, Lane, Run
from connector.service import progress as module
from connector.service.progress import progress, so_far
from connector.testing import ManualClock

SPINNER = 2
"""Columns before the line."""


def run(name: str = "calls", lane: Lane = Lane.LIVE, **counts: int) -> Run:
    started = datetime(2026, 11, 21, tzinfo=UTC)
    return Run(flow=name, lane=lane, started_at=started, counts=Counts(**counts))


def test_a_terminal_sees_how_far_it_is_and_how_long_it_will_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Console(file=StringIO(), force_terminal=True, width=80)
    monkeypatch.setattr(module, "err", screen)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    clock = ManualClock()

    with progress(clock, 12_000) as seen:
        clock.time += timedelta(minutes=2)
        seen(run(read=3_000, created=2_000))

    shown = screen.file.getvalue()  # type: ignore[attr-defined]  # it is a StringIO
    assert "calls: 25%, 6 minutes left, 3,000 of 12,000" in shown


def test_where_there_is_no_terminal_nothing_is_shown_meanwhile(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress(ManualClock()) as seen:
        seen(run())

    assert capsys.readouterr().err == ""


def test_where_nobody_knows_how_many_there_are_it_tells_what_it_did() -> None:
    told = run(read=1_200, created=7, unchanged=1_190, set_aside=3)

    line = so_far(told, None, timedelta(seconds=9))

    assert line == "calls (live): 1,200 read, 7 created, 3 set aside"


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (0, "calls: 0%, 0 of 100"),
        (99, "calls: 99%, 1 second left, 99 of 100"),
        (100, "calls: 100%, 100 of 100"),
        (130, "calls: 100%, 130 of 100"),
    ],
)
def test_an_estimate_that_was_wrong_is_never_more_than_all(
    read: int, words: str
) -> None:
    assert so_far(run(read=read), 100, timedelta(seconds=99)) == words


def test_the_line_of_a_long_backfill_fits_into_80_columns() -> None:
    told = run("callyzer-call-logs", Lane.BACKFILL, read=12_387, set_aside=312)

    line = so_far(told, 123_870, timedelta(minutes=13))

    assert line.endswith("117 minutes left, 12,387 of 123,870, 312 set aside")
    assert len(line) + SPINNER <= 80
