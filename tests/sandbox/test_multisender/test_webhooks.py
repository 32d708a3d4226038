"""The sandbox's Multisender posts what happens to the address a call names."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox
from tests.sandbox.test_multisender.conftest import Listener
from tests.sandbox.test_multisender.given import (
    CLICK,
    META,
    PHONE,
    RSVP,
    Clock,
    Json,
    without,
)

RECEIVER: Json = {
    "rsvpCallId": "1",
    "phoneNumber": PHONE,
    "accountId": "1",
    "rsvpReply": "accept",
    "meta": META,
    "timestamp": "2026-11-20:08:30:00",
}
STATE: Json = {
    "rsvpCallId": "1",
    "state": "active",
    "dialedCalls": 0,
    "answeredCalls": 0,
    "totalDuration": 0,
    "acceptsReceived": 0,
    "timestamp": "2026-11-20:08:30:00",
}


@pytest.fixture
def rsvp(client: httpx.Client, hook: str) -> Json:
    """Have an RSVP call that waits."""
    hooks = {"receiverWebhookUrl": hook, "stateWebhookUrl": hook}
    body = RSVP | hooks
    assert client.post("/rsvp_calls", json=body).status_code == 201
    return without(body, "receivers")


def heard(sandbox: MultisenderSandbox, listener: Listener) -> list[Json]:
    """Return what was posted, once all was."""
    assert [one.body for one in sandbox.deliveries()] == listener.bodies
    assert sandbox.failures() == []
    return listener.bodies


def test_an_answered_call_is_posted_in_the_documented_form(
    sandbox: MultisenderSandbox, listener: Listener, rsvp: Json
) -> None:
    sandbox.ring(("rsvp_calls", 1), 1, reply="accept", seconds=30)

    [body] = heard(sandbox, listener)

    assert body == RECEIVER
    assert list(body) == list(RECEIVER)
    assert listener.types == {"application/json"}


def test_an_unanswered_receiver_is_posted_when_the_redials_are_used_up(
    sandbox: MultisenderSandbox, listener: Listener, rsvp: Json
) -> None:
    sandbox.ring(("rsvp_calls", 1), 1)
    early = heard(sandbox, listener).copy()
    sandbox.ring(("rsvp_calls", 1), 1)

    assert early == []
    assert heard(sandbox, listener) == [RECEIVER | {"rsvpReply": "noReply"}]


def test_the_other_word_for_no_reply_is_sent_by_mood(
    sandbox: MultisenderSandbox, listener: Listener, rsvp: Json
) -> None:
    sandbox.moods.unanswered = "noAnswer"

    sandbox.ring(("rsvp_calls", 1), 1, seconds=4)

    assert heard(sandbox, listener) == [RECEIVER | {"rsvpReply": "noAnswer"}]


def test_a_click_to_calls_id_has_the_documented_name_or_its_own(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, hook: str
) -> None:
    client.post("/click_to_calls", json=CLICK | {"receiverWebhookUrl": hook})
    sandbox.ring(("click_to_calls", 1), 1, reply="accept", seconds=3)
    sandbox.moods.click_id = "clickToCallId"
    sandbox.ring(("click_to_calls", 1), 1, reply="accept", seconds=3)

    first, second = heard(sandbox, listener)

    assert first == RECEIVER
    assert second == without(RECEIVER, "rsvpCallId", clickToCallId="1")


def test_a_change_of_state_is_posted_when_it_is_due_and_once(
    sandbox: MultisenderSandbox,
    listener: Listener,
    clock: Clock,
    client: httpx.Client,
    rsvp: Json,
) -> None:
    for minutes in (29, 1, 1, 479, 1):
        clock.advance(minutes=minutes)
        client.get("/rsvp_calls")

    assert heard(sandbox, listener) == [
        STATE | {"timestamp": "2026-11-20:09:00:00"},
        STATE | {"state": "complete", "timestamp": "2026-11-20:17:00:00"},
    ]


def test_halting_and_resuming_are_posted(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, rsvp: Json
) -> None:
    for state in ("halt", "halt", "active"):
        client.put("/rsvp_calls/1", json=rsvp | {"state": state, "startTime": None})

    bodies = heard(sandbox, listener)

    assert bodies == [STATE | {"state": "halt"}, STATE]


def test_a_call_that_begins_at_once_is_posted_as_active(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, hook: str
) -> None:
    client.post("/rsvp_calls", json=RSVP | {"startTime": None, "stateWebhookUrl": hook})

    assert heard(sandbox, listener) == [STATE]


def test_enough_accepts_are_posted_after_the_receiver_who_was_the_last(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, rsvp: Json
) -> None:
    client.put("/rsvp_calls/1", json=rsvp | {"acceptsWanted": 1})
    sandbox.ring(("rsvp_calls", 1), 1, reply="accept", seconds=30)

    sums = {"dialedCalls": 1, "answeredCalls": 1, "totalDuration": 30}
    complete = STATE | sums | {"state": "complete", "acceptsReceived": 1}
    assert heard(sandbox, listener) == [RECEIVER, complete]


def test_the_state_is_posted_as_the_table_has_it_by_mood_and_with_meta_by_another(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, rsvp: Json
) -> None:
    sandbox.moods.spelling = "table"
    sandbox.moods.state_meta = True

    client.put("/rsvp_calls/1", json=rsvp | {"startTime": None})

    table = without(STATE, "dialedCalls", totalDialedCalls=0, meta=META)
    assert heard(sandbox, listener) == [table]


def test_the_timestamp_is_that_of_the_customers_zone(
    listener: Listener, hook: str, clock: Clock
) -> None:
    sandbox = MultisenderSandbox(now=clock, zone="Asia/Kolkata")
    sandbox.add("voice_files", name="Hello", text="Press five", voiceCode="en")
    sandbox.add("click_to_calls", **(CLICK | {"receiverWebhookUrl": hook}))

    sandbox.ring(("click_to_calls", 1), 1, reply="accept", seconds=1)

    assert heard(sandbox, listener) == [RECEIVER | {"timestamp": "2026-11-20:12:00:00"}]


def test_nothing_is_posted_where_no_address_is_named(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    nowhere = {"receiverWebhookUrl": None, "stateWebhookUrl": None}
    client.post("/rsvp_calls", json=RSVP | nowhere | {"startTime": None})

    sandbox.ring(("rsvp_calls", 1), 1, reply="accept", seconds=30)

    assert sandbox.deliveries() == []


def test_a_webhook_that_is_refused_or_not_heard_is_remembered_and_not_repeated(
    sandbox: MultisenderSandbox, listener: Listener, client: httpx.Client, hook: str
) -> None:
    listener.status = 500
    lost = "http://127.0.0.1:1/webhook/"
    for url in (hook, lost, hook):
        client.post("/click_to_calls", json=CLICK | {"receiverWebhookUrl": url})
    for call_id in (1, 2):
        sandbox.ring(("click_to_calls", call_id), 1, reply="accept", seconds=1)
    sandbox.deliveries()
    listener.status = 200
    sandbox.ring(("click_to_calls", 3), 1, reply="accept", seconds=1)

    refused, unheard = sandbox.failures()

    assert (refused.url, refused.status, refused.body) == (hook, 500, RECEIVER)
    assert (unheard.url, unheard.status) == (lost, None)
    assert "refused" in unheard.problem
    assert (len(sandbox.deliveries()), len(listener.bodies)) == (3, 2)
