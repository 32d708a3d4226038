"""A CCAI Platform, an org, and the connector between them, with the shipped mapping."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any, Self

from connector.model import Counts, Lane, Link
from connector.sandbox.callyzer.people import TEAM
from connector.sandbox.ccai import TERMINAL, Agent, CcaiSandbox
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.server import Server
from connector.service.sync import Report, sync
from tests.e2e.gate import WRITES, Gate
from tests.e2e.settled import settings_of, write_settings
from tests.e2e.world import CLIENT_ID, CLIENT_SECRET, Assembly, ShiftedClock

ROOT = Path(__file__).parents[2]
PAGES = re.compile(r"/manager/api/v1/calls$")
FLOW = "ccai-calls"


@dataclass(slots=True)
class Centre:
    """The sandboxes, their gates, and a folder with the mapping files that ship."""

    folder: Path
    per_second: float = 1000
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    ccai: CcaiSandbox = field(init=False)
    crm: SalesforceSandbox = field(init=False)
    pages: Gate = field(init=False)
    writes: Gate = field(init=False)
    _servers: list[Server] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.ccai = CcaiSandbox(
            requests_per_second=self.per_second, now=self.clock.now, prefix="/eu"
        )
        self.crm = SalesforceSandbox(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, clock=self.clock.now
        )
        self.pages = Gate(dated(self.ccai.app, self.clock.now), PAGES)
        self.writes = Gate(self.crm.app, WRITES)
        self._servers = [Server(self.pages), Server(self.writes)]
        mappings = self.folder / "mappings"
        mappings.mkdir()
        for name in ("ccai-calls.yaml", "directory.yaml"):
            copy(ROOT / "mappings" / name, mappings)
        write_settings(self.folder, self._values())
        self.refresh()
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()

    # ── the vendor's side ──────────────────────────────────────────────────

    def call(self, **fields: object) -> int:
        """Let a call end now, taken by the first of the team; its id."""
        agent = self.agent(TEAM[0].email)
        call = {"status": "finished", "agent_info": agent.info(), **fields}
        call_id = self.ccai.add(call)["id"]
        self.clock.shift(seconds=10)
        assert isinstance(call_id, int)
        return call_id

    def agent(self, email: str) -> Agent:
        """An agent of the account."""
        return self.ccai.account.agents[email]

    # ── the CRM's side ─────────────────────────────────────────────────────

    def tickets(self) -> list[str]:
        """Add a case, an account and an opportunity; their ids."""
        sale = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
        return [
            self.crm.add("Case", {"Subject": "Broken"}),
            self.crm.add("Account", {"Name": "Ltd"}),
            self.crm.add("Opportunity", sale),
        ]

    # ── the connector's side ───────────────────────────────────────────────

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / "connector.db"

    def _values(self) -> dict[str, str]:
        return {
            "CONNECTOR_STATE": str(self.state),
            "CONNECTOR_MAPPINGS": str(self.folder / "mappings"),
            "CONNECTOR_REGION": "IN,US",
            "SALESFORCE_URL": self._servers[1].url,
            "SALESFORCE_CLIENT_ID": CLIENT_ID,
            "SALESFORCE_CLIENT_SECRET": CLIENT_SECRET,
            "CCAI_URL": f"{self._servers[0].url}{self.ccai.prefix}",
            "CCAI_USERNAME": self.ccai.username,
            "CCAI_TOKEN": self.ccai.token,
            "CCAI_REQUESTS_PER_SECOND": f"{self.per_second:g}",
            "CCAI_WEBHOOK_USERNAME": "ccai",
            "CCAI_WEBHOOK_PASSWORD": "s3cret",
        }

    def app(self) -> Assembly:
        """The connector in this process, as a new one would open it."""
        return Assembly(settings_of(self._values()), self.clock)

    def refresh(self) -> None:
        """Refresh the directory."""
        with self.app() as app:
            folder = app.flows()
            assert folder.directory, folder.faults
            assert app.runner().refresh(folder.directory).outcome == "done"

    def push(self, lane: Lane = Lane.LIVE) -> Counts:
        """Run the flow once in one lane."""
        with self.app() as app:
            run = app.run(lane)
        assert run.outcome == "done", run
        return run.counts

    def sync(self) -> Report:
        """Do what ``connector sync`` does."""
        with self.app() as app:
            return sync(app, app.runner(), app.flow)

    def later(self, **by: float) -> Counts:
        """Run the flow a while later: who died has lost its lease by then."""
        self.pages.open()
        self.writes.open()
        self.clock.shift(**(by or {"minutes": 3}))
        return self.push()

    def link(self, call_id: int, name: str) -> Link:
        """What the ledger says of a link."""
        key = f"ccai:{call_id}"
        with self.app() as app:
            links = app.store.ledger("Task", [key])[key].links
        assert links is not None
        return links[name]

    # ── the truth ──────────────────────────────────────────────────────────

    def tasks(self) -> list[Mapping[str, Any]]:
        """The tasks that the connector made."""
        return [row for row in self.crm.rows("Task") if row["Call_Key__c"]]

    def task(self, call_id: int) -> Mapping[str, Any]:
        """The one task of a call."""
        key = f"ccai:{call_id}"
        (found,) = [row for row in self.tasks() if row["Call_Key__c"] == key]
        return found

    def assert_truth(self) -> None:
        """Every call that is over is one task, none missing, none twice, as it is."""
        keys = Counter(str(row["Call_Key__c"]) for row in self.tasks())
        assert [key for key, n in keys.items() if n > 1] == []
        wanted = {
            f"ccai:{call['id']}": (call["call_duration"], call["out_ticket_id"])
            for call in self.ccai.calls()
            if call["status"] in TERMINAL
        }
        found = {
            str(row["Call_Key__c"]): (row["CallDurationInSeconds"], row["WhatId"])
            for row in self.tasks()
        }
        assert found == wanted
