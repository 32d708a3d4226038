"""The sandbox's Callyzer answers as the vendor's document says, over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connector.sandbox.callyzer import EXAMPLE, FIELDS, CallyzerSandbox, trouble
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
LAST_DAY = {"synced_from": NOON - 86_400, "synced_to": NOON}


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=clock)


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


def ids(answer: httpx.Response) -> list[str]:
    return [call["id"] for call in answer.json()["result"]]


def test_the_documents_own_example_is_answered_as_it_is_printed(
    client: httpx.Client,
) -> None:
    example = CallyzerSandbox(examples=True, seconds_per_request=0)
    synced = int(datetime(2023, 11, 30, 17, 12, 53, tzinfo=UTC).timestamp())

    with Server(example.app) as server:
        answer = httpx.post(
            f"{server.url}/api/v2.1/call-log/history",
            json={"synced_from": synced - 1, "synced_to": synced},
            headers={"authorization": f"Bearer {example.token}"},
            trust_env=False,
        )

    assert answer.json() == {
        "result": [EXAMPLE],
        "message": "Success",
        "total_records": 1,
        "page_no": 1,
        "page_size": 100,
    }


def test_a_call_is_sent_with_every_field_and_its_missing_ones_blank(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.add({"id": "a", "note": "नमस्ते"})

    (call,) = client.post("/history", json=LAST_DAY).json()["result"]

    assert tuple(call) == FIELDS
    assert call["note"] == "नमस्ते"
    assert (call["duration"], call["emp_tags"]) == (0, [])
    assert (call["call_date"], call["call_time"]) == ("2026-11-20", "12:00:00")
    assert call["synced_at"] == call["modified_at"] == "2026-11-20 12:00:00 IST"


def test_a_field_that_the_document_lacks_cannot_be_added(
    sandbox: CallyzerSandbox,
) -> None:
    with pytest.raises(KeyError, match="colour"):
        sandbox.add({"id": "a", "colour": "red"})
    with pytest.raises(KeyError, match="id"):
        sandbox.add({"note": "nobody's"})
    sandbox.add({"id": "a"})
    with pytest.raises(KeyError, match="colour"):
        sandbox.change("a", colour="red")
    with pytest.raises(KeyError, match="nobody"):
        sandbox.change("nobody", note="lost")


def test_both_ends_of_a_span_are_in_it(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for second in range(10):
        sandbox.add({"id": f"{second}", "synced_at": f"2026-11-20 11:00:0{second} IST"})
    eleven = NOON - 3600

    answer = client.post(
        "/history", json={"synced_from": eleven + 3, "synced_to": eleven + 6}
    )

    assert ids(answer) == ["3", "4", "5", "6"]


def test_calls_come_in_order_of_their_sync_then_of_their_ids(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    for call_id, second in (("d", 1), ("b", 2), ("c", 0), ("a", 2)):
        sandbox.add({"id": call_id, "synced_at": f"2026-11-20 11:00:0{second} IST"})

    by_sync = client.post("/history", json=LAST_DAY)
    by_call = client.post("/history", json={"call_from": NOON - 10, "call_to": NOON})

    assert ids(by_sync) == ids(by_call) == ["c", "d", "a", "b"]


def test_pages_together_are_all_calls_once(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.load(250, days=0.9)

    pages = [
        client.post("/history", json={**LAST_DAY, "page_no": n, "page_size": 90})
        for n in (1, 2, 3, 4)
    ]

    assert [len(ids(page)) for page in pages] == [90, 90, 70, 0]
    assert len({i for page in pages for i in ids(page)}) == 250
    assert all(page.json()["total_records"] == 250 for page in pages)
    assert (pages[1].json()["page_no"], pages[1].json()["page_size"]) == (2, 90)


def test_a_changed_call_moves_to_now_unless_told_when(
    sandbox: CallyzerSandbox, clock: Clock, client: httpx.Client
) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})
    clock.advance(60)

    sandbox.change("a", note="late")
    sandbox.change("b", note="late", synced_at="2026-11-20 12:00:00 IST")
    answer = client.post(
        "/history", json={"synced_from": NOON - 1, "synced_to": NOON + 60}
    )

    b, a = answer.json()["result"]
    assert (a["synced_at"], a["modified_at"]) == ("2026-11-20 12:01:00 IST",) * 2
    assert (b["synced_at"], b["modified_at"], b["note"]) == (
        "2026-11-20 12:00:00 IST",
        "2026-11-20 12:01:00 IST",
        "late",
    )


def test_a_removed_call_is_gone(sandbox: CallyzerSandbox, client: httpx.Client) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})

    sandbox.remove("a")
    sandbox.remove("a")

    assert ids(client.post("/history", json=LAST_DAY)) == ["b"]


def test_a_zone_with_summer_time_is_read_by_its_abbreviation() -> None:
    sandbox = CallyzerSandbox(zone="America/New_York", seconds_per_request=0)
    sandbox.add({"id": "first", "synced_at": "2026-11-01 01:30:00 EDT"})
    sandbox.add({"id": "second", "synced_at": "2026-11-01 01:30:00 EST"})
    half_past_five = int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())

    with Server(sandbox.app) as server:
        answer = httpx.post(
            f"{server.url}/api/v2.1/call-log/history",
            json={"synced_from": half_past_five, "synced_to": half_past_five + 3599},
            headers={"authorization": f"Bearer {sandbox.token}"},
            trust_env=False,
        )

    assert ids(answer) == ["first"]


def test_calls_are_got_by_id_once_and_unknown_ones_are_left_out(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})

    answer = client.post("/get", json={"unique_ids": ["b", "nobody", "a", "b"]})

    assert ids(answer) == ["b", "a"]
    assert set(answer.json()) == {"result", "message"}


def test_another_process_can_add_calls(sandbox: CallyzerSandbox) -> None:
    with Server(sandbox.app) as server:
        answer = httpx.post(
            f"{server.url}/sandbox/calls", json=[{"id": "a"}, EXAMPLE], trust_env=False
        )

    assert answer.status_code == 204
    assert len(sandbox) == 2


# ── bad days ───────────────────────────────────────────────────────────────


def test_a_page_can_be_answered_with_the_one_before_it(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.load(30, days=0.9)
    sandbox.moods.repeats[2] = 1

    first, second, again = (
        client.post("/history", json={**LAST_DAY, "page_no": n, "page_size": 10})
        for n in (1, 2, 2)
    )

    assert ids(second) == ids(first)
    assert second.json()["page_no"] == 2
    assert not set(ids(again)) & set(ids(first))


def test_a_page_can_lack_its_second_half(
    sandbox: CallyzerSandbox, client: httpx.Client
) -> None:
    sandbox.load(10, days=0.9)
    sandbox.moods.shortens[1] = 1

    short, whole = (
        client.post("/history", json=LAST_DAY),
        client.post("/history", json=LAST_DAY),
    )

    assert ids(short) == ids(whole)[:5]
    assert short.json()["total_records"] == 10


def test_durations_can_be_text(sandbox: CallyzerSandbox, client: httpx.Client) -> None:
    sandbox.add({"id": "a", "duration": 30})
    sandbox.moods.text_durations = True

    (call,) = client.post("/history", json=LAST_DAY).json()["result"]

    assert call["duration"] == "30"


@pytest.mark.parametrize(
    ("fault", "status", "beginning"),
    [
        (trouble.DATABASE_EXCEPTION, 400, "org.postgresql"),
        (trouble.DATABASE_MESSAGE, 400, '{"result": null, "message": "org.postgresql'),
        (trouble.HTML_PAGE, 200, "<!doctype html>"),
        (trouble.CUT_JSON, 200, '{"result": [{'),
    ],
)
def test_a_bad_answer_is_given_once_and_the_next_one_is_good(
    sandbox: CallyzerSandbox,
    client: httpx.Client,
    fault: Fault,
    status: int,
    beginning: str,
) -> None:
    sandbox.faults.add(fault)

    bad, good = (client.post("/history", json=LAST_DAY) for _ in range(2))

    assert bad.status_code == status
    assert bad.text.startswith(beginning)
    assert good.json()["result"] == []
    assert sandbox.faults.counts["POST", "/api/v2.1/call-log/history"] == 2
