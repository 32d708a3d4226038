"""Calls of given numbers, people in the org, and a connector that links the two."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connector.engine.linking import Relinking
from connector.model import Counts, Lane, Link, Run
from connector.sandbox.callyzer import new_call
from connector.service.links import unmapped
from tests.e2e.world import ZONE, Assembly, World

DIRECTORY = """
flow: directory
directory:
  Contact: {phones: [Phone, MobilePhone, HomePhone, OtherPhone, AssistantPhone], emails: [Email], country: MailingCountry}
  Lead: {phones: [Phone, MobilePhone], country: Country, where: {IsConverted: {is: false}}}
  Account: {phones: [Phone], country: BillingCountry}
  User: {phones: [Phone, MobilePhone], emails: [Email], country: Country, where: {IsActive: {is: true}}}
every: 5 minutes
"""
MAPPING = """
flow: calls
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 2 minutes
reread: 2 days
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "callyzer:{id}"}
  Subject: {template: "{call_type} call", write: once}
  Description: {from: note}
  CallDurationInSeconds: {from: duration, as: integer}
  CallType: {from: call_type, map: {Incoming: Inbound, Outgoing: Outbound}, default: Inbound}
"""
WHO = (
    "  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone, ties: newest}\n"
)
STRANGER = "9876512345"


@dataclass(slots=True)
class Switchboard:
    """A world with a directory, and calls one by one."""

    world: World

    def map(self, *fields: str, more: str = "") -> None:
        """Write the mapping with these further fields, and the directory."""
        self.world.map(MAPPING + "".join(fields) + more)
        path = self.world.folder / "mappings" / "directory.yaml"
        path.write_text(DIRECTORY, encoding="utf-8")

    def call(self, number: str, country: str = "91", **fields: object) -> str:
        """Let a call with a client's number come in; its id."""
        made = new_call(self.world._made, self.world.clock.now(), zone=ZONE)  # noqa: SLF001  the world's own chance
        client = {"client_number": number, "client_country_code": country}
        self.world.callyzer.add({**made, "note": "first", **client, **fields})
        self.world.clock.shift(seconds=10)
        return str(made["id"])

    def contact(self, name: str, phone: str, **fields: Any) -> str:  # noqa: ANN401  a field's value
        """Add a contact by hand; their id."""
        values = {"LastName": name, "Phone": phone, **fields}
        return self.world.crm.add("Contact", values)

    @contextmanager
    def connector(self) -> Iterator[Assembly]:
        """Open the connector in this process."""
        with self.world.app() as app:
            yield app

    def refresh(self) -> Run:
        """Refresh the directory."""
        with self.connector() as app:
            flow = app.flows().directory
            assert flow, app.flows().faults
            return app.runner().refresh(flow)

    def push(self, lane: Lane = Lane.LIVE) -> Counts:
        """Run the flow once in one lane."""
        with self.connector() as app:
            run = app.run(lane)
        assert run.outcome == "done", run
        return run.counts

    def later(self, **by: float) -> Counts:
        """Refresh the directory and run the flow, a minute later."""
        self.world.clock.shift(**(by or {"minutes": 1}))
        assert self.refresh().outcome == "done"
        return self.push()

    def relink(self) -> Counts:
        """Decide anew for every record."""
        with self.connector() as app:
            run = app.runner().working(
                app.flow, Lane.LIVE, lambda push: Relinking(push).again()
            )
        assert run.outcome == "done", run
        return run.counts

    def unmapped(self) -> list[tuple[object, ...]]:
        """What ``connector unmapped`` says: field, value and calls."""
        with self.connector() as app:
            rows = unmapped(app, app.flows())
        return [(row["field"], row["value"], row["calls"]) for row in rows]

    def who(self, call_id: str) -> object:
        """Whom the task of a call is on."""
        return self.world.task(call_id)["WhoId"]

    def link(self, call_id: str, field: str = "WhoId") -> Link:
        """What the ledger says of a link."""
        key = f"callyzer:{call_id}"
        with self.connector() as app:
            links = app.store.ledger("Task", [key])[key].links
        assert links is not None
        return links[field]

    def passed(self, minutes: float) -> None:
        """Let time pass."""
        self.world.clock.ahead += timedelta(minutes=minutes)
