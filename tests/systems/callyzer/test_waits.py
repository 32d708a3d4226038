"""Who waits for an answer, read from the sandbox over real HTTP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from connector.errors import UnavailableError
from connector.model import Page, Record
from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.server import Server
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.waiting import Waits, unanswered
from connector.systems.callyzer.waiting_stream import NEVER_ATTENDED
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer

INDIA = ZoneInfo("Asia/Kolkata")
WEEK = timedelta(days=7)


@dataclass
class Phones:
    """A sandbox whose calls are made one by one, and a source that reads it."""

    sandbox: CallyzerSandbox
    client: CallyzerClient
    clock: ManualClock
    source: Waits
    cursor: str | None = None
    state: dict[str, Record] = field(default_factory=dict)

    def call(
        self, number: str, kind: str = "Missed", seconds: int = 0, **more: str
    ) -> str:
        at = self.clock.now().astimezone(INDIA)
        call_id = f"c{len(self.sandbox)}"
        self.sandbox.add({
            "id": call_id,
            "emp_name": "Ananya Iyer",
            "emp_code": "101",
            "emp_country_code": "91",
            "emp_number": "9820011101",
            "emp_tags": ["North", ""],
            "client_name": "Asha",
            "client_country_code": "91",
            "client_number": number,
            "duration": seconds,
            "call_type": kind,
            "call_date": f"{at:%Y-%m-%d}",
            "call_time": f"{at:%H:%M:%S}",
            **more,
        })  # fmt: skip
        self.pass_by(seconds=30)
        return call_id

    def pass_by(self, **time: float) -> None:
        self.clock.time += timedelta(**time)

    def read(self, pages: int | None = None) -> list[Record]:
        """Read on, and keep what a CRM would; stop after so many ``pages``."""
        shown: list[Record] = []
        for number, page in enumerate(self._pages(), 1):
            for record in page.records:
                shown.append(record)
                self._keep(record)
            self.cursor = page.cursor or self.cursor
            if number == pages:
                break
        return shown

    def _pages(self) -> Iterator[Page]:
        return self.source.read(self.cursor, self.clock.now() - WEEK)

    def _keep(self, record: Record) -> None:
        before = self.state.get(record.id)
        if before is None or str(record.version) >= str(before.version):
            self.state[record.id] = record

    def done(self) -> dict[str, bool]:
        """Whether each wait is over, by its first call."""
        return {
            str(r.fields["first.id"]): "done" in r.fields for r in self.state.values()
        }


@pytest.fixture
def phones() -> Iterator[Phones]:
    clock = ManualClock()
    sandbox = CallyzerSandbox(seconds_per_request=0, now=clock.now)
    with Server(dated(sandbox.app, clock.now)) as server:
        token = {"Authorization": f"Bearer {sandbox.token}"}
        http = Http(server.url + sandbox.prefix, headers=token)
        client = CallyzerClient(http, FreePacer())
        yield Phones(
            sandbox, client, clock, Waits(client=client, zone=INDIA, clock=clock)
        )
        http.close()


def test_a_wait_has_the_fields_of_the_schema_but_those_of_its_end(
    phones: Phones,
) -> None:
    first = phones.call("9876500001")
    began = phones.clock.now() - timedelta(seconds=30)
    phones.call("9876500001")

    (record,) = phones.read()

    names = {f.name for f in NEVER_ATTENDED.fields} - {"done", "done_at"}
    assert record.fields.keys() == names
    assert record.id == f"919876500001:{first}"
    wanted = {
        "first.id": first,
        "first.at": began,
        "last.at": began + timedelta(seconds=30),
        "calls": 2,
        "call.id": first,
        "emp_tags": ["North"],
        "customer.phone": "+919876500001",
        "customer.name": "Asha",
        "agent.phone": "+919820011101",
        "agent.name": "Ananya Iyer",
    }
    assert {name: record.fields[name] for name in wanted} == wanted


def test_the_end_of_a_wait_tells_when_and_with_whom(phones: Phones) -> None:
    first = phones.call("9876500001")
    phones.read()
    at = phones.clock.now()
    phones.call("9876500001", "Incoming", 9)

    (record,) = phones.read()

    assert record.id == f"919876500001:{first}"
    assert str(record.version).startswith("1:")
    assert (record.fields["done"], record.fields["done_at"]) == ("true", at)
    assert record.fields["customer.phone"] == "+919876500001"
    assert "emp_code" not in record.fields


def test_a_talk_that_only_the_report_shows_ends_a_wait_too(phones: Phones) -> None:
    first = phones.call("9876500001")
    phones.read()
    phones.call("9876500001", "Outgoing", 9, synced_at="2026-11-19 10:00:00 IST")
    second = phones.call("9876500001")

    phones.read()

    assert phones.done() == {first: True, second: False}


def test_a_reading_without_news_shows_the_same_again(phones: Phones) -> None:
    phones.call("9876500001")

    assert phones.read() == phones.read()


def test_killed_after_any_page_nothing_is_lost_or_made_twice(phones: Phones) -> None:
    numbers = [f"98765{n:05}" for n in range(250)]
    firsts = [phones.call(number) for number in numbers]
    wanted = dict.fromkeys(firsts, False)
    phones.read(pages=3)
    for at, number in enumerate(numbers[:120]):
        phones.call(number, "Outgoing", 5)
        wanted[firsts[at]] = True
        if at % 2:
            wanted[phones.call(number)] = False

        phones.read(pages=at % 5 + 1)
    phones.pass_by(minutes=1)
    phones.read()

    shown = {call for call, done in phones.done().items() if not done}
    assert shown == {call for call, done in wanted.items() if not done}
    assert phones.done().keys() <= wanted.keys()
    known = json.loads(phones.cursor or "")
    assert len(known["open"]) == len(shown)


def test_a_wait_keeps_its_id_while_its_first_call_leaves_the_window(
    phones: Phones,
) -> None:
    first = phones.call("9876500001")
    phones.read()
    phones.pass_by(days=5)
    phones.call("9876500001")
    phones.pass_by(days=3)

    shown = phones.read()

    assert [r.fields["first.id"] for r in shown] == [first]


def test_waits_of_half_a_year_ago_are_forgotten(phones: Phones) -> None:
    phones.call("9876500001")
    phones.read()
    phones.pass_by(days=181)

    phones.read()

    assert json.loads(phones.cursor or "")["open"] == {}


def test_a_long_window_is_asked_for_as_long_as_may_be(phones: Phones) -> None:
    first = phones.call("9876500001")
    years_ago = phones.clock.now() - timedelta(days=900)

    pages = list(phones.source.read(None, years_ago))

    assert [r.fields["first.id"] for p in pages for r in p.records] == [first]


def test_a_callyzer_that_fails_in_between_leaves_the_cursor_valid(
    phones: Phones,
) -> None:
    first = phones.call("9876500001")
    phones.read()
    phones.call("9876500001", "Outgoing", 5)
    phones.pass_by(minutes=1)
    phones.sandbox.faults.add(Fault("/call-log/history", status=500, times=99))

    with pytest.raises(UnavailableError):
        phones.read()
    phones.sandbox.faults.clear()
    phones.read()

    assert phones.done() == {first: True}


def test_the_other_report_is_read_the_same_way(phones: Phones) -> None:
    phones.source = unanswered(client=phones.client, zone=INDIA, clock=phones.clock)
    phones.call("9876500001")
    first = phones.call("9876500001", "Outgoing")
    phones.read()
    assert phones.done() == {first: False}

    phones.call("9876500001", "Incoming", 5)
    phones.read()

    assert phones.done() == {first: True}


def test_options_choose_whose_calls_are_looked_at(phones: Phones) -> None:
    phones.call("9876500001")
    options = {"emp_tags": ["South"], "emp_numbers": None}
    source = Waits(
        client=phones.client, zone=INDIA, clock=phones.clock, options=options
    )

    pages = list(source.read(None, phones.clock.now() - WEEK))

    assert [record for page in pages for record in page.records] == []
