"""The demo's administrator: brings trouble, mends it, and retries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connector.service import commands
from connector.service.agent import Agent
from connector.transport.http import Http
from connector.wiring import App

Act = Callable[["Administrator"], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Works on the sandbox CRM as a person would, at set times."""

    app: App
    crm: Http
    phones: Http
    address: str
    """Of the CRM's pages."""
    say: Callable[[str], None]

    def work(self) -> None:
        """Do each thing in its time, until the app stops."""
        for seconds, act in PLAN:
            if self.app.clock.wait(seconds, self.app.stop):
                return
            act(self)

    def tell(self, text: str) -> None:
        """Say what was just done."""
        self.say(f"\n[bold]The administrator {text}[/]\n")

    def watch(self) -> None:
        """Have Agendize post its news, as the others were told to already."""
        port = self.app.settings.connector_port
        self.app.watch("agendize", f"http://127.0.0.1:{port}/webhooks/agendize")
        self.tell(
            "runs `connector watch agendize …`: its calls come at once from now on."
        )

    def click(self) -> None:
        """Have an agent press Call, and see what comes of it."""
        agent = Agent(
            crm=self.crm, address=self.address, clock=self.app.clock, say=self.say
        )
        agent.follow(agent.press(), self.app.stop)

    def click_while_busy(self) -> None:
        """The same while all agents are on the phone: the record says so."""
        ids = [each["agent_id"] for each in self.phones.get("/sandbox/agents").json()]
        self._occupy(ids, busy=True)
        self.say("\nAll agents are on the phone now.")
        self.click()
        self._occupy(ids, busy=False)

    def _occupy(self, ids: list[str], *, busy: bool) -> None:
        agents = [{"agent_id": agent_id, "busy": busy} for agent_id in ids]
        self.phones.post("/sandbox/agents", agents)

    def lock(self) -> None:
        """Lock the records of one agent, as an edit in progress does."""
        refusal = {
            "statusCode": "UNABLE_TO_LOCK_ROW",
            "message": "unable to obtain exclusive access to this record",
            "fields": [],
        }
        rows = {"match": {"CallType": "Inbound"}, "error": refusal}
        fault: Mapping[str, object] = {
            "path": "composite/sobjects",
            "rows": rows,
            "times": LOCKED_WRITES,
        }
        self.crm.post("/sandbox/faults", fault)
        self.tell("starts a mass edit: some records are locked for a while.")

    def introduce(self) -> None:
        """Make the contact of somebody whose calls are on nobody so far."""
        self.crm.post("/sandbox/records/Contact", NEWCOMER)
        name = f"{NEWCOMER['FirstName']} {NEWCOMER['LastName']}"
        self.tell(
            f"makes the contact {name}, phone {NEWCOMER['MobilePhone']}: calls that "
            "were logged on nobody are linked to it."
        )

    def mend(self) -> None:
        """Activate the leaver's user, add the missing choice, and retry."""
        (leaver,) = [u for u in self._users() if not u["IsActive"]]
        self.crm.post(f"/sandbox/users/{leaver['Id']}/activate", {})
        choice = {"object": "Task", "field": "Call_Status__c", "value": "Escalated"}
        self.crm.post("/sandbox/picklists", choice)
        count = commands.retry(self.app, [], None, every=True)
        self.tell(
            f"activates {leaver['Name']}'s user, adds 'Escalated' to Call Status, and "
            f"runs `connector quarantine retry --all` ({count} records)."
        )

    def _users(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.crm.get("/sandbox/records/User").json()
        return found


LOCKED_WRITES = 6
NEWCOMER: Mapping[str, object] = {
    "FirstName": "Meenal",
    "LastName": "Apte",
    "MobilePhone": "098900-12345",
    "MailingCountry": "India",
}
"""Somebody who rings in the sandbox, and whom nobody there knows."""

PLAN: tuple[tuple[float, Act], ...] = (
    (10, Administrator.watch),
    (5, Administrator.click),
    (10, Administrator.lock),
    (15, Administrator.introduce),
    (8, Administrator.click_while_busy),
    (20, Administrator.mend),
)
"""Seconds to wait, and what to do then."""
