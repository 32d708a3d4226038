"""Serve the sandbox systems from a process of their own.

Prints one line of JSON with their addresses and the settings that reach them, then
serves until it is told to end.
"""

import argparse
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final

from connector.sandbox.arrivals import Arrivals
from connector.sandbox.server import Server
from connector.sandbox.together import Running, together

SYSTEMS: Final = ("callyzer", "ccai", "agendize", "multisender", "newvoicemedia")
RARER: Final = 3
"""How much rarer things happen at the other systems than at Callyzer."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="connector.sandbox", description=__doc__)
    add = parser.add_argument
    for name in ("salesforce", *SYSTEMS):
        add(f"--{name}-port", type=int, default=0, metavar="PORT")
    add("--systems", nargs="+", choices=SYSTEMS, default=["callyzer"])
    add("--calls", type=int, default=500, help="how many calls there are already")
    add("--days", type=float, default=7, help="how many days those are spread over")
    add("--no-limit", action="store_true", help="Callyzer without its rate limit")
    add("--pace", type=float, default=2, help="or with a request in so many seconds")
    add("--people", type=int, default=0, help="more contacts, who are also called")
    add("--latency", type=float, default=0, metavar="SECONDS")
    add("--seed", type=int, default=1)
    add("--arrive", type=float, default=0, metavar="SECONDS", help="between new calls")
    add("--tell", default="", metavar="URL", help="where webhooks are posted to")
    add("--nudge", nargs=2, metavar=("URL", "TOKEN"), help="told of presses on Call")
    add("--trouble", action="store_true", help="some calls the CRM will refuse")
    add("--until-eof", action="store_true", help="end when stdin is closed")
    return parser.parse_args()


def _told_to_end(*, until_eof: bool) -> threading.Event:
    """Return what is set by SIGTERM, SIGINT or the end of stdin."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    if until_eof:
        threading.Thread(target=_wait_for_eof, args=(ending,), daemon=True).start()
    return ending


def _wait_for_eof(ending: threading.Event) -> None:
    """Read past Python's buffer, whose lock would disturb the end of the process."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    ending.set()


def _announce(urls: Mapping[str, str], systems: list[Running]) -> None:
    """Print the addresses, and everything as the environment has it."""
    settings = {f"{name.upper()}_URL": url for name, url in urls.items()}
    for system in systems:
        settings |= system.settings
    flat = {name.lower(): value for name, value in settings.items()}
    sys.stdout.write(json.dumps({**urls, **flat, "settings": settings}) + "\n")
    sys.stdout.flush()


def _arrive(
    stack: ExitStack, systems: list[Running], about: argparse.Namespace
) -> None:
    for at, system in enumerate(systems):
        if system.happen is not None:
            every = about.arrive * (1 if system.name == "callyzer" else RARER)
            seed = about.seed + 1 + at
            stack.enter_context(Arrivals(system.happen, every, seed=seed))


def main() -> None:
    """Serve."""
    arguments = _arguments()
    # Servers in threads: none should stand still while another computes.
    sys.setswitchinterval(0.0005)
    ending = _told_to_end(until_eof=arguments.until_eof)
    systems = list(together(arguments))
    # What is there now stays; to look through it for garbage can take a second.
    gc.freeze()
    with ExitStack() as stack:
        urls: dict[str, str] = {}
        for system in systems:
            port = getattr(arguments, f"{system.name}_port")
            server = stack.enter_context(Server(system.app, port))
            urls[system.name] = server.url + system.prefix
            if arguments.tell and system.watched:
                system.watched(f"{arguments.tell}/{system.name}")
        if arguments.arrive:
            _arrive(stack, systems, arguments)
        _announce(urls, systems)
        while not ending.wait(1):  # a signal can be missed by a wait without end
            pass


if __name__ == "__main__":
    main()
