"""Leads and employees of the sandbox, read whole over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connector.model import Page
from connector.sandbox.callyzer import EXAMPLE_LEAD, TEAM, CallyzerSandbox
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.people_stream import EMPLOYEES, LEADS
from connector.systems.callyzer.scans import Employees, Leads
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer

INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=lambda: NOW)


@pytest.fixture
def client(sandbox: CallyzerSandbox) -> Iterator[CallyzerClient]:
    with Server(sandbox.app) as server:
        token = {"Authorization": f"Bearer {sandbox.token}"}
        http = Http(server.url + sandbox.prefix, headers=token)
        yield CallyzerClient(http, FreePacer())
        http.close()


@pytest.fixture
def leads(client: CallyzerClient) -> Leads:
    return Leads(client=client, zone=INDIA, clock=ManualClock())


def ids(pages: list[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


@pytest.mark.parametrize("in_table", [True, False])
def test_every_lead_is_shown_once_with_every_field(
    sandbox: CallyzerSandbox, leads: Leads, *, in_table: bool
) -> None:
    sandbox.moods.leads_as_in_table = in_table
    sandbox.load(400, days=5)
    sandbox.load_leads(230)
    sandbox.add_lead(EXAMPLE_LEAD)

    pages = list(leads.scan())

    assert sorted(ids(pages)) == sorted(sandbox.lead_ids())
    names = {field.name for field in LEADS.fields}
    assert all(r.fields.keys() == names for p in pages for r in p.records)
    assert [page.rejects for page in pages] == [[]] * len(pages)
    assert [page.cursor for page in pages] == [None] * len(pages)


def test_leads_that_come_and_go_meanwhile_hide_no_other(
    sandbox: CallyzerSandbox, leads: Leads
) -> None:
    sandbox.load_leads(350)
    there = sandbox.lead_ids()
    pages = leads.scan()
    found = [next(pages)]

    sandbox.remove_lead(there[0])
    sandbox.remove_lead(there[150])
    found += pages

    assert set(there) - {there[150]} <= set(ids(found))


def test_a_scan_goes_through_a_bad_moment(
    sandbox: CallyzerSandbox, leads: Leads
) -> None:
    sandbox.load_leads(250)
    sandbox.faults.add(Fault("/lead/get", status=502, skip=1))
    sandbox.faults.add(Fault("/lead/get", cut="half", skip=2))

    assert len(ids(list(leads.scan()))) == 250


def test_employees_are_shown_with_every_field(
    sandbox: CallyzerSandbox, client: CallyzerClient
) -> None:
    for number in range(150):
        sandbox.add_employee({"emp_number": f"70000{number:05}", "emp_name": "A"})

    pages = list(Employees(client=client, zone=INDIA, clock=ManualClock()).scan())

    names = {field.name for field in EMPLOYEES.fields}
    assert all(r.fields.keys() == names for p in pages for r in p.records)
    codes = {r.fields["emp_code"] for p in pages for r in p.records}
    assert {who.code for who in TEAM[:-1]} <= codes
    assert len(set(ids(pages))) == 150 + len(TEAM) - 1
