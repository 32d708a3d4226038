"""The demo's agent: presses Call on a record of the sandbox CRM, and looks at it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.transport.http import Http

Row = dict[str, Any]

CUSTOMERS: Final = (
    ("Meera", "Joshi", "+91 98200 41177", "India", "Asia/Kolkata"),
    ("Oliver", "Hart", "+44 20 7946 0018", "United Kingdom", "Europe/London"),
    ("Dana", "Reyes", "+1 415 555 2671", "United States", "America/Los_Angeles"),
)
"""Somebody to call at any time: it is day where one of them lives."""
DAY: Final = range(9, 20)
"""Hours in which nobody minds; the mapping's own guard is as wide."""
LOOKS: Final = 0.5
"""Seconds between two looks at the record; the button's panel does it so."""
PATIENCE: Final = 120
"""Looks at one request, in its panel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Works on the sandbox CRM as an agent would, over its pages' own routes."""

    crm: Http
    address: str
    """Of the pages."""
    clock: Clock
    say: Callable[[str], None]

    def press(self) -> str:
        """Press Call on somebody for whom it is day; the task that asks for it."""
        contact = self._customer(self.clock.now())
        record = self._made(contact)
        agent = self.crm.get(f"/sandbox/record/{record}/panel").json()["agent"]
        asked = self.crm.post(f"/sandbox/record/{record}/press", {}).json()
        heard = self.crm.post(f"/sandbox/requests/{asked['task']}/nudge", {}).json()
        name = f"{contact['FirstName']} {contact['LastName']}"
        self.say(
            f"\n[bold]{self._user(agent)} presses Call[/] on the contact"
            f" {name}, {asked['number']}."
            f" {_NUDGED if heard['heard'] else _POLLED}"
        )
        return str(asked["task"])

    def follow(self, task: str, stop: threading.Event) -> None:
        """Look until the request has its end, and say what it is."""
        for _ in range(PATIENCE):
            if not self.look(task)["under_way"] or self.clock.wait(LOOKS, stop):
                break
        self.tell(task)

    def look(self, task: str) -> Row:
        """Read how the request stands, as the record shows it."""
        found: Row = self.crm.get(f"/sandbox/requests/{task}").json()
        return found

    def tell(self, task: str) -> None:
        """Say what the record shows."""
        found = self.look(task)
        message = f": {found['message']}" if found["message"] else ""
        where = f"{self.address}/sandbox/record/{task}"
        self.say(f"The record says [bold]{found['state']}[/]{message}  ({where})\n")

    def _customer(self, now: datetime) -> dict[str, str]:
        awake = [
            each for each in CUSTOMERS if now.astimezone(ZoneInfo(each[-1])).hour in DAY
        ]
        first, last, phone, country, _ = (awake or CUSTOMERS)[0]
        return {
            "FirstName": first,
            "LastName": last,
            "Phone": phone,
            "MailingCountry": country,
        }

    def _made(self, contact: dict[str, str]) -> str:
        """Make the contact, unless it is there."""
        rows = self.crm.get("/sandbox/records/Contact").json()
        same = [row for row in rows if row["Phone"] == contact["Phone"]]
        if same:
            return str(same[0]["Id"])
        made = self.crm.post("/sandbox/records/Contact", contact).json()
        return str(made["id"])

    def _user(self, crm_id: str) -> str:
        users = self.crm.get("/sandbox/records/User").json()
        return str(next(user["Name"] for user in users if user["Id"] == crm_id))


_NUDGED: Final = "The button nudges the connector, which reads the record."
_POLLED: Final = "The connector finds the request at its next poll."
