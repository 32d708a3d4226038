"""The vendor's contradictions, one mood each, and what is done by hand."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox, RefusedError
from tests.sandbox.test_multisender.given import (
    CLICK,
    LOCAL,
    PHONE,
    RSVP,
    Clock,
    Json,
)

SECOND = "+358409999999"
QUIET = {"receiverWebhookUrl": None}
TWO = {"receivers": [{"phone": PHONE}, {"phone": SECOND}]}


@pytest.fixture
def click(client: httpx.Client) -> Json:
    made = client.post("/click_to_calls", json=CLICK | QUIET | TWO)
    return dict(made.json())


@pytest.fixture
def rsvp(client: httpx.Client) -> Json:
    quiet = QUIET | {"stateWebhookUrl": None, "startTime": None}
    return dict(client.post("/rsvp_calls", json=RSVP | quiet | TWO).json())


def shown(client: httpx.Client, path: str) -> Json:
    return dict(client.get(path).json())


def test_the_name_and_the_word_for_no_reply_can_be_put_right(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    client.get("/rsvp_calls")
    sandbox.moods.first_name = "firstName"
    sandbox.moods.unanswered = "noReply"

    [listed] = client.get("/rsvp_calls").json()

    assert "firsName" not in listed["receivers"][0]
    assert listed["receivers"][0]["firstName"] == ""
    assert listed["receivers"][0]["rsvpReply"] == "noReply"


def test_numbers_may_be_texts(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    sandbox.moods.text_numbers = True

    call = shown(client, "/rsvp_calls/1")
    [first, _] = client.get("/rsvp_calls/1/receivers").json()

    receiver = call["receivers"][0]
    assert [receiver[n] for n in ("answered", "callDuration", "dialledCalls")] == [
        "0",
        "0",
        "0",
    ]
    assert set(call["stats"].values()) == {"0"}
    assert first["answered"] == "0"


def test_the_duration_of_a_voice_file_is_a_text_by_the_table(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    sandbox.moods.spelling = "table"

    assert shown(client, "/voice_files/1")["duration"] == "1"


def test_an_outcome_may_leave_the_time_of_update_as_it_was(
    sandbox: MultisenderSandbox, clock: Clock, client: httpx.Client, click: Json
) -> None:
    client.get("/click_to_calls")
    sandbox.moods.touches = False
    clock.advance(minutes=5)
    sandbox.ring(("click_to_calls", 1), 1, seconds=3)

    [call] = client.get("/click_to_calls").json()

    assert call["updatedAt"] == LOCAL
    assert call["receivers"][0]["latestCallAt"] == "2026-11-20 08:35:00"


def test_what_there_is_not_can_not_be_rung_changed_or_added(
    sandbox: MultisenderSandbox, click: Json
) -> None:
    with pytest.raises(KeyError):
        sandbox.ring(("click_to_calls", 2), 1)
    with pytest.raises(KeyError):
        sandbox.ring(("click_to_calls", 1), 9)
    with pytest.raises(KeyError):
        sandbox.change("click_to_calls", 1, receivers=[])
    with pytest.raises(KeyError):
        sandbox.add("nothing")
    with pytest.raises(RefusedError, match="activeFrom is required"):
        sandbox.add("click_to_calls")
    sandbox.remove("click_to_calls", 7)


def test_a_record_changed_by_hand_is_sent_changed(
    sandbox: MultisenderSandbox, client: httpx.Client, click: Json
) -> None:
    client.get("/click_to_calls")

    changed = sandbox.change("click_to_calls", 1, maxRedials=9, updatedAt="2020")

    assert client.get("/click_to_calls").json() == [changed]
    assert changed == click | {"maxRedials": 9, "updatedAt": "2020"}
