"""Carry 100,000 calls from the sandbox Callyzer into the sandbox CRM, twice.

Everything goes over real HTTP between processes: the sandbox in one, `connector
sync` in another, which is measured from the outside. With ``--people`` the CRM knows
so many more people, with three numbers each: it is measured what the directory of
them costs, and what it adds to carrying the calls.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.clicks import clicks
from bench.people import with_people
from bench.running import Sandbox, carried, printed, sandbox

CALLS = Path(__file__).parent / "mappings" / "calls.yaml"


def main() -> None:
    """Print the figures of a first run, and of a second one right after it."""
    arguments = _arguments()
    if arguments.clicks:
        clicks()
        return
    if arguments.people:
        with_people(arguments)
        return
    with sandbox(arguments) as running, tempfile.TemporaryDirectory() as folder:
        shutil.copy(CALLS, folder)
        for name in ("first run", "second run, nothing new"):
            printed(name, arguments.calls, carried(running, Path(folder), arguments))
        if arguments.pages:
            _print_pages(running, arguments)
    clicks()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    add = parser.add_argument
    add("--calls", type=int, default=100_000)
    add("--latency", type=float, default=0, help="seconds, on both sides")
    add("--limit", action="store_true", help="keep the vendor's rate limit")
    add("--pages", action="store_true", help="also time the vendor's bare pages")
    add("--clicks", action="store_true", help="only the clicks")
    add("--people", type=int, default=0, help="so many more people in the CRM")
    return parser.parse_args()


def _print_pages(sandbox: Sandbox, arguments: argparse.Namespace) -> None:
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


def _client(sandbox: Sandbox) -> httpx.Client:
    token = sandbox["callyzer_token"]
    return httpx.Client(
        base_url=sandbox["callyzer"],
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )


if __name__ == "__main__":
    main()
