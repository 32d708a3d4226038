"""An org with the Call button, NewVoiceMedia, and the connector between them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from connector.mapping.flow import DialFlow
from connector.model import Dial
from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server
from connector.service.sync import Report, sync
from tests.e2e.gate import Gate
from tests.e2e.settled import settings_of, write_settings
from tests.e2e.world import CLIENT_ID, CLIENT_SECRET, Assembly, ShiftedClock

SHIPPED = Path(__file__).parents[2] / "mappings" / "click-to-call.yaml"
MAPPING = re.sub(r"^ *hours:.*\n", "", SHIPPED.read_text("utf-8"), flags=re.MULTILINE)
"""As it ships, at any hour."""

ASKED = re.compile(r"/services/data/")
"""Everything that the CRM is asked for."""
CALLS = re.compile(r"/calls/$")
"""What makes a phone ring."""
FLOW = "click-to-call"


class Exchange(Assembly):
    """The connector, with the one dial flow of its folder."""

    @property
    def click(self) -> DialFlow:
        """The flow."""
        (flow,) = self.flows().dials
        return flow

    def poll(self) -> Report:
        """What ``connector sync`` does: every request has its end when it returns."""
        return sync(self, self.runner(), self.click)


@dataclass(slots=True)
class Hotline:
    """The sandboxes, their gates, a folder with a mapping, and who looks on."""

    folder: Path
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    crm: SalesforceSandbox = field(init=False)
    phones: NewVoiceMediaSandbox = field(init=False)
    asked: Gate = field(init=False)
    calls: Gate = field(init=False)
    _servers: list[Server] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.crm = SalesforceSandbox(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, clock=self.clock.now
        )
        self.phones = NewVoiceMediaSandbox(now=self.clock.now)
        self.asked = Gate(self.crm.app, ASKED)
        self.calls = Gate(self.phones.app, CALLS)
        self._servers = [Server(self.asked), Server(self.calls)]
        self.map(MAPPING)
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()

    # ── the agent ──────────────────────────────────────────────────────────

    def contact(self, name: str = "Aditi Rao") -> str:
        """The id of a contact."""
        (found,) = [row for row in self.crm.rows("Contact") if row["Name"] == name]
        return str(found["Id"])

    def press(self, name: str = "Aditi Rao") -> str:
        """Press Call on a contact; the request's id."""
        return self.crm.press(self.contact(name))

    def task(self, request_id: str) -> dict[str, Any]:
        """The one task that carries a request."""
        (found,) = self.tasks(request_id)
        return found

    def tasks(self, request_id: str) -> list[dict[str, Any]]:
        """All tasks with a request."""
        rows = self.crm.rows("Task")
        return [dict(r) for r in rows if r["Call_Request_Id__c"] == request_id]

    def seen(self, request_id: str) -> tuple[str, str]:
        """What the agent sees of a request: its state and the message."""
        task = self.task(request_id)
        return task["Call_Request__c"], task["Call_Message__c"] or ""

    def claims(self, request_id: str) -> list[dict[str, Any]]:
        """The CRM's claims of a request."""
        rows = self.crm.rows("Call_Dial__c")
        return [dict(row) for row in rows if row["Request_Id__c"] == request_id]

    # ── the connector ──────────────────────────────────────────────────────

    def state(self, which: str = "connector") -> Path:
        """The state file of an installation."""
        return self.folder / f"{which}.db"

    def map(self, mapping: str) -> None:
        """Write the mapping file, and settings for processes of their own."""
        mappings = self.folder / "mappings"
        mappings.mkdir(exist_ok=True)
        (mappings / "click-to-call.yaml").write_text(mapping, encoding="utf-8")
        write_settings(self.folder, self.values())

    def values(self, which: str = "connector") -> dict[str, str]:
        """The settings of an installation."""
        org, exchange = (server.url for server in self._servers)
        return {
            "connector_state": str(self.state(which)),
            "connector_mappings": str(self.folder / "mappings"),
            "salesforce_url": org,
            "salesforce_client_id": CLIENT_ID,
            "salesforce_client_secret": CLIENT_SECRET,
            "newvoicemedia_url": exchange + self.phones.prefix,
            "newvoicemedia_account_key": self.phones.account_key,
            "newvoicemedia_client_id": self.phones.client_id,
            "newvoicemedia_client_secret": self.phones.client_secret,
        }

    @property
    def org(self) -> str:
        """Where the org is."""
        return self._servers[0].url

    def app(
        self,
        which: str = "connector",
        *,
        connector_api_token: str = "",
        **choices: Any,  # noqa: ANN401  passed on
    ) -> Exchange:
        """An installation in this process, as a new start would open it."""
        values = self.values(which)
        if connector_api_token:
            values["connector_api_token"] = connector_api_token
        return Exchange(settings_of(values), self.clock, **choices)

    def poll(self, which: str = "connector", **choices: Any) -> Report:  # noqa: ANN401  passed on
        """Open an installation in this process, look once, and close it."""
        with self.app(which, **choices) as app:
            return app.poll()

    def later(self, which: str = "connector", **by: float) -> Report:
        """Look after some time, in a new process: whoever died has lost its hold."""
        self.asked.open()
        self.calls.open()
        self.clock.shift(**(by or {"minutes": 3}))
        return self.poll(which)

    def dial(self, request_id: str, which: str = "connector") -> Dial:
        """What an installation knows of a request."""
        with self.app(which) as app:
            found = app.store.dial(request_id)
        assert found
        return found

    # ── the truth ──────────────────────────────────────────────────────────

    def assert_dialled(self, *numbers: str) -> None:
        """These numbers, in any order, were called once each, and nobody else."""
        assert sorted(str(dial.number) for dial in self.phones.dials) == sorted(numbers)
