"""What several commands print."""

from collections.abc import Callable

from rich.text import Text

from connector.service import commands
from connector.service.tables import counted, err, show, write

RUN = ("flow", "lane", "outcome", "result")
"""What is told of a run that just ended."""

STYLES = {"error": "red", "unavailable": "red", "warning": "yellow", "info": "none"}


def show_check(rows: list[commands.Row], flows: int) -> None:
    """Print what a check found, and how many flows there are."""
    for row in rows:
        write(Text(row["message"], style=STYLES[row["severity"]]))
    errors = sum(row["severity"] == "error" for row in rows)
    write(f"{counted(flows, 'flow')} loaded, {counted(errors, 'error')}")


def show_runs(
    rows: list[commands.Row], columns: tuple[str, ...], *, as_json: bool
) -> None:
    """Print runs: every count as JSON, in a table those that are not 0."""
    if not as_json:
        rows = [row | {"result": commands.result(row)} for row in rows]
    show(rows, columns, as_json=as_json, empty="Nothing ran yet.")


def aside(*, as_json: bool) -> Callable[[str], None]:
    """Return what tells a person something, where a program may read the answer."""
    return complain if as_json else write


def complain(text: str) -> None:
    """Tell a person something beside the answer."""
    err.print(text, style="yellow", markup=False)
