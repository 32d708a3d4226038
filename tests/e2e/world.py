"""A Callyzer, an org, and the connector between them, over real HTTP."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx
from typing_extensions import override

from connector.clock import Clock, SystemClock
from connector.crm.salesforce.crm import SalesforceConfig, SalesforceCrm
from connector.mapping.flow import PushFlow
from connector.model import Lane, Run
from connector.sandbox.callyzer import CallyzerSandbox, new_call
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.server import Server
from connector.service.sync import Report, sync
from connector.settings import Settings
from connector.state.store import Store
from connector.wiring import App
from tests.e2e.gate import WRITES, Gate
from tests.e2e.settled import settings_of, write_settings

FLOW = "calls"
ZONE = ZoneInfo("Asia/Kolkata")
CLIENT_ID = "the-app"
CLIENT_SECRET = "the-app's secret"  # noqa: S105  opens only the sandbox
PAGES = re.compile(r"/call-log/history$")
MAPPING = """
flow: calls
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
reread: 2 days
deleted: leave
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "callyzer:{id}"}
  Subject: {template: "{call_type} call", write: once}
  TaskSubtype: {value: Call}
  Description: {from: note}
  CallDurationInSeconds: {from: duration, as: integer}
  Call_Status__c: {from: crm_status}
"""
MOMENT = "%Y-%m-%d %H:%M:%S %Z"


@dataclass(slots=True)
class ShiftedClock:
    """The machine's clock and some seconds; who waits shifts it at once."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """The machine's time, shifted."""
        return SystemClock().now() + self.ahead

    def shift(self, **by: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(**by)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Shift by ``seconds``."""
        self.shift(seconds=max(0.0, seconds))
        return stop.is_set()


