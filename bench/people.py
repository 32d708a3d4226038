"""What the directory costs, and what matching adds to carrying the same calls.

The same calls are carried several times, by turns: without anybody they are on; with
one contact for all, so that the CRM gets and checks as much as with matching; and with
matching. Each time they have other keys. Medians are compared.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.running import Figures, Sandbox, carried, printed, sandbox
from connector.clock import SystemClock
from connector.state.store import Store

FLOW = (Path(__file__).parent / "mappings" / "calls.yaml").read_text(encoding="utf-8")
DIRECTORY = Path(__file__).parent / "matching" / "directory.yaml"
WAYS: Mapping[str, str] = {
    "on nobody": "",
    "on one contact": "  WhoId: {{value: {contact}}}\n",
    "with matching": "  WhoId: {{find: [Contact, Lead], by: phone,"
    " from: customer.phone, ties: newest}}\n",
}
"""How the calls are carried, and the line of the mapping that says so."""
LOOKED_UP = 100_000
TURNS = 3

out = sys.stdout.write


def with_people(arguments: argparse.Namespace) -> None:
    """Print what the directory costs, and what matching adds to the same push."""
    with sandbox(arguments) as running, tempfile.TemporaryDirectory() as folder:
        folders = {way: _folder(Path(folder) / way) for way in WAYS}
        matching = folders["with matching"]
        (matching / "directory.yaml").write_bytes(DIRECTORY.read_bytes())
        for name in ("the directory, first load", "the directory, nothing new"):
            loaded = carried(running, matching, arguments, ("directory",))
            printed(name, loaded.counts["read"], loaded)
        contact = _print_state(matching / "state.db")
        _compare(_by_turns(running, arguments, folders, contact))


def _folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _by_turns(
    running: Sandbox,
    arguments: argparse.Namespace,
    folders: Mapping[str, Path],
    contact: str,
) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {way: [] for way in WAYS}
    for turn in range(TURNS):
        for at, (way, who) in enumerate(WAYS.items()):
            name = f"bench-{at}-{turn}"
            text = FLOW.replace("flow: bench", f"flow: {name}")
            text = text.replace("callyzer:{id}", name + ":{id}")
            path = folders[way] / "calls.yaml"
            path.write_text(text + who.format(contact=contact), encoding="utf-8")
            figures = carried(running, folders[way], arguments, (name,))
            printed(way, arguments.calls, figures)
            found[way].append(figures)
    return found


def _compare(found: Mapping[str, Sequence[Figures]]) -> None:
    *others, last = found
    for way in others:
        for what in ("pushed", "processor"):
            one, other = (
                statistics.median(getattr(figures, what) for figures in found[each])
                for each in (way, last)
            )
            out(
                f"{last} takes {100 * (other / one - 1):.1f}% more {MEANS[what]} than"
                f" {way} ({one:.1f} s, {other:.1f} s; medians of {TURNS})\n"
            )
    for way, each in found.items():
        calls = sorted({_asked(figures) for figures in each})
        out(f"CRM calls of the push, {way}: {calls}\n")


MEANS = {"pushed": "time", "processor": "of the processor"}


def _asked(figures: Figures) -> int:
    """Count the writes and queries of a push."""
    return sum(
        count
        for path, count in figures.crm.items()
        if not any(other in path for other in ("describe", "oauth2", "queryAll"))
    )


def _print_state(path: Path) -> str:
    """Print the size of the state, and how long looking one number up takes.

    Returns the id of somebody who is there.
    """
    with sqlite3.connect(path) as state:
        sql = "select value from entries order by random() limit ?"
        numbers = [value for (value,) in state.execute(sql, (LOOKED_UP,))]
        contacts = "select crm_id from people where object = 'Contact' limit 1"
        (contact,) = state.execute(contacts).fetchone()
    with Store(path, SystemClock()) as store:
        started = time.perf_counter()
        for number in numbers:
            store.known([number])
        each = (time.perf_counter() - started) / max(1, len(numbers))
    out(
        f"the state\n  {_size(path) / 1e6:12,.0f} MB\n"
        f"  {each * 1e6:12,.1f} µs to look a number up\n"
    )
    return str(contact)


def _size(path: Path) -> int:
    """The bytes of the state: its file, and what is not moved into it yet."""
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
