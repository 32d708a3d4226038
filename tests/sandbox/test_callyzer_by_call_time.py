"""call-log/history by the time of the call (Callyzer API 2.1, ``call_from`` and
``call_to``: UNIX seconds): what it finds, and how it is paged."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
DAY = 86_400


@pytest.fixture
def sandbox() -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=lambda: NOW)


@pytest.fixture
def client(sandbox: CallyzerSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/v2.1/call-log",
            headers={"authorization": f"Bearer {sandbox.token}"},
            trust_env=False,
        ) as client,
    ):
        yield client


def called(sandbox: CallyzerSandbox, call_id: str, at: str, **more: object) -> None:
    """Add a call of that time in India, synced at noon if not told otherwise."""
    day, _, time = at.partition(" ")
    sandbox.add({"id": call_id, "call_date": day, "call_time": time, **more})


def ids(answer: httpx.Response) -> list[str]:
    return [call["id"] for call in answer.json()["result"]]


def test_both_ends_of_a_span_belong_to_it(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for second in (10, 11, 12, 13, 14):
        called(sandbox, str(second), f"2026-11-20 11:00:{second}")
    eleven = NOON - 3600

    answer = client.post(
        "/history", json={"call_from": eleven + 11, "call_to": eleven + 13}
    )

    assert sorted(ids(answer)) == ["11", "12", "13"]
    assert answer.json()["total_records"] == 3


def test_a_call_is_found_by_when_it_was_made_however_late_it_was_synced(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    called(sandbox, "late", "2026-11-10 09:00:00", synced_at="2026-11-20 11:59:00 IST")
    called(sandbox, "today", "2026-11-20 11:58:00", synced_at="2026-11-20 11:59:00 IST")
    tenth = {"call_from": NOON - 11 * DAY, "call_to": NOON - 9 * DAY}
    minute = {"synced_from": NOON - 61, "synced_to": NOON}

    by_call, by_sync, by_both = (
        client.post("/history", json=body) for body in (tenth, minute, tenth | minute)
    )

    assert ids(by_call) == ids(by_both) == ["late"]
    assert sorted(ids(by_sync)) == ["late", "today"]


def test_both_spans_must_hold_where_both_are_asked_for(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    called(sandbox, "old", "2026-11-10 09:00:00", synced_at="2026-11-10 09:05:00 IST")
    tenth = {"call_from": NOON - 11 * DAY, "call_to": NOON - 9 * DAY}

    answer = client.post(
        "/history", json={**tenth, "synced_from": NOON - DAY, "synced_to": NOON}
    )

    assert (ids(answer), answer.json()["total_records"]) == ([], 0)


def test_the_time_of_a_call_is_that_of_the_accounts_zone() -> None:
    abroad = CallyzerSandbox(
        zone="America/New_York", seconds_per_request=0, now=lambda: NOW
    )
    called(abroad, "a", "2026-11-19 20:00:00")
    at = int(datetime(2026, 11, 20, 1, 0, tzinfo=UTC).timestamp())

    with Server(abroad.app) as server:
        answer = httpx.post(
            f"{server.url}/api/v2.1/call-log/history",
            json={"call_from": at, "call_to": at + 1},
            headers={"authorization": f"Bearer {abroad.token}"},
            trust_env=False,
        )

    assert ids(answer) == ["a"]


def test_pages_by_call_time_are_all_calls_of_the_span_once(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for number in range(250):
        at = datetime(2026, 11, 12, 10) + timedelta(minutes=number)  # noqa: DTZ001 - as the vendor writes it
        called(sandbox, f"{number:03}", f"{at:%Y-%m-%d %H:%M:%S}")
    called(sandbox, "before", "2026-11-12 09:59:59")
    called(sandbox, "after", "2026-11-12 14:10:00")
    ten = NOON - 8 * DAY - 2 * 3600
    span = {"call_from": ten, "call_to": ten + 250 * 60 - 1}

    pages = [
        client.post("/history", json={**span, "page_no": n, "page_size": 90})
        for n in (1, 2, 3, 4)
    ]

    assert [len(ids(page)) for page in pages] == [90, 90, 70, 0]
    found = [i for page in pages for i in ids(page)]
    assert sorted(found) == [f"{number:03}" for number in range(250)]
    assert [page.json()["total_records"] for page in pages] == [250] * 4
    assert [page.json()["page_no"] for page in pages] == [1, 2, 3, 4]
    assert {page.json()["page_size"] for page in pages} == {90}


def test_a_page_of_a_span_is_the_whole_of_it_where_there_is_room(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for number in range(100):
        called(sandbox, str(number), "2026-11-12 10:00:00")
    second = NOON - 8 * DAY - 2 * 3600

    answer = client.post("/history", json={"call_from": second - 1, "call_to": second})

    assert len(ids(answer)) == answer.json()["total_records"] == 100
    assert (answer.json()["page_no"], answer.json()["page_size"]) == (1, 100)


def test_other_filters_hold_for_a_span_by_call_time_too(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for call_type in ("Incoming", "Missed"):
        called(sandbox, call_type, "2026-11-20 11:00:00", call_type=call_type)
    span = {"call_from": NOON - 2 * 3600, "call_to": NOON}

    answer = client.post("/history", json={**span, "call_types": ["Missed"]})

    assert (ids(answer), answer.json()["total_records"]) == (["Missed"], 1)


def test_a_call_whose_time_was_changed_is_found_at_its_new_time_only(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    called(sandbox, "a", "2026-11-20 11:00:00")

    sandbox.change("a", call_time="10:00:00")

    ten, eleven = NOON - 2 * 3600, NOON - 3600
    spans = [{"call_from": at - 1, "call_to": at} for at in (ten, eleven)]
    found = [ids(client.post("/history", json=span)) for span in spans]
    assert found == [["a"], []]