class Assembly(App):
    """The app, with a deadline for the CRM and a state of the test's choice."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        deadline: float = 30,
        dial_share: float = 0,
        opens: Callable[[Path, Clock], Store] = Store,
    ) -> None:
        super().__init__(settings, clock)
        self._deadline = deadline
        self._dial_share = dial_share
        self._opens = opens

    @cached_property
    @override
    def store(self) -> Store:
        return self._opens(self.settings.connector_state, self.clock)

    @cached_property
    @override
    def crm(self) -> SalesforceCrm:
        config = SalesforceConfig(
            url=str(self.settings.salesforce_url),
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            deadline_seconds=self._deadline,
            dial_share=lambda: self._dial_share,
        )
        return SalesforceCrm(config, self.clock, self.quota_book)

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if "crm" in self.__dict__:
                self.crm.close()
        finally:  # it may be dead, and die again
            super().__exit__(kind, error, trace)

    @property
    def flow(self) -> PushFlow:
        """The one flow of the folder."""
        (flow,) = self.flows().flows
        return flow

    def sync(self) -> Report:
        """What ``connector sync`` does."""
        return sync(self, self.runner(), self.flow)

    def run(self, lane: Lane = Lane.LIVE) -> Run:
        """One run in one lane; a re-read looks at everything until now."""
        return self.runner().run(self.flow, self.source(self.flow, lane), lane)


@dataclass(slots=True)
class World:
    """The sandboxes, their gates, a folder with a mapping, and who looks on."""

    folder: Path
    _: KW_ONLY
    limit: int = 100_000
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    callyzer: CallyzerSandbox = field(init=False)
    crm: SalesforceSandbox = field(init=False)
    pages: Gate = field(init=False)
    writes: Gate = field(init=False)
    _servers: list[Server] = field(default_factory=list)
    _made: Random = field(default_factory=lambda: Random(7))  # noqa: S311  repeatable

    def __enter__(self) -> Self:
        self.callyzer = CallyzerSandbox(seconds_per_request=0, now=self.clock.now)
        self.crm = SalesforceSandbox(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            limit=self.limit,
            clock=self.clock.now,
        )
        self.pages = Gate(dated(self.callyzer.app, self.clock.now), PAGES)
        self.writes = Gate(self.crm.app, WRITES)
        self._servers = [Server(self.pages), Server(self.writes)]
        self.map(MAPPING)
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()

    # ── the vendor's side ──────────────────────────────────────────────────

    def arrive(self, count: int, *, hours: float = 24) -> list[str]:
        """Let calls come in over the last ``hours``; their ids, oldest first."""
        start = self.clock.now() - timedelta(hours=hours)
        step = timedelta(hours=hours) / (count + 1)
        return [self._call(start + step * (at + 1)) for at in range(count)]

    def _call(self, at: datetime) -> str:
        call = new_call(self._made, at, zone=ZONE)
        self.callyzer.add({**call, "note": "first", "crm_status": ""})
        return str(call["id"])

    def note(self, ids: list[str], note: str, **fields: object) -> None:
        """Let agents change the notes of calls; the vendor shows it at once."""
        for call_id in ids:
            self.callyzer.change(call_id, note=note, **fields)
        self.clock.shift(seconds=10)

    def shown(self) -> dict[str, dict[str, Any]]:
        """All calls as Callyzer shows them now, by id."""
        self.callyzer.faults.clear()
        now = int(self.clock.now().timestamp())
        body = {"synced_from": now - 30 * 86_400, "synced_to": now + 1}
        found: list[dict[str, Any]] = []
        with _client(self._servers[0].url) as client:
            client.headers["authorization"] = f"Bearer {self.callyzer.token}"
            total = 1
            while len(found) < total:
                page = {**body, "page_no": len(found) // 100 + 1}
                said = client.post("/api/v2.1/call-log/history", json=page).json()
                found += said["result"]
                total = said["total_records"]
        return {call["id"]: call for call in found}

    # ── the CRM's side ─────────────────────────────────────────────────────

    def tasks(self) -> list[dict[str, Any]]:
        """The tasks that the connector made."""
        return [dict(row) for row in self.crm.rows("Task") if row["Call_Key__c"]]

    def task(self, call_id: str) -> dict[str, Any]:
        """The one task of a call."""
        key = f"callyzer:{call_id}"
        (found,) = [row for row in self.tasks() if row["Call_Key__c"] == key]
        return found

    # ── the connector's side ───────────────────────────────────────────────

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / "connector.db"

    def map(self, mapping: str) -> None:
        """Write the mapping file, and settings for processes of their own."""
        mappings = self.folder / "mappings"
        mappings.mkdir(exist_ok=True)
        (mappings / "calls.yaml").write_text(mapping, encoding="utf-8")
        write_settings(self.folder, self._values())

    def _values(self) -> dict[str, str]:
        return {
            "CONNECTOR_STATE": str(self.state),
            "CONNECTOR_MAPPINGS": str(self.folder / "mappings"),
            "SALESFORCE_URL": self._servers[1].url,
            "SALESFORCE_CLIENT_ID": CLIENT_ID,
            "SALESFORCE_CLIENT_SECRET": CLIENT_SECRET,
            "CALLYZER_URL": f"{self._servers[0].url}/api/v2.1",
            "CALLYZER_TOKEN": self.callyzer.token,
            "CALLYZER_SECONDS_PER_REQUEST": "0",
        }

    def app(self, clock: Clock | None = None, **choices: Any) -> Assembly:  # noqa: ANN401  passed on
        """The connector in this process, as a new one would open it."""
        settings = settings_of(self._values())
        return Assembly(settings, clock or self.clock, **choices)

    def sync(self, **choices: Any) -> Report:  # noqa: ANN401  passed on
        """Open the connector in this process, sync, and close it."""
        with self.app(**choices) as app:
            return app.sync()

    def later(self, **by: float) -> Report:
        """Sync a minute later: whoever died has lost its lease by then."""
        self.pages.open()
        self.writes.open()
        self.clock.shift(**(by or {"seconds": 60}))
        return self.sync()

    # ── the truth ──────────────────────────────────────────────────────────

    def assert_truth(self, *, without: frozenset[str] = frozenset()) -> None:
        """Every call is one task, none missing, none twice, each as it is now."""
        keys = Counter(str(row["Call_Key__c"]) for row in self.tasks())
        assert [key for key, n in keys.items() if n > 1] == []
        wanted = {
            f"callyzer:{call_id}": _content(call["note"], call["duration"])
            for call_id, call in self.shown().items()
            if call_id not in without
        }
        found = {
            row["Call_Key__c"]: _content(
                row["Description"], row["CallDurationInSeconds"]
            )
            for row in self.tasks()
        }
        assert found == wanted


def _content(note: str | None, duration: object) -> tuple[str, int]:
    return note or "", int(str(duration or 0))


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, verify=False)  # noqa: S501  loopback, without TLS
