"""A Callyzer, an org, a folder with a mapping file, and settings for all that."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.types import Receive, Scope, Send

from connector.clock import Clock, SystemClock
from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server
from connector.settings import Settings
from connector.wiring import App

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Kolkata")
SECRET = "the-secret-of-the-app"  # noqa: S105  opens only the sandbox
TOKEN = "the-token-of-callyzer"  # noqa: S105  opens only the sandbox
MAPPING = """\
flow: calls
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
reread: 2 days
to: {object: Task, key: Call_Key__c}
when: {call_type: {not: Rejected}}
fields:
  Call_Key__c: {template: "calls:{id}"}
  Subject: {template: "{call_type} call", write: once}
  CallDurationInSeconds: {from: duration, as: integer}
  Call_Started__c: {from: call.started_at, as: datetime}
  Call_Note__c: {from: note}
  Call_Status__c: {from: crm_status}
"""
OTHER = MAPPING.replace("flow: calls", "flow: other").replace("calls:{", "other:{")
KEPT = ("ledger", "cursors", "quarantine", "runs", "nudges")
"""Tables that only runs and people may change."""


@dataclass(slots=True, kw_only=True)
class Office:
    """Where the connector is installed."""

    folder: Path
    callyzer: CallyzerSandbox
    crm: SalesforceSandbox
    settings: Mapping[str, str]
    heard: Callable[[str], None] = lambda _: None
    """Called with the path of every request to the CRM, before its answer."""

    def write(self, text: str = MAPPING, name: str = "calls.yaml") -> Path:
        """Write a mapping file."""
        path = self.folder / "mappings" / name
        path.write_text(text, encoding="utf-8")
        return path

    def call(self, name: str, *, hours: float = 1, **fields: object) -> None:
        """Let a call have come in some hours ago."""
        at = (self.callyzer.now() - timedelta(hours=hours)).astimezone(ZONE)
        moment = f"{at:%Y-%m-%d %H:%M:%S} IST"
        record = {
            "id": name,
            "duration": 30,
            "call_date": f"{at:%Y-%m-%d}",
            "call_time": f"{at:%H:%M:%S}",
            "synced_at": moment,
            "modified_at": moment,
        }
        self.callyzer.add(record | fields)

    def tasks(self) -> dict[object, Mapping[str, Any]]:
        """What the CRM has, by key."""
        rows = self.crm.rows("Task")
        return {row["Call_Key__c"]: row for row in rows if row["Call_Key__c"]}

    def kept(self) -> list[list[tuple[Any, ...]]]:
        """Everything that the state keeps for good."""
        with closing(sqlite3.connect(self.folder / "state.db")) as connection:
            return [
                list(connection.execute(f"select * from {table}"))  # noqa: S608  our own tables
                for table in KEPT
            ]

    def app(self, clock: Clock) -> App:
        """Build the app in this process."""
        named = {name.lower(): value for name, value in self.settings.items()}
        return App(Settings.model_validate(named), clock)

    def environment(self) -> dict[str, str]:
        """The environment of a process of its own."""
        path = os.pathsep.join(map(str, [ROOT, *filter(None, sys.path)]))
        return {**self.settings, "PYTHONPATH": path, "PATH": os.defpath}


@contextmanager
def opened_office(folder: Path, clock: Clock | None = None) -> Iterator[Office]:
    """Open an office with one good mapping file, and no calls yet."""
    now = (clock or SystemClock()).now
    callyzer = CallyzerSandbox(token=TOKEN, seconds_per_request=0, now=now)
    crm = SalesforceSandbox(client_id="the-app", client_secret=SECRET, clock=now)

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        office.heard(scope.get("path", ""))
        await crm.app(scope, receive, send)

    with Server(callyzer.app) as calls, Server(heard) as org:
        (folder / "mappings").mkdir()
        office = Office(
            folder=folder,
            callyzer=callyzer,
            crm=crm,
            settings={
                "CONNECTOR_STATE": str(folder / "state.db"),
                "CONNECTOR_MAPPINGS": str(folder / "mappings"),
                "CONNECTOR_PORT": "0",
                "SALESFORCE_URL": org.url,
                "SALESFORCE_CLIENT_ID": "the-app",
                "SALESFORCE_CLIENT_SECRET": SECRET,
                "CALLYZER_URL": calls.url + callyzer.prefix,
                "CALLYZER_TOKEN": TOKEN,
                "CALLYZER_SECONDS_PER_REQUEST": "0",
            },
        )
        office.write()
        yield office


def moment(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")
