"""The sandbox's Agendize is filled by hand, by chance, and by other processes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import httpx
import pytest

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.callyzer.people import ACTIVE_TEAM, CLIENTS, NEWCOMER
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""12:00 in India."""
NOON = {"dateTime": "2026-11-20T12:00:00", "timeZone": "Asia/Kolkata"}
CALL = {"callerNumber": "+91982", "calledNumber": "+91993", "start": NOON}


@pytest.fixture
def sandbox() -> AgendizeSandbox:
    return AgendizeSandbox(now=lambda: NOW)


@pytest.fixture
def client(sandbox: AgendizeSandbox) -> Iterator[httpx.Client]:
    headers = {"token": sandbox.token, "apiKey": sandbox.api_key}
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/api/2.0", headers=headers, trust_env=False
        ) as client,
    ):
        yield client


def test_a_field_that_the_document_lacks_cannot_be_added(
    sandbox: AgendizeSandbox,
) -> None:
    with pytest.raises(KeyError, match="colour"):
        sandbox.add({"colour": "red"})
    call_id = str(sandbox.add({})["id"])
    with pytest.raises(KeyError, match="colour"):
        sandbox.change(call_id, colour="red")
    with pytest.raises(KeyError, match="nobody"):
        sandbox.change("nobody", status="busy")
    with pytest.raises(KeyError, match="nobody"):
        sandbox.remove("nobody")


def test_what_an_added_call_lacks_is_now_completed_and_blank(
    sandbox: AgendizeSandbox,
) -> None:
    call = sandbox.add({"id": "a", "duration": 3})

    assert call == {
        "id": "a",
        "callerNumber": "",
        "calledNumber": "",
        "start": NOON,
        "duration": 3,
        "status": "completed",
    }
    assert sandbox.calls == [call]


def test_another_process_can_add_change_and_remove_calls(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    url = client.base_url.join("/sandbox/calls")

    added = client.post(url, json=[{"id": "c-1"}, {"id": "a"}])
    changed = client.patch(f"{url}/c-1", json={"status": "busy"})
    removed = client.delete(f"{url}/a")

    assert [call["id"] for call in added.json()] == ["c-1", "a"]
    assert changed.json()["status"] == "busy"
    assert removed.status_code == 204
    assert [(c["id"], c["status"]) for c in sandbox.calls] == [("c-1", "busy")]


def test_made_up_calls_are_the_same_each_time_and_fit_the_cast() -> None:
    sandbox, again = (AgendizeSandbox(now=lambda: NOW) for _ in range(2))
    sandbox.load(300, days=3)
    again.load(300, days=3)

    team = {f"+{e.country_code}{e.number}" for e in ACTIVE_TEAM}
    known = {c.number for c in (*CLIENTS, NEWCOMER)}
    numbers = [{c["callerNumber"], c["calledNumber"]} for c in sandbox.calls]
    assert sandbox.calls == again.calls
    assert len(sandbox) == 300
    assert all(len(pair & team) == 1 for pair in numbers)
    assert all(str(*(pair - team))[-10:] in known for pair in numbers)
    assert {c["status"] for c in sandbox.calls} == {
        *("completed", "noAnswered", "message", "wrongNumber", "busy", "abandoned")
    }
    assert {c.get("type") for c in sandbox.calls} == {
        *("callTracking", "clickToCall", None)
    }


def test_made_up_calls_ended_within_the_days(sandbox: AgendizeSandbox) -> None:
    sandbox.load(300, days=3)

    ages = []
    for call in sandbox.calls:
        start = call["start"]
        assert isinstance(start, dict)
        zone = ZoneInfo(start["timeZone"])
        at = datetime.fromisoformat(start["dateTime"]).replace(tzinfo=zone)
        ages.append((NOW - at).total_seconds() - int(str(call["duration"])))
    assert min(ages) >= -1
    assert 2 * 86_400 < max(ages) <= 3 * 86_400 + 1


def test_calls_arrive_and_are_recorded_later(sandbox: AgendizeSandbox) -> None:
    rng = Random(1)  # noqa: S311 - repeatable, not secret

    ids = [sandbox.arrive(rng) for _ in range(60)]

    recorded = [call for call in sandbox.calls if "record" in call]
    assert len(sandbox) == len(set(ids)) < len(ids)
    assert 0 < len(recorded) < len(sandbox)
    assert {call["status"] for call in recorded} == {"completed"}


def test_a_call_that_was_removed_is_not_recorded(sandbox: AgendizeSandbox) -> None:
    rng = Random(1)  # noqa: S311 - repeatable, not secret

    for _ in range(60):
        for call in sandbox.calls:
            sandbox.remove(str(call["id"]))
        sandbox.arrive(rng)

    assert len(sandbox) == 1


def test_calls_can_be_with_as_many_people_as_wanted() -> None:
    sandbox = AgendizeSandbox(people=1000, now=lambda: NOW)

    sandbox.load(200)

    others = {c["callerNumber"] for c in sandbox.calls if "type" in c}
    assert len(others) > 100


def test_requests_are_counted_and_faults_hit_them(
    sandbox: AgendizeSandbox, client: httpx.Client
) -> None:
    sandbox.faults.add(Fault("/calls$", status=503))
    sandbox.faults.add(Fault("/calls$", method="POST", cut="after"))

    statuses = [client.get("/calls").status_code for _ in range(2)]
    with pytest.raises(httpx.TransportError):
        client.post("/calls", json=CALL)

    assert statuses == [503, 200]
    assert len(sandbox) == 1
    assert sandbox.faults.counts["GET", "/api/2.0/calls"] == 2


def test_the_urls_path_can_be_any_other() -> None:
    sandbox = AgendizeSandbox(prefix="/proxy/agendize")
    headers = {"token": sandbox.token, "apiKey": sandbox.api_key}

    with Server(sandbox.app) as server:
        url = f"{server.url}/proxy/agendize/calls"
        answer = httpx.post(url, json=CALL, headers=headers, trust_env=False)

    assert (answer.status_code, len(sandbox)) == (200, 1)
