"""Click to calls and RSVP calls: receivers, outcomes, stats and states."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox
from tests.sandbox.test_multisender.given import (
    CLICK,
    LOCAL,
    PHONE,
    RSVP,
    STAMPS,
    Clock,
    Json,
    without,
)

SECOND = "+358409999999"
QUIET = {"receiverWebhookUrl": None}
TWO = {"receivers": [{"phone": PHONE}, {"phone": SECOND}]}
UNANSWERED: Json = {
    "accountId": "1",
    "answered": 0,
    "callDuration": 0,
    "latestCallAt": None,
}


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


def test_a_group_stands_for_its_accounts_and_nobody_is_a_receiver_twice(
    client: httpx.Client,
) -> None:
    client.post("/groups", json={"name": "VIP", "description": "Best"})
    client.post("/accounts", json={"phone": PHONE, "firstName": "Aino"})
    client.post("/accounts", json={"phone": SECOND})
    client.post("/groups/1/accounts", json=["1", "2"])
    receivers = [{"accountId": "2"}, {"groupId": "1"}, {"phone": PHONE}]

    made = client.post("/click_to_calls", json=CLICK | {"receivers": receivers}).json()

    who = [(r["accountId"], r["groupId"], r["firsName"]) for r in made["receivers"]]
    assert who == [("2", None, ""), ("1", "1", "Aino")]


def test_an_answered_call_is_an_outcome_of_its_receiver_and_counts(
    sandbox: MultisenderSandbox, clock: Clock, client: httpx.Client, click: Json
) -> None:
    clock.advance(minutes=5)
    sandbox.ring(("click_to_calls", 1), 1)
    clock.advance(minutes=5)
    sandbox.ring(("click_to_calls", 1), 1, reply="accept", seconds=42)

    call = shown(client, "/click_to_calls/1")

    assert call["receivers"][0] == click["receivers"][0] | {
        "answered": 1,
        "reply": "accept",
        "callDuration": 42,
        "dialledCalls": 2,
        "latestCallAt": "2026-11-20 08:40:00",
    }
    assert call["receivers"][1] == click["receivers"][1]
    assert call["stats"] == {
        "totalDialedCalls": 2,
        "answeredCalls": 1,
        "totalDuration": 42,
        "acceptsReceived": 1,
        "acceptsDeclined": 0,
        "notAnsweredCalls": 0,
    }
    assert call["updatedAt"] == "2026-11-20 08:40:00"
    assert client.get("/click_to_calls").json() == [call]


def test_declines_silence_and_unanswered_calls_are_told_apart(
    sandbox: MultisenderSandbox, client: httpx.Client, click: Json, rsvp: Json
) -> None:
    more = [{"phone": "+358407777777"}]
    client.post("/rsvp_calls/1/receivers", json=more)
    sandbox.ring(("click_to_calls", 1), 1, reply="decline", seconds=10)
    sandbox.ring(("click_to_calls", 1), 2)
    sandbox.ring(("rsvp_calls", 1), 1, reply="decline", seconds=10)
    sandbox.ring(("rsvp_calls", 1), 2, seconds=5)
    sandbox.ring(("rsvp_calls", 1), 3)

    one, other = shown(client, "/click_to_calls/1"), shown(client, "/rsvp_calls/1")

    assert [r["reply"] for r in one["receivers"]] == ["decline", "noAnswer"]
    assert (one["stats"]["acceptsDeclined"], one["stats"]["notAnsweredCalls"]) == (1, 1)
    replies = [r["rsvpReply"] for r in other["receivers"]]
    assert replies == ["decline", "noAnswer", "noAnswer"]
    assert [r["answered"] for r in other["receivers"]] == [1, 1, 0]
    assert other["stats"] == {
        "totalDialedCalls": 3,
        "answeredCalls": 2,
        "totalDuration": 15,
        "acceptsReceived": 0,
        "declinesAndNoRepliesReceived": 2,
        "notAnsweredCalls": 1,
    }


def test_the_receivers_of_an_rsvp_call_are_shown_by_themselves(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    sandbox.ring(("rsvp_calls", 1), 2, reply="accept", seconds=9)

    as_example = client.get("/rsvp_calls/1/receivers")
    sandbox.moods.spelling = "table"
    as_table = client.get("/rsvp_calls/1/receivers").json()

    silent = UNANSWERED | {"rsvpReply": "noReply"}
    called = {"accountId": "2", "answered": 1, "rsvpReply": "accept"}
    called |= {"callDuration": 9, "latestCallAt": LOCAL}
    assert (as_example.status_code, as_example.json()) == (200, [silent, called])
    assert as_table == [
        silent | {"phoneNumber": PHONE, "dialedCalls": 0},
        called | {"phoneNumber": SECOND, "dialedCalls": 1},
    ]


def test_the_stats_of_an_rsvp_call_are_shown_by_themselves(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    sandbox.ring(("rsvp_calls", 1), 1, reply="accept", seconds=9)
    rest = {"answeredCalls": 1, "totalDuration": 9, "acceptsReceived": 1}

    as_example = client.get("/rsvp_calls/1/stats")
    sandbox.moods.spelling = "table"
    as_table = client.get("/rsvp_calls/1/stats").json()

    assert as_example.status_code == 200
    assert as_example.json() == {"totalDialedCalls": 1} | rest
    assert as_table == {"dialedCalls": 1} | rest
    assert client.get("/rsvp_calls/2/stats").status_code == 404


def test_receivers_are_added_to_an_rsvp_call_unless_they_are_there(
    client: httpx.Client, rsvp: Json
) -> None:
    body = [{"phone": PHONE}, {"accountId": None, "groupId": None, "phone": "+123456"}]

    answer = client.post("/rsvp_calls/1/receivers", json=body)

    first = rsvp["receivers"][0]
    added = without(first, "dialledCalls", accountId="3", phone="+123456")
    assert answer.status_code == 201
    assert answer.json() == [added | {"totalDialledCalls": 0}]
    assert answer.headers["location"].endswith("/v1/rsvp_calls/1/receivers")
    ids = [r["accountId"] for r in shown(client, "/rsvp_calls/1")["receivers"]]
    assert ids == ["1", "2", "3"]


def test_the_half_object_of_added_receivers_may_be_a_whole_one(
    sandbox: MultisenderSandbox, client: httpx.Client, rsvp: Json
) -> None:
    sandbox.moods.added = "object"

    answer = client.post("/rsvp_calls/1/receivers", json=[{"phone": "+123456"}])

    assert list(answer.json()) == ["receivers", *STAMPS]
    assert answer.json()["receivers"][0]["phone"] == "+123456"


@pytest.mark.parametrize("body", [{}, [], [{"phone": "040"}], [{"accountId": "9"}]])
def test_receivers_that_can_not_be_are_not_added(
    client: httpx.Client, rsvp: Json, body: object
) -> None:
    answer = client.post("/rsvp_calls/1/receivers", json=body)

    assert answer.status_code == 400
    assert client.get("/rsvp_calls/1").json() == rsvp
