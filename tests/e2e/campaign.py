"""A Multisender, an org, and the connector between them, over real HTTP."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from connector.clock import Clock
from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.multisender.dialling import Kind
from connector.sandbox.multisender.receivers import Reply
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server
from connector.service.sync import Report
from tests.e2e.gate import WRITES, Gate
from tests.e2e.settled import settings_of, write_settings
from tests.e2e.world import CLIENT_ID, CLIENT_SECRET, Assembly, ShiftedClock

TOKEN = "nobody-can-guess-this"  # noqa: S105  opens only the test's webhook
ASKED = re.compile(r"^/v1/(click_to_calls|rsvp_calls)")
FIRST = 358_401_000_000
MAPPING = """
flow: outcomes
from: {system: multisender, stream: STREAM}
every: 5 minutes
when: {call.outcome: {blank: false}}
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "multisender:{call.id}"}
  Subject: {template: "Call to {customer.phone}", write: once}
  TaskSubtype: {value: Call}
  CallDisposition: {from: receiver.reply}
  Description: {template: "{call.outcome}, {receiver.dialledCalls} calls"}
  CallDurationInSeconds: {from: call.duration, as: integer}
"""


@dataclass(slots=True)
class Campaign:
    """The sandboxes, their gates, a folder with a mapping file, and calls of one kind."""

    folder: Path
    kind: Kind = "rsvp_calls"
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    vendor: MultisenderSandbox = field(init=False)
    crm: SalesforceSandbox = field(init=False)
    asked: Gate = field(init=False)
    writes: Gate = field(init=False)
    _servers: list[Server] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.vendor = MultisenderSandbox(now=self.clock.now)
        self.vendor.add("voice_files", name="Hello", text="Hi", voiceCode="en")
        self.crm = SalesforceSandbox(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, clock=self.clock.now
        )
        self.asked = Gate(self.vendor.app, ASKED)
        self.writes = Gate(self.crm.app, WRITES)
        self._servers = [Server(self.asked), Server(self.writes)]
        self.map(MAPPING.replace("STREAM", self.kind))
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()

    # ── the vendor's side ──────────────────────────────────────────────────

    def call(self, count: int, **about: object) -> int:
        """Have so many people called; the id of the call."""
        to = [{"phone": f"+{FIRST + number}"} for number in range(count)]
        common: dict[str, object] = {
            "activeFrom": "00:00:00",
            "activeTo": "23:59:59",
            "activeWeekdays": [{"weekday": "monday", "active": "1"}],
            "actionButtons": [{"button": "5", "action": "accept"}],
            "receivers": to,
            **about,
        }
        if self.kind == "click_to_calls":
            made = self.vendor.add(self.kind, **common, voiceFileId=1)
            return int(made["clickToCallId"])
        made = self.vendor.add(
            self.kind,
            **common,
            voiceFiles=[{"type": "start", "voiceFileId": "1"}],
            acceptsWanted=100_000,
            endTime="2099-01-01 00:00:00",
        )
        return int(made["rsvpCallId"])

    def ring(
        self, call: int, *accounts: int, reply: Reply | None = None, seconds: int = 5
    ) -> None:
        """Let these be called once; without a ``reply`` nobody answers."""
        answered = None if reply is None else seconds
        for account in accounts:
            self.vendor.ring((self.kind, call), account, reply=reply, seconds=answered)

    # ── the connector's side ───────────────────────────────────────────────

    @property
    def state(self) -> Path:
        """The state file."""
        return self.folder / "connector.db"

    def map(self, mapping: str) -> None:
        """Write the mapping file, and settings for processes of their own."""
        mappings = self.folder / "mappings"
        mappings.mkdir(exist_ok=True)
        (mappings / "outcomes.yaml").write_text(mapping, encoding="utf-8")
        write_settings(self.folder, self._values())

    def _values(self) -> dict[str, str]:
        return {
            "CONNECTOR_STATE": str(self.state),
            "CONNECTOR_MAPPINGS": str(self.folder / "mappings"),
            "SALESFORCE_URL": self._servers[1].url,
            "SALESFORCE_CLIENT_ID": CLIENT_ID,
            "SALESFORCE_CLIENT_SECRET": CLIENT_SECRET,
            "MULTISENDER_URL": f"{self._servers[0].url}/v1",
            "MULTISENDER_TOKEN": self.vendor.token,
            "MULTISENDER_TIMEZONE": self.vendor.zone,
            "MULTISENDER_WEBHOOK_TOKEN": TOKEN,
        }

    def app(self, clock: Clock | None = None, **choices: Any) -> Assembly:  # noqa: ANN401  passed on
        """The connector in this process, as a new one would open it."""
        settings = settings_of(self._values())
        return Assembly(settings, clock or self.clock, **choices)

    def sync(self, **choices: Any) -> Report:  # noqa: ANN401  passed on
        """Open the connector in this process, sync, and close it."""
        with self.app(**choices) as app:
            return app.sync()

    def later(self) -> Report:
        """Sync a minute later: whoever died has lost its lease by then."""
        self.asked.open()
        self.writes.open()
        self.clock.shift(seconds=60)
        return self.sync()

    # ── the truth ──────────────────────────────────────────────────────────

    def tasks(self) -> list[dict[str, Any]]:
        """The tasks that the connector made."""
        return [dict(row) for row in self.crm.rows("Task") if row["Call_Key__c"]]

    def task(self, call: int, account: int) -> dict[str, Any]:
        """The one task of a receiver."""
        key = f"multisender:{call}:{account}"
        (found,) = [row for row in self.tasks() if row["Call_Key__c"] == key]
        return found

    def assert_truth(self) -> None:
        """Everybody who was called has one task, and it is as Multisender shows it."""
        found = sorted(
            (row["Call_Key__c"], row["Description"], row["CallDisposition"])
            for row in self.tasks()
        )
        assert found == sorted(self._wanted())

    def _wanted(self) -> list[tuple[str, str, str]]:
        return [
            _content(call, one)
            for call in self.vendor.records(self.kind)
            for one in call["receivers"]
            if one["dialledCalls"]
        ]


def _content(call: dict[str, Any], one: dict[str, Any]) -> tuple[str, str, str]:
    call_id = call.get("rsvpCallId", call.get("clickToCallId"))
    outcome = "answered" if one["answered"] else "no answer"
    return (
        f"multisender:{call_id}:{one['accountId']}",
        f"{outcome}, {one['dialledCalls']} calls",
        str(one.get("rsvpReply", one.get("reply"))),
    )
