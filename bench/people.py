"""What the directory costs, and what matching adds to carrying the same calls.

The same calls are carried several times, without matching and with it by turns, each
time under another key; medians are compared.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.running import Figures, Sandbox, carried, printed, sandbox
from connector.clock import SystemClock
from connector.state.store import Store

FLOW = (Path(__file__).parent / "mappings" / "calls.yaml").read_text(encoding="utf-8")
DIRECTORY = Path(__file__).parent / "matching" / "directory.yaml"
WHO = (
    "  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone, ties: newest}\n"
)
LOOKED_UP = 100_000
TURNS = 3

out = sys.stdout.write


def with_people(arguments: argparse.Namespace) -> None:
    """Print what the directory costs, and what matching adds to the same push."""
    with sandbox(arguments) as running, tempfile.TemporaryDirectory() as folder:
        plain, matching = (_mappings(Path(folder) / n) for n in ("plain", "matching"))
        (matching / "directory.yaml").write_bytes(DIRECTORY.read_bytes())
        for name in ("the directory, first load", "the directory, nothing new"):
            loaded = carried(running, matching, arguments, ("directory",))
            printed(name, loaded.counts["read"], loaded)
        _print_state(matching / "state.db")
        without, with_ = _by_turns(running, arguments, plain, matching)
        _compare(without, with_)


def _mappings(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _by_turns(
    running: Sandbox, arguments: argparse.Namespace, plain: Path, matching: Path
) -> tuple[list[Figures], list[Figures]]:
    found: tuple[list[Figures], list[Figures]] = ([], [])
    for turn in range(TURNS):
        for way, (folder, who) in enumerate(((plain, ""), (matching, WHO))):
            name = f"bench-{way}-{turn}"
            text = FLOW.replace("flow: bench", f"flow: {name}")
            text = text.replace("callyzer:{id}", name + ":{id}")
            (folder / "calls.yaml").write_text(text + who, encoding="utf-8")
            figures = carried(running, folder, arguments, (name,))
            printed("with matching" if who else "without", arguments.calls, figures)
            found[way].append(figures)
    return found


def _compare(without: Sequence[Figures], with_: Sequence[Figures]) -> None:
    for what in ("pushed", "processor"):
        one, other = (
            statistics.median(getattr(figures, what) for figures in each)
            for each in (without, with_)
        )
        seconds = "seconds" if what == "pushed" else "seconds of processor"
        out(
            f"matching adds {100 * (other / one - 1):.1f}% of {seconds} "
            f"({one:.1f}, {other:.1f}; medians of {TURNS})\n"
        )
    calls = [{_asked(figures) for figures in each} for each in (without, with_)]
    out(
        f"CRM calls of the push without matching {calls[0]}, with it {calls[1]}"
        " (beside describes, tokens, and the refresh of the directory)\n"
    )


def _asked(figures: Figures) -> int:
    """Count the writes and queries of a push."""
    return sum(
        count
        for path, count in figures.crm.items()
        if not any(other in path for other in ("describe", "oauth2", "queryAll"))
    )


def _print_state(path: Path) -> None:
    """Print the size of the state, and how long looking one number up takes."""
    with sqlite3.connect(path) as state:
        sql = "select value from entries order by random() limit ?"
        numbers = [value for (value,) in state.execute(sql, (LOOKED_UP,))]
    with Store(path, SystemClock()) as store:
        started = time.perf_counter()
        for number in numbers:
            store.known([number])
        each = (time.perf_counter() - started) / max(1, len(numbers))
    out(
        f"the state\n  {_size(path) / 1e6:12,.0f} MB\n"
        f"  {each * 1e6:12,.1f} µs to look a number up\n"
    )


def _size(path: Path) -> int:
    """The bytes of the state: its file, and what is not moved into it yet."""
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
