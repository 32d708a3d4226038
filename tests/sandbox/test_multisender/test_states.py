"""The states that an RSVP call goes through."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox
from tests.sandbox.test_multisender.given import (
    PHONE,
    RSVP,
    RSVP_UPDATE,
    Clock,
    Json,
    without,
)

SECOND = "+358409999999"
QUIET = {"receiverWebhookUrl": None}
TWO = {"receivers": [{"phone": PHONE}, {"phone": SECOND}]}


@pytest.fixture
def rsvp(client: httpx.Client) -> Json:
    quiet = QUIET | {"stateWebhookUrl": None, "startTime": None}
    return dict(client.post("/rsvp_calls", json=RSVP | quiet | TWO).json())


def states(client: httpx.Client) -> str:
    return str(client.get("/rsvp_calls/1").json()["state"])


def test_an_rsvp_call_waits_is_active_and_is_complete_by_its_times(
    clock: Clock, client: httpx.Client
) -> None:
    client.post("/rsvp_calls", json=without(RSVP, "stateWebhookUrl"))

    seen = [states(client)]
    for minutes in (29, 1, 479, 1):
        clock.advance(minutes=minutes)
        seen.append(states(client))

    waiting, active = "waitingToActive", "active"
    assert seen == [waiting, waiting, active, active, "complete"]


def test_an_rsvp_call_is_complete_when_enough_have_accepted(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    seen = [states(client)]
    for account_id in (1, 2):
        sandbox.ring(("rsvp_calls", 1), account_id, reply="accept", seconds=9)
        seen.append(states(client))

    assert seen == ["active", "active", "complete"]


def test_an_rsvp_call_is_halted_and_resumed_by_updates(
    clock: Clock, client: httpx.Client, rsvp: Json
) -> None:
    quiet = without(RSVP_UPDATE, "stateWebhookUrl", "startTime", "state")

    halted = client.put("/rsvp_calls/1", json=quiet | {"state": "halt"}).json()
    kept = client.put("/rsvp_calls/1", json=quiet).json()
    also = client.put("/rsvp_calls/1", json=quiet | {"state": None}).json()
    resumed = client.put("/rsvp_calls/1", json=quiet | {"state": "active"}).json()
    ended = client.put(
        "/rsvp_calls/1", json=quiet | {"endTime": "2026-11-20 06:00:00"}
    ).json()

    seen = [answer["state"] for answer in (halted, kept, also, resumed, ended)]
    assert seen == ["halt", "halt", "halt", "active", "complete"]


def test_an_rsvp_call_may_begin_halted_and_be_moved_to_a_later_start(
    clock: Clock, client: httpx.Client
) -> None:
    quiet = without(RSVP, "stateWebhookUrl")
    made = client.post("/rsvp_calls", json=quiet | {"state": "halt"}).json()
    later = {"state": "active", "startTime": "2026-11-20 09:00:00"}
    client.put("/rsvp_calls/1", json=without(quiet, "receivers") | later)
    clock.advance(hours=1)
    early = states(client)
    clock.advance(hours=2)

    assert (made["state"], early, states(client)) == (
        "halt",
        "waitingToActive",
        "active",
    )


def test_an_rsvp_call_that_was_deleted_has_no_state_to_change(
    clock: Clock, client: httpx.Client
) -> None:
    client.post("/rsvp_calls", json=RSVP)
    client.delete("/rsvp_calls/1")
    clock.advance(days=1)

    assert client.get("/rsvp_calls").json() == []
