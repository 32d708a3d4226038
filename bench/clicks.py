"""Nudge the service 20 times a second, and time each click until the dialer has it.

The sandbox CRM and the sandbox dialer are served here, `connector serve` runs in a
process of its own. What the CRM takes for its answers is timed at the CRM and taken
off: the rest is what the service adds.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server

CLICK = Path(__file__).parent / "mappings" / "click.yaml"
RATE, SECONDS, WARM_UP = 20, 30, 20
"""Nudges a second, for how long, and how many before that are not counted."""
CLIENT_ID, CLIENT_SECRET = "bench", secrets.token_hex()
FIRST_NUMBER = 9_930_100_000


@dataclass(slots=True, kw_only=True)
class Answered:
    """One request as its server saw it; times by this machine's monotonic clock."""

    said: str
    arrived: float
    seconds: float


@dataclass(slots=True)
class Timed:
    """An ASGI app around another, which notes every request."""

    app: ASGIApp
    answered: list[Answered] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        arrived = time.perf_counter()
        body = await Request(scope, receive).body()

        async def again() -> dict[str, object]:
            return {"type": "http.request", "body": body}

        await self.app(scope, again, send)
        seconds = time.perf_counter() - arrived
        said = scope["query_string"].decode() + body.decode("utf-8", "replace")
        self.answered.append(Answered(said=said, arrived=arrived, seconds=seconds))


@dataclass(slots=True, kw_only=True)
class Click:
    """A request for a call, and when the service was nudged to look at it."""

    task: str
    request: str
    number: str
    nudged: float = 0


def clicks() -> None:
    """Print how long clicks take from the nudge to the dialer."""
    crm, phones = _org(), NewVoiceMediaSandbox()
    org, exchange = Timed(crm.app), Timed(phones.app)
    with (
        Server(org) as org_server,
        Server(exchange) as phone_server,
        _serving(_environment(org_server.url, phone_server.url, phones)) as client,
    ):
        _nudged(client, _pressed(crm, WARM_UP), exchange)
        measured = _nudged(client, _pressed(crm, RATE * SECONDS), exchange)
    _print(measured, org.answered, exchange.answered)


def _org() -> SalesforceSandbox:
    return SalesforceSandbox(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


def _environment(
    org: str, exchange: str, phones: NewVoiceMediaSandbox
) -> dict[str, str]:
    return {
        "CONNECTOR_API_TOKEN": secrets.token_urlsafe(),
        "CONNECTOR_REGION": "IN",
        "SALESFORCE_URL": org,
        "SALESFORCE_CLIENT_ID": CLIENT_ID,
        "SALESFORCE_CLIENT_SECRET": CLIENT_SECRET,
        "NEWVOICEMEDIA_URL": exchange + phones.prefix,
        "NEWVOICEMEDIA_ACCOUNT_KEY": phones.account_key,
        "NEWVOICEMEDIA_CLIENT_ID": phones.client_id,
        "NEWVOICEMEDIA_CLIENT_SECRET": phones.client_secret,
    }


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """Run ``connector serve``; yields a client of its API, once it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(CLICK, folder)
        own = {
            "CONNECTOR_STATE": f"{folder}/state.db",
            "CONNECTOR_MAPPINGS": folder,
            "CONNECTOR_PORT": str(port),
        }
        with subprocess.Popen(
            [sys.executable, "-m", "connector", "serve"],
            env=os.environ | environment | own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            token = environment["CONNECTOR_API_TOKEN"]
            try:
                with httpx.Client(
                    base_url=f"http://127.0.0.1:{port}",
                    headers={"Authorization": f"Bearer {token}"},
                    trust_env=False,
                ) as client:
                    _wait_until_ready(client, process)
                    yield client
            finally:
                process.terminate()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(httpx.ConnectError):  # it does not listen yet
            if client.get("/readyz").is_success:
                return
        time.sleep(0.1)
    raise SystemExit("the service ended before it was ready")


def _pressed(crm: SalesforceSandbox, count: int) -> list[Click]:
    """Put as many requests into the org, each for another number."""
    users = [row for row in crm.rows("User") if row["Call_Agent_Id__c"]]
    there = len(crm.rows("Task"))
    made = []
    for at in range(count):
        request, number = str(uuid4()), f"+91{FIRST_NUMBER + there + at}"
        task = crm.add(
            "Task",
            {
                "OwnerId": users[at % len(users)]["Id"],
                "Subject": "Call",
                "Call_Request__c": "Requested",
                "Call_Request_Id__c": request,
                "Call_Requested_At__c": datetime.now(UTC).isoformat(),
                "Call_Number__c": number,
            },
        )
        made.append(Click(task=task, request=request, number=number))
    return made


def _nudged(client: httpx.Client, made: list[Click], exchange: Timed) -> list[Click]:
    """Nudge for each in its turn, and wait until all were dialled."""
    before, started = len(_dialled(exchange)), time.perf_counter()
    for at, click in enumerate(made):
        time.sleep(max(0.0, started + at / RATE - time.perf_counter()))
        click.nudged = time.perf_counter()
        client.post("/v1/nudge", json={"id": click.task}).raise_for_status()
    until = time.perf_counter() + 30
    while len(_dialled(exchange)) < before + len(made) and time.perf_counter() < until:
        time.sleep(0.1)
    return made


def _dialled(exchange: Timed) -> list[Answered]:
    return [each for each in exchange.answered if "telephoneNumber" in each.said]


def _print(made: list[Click], org: list[Answered], exchange: list[Answered]) -> None:
    rang = {
        click.number: each.arrived
        for each in exchange
        for click in made
        if click.number in each.said
    }
    whole = [rang[c.number] - c.nudged for c in made if c.number in rang]
    theirs = [_theirs(click, org, rang) for click in made if click.number in rang]
    added = [all_ - crm for all_, crm in zip(whole, theirs, strict=True)]
    out = sys.stdout.write
    out(f"clicks, {RATE} nudges a second for {SECONDS} s\n")
    out(f"  {len(whole):12,} of {len(made):,} dialled\n")
    for name, several in (
        ("from nudge to dialer", whole),
        ("of it the CRM's answers", theirs),
        ("added by the service", added),
    ):
        half, most = (1000 * quantiles(several, n=100)[at - 1] for at in (50, 95))
        out(f"  {most:12.1f} ms {name} (95%; half of them {half:.1f} ms)\n")


def _theirs(click: Click, org: list[Answered], rang: dict[str, float]) -> float:
    """How long the CRM took for what was asked of it before this click was dialled."""
    return sum(
        each.seconds
        for each in org
        if each.arrived < rang[click.number]
        and (click.task in each.said or click.request in each.said)
    )
