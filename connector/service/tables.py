"""What the commands show: tables for eyes, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from connector.model import Run

out = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def show(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    *,
    as_json: bool,
    empty: str,
) -> None:
    """Print ``rows`` as a JSON list, or their ``columns`` as a table."""
    rows = list(rows)
    if as_json:
        print_json(rows)
    elif not rows:
        out.print(empty)
    else:
        out.print(_table(rows, columns))


def print_json(value: object) -> None:
    """Print JSON that a program can read, whatever the width of the terminal."""
    sys.stdout.write(json.dumps(value, default=_plain, indent=2) + "\n")


def _table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
    return str(value).replace("[", r"\[")


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, ZoneInfo):
        return value.key
    return str(value)


@contextmanager
def progress() -> Iterator[Callable[[Run], None]]:
    """Show how a run gets on, on a terminal; yields what to call with the run."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with err.status("reading…") as line:
        yield lambda run: line.update(_so_far(run))


def _so_far(run: Run) -> str:
    c = run.counts
    return (
        f"{run.flow} ({run.lane}): {c.read:,} read, {c.created:,} created, "
        f"{c.updated:,} updated, {c.unchanged:,} unchanged, {c.set_aside:,} set aside"
    )
