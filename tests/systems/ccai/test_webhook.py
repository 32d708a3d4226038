"""External session events: whose a delivery is, and which calls it is about."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.model import Delivery
from connector.systems.ccai.webhook import CcaiWebhook
from tests.systems.ccai.conftest import Account
from tests.systems.ccai.line import basic

HOOK = CcaiWebhook(username="us", password="s3cret")  # noqa: S106  opens nothing


def delivery(body: object = None, headers: dict[str, str] | None = None) -> Delivery:
    return Delivery(headers=headers or {}, body=json.dumps(body).encode())


@pytest.mark.parametrize("scheme", ["Basic", "basic"])
def test_its_user_and_password_open(scheme: str) -> None:
    assert HOOK.authentic(delivery(headers=basic("us:s3cret", scheme)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("us:wrong"),
        basic("us:"),
        basic(":s3cret"),
        basic("us:s3cret", "Bearer"),
        {"authorization": "Basic !!!"},
        {"authorization": "Basic"},
        {"authorization": "Basic \u00e9"},
    ],
)
def test_nothing_else_opens(headers: dict[str, str]) -> None:
    assert not HOOK.authentic(delivery(headers=headers))


@pytest.mark.parametrize(
    "hook",
    [
        CcaiWebhook(),
        CcaiWebhook(username="us"),
        CcaiWebhook(password="s3cret"),  # noqa: S106  opens nothing
    ],
)
@pytest.mark.parametrize("given_as", [":", "us:", ":s3cret", ""])
def test_without_both_nothing_opens(hook: CcaiWebhook, given_as: str) -> None:
    assert not hook.authentic(delivery(headers=basic(given_as)))
    assert not hook.authentic(delivery())


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ({"count": 1, "events": [{"event_id": "e", "item": {"call_id": 7}}]}, ["7"]),
        ({"events": [{"call_id": 7}, {"call_id": "8"}, {"call_id": 7}]}, ["7", "8"]),
        ({"item": {"call_id": 7, "dn": "+18596579625"}}, ["7"]),
        ({"call_id": 7}, ["7"]),
        ([{"call_id": 7}], ["7"]),
        ({"events": [{"item": {"chat_id": 5}}]}, []),
        ({"events": []}, []),
        ({"chat_id": 5}, []),
        ({"call_id": "'; drop"}, []),
        ({"call_id": 10**30}, []),
        ({"call_id": True}, []),
    ],
)
def test_a_call_is_named_by_its_id(body: object, ids: list[str]) -> None:
    assert HOOK.nudged(delivery(body)) == {"calls": ids}


@pytest.mark.parametrize("body", [None, 5, "call_id", {}, [], {"id": 7}, [[7]]])
def test_what_is_no_event_is_refused_in_clear_words(body: object) -> None:
    with pytest.raises(RecordError, match="no session event"):
        HOOK.nudged(delivery(body))


@given(st.binary())
def test_no_body_whatever_raises_anything_else(body: bytes) -> None:
    with pytest.raises(RecordError):
        HOOK.nudged(Delivery(headers={}, body=body))


@pytest.mark.parametrize("flat", [False, True])
def test_every_event_that_the_sandbox_posts_is_understood(
    account: Account, *, flat: bool
) -> None:
    account.sandbox.moods.flat_events = flat
    account.sandbox.subscribe("http://127.0.0.1:1/webhooks/ccai", "us", "s3cret")
    rng = Random(2)  # noqa: S311  repeatable
    for _ in range(12):
        account.sandbox.arrive(rng)
    assert account.sandbox.events.settle()

    posted = [failure.event for failure in account.sandbox.events.failures]
    named = {each for event in posted for each in HOOK.nudged(delivery(event))["calls"]}

    assert named == {str(call["id"]) for call in account.sandbox.calls()}
