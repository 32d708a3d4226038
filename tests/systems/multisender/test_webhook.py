"""Multisender's webhooks: whose a delivery is, and what it makes us look at."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.model import Delivery
from connector.systems.multisender.webhook import MultisenderWebhook

SECRET = "s3cret"  # noqa: S105  opens nothing
OURS = MultisenderWebhook(token=SECRET)
NONE = MultisenderWebhook()
RECEIVER = {
    "rsvpCallId": "303",
    "phoneNumber": "xxxx12342",
    "accountId": "808",
    "rsvpReply": "accept",
    "meta": {"somekey": "some-value", "someotherkey": "value"},
    "timestamp": "2017-01-01:00:00:00",
}
STATE = {
    "rsvpCallId": "303",
    "state": "active",
    "dialedCalls": 10,
    "answeredCalls": 8,
    "totalDuration": 3600,
    "acceptsReceived": 5,
    "timestamp": "2017-01-01:00:00:00",
}


def delivery(body: object, secret: str = SECRET) -> Delivery:
    return Delivery(headers={}, body=json.dumps(body).encode(), secret=secret)


def with_token(token: object) -> dict[str, object]:
    return {**RECEIVER, "meta": {"connectorToken": token}}


# ── whose it is ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [RECEIVER, STATE, with_token(SECRET), None, 5])
def test_the_secret_address_opens(body: object) -> None:
    assert OURS.authentic(delivery(body))


@pytest.mark.parametrize(
    "secret", ["", "s3cre", "s3cret ", "S3CRET", "sécret", "\ud800"]
)
@pytest.mark.parametrize("body", [RECEIVER, with_token(SECRET)])
def test_no_other_address_opens_whatever_the_meta_has(
    secret: str, body: object
) -> None:
    assert not OURS.authentic(delivery(body, secret))


@pytest.mark.parametrize("token", ["", "wrong", None, 5, [SECRET]])
def test_a_token_in_the_meta_must_be_right_too(token: object) -> None:
    assert not OURS.authentic(delivery(with_token(token)))


@pytest.mark.parametrize("secret", ["", SECRET])
@pytest.mark.parametrize("body", [RECEIVER, with_token("")])
def test_without_a_token_of_ours_nothing_opens(secret: str, body: object) -> None:
    assert not NONE.authentic(delivery(body, secret))


@given(st.binary())
def test_a_body_that_is_no_json_is_for_later(body: bytes) -> None:
    assert OURS.authentic(Delivery(headers={}, body=body, secret=SECRET))


# ── what it is about ───────────────────────────────────────────────────────


def test_a_receiver_is_looked_at_in_both_kinds_of_call() -> None:
    names = ["303:808"]

    assert OURS.nudged(delivery(RECEIVER)) == {
        "rsvp_calls": names,
        "click_to_calls": names,
    }


def test_a_click_to_call_that_has_its_own_name_is_one() -> None:
    body = {**RECEIVER, "clickToCallId": 7}
    del body["rsvpCallId"]

    assert OURS.nudged(delivery(body)) == {"click_to_calls": ["7:808"]}


def test_a_state_is_that_of_an_rsvp_call() -> None:
    assert OURS.nudged(delivery(STATE)) == {"rsvp_calls": ["303"]}


@pytest.mark.parametrize("none", [None, "", " "])
def test_a_receiver_without_an_account_is_looked_for_in_the_whole_call(
    none: object,
) -> None:
    body = {**RECEIVER, "accountId": none}

    assert OURS.nudged(delivery(body))["rsvp_calls"] == ["303"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        5,
        [RECEIVER],
        {},
        {"rsvpCallId": None},
        {"rsvpCallId": "a b"},
        {"rsvpCallId": "../accounts"},
        {"rsvpCallId": "1:2"},
        {"rsvpCallId": "1" * 101},
        {**RECEIVER, "accountId": "8/0"},
    ],
)
def test_what_names_no_call_is_refused(body: object) -> None:
    with pytest.raises(RecordError, match="the body is not"):
        OURS.nudged(delivery(body))


@given(st.binary() | st.builds(lambda v: json.dumps(v).encode(), st.none() | st.text()))
def test_a_body_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(RecordError):
        OURS.nudged(Delivery(headers={}, body=body))
