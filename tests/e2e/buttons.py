"""An Agendize account, an org, and the connector between them, over real HTTP."""

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Self

from connector.clock import Clock
from connector.model import Lane, Run
from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server
from connector.service.sync import Report
from tests.e2e.gate import WRITES, Gate
from tests.e2e.settled import settings_of, write_settings
from tests.e2e.world import CLIENT_ID, CLIENT_SECRET, Assembly, ShiftedClock

ROOT = Path(__file__).parents[2]
SHIPPED = ("agendize-calls", "directory")
FLOW = "agendize-calls"
USERNAME = "agendize"
PASSWORD = "nobody-can-guess-this"  # noqa: S105  opens only the test's webhook
ASKED = re.compile(r"^/api/2\.0/calls")
CUSTOMER, COLLEAGUE = "+33612345678", "+33123456789"
OUTCOMES = {"completed": "answered", "busy": "busy", "noAnswered": "no answer"}
"""Of the statuses that the tests use."""


@dataclass(slots=True)
class Buttons:
    """The sandboxes, their gates, and a folder with the mapping files that ship."""

    folder: Path
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    agendize: AgendizeSandbox = field(init=False)
    crm: SalesforceSandbox = field(init=False)
    asked: Gate = field(init=False)
    writes: Gate = field(init=False)
    _servers: list[Server] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.agendize = AgendizeSandbox(zone="UTC", now=self.clock.now)
        self.crm = SalesforceSandbox(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, clock=self.clock.now
        )
        self.asked = Gate(self.agendize.app, ASKED)
        self.writes = Gate(self.crm.app, WRITES)
        self._servers = [Server(self.asked), Server(self.writes)]
        mappings = self.folder / "mappings"
        mappings.mkdir()
        for name in SHIPPED:
            shutil.copy(ROOT / "mappings" / f"{name}.yaml", mappings)
        write_settings(self.folder, self._values())
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()

    def call(self, call_id: str, *, hours: float = 1, **about: object) -> str:
        """Have a call that began so many hours ago; its id."""
        began = (self.clock.now() - timedelta(hours=hours)).astimezone(UTC)
        numbers = {"callerNumber": CUSTOMER, "calledNumber": COLLEAGUE}
        start = {"dateTime": f"{began:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
        kind = {"type": "clickToCall", "duration": 30}
        self.agendize.add({"id": call_id, "start": start, **numbers, **kind, **about})
        return call_id

    # ── the connector's side ───────────────────────────────────────────────

    def _values(self) -> dict[str, str]:
        return {
            "connector_state": str(self.folder / "connector.db"),
            "connector_mappings": str(self.folder / "mappings"),
            "salesforce_url": self._servers[1].url,
            "salesforce_client_id": CLIENT_ID,
            "salesforce_client_secret": CLIENT_SECRET,
            "agendize_url": self._servers[0].url + self.agendize.prefix,
            "agendize_token": self.agendize.token,
            "agendize_api_key": self.agendize.api_key,
            "agendize_timezone": self.agendize.zone,
            "agendize_webhook_username": USERNAME,
            "agendize_webhook_password": PASSWORD,
        }

    def app(self, clock: Clock | None = None, **choices: Any) -> Assembly:  # noqa: ANN401  passed on
        """The connector in this process, as a new one would open it."""
        settings = settings_of(self._values())
        return Assembly(settings, clock or self.clock, **choices)

    def sync(self, **choices: Any) -> Report:  # noqa: ANN401  passed on
        """Open the connector, refresh its directory, sync, and close it."""
        with self.app(**choices) as app:
            refresh(app)
            return app.sync()

    def later(self, **by: float) -> Report:
        """Sync a minute later: whoever died has lost its lease by then."""
        self.asked.open()
        self.writes.open()
        self.clock.shift(**(by or {"seconds": 60}))
        return self.sync()

    # ── the truth ──────────────────────────────────────────────────────────

    def tasks(self) -> dict[str, dict[str, Any]]:
        """The tasks that the connector made, by the call's id."""
        rows = [dict(row) for row in self.crm.rows("Task") if row["Call_Key__c"]]
        found = {str(row["Call_Key__c"]).removeprefix("agendize:"): row for row in rows}
        assert len(found) == len(rows)
        return found

    def assert_truth(self) -> None:
        """Every call has one task, and it is as Agendize shows it."""
        found = {
            call_id: (task["CallDisposition"], task["CallDurationInSeconds"])
            for call_id, task in self.tasks().items()
        }
        assert found == {
            str(call["id"]): (OUTCOMES[str(call["status"])], call["duration"])
            for call in self.agendize.calls
        }


def refresh(app: Assembly) -> Run:
    """Bring the directory up to date."""
    directory = app.flows().directory
    assert directory
    return app.runner().refresh(directory)


def live(app: Assembly) -> Run:
    """One run of the flow in the live lane."""
    return app.run(Lane.LIVE)
