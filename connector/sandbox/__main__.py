"""Serve the sandbox systems from a process of their own.

Prints one line of JSON with their addresses and credentials, then serves until
it is told to end.
"""

import argparse
import gc
import json
import os
import signal
import sys
import threading
from contextlib import ExitStack

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.callyzer.arrivals import Arrivals
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server

SALESFORCE_CLIENT_ID = "sandbox-client"
SALESFORCE_CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - opens only the sandbox


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="connector.sandbox", description=__doc__)
    add = parser.add_argument
    add("--callyzer-port", type=int, default=0, metavar="PORT")
    add("--salesforce-port", type=int, default=0, metavar="PORT")
    add("--calls", type=int, default=500, help="how many calls there are already")
    add("--days", type=float, default=7, help="how many days those are spread over")
    add("--no-limit", action="store_true", help="Callyzer without its rate limit")
    add("--people", type=int, default=0, help="more contacts, who are also called")
    add("--latency", type=float, default=0, metavar="SECONDS")
    add("--seed", type=int, default=1)
    add("--arrive", type=float, default=0, metavar="SECONDS", help="between new calls")
    add("--trouble", action="store_true", help="some calls the CRM will refuse")
    add("--until-eof", action="store_true", help="end when stdin is closed")
    return parser.parse_args()


def _callyzer(arguments: argparse.Namespace) -> CallyzerSandbox:
    limit = 0 if arguments.no_limit else CallyzerSandbox.seconds_per_request
    people = arguments.people
    sandbox = CallyzerSandbox(seconds_per_request=limit, examples=True, people=people)
    sandbox.faults.latency = arguments.latency
    sandbox.load(
        arguments.calls,
        seed=arguments.seed,
        days=arguments.days,
        trouble=arguments.trouble,
    )
    return sandbox


def _salesforce(arguments: argparse.Namespace) -> SalesforceSandbox:
    sandbox = SalesforceSandbox(
        client_id=SALESFORCE_CLIENT_ID, client_secret=SALESFORCE_CLIENT_SECRET
    )
    sandbox.faults.latency = arguments.latency
    sandbox.populate(arguments.people)
    return sandbox


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


def _announce(callyzer: tuple[CallyzerSandbox, str], salesforce_url: str) -> None:
    sandbox, url = callyzer
    line = {
        "callyzer": url + sandbox.prefix,
        "callyzer_token": sandbox.token,
        "salesforce": salesforce_url,
        "salesforce_client_id": SALESFORCE_CLIENT_ID,
        "salesforce_client_secret": SALESFORCE_CLIENT_SECRET,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve."""
    arguments = _arguments()
    # Two servers in two threads: neither should stand still while the other computes.
    sys.setswitchinterval(0.0005)
    ending = _told_to_end(until_eof=arguments.until_eof)
    callyzer, salesforce = _callyzer(arguments), _salesforce(arguments)
    # What is there now stays; to look through it for garbage can take a second.
    gc.freeze()
    with ExitStack() as stack:
        enter = stack.enter_context
        calls = enter(Server(callyzer.app, arguments.callyzer_port))
        crm = enter(Server(salesforce.app, arguments.salesforce_port))
        if arguments.arrive:
            seed, trouble = arguments.seed + 1, arguments.trouble
            enter(Arrivals(callyzer, arguments.arrive, seed=seed, trouble=trouble))
        _announce((callyzer, calls.url), crm.url)
        while not ending.wait(1):  # a signal can be missed by a wait without end
            pass


if __name__ == "__main__":
    main()
