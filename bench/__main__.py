"""Carry 100,000 calls from the sandbox Callyzer into the sandbox CRM, twice.

Everything goes over real HTTP between processes: the sandbox in one, `connector
sync` in another, which is measured from the outside. With ``--people`` the CRM knows
so many more people, with three numbers each: it is measured what the directory of
them costs, and what it adds to carrying the calls.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from connector.clock import SystemClock
from connector.state.store import Store

MAPPINGS = Path(__file__).parent / "mappings"
MATCHING = Path(__file__).parent / "matching"
"""The same flow, with whom each call is on; and the directory."""
LOOKED_UP = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run took."""

    seconds: float
    pushed: float
    """Of these, the flow's own run."""
    megabytes: float
    vendor: Mapping[str, int]
    crm: Mapping[str, int]
    counts: Mapping[str, int]


def main() -> None:
    """Print the figures of a first run, and of a second one right after it."""
    arguments = _arguments()
    if arguments.people:
        _with_people(arguments)
        return
    with _sandbox(arguments) as sandbox, tempfile.TemporaryDirectory() as folder:
        for name in ("first run", "second run, nothing new"):
            _print(name, arguments.calls, _run(sandbox, Path(folder), arguments))
        if arguments.pages:
            _print_pages(sandbox, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    add = parser.add_argument
    add("--calls", type=int, default=100_000)
    add("--latency", type=float, default=0, help="seconds, on both sides")
    add("--limit", action="store_true", help="keep the vendor's rate limit")
    add("--pages", action="store_true", help="also time the vendor's bare pages")
    add("--people", type=int, default=0, help="so many more people in the CRM")
    return parser.parse_args()


@contextmanager
def _sandbox(arguments: argparse.Namespace) -> Iterator[dict[str, str]]:
    command = [
        *(sys.executable, "-m", "connector.sandbox", "--until-eof"),
        *("--calls", str(arguments.calls), "--days", "58"),
        *("--latency", str(arguments.latency)),
        *(() if arguments.limit else ("--no-limit",)),
        *("--people", str(arguments.people)),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        line = process.stdout.readline() if process.stdout else b""
        yield json.loads(line)
        process.terminate()


def _with_people(arguments: argparse.Namespace) -> None:
    """Print what the directory costs, and what matching adds to the same push."""
    with _sandbox(arguments) as sandbox, tempfile.TemporaryDirectory() as folder:
        plain = _run(sandbox, Path(folder), arguments)
        _print("without matching", arguments.calls, plain)
    with _sandbox(arguments) as sandbox, tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        directory = ("directory",)
        for name in ("the directory, first load", "the directory, nothing new"):
            loaded = _run(sandbox, at, arguments, MATCHING, directory)
            _print(name, loaded.counts["read"], loaded)
        _print_state(at / "state.db")
        matched = _run(sandbox, at, arguments, MATCHING, ("bench",))
        _print("with matching", arguments.calls, matched)
    added = 100 * (matched.pushed / plain.pushed - 1)
    sys.stdout.write(
        f"matching adds {added:.1f}% ({plain.pushed:.1f} s, {matched.pushed:.1f} s)\n"
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
    sys.stdout.write(
        f"the state\n  {_size(path) / 1e6:12,.0f} MB\n"
        f"  {each * 1e6:12,.1f} µs to look a number up\n"
    )


def _size(path: Path) -> int:
    """The bytes of the state: its file, and what is not moved into it yet."""
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))


def _run(
    sandbox: dict[str, str],
    folder: Path,
    arguments: argparse.Namespace,
    mappings: Path = MAPPINGS,
    flows: tuple[str, ...] = (),
) -> Figures:
    """Run ``connector sync`` in a process of its own, and measure that."""
    before = {name: _requests(sandbox[name]) for name in ("callyzer", "salesforce")}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "connector", "sync", "--json", *flows],
        env=os.environ
        | _environment(sandbox, folder, limited=arguments.limit)
        | {"CONNECTOR_MAPPINGS": str(mappings)},
        stdout=subprocess.PIPE,
    ) as process:
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    runs = json.loads(output)
    names = ("read", "created", "updated", "unchanged", "set_aside")
    return Figures(
        seconds=seconds,
        pushed=sum(run["seconds"] or 0 for run in runs if run["flow"] == "bench"),
        megabytes=usage.ru_maxrss / 1024,
        vendor=_since(before["callyzer"], _requests(sandbox["callyzer"])),
        crm=_since(before["salesforce"], _requests(sandbox["salesforce"])),
        counts={name: sum(run[name] for run in runs) for name in names},
    )


def _environment(
    sandbox: dict[str, str], folder: Path, *, limited: bool
) -> dict[str, str]:
    return {
        "CONNECTOR_STATE": str(folder / "state.db"),
        "CALLYZER_URL": sandbox["callyzer"],
        "CALLYZER_TOKEN": sandbox["callyzer_token"],
        "CALLYZER_SECONDS_PER_REQUEST": "2" if limited else "0",
        "SALESFORCE_URL": sandbox["salesforce"],
        "SALESFORCE_CLIENT_ID": sandbox["salesforce_client_id"],
        "SALESFORCE_CLIENT_SECRET": sandbox["salesforce_client_secret"],
    }


def _requests(url: str) -> dict[str, int]:
    base = "/".join(url.split("/")[:3])
    with urllib.request.urlopen(f"{base}/sandbox/requests") as answer:
        counts: dict[str, int] = json.load(answer)
        return counts


def _since(before: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    counts = {name: count - before.get(name, 0) for name, count in now.items()}
    return {name: count for name, count in counts.items() if count}


def _print(name: str, calls: int, figures: Figures) -> None:
    out = sys.stdout.write
    out(f"{name}\n")
    out(f"  {calls / figures.seconds:12,.0f} records/s ({figures.seconds:.1f} s)\n")
    out(f"  {figures.megabytes:12.0f} MB peak\n")
    for side, counts in (("vendor", figures.vendor), ("CRM", figures.crm)):
        out(f"  {sum(counts.values()):12,} {side} calls\n")
        for request, count in sorted(counts.items()):
            out(f"               {count:,} x {request}\n")
    said = ", ".join(f"{count:,} {name}" for name, count in figures.counts.items())
    out(f"  {said}\n")


def _print_pages(sandbox: dict[str, str], arguments: argparse.Namespace) -> None:
    """Time the bare pages of the same calls, one after the other."""
    now = int(time.time())
    body = {"synced_from": now - 60 * 86_400, "synced_to": now}
    interval = 2.0 if arguments.limit else 0.0
    started = time.perf_counter()
    pages = -(-arguments.calls // 100)
    with _client(sandbox) as client:
        for number in range(1, pages + 1):
            begun = time.perf_counter()
            client.post("/call-log/history", json=body | {"page_no": number})
            time.sleep(max(0.0, interval - (time.perf_counter() - begun)))
    seconds = time.perf_counter() - started
    sys.stdout.write(f"the vendor's bare pages\n  {seconds:.1f} s for {pages:,}\n")


def _client(sandbox: dict[str, str]) -> httpx.Client:
    token = sandbox["callyzer_token"]
    return httpx.Client(
        base_url=sandbox["callyzer"],
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )


if __name__ == "__main__":
    main()
