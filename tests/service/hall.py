"""An office with a directory, and calls of given numbers."""

from dataclasses import dataclass
from typing import Any

from connector.model import Counts, Run
from connector.service.commands import to_sync
from connector.service.sync import sync
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.office import Office

DIRECTORY = """\
flow: directory
directory:
  Contact: {phones: [Phone]}
  Lead: {phones: [Phone]}
  Account: {phones: [Phone]}
  User: {phones: [MobilePhone]}
every: 5 minutes
"""
WHO = "  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone}\n"
WHAT = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
OWNER = (
    "  OwnerId: {find: User, by: field EmployeeNumber, from: emp_code, none: default,"
    " default: %s}\n"
)
KIND = "  CallType: {from: call_type, map: {Incoming: Inbound}, default: Inbound}\n"
KNOWN, OFFICE, STRANGER = "9876500001", "9876500002", "9876500003"
ONE, OTHER = "9876511111", "9876522222"
"""Numbers of two agents."""


@dataclass(slots=True)
class Hall:
    """A connector in an office."""

    office: Office
    app: App
    clock: ManualClock

    def runs(self) -> list[Run]:
        """Run everything once."""
        self.clock.time = max(self.clock.time, self.office.callyzer.now())
        return [
            run
            for flow in to_sync(self.app.flows(), [])
            for run in sync(self.app, self.app.runner(), flow).runs
        ]

    def counts(self, flow: str = "calls") -> Counts:
        """Run everything once; what the first run of a flow did."""
        return next(run.counts for run in self.runs() if run.flow == flow)

    def call(self, name: str, number: str, agent: str = ONE, **fields: Any) -> None:  # noqa: ANN401  a field's value
        """Let a call come in, between an agent and somebody of India."""
        ends: dict[str, Any] = {
            "client_number": number,
            "client_country_code": "91",
            "emp_number": agent,
            "emp_country_code": "91",
        }
        self.office.call(name, **ends, **fields)

    def user(self, number: int, **fields: str) -> str:
        """Change one of the org's active users; their id."""
        row = [u for u in self.office.crm.rows("User") if u["IsActive"]][number]
        self.office.crm.change(str(row["Id"]), **fields)
        return str(row["Id"])

    def has(self, kind: str, phone: str) -> str:
        """Add somebody with a number; their id."""
        name = "Name" if kind == "Account" else "LastName"
        more = {"Company": "C"} if kind == "Lead" else {}
        return self.office.crm.add(kind, {name: "R", "Phone": phone, **more})
