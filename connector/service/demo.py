"""The demo: sandbox systems in a process of their own, and the service against them."""

import json
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connector import log
from connector.errors import ConfigError
from connector.mapping.flow import DialFlow
from connector.service.administrator import Administrator
from connector.service.agent import Agent
from connector.service.commands import to_sync
from connector.service.narrator import Narrator
from connector.service.serve import serve
from connector.service.sync import sync
from connector.service.tables import out
from connector.transport.http import Http
from connector.wiring import App, sandbox_app

CALLS, DAYS, ARRIVE = 240, 6, 3
"""Calls that are there already, over how many days; seconds between new ones."""

NAMES: Mapping[str, str] = {
    "callyzer": "Callyzer",
    "ccai": "CCAI Platform",
    "agendize": "Agendize",
    "multisender": "Multisender",
    "newvoicemedia": "NewVoiceMedia",
}
"""The sandbox systems beside the CRM."""

Sandbox = dict[str, Any]

PACE = 0.5
"""Seconds between two requests to Callyzer; the real one wants 2."""

FASTER = 15
"""How many times as often the flows run here, so that there is something to see."""


def demo(*, once: bool) -> int:
    """Run the demo until Ctrl-C, or for one cycle; 0."""
    with (
        tempfile.TemporaryDirectory(prefix="connector-demo-") as folder,
        _started(Path(folder), once=once) as (app, sandbox),
    ):
        log.configure("console", level="ERROR")
        _introduce(app, sandbox, once=once)
        return _once(app, sandbox) if once else _scheduled(app, sandbox)


def _once(app: App, sandbox: Sandbox) -> int:
    narrator = Narrator(app=app)
    org = sandbox["salesforce"]
    agent = Agent(crm=Http(org), address=org, clock=app.clock, say=out.print)
    for flow in to_sync(app.flows(), []):
        task = agent.press() if isinstance(flow, DialFlow) else ""
        for run in sync(app, app.runner(), flow).runs:
            narrator.tell(run)
        if task:
            agent.tell(task)
    left = app.store.quarantined()
    out.print(f"\n{left} records are set aside; all others are in the CRM.")
    out.print("`make demo` without ARGS shows how they are mended.")
    return 0


def _scheduled(app: App, sandbox: Sandbox) -> int:
    out.print("New calls keep arriving. Ctrl-C ends it.\n")
    administrator = Administrator(
        app=app,
        crm=Http(sandbox["salesforce"]),
        phones=Http(sandbox["newvoicemedia"]),
        address=sandbox["salesforce"],
        say=out.print,
    )
    thread = threading.Thread(target=administrator.work, name="administrator")
    thread.start()
    try:
        code = serve(app, Narrator(app=app).tell, faster=FASTER)
    finally:
        app.stop.set()
        thread.join()
    out.print("Stopped after the page in hand; nothing was lost.")
    return code


def _introduce(app: App, sandbox: Sandbox, *, once: bool) -> None:
    folder = app.flows()
    if folder.faults or not folder.flows:
        raise ConfigError("\n".join(map(str, folder.faults)) or "there are no flows")
    out.print(
        "[bold]Calls and leads of sandbox systems become records of a sandbox CRM, and"
        " its Call button makes phones ring.[/]"
    )
    for name, called in NAMES.items():
        out.print(f"  {called:<14} {sandbox[name]}")
    out.print(f"  {'CRM':<14} {sandbox['salesforce']}/sandbox/  ← look here")
    if not once:
        port = app.settings.connector_port
        out.print(f"  {'Service':<14} http://127.0.0.1:{port}/readyz")
    for flow in folder.mapped:
        out.print(f"  {'Flow':<14} {flow.name}  ({flow.file})")
    out.print()


@contextmanager
def _sandbox(address: str, token: str) -> Iterator[Sandbox]:
    """Start the sandbox systems; yields where they are. They end with us.

    ``address``: of the service; where there is one, more keeps happening, it is told
    of news, and of presses on Call with the ``token``.
    """
    told = ("--arrive", str(ARRIVE), "--tell", f"{address}/webhooks")
    command = [
        *(sys.executable, "-m", "connector.sandbox", "--trouble", "--until-eof"),
        *("--calls", str(CALLS), "--days", str(DAYS)),
        *("--systems", *NAMES, "--pace", str(PACE)),
        *((*told, "--nudge", address, token) if address else ()),
    ]
    with subprocess.Popen(  # noqa: S603  our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the service, which stops first
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else b""
            if not line:
                raise ConfigError("the sandbox systems did not start; see above")
            yield json.loads(line)
        finally:
            process.terminate()


@contextmanager
def _started(folder: Path, *, once: bool) -> Iterator[tuple[App, Sandbox]]:
    """Start the systems, and build the service that they post to."""
    port, token = _free_port(), secrets.token_urlsafe()
    address = "" if once else f"http://127.0.0.1:{port}"
    with (
        _sandbox(address, token) as sandbox,
        sandbox_app(sandbox["settings"], folder, port, token) as app,
    ):
        yield app, sandbox


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
