"""One run of the service, in a process of its own, measured from the outside."""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Sandbox = dict[str, Any]
"""Where the sandbox systems are, and what reaches them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one run took."""

    seconds: float
    pushed: float
    """Of these, the flows' own runs."""
    processor: float
    """Seconds of it that the process took."""
    megabytes: float
    vendor: Mapping[str, int]
    crm: Mapping[str, int]
    counts: Mapping[str, int]


@contextmanager
def sandbox(arguments: argparse.Namespace) -> Iterator[Sandbox]:
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


def carried(
    sandbox: Sandbox,
    folder: Path,
    arguments: argparse.Namespace,
    flows: tuple[str, ...] = (),
) -> Figures:
    """Run ``connector sync`` in a process of its own, and measure that.

    ``folder`` has the mapping files, and gets the state.
    """
    before = {name: _requests(sandbox[name]) for name in ("callyzer", "salesforce")}
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "connector", "sync", "--json", *flows],
        env=os.environ
        | _environment(sandbox, folder, limited=arguments.limit)
        | {"CONNECTOR_MAPPINGS": str(folder)},
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
        pushed=sum(r["seconds"] or 0 for r in runs if not flows or r["flow"] in flows),
        processor=usage.ru_utime + usage.ru_stime,
        megabytes=usage.ru_maxrss / 1024,
        vendor=_since(before["callyzer"], _requests(sandbox["callyzer"])),
        crm=_since(before["salesforce"], _requests(sandbox["salesforce"])),
        counts={name: sum(run[name] for run in runs) for name in names},
    )


def _environment(sandbox: Sandbox, folder: Path, *, limited: bool) -> dict[str, str]:
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


def printed(name: str, calls: int, figures: Figures) -> None:
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
