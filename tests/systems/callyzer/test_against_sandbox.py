"""The call logs of the sandbox, read over real HTTP."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.clock import SystemClock
from connector.errors import UnauthorizedError
from connector.model import Page
from connector.sandbox.callyzer import CallyzerSandbox, trouble
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server
from connector.state.slots import StoreSlots
from connector.state.store import Store
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.source import CALL_LOGS, CallLogs
from connector.transport.http import Http
from connector.transport.pacing import SharedPacer
from tests.systems.callyzer.fake import OpenPacer

CLOCK = SystemClock()
WEEK = timedelta(days=8)
EVENING, MORNING = {"call_time": "23:59:50"}, {"call_time": "00:00:10"}


@pytest.fixture
def sandbox() -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0)


@pytest.fixture
def http(sandbox: CallyzerSandbox) -> Iterator[Http]:
    with Server(sandbox.app) as server:
        token = {"Authorization": f"Bearer {sandbox.token}"}
        http = Http(server.url + sandbox.prefix, headers=token)
        yield http
        http.close()


@pytest.fixture
def source(http: Http) -> CallLogs:
    return call_logs(CallyzerClient(http, OpenPacer()))


def call_logs(client: CallyzerClient, **options: object) -> CallLogs:
    zone = ZoneInfo("Asia/Kolkata")
    return CallLogs(client=client, zone=zone, options=options, clock=CLOCK)


def read(source: CallLogs, cursor: str | None = None) -> list[Page]:
    return list(source.read(cursor, CLOCK.now() - WEEK))


def ids(pages: list[Page]) -> set[str]:
    return {record.id for page in pages for record in page.records}


def requests(sandbox: CallyzerSandbox) -> int:
    return sum(sandbox.faults.counts.values())


def test_a_backlog_is_read_whole_with_every_field_of_the_schema(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.load(6_000, days=7)

    pages = read(source)

    names = {field.name for field in CALL_LOGS.fields}
    assert len(ids(pages)) == 6_000
    assert all(record.fields.keys() == names for p in pages for record in p.records)
    assert all(not page.rejects for page in pages)
    assert requests(sandbox) < 70


def test_a_second_reading_costs_one_request_and_shows_what_came_since(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.load(250, days=7)
    cursor = read(source)[-1].cursor
    asked = requests(sandbox)
    a_moment_ago = CLOCK.now().astimezone(ZoneInfo(sandbox.zone)) - timedelta(
        seconds=60
    )
    stamp = f"{a_moment_ago:%Y-%m-%d %H:%M:%S %Z}"
    sandbox.add({"id": "new", "synced_at": stamp, "modified_at": stamp})

    pages = read(source, cursor)

    assert "new" in ids(pages)
    assert requests(sandbox) == asked + 1


@pytest.mark.parametrize(
    "fault",
    [
        trouble.DATABASE_EXCEPTION,
        trouble.DATABASE_MESSAGE,
        trouble.HTML_PAGE,
        trouble.CUT_JSON,
        Fault(path="history", cut="before"),
        Fault(path="history", cut="half"),
        Fault(path="history", cut="after"),
        Fault(path="history", status=502, body="bad gateway"),
        Fault(path="history", status=429, headers={"retry-after": "1"}),
    ],
    ids=lambda fault: f"{fault.status}-{fault.cut}-{len(fault.body or '')}",
)
def test_trouble_on_the_way_loses_nothing(
    sandbox: CallyzerSandbox, source: CallLogs, fault: Fault
) -> None:
    sandbox.load(250, days=7)
    sandbox.faults.add(fault)

    assert len(ids(read(source))) == 250
    assert requests(sandbox) == 4


def test_pages_that_are_repeated_or_cut_short_lose_nothing(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.load(250, days=7)
    sandbox.moods.repeats[2] = 1
    sandbox.moods.shortens[1] = 1

    assert len(ids(read(source))) == 250
    assert requests(sandbox) == 5


def test_durations_that_are_text_are_numbers_here(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.moods.text_durations = True
    sandbox.load(50, days=7)

    records = [record for page in read(source) for record in page.records]

    assert {type(record.fields["call.duration"]) for record in records} == {int}


def test_every_option_is_one_that_callyzer_knows(
    sandbox: CallyzerSandbox, http: Http
) -> None:
    sandbox.load(50, days=7)
    source = call_logs(
        CallyzerClient(http, OpenPacer()),
        call_types=["Outgoing"],
        duration_grt_than=1,
        duration_les_than=3_600,
        emp_numbers=[],
        emp_tags=[],
        client_numbers=["91-9823212312"],
        is_exclude_numbers=True,
    )

    assert ids(read(source)) == set()


def test_calls_are_fetched_by_id(sandbox: CallyzerSandbox, source: CallLogs) -> None:
    sandbox.load(60, days=7)
    wanted = sorted(ids(read(source)))

    found = list(source.fetch([*wanted, "gone"]))

    assert [record.id for record in found] == wanted


def test_a_year_is_read_by_call_time_in_the_requests_that_were_expected(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.load(900, days=400)
    end = CLOCK.now()
    start = end - timedelta(days=401)

    expected = source.expected(start, end)
    estimated = requests(sandbox)
    pages = list(source.between(start, end, None))

    assert (expected.records, estimated) == (900, 3)
    assert len(ids(pages)) == 900
    assert requests(sandbox) - estimated == expected.requests


def test_a_reading_by_call_time_that_was_broken_off_goes_on(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.load(900, days=400)
    end = CLOCK.now()
    start = end - timedelta(days=401)
    first: list[Page] = []
    for page in source.between(start, end, None):
        first.append(page)
        if page.cursor:
            break
    done = first[-1].cursor
    left = source.expected(start, end, done)
    asked = requests(sandbox)

    rest = list(source.between(start, end, done))

    assert requests(sandbox) - asked == left.requests
    assert len(ids(rest)) == left.records
    assert len(ids(first) | ids(rest)) == 900
    assert len(ids(first) & ids(rest)) < 5


def test_a_day_by_call_time_is_a_day_wherever_the_account_is(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    synced = {"synced_at": "2026-02-07 12:00:00 IST"}
    for time in ("00:00:00", "23:59:59"):
        call = {"call_date": "2026-01-31", "call_time": time}
        sandbox.add({"id": time, **call, **synced})
    sandbox.add({"id": "before", "call_date": "2026-01-30", **synced} | EVENING)
    sandbox.add({"id": "after", "call_date": "2026-02-01", **synced} | MORNING)
    start = datetime(2026, 1, 31, tzinfo=ZoneInfo("Asia/Kolkata"))

    pages = list(source.between(start, start + timedelta(days=1), None))

    assert ids(pages) == {"00:00:00", "23:59:59"}


def test_an_expired_subscription_is_told(
    sandbox: CallyzerSandbox, source: CallLogs
) -> None:
    sandbox.moods.expired = True

    with pytest.raises(UnauthorizedError, match="subscription has expired"):
        read(source)


def test_the_pacer_keeps_the_limit_so_that_no_request_is_refused(
    sandbox: CallyzerSandbox, http: Http, tmp_path: Path
) -> None:
    sandbox.seconds_per_request = 0.1
    sandbox.load(250, days=7)

    with Store(tmp_path / "state.db", CLOCK) as store:
        pacer = SharedPacer(
            slots=StoreSlots(store, CLOCK),
            system="callyzer",
            interval=0.3,
            urgent=True,
            clock=CLOCK,
            stop=threading.Event(),
        )
        pages = read(call_logs(CallyzerClient(http, pacer)))

    assert len(ids(pages)) == 250
    assert [arrival.status for arrival in sandbox.faults.requests] == [200] * 3
