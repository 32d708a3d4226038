"""An answer is lost or late, a token ends, the CRM is away: one call, and its end."""

from itertools import count

import pytest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from tests.e2e.clicks import ADITI, REQUESTS, assert_ended, at, first, until_the_end
from tests.e2e.gate import Act, Held, Passing, dropped
from tests.e2e.hotline import Hotline

ANSWERS: dict[str, ASGIApp] = {
    "none, the connection is cut": dropped,
    "a proxy's 503": Response("<p>busy", 503, media_type="text/html"),
    "the CRM's own 500": Response('[{"errorCode": "UNKNOWN_EXCEPTION"}]', 500),
    "a web page with 200": Response("<p>We are back soon.", media_type="text/html"),
    "nothing with 200": Response(""),
    "outcomes of other rows": JSONResponse([{"id": "a", "success": True}] * 2),
}
"""What comes in place of the CRM's answer to one row."""
DOWN = Response("down", 503)


# ── the claim ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("applied", [False, True], ids=["not applied", "applied"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_claim_whose_answer_is_lost_is_ours_if_it_says_so(
    hotline: Hotline, answer: ASGIApp, *, applied: bool
) -> None:
    request = hotline.press()
    act = first(answer, of="POST")
    setattr(hotline.asked, "after" if applied else "before", act)

    hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    assert len(hotline.claims(request)) == 1
    hotline.assert_dialled(ADITI)


@pytest.mark.parametrize("applied", [False, True], ids=["not applied", "applied"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_claim_that_is_not_answered_for_long_is_never_dialled_late(
    hotline: Hotline, answer: ASGIApp, *, applied: bool
) -> None:
    request = hotline.press()
    act = first(answer, of="POST", times=99)
    setattr(hotline.asked, "after" if applied else "before", act)
    hotline.poll()

    until_the_end(hotline)

    assert assert_ended(hotline, request) in {"Placed", "Expired"}


@pytest.mark.parametrize("lands", [2, 3, 4, 5])
def test_a_claim_that_lands_late_is_still_one(hotline: Hotline, lands: int) -> None:
    """It is carried out when so many requests were answered since."""
    request = hotline.press()
    slow = Held(hotline.crm.app)
    hold = first(slow, of="POST")
    since = count(1)

    def land(_: Passing) -> None:
        if slow.arrived.is_set() and next(since) == lands:
            slow.release()

    hotline.asked.before, hotline.asked.after = hold, land

    hotline.poll(deadline=0.5)
    slow.release()
    assert slow.handled.wait(5)
    until_the_end(hotline)

    assert assert_ended(hotline, request) in {"Placed", "Unknown"}
    assert len(hotline.claims(request)) == 1


# ── tokens ─────────────────────────────────────────────────────────────────


def test_the_crms_session_ends_before_any_request(hotline: Hotline) -> None:
    for number in count(1):
        rang = len(hotline.phones.dials)
        request = hotline.press()
        hotline.asked.open()
        hotline.asked.before = at(number, hotline.crm.expire_sessions)

        hotline.poll()

        assert hotline.seen(request) == ("Placed", "")
        assert len(hotline.phones.dials) == rang + 1
        if hotline.asked.count < number:
            break
        hotline.clock.shift(minutes=1)
    assert number > REQUESTS


def test_the_dialers_token_ends_before_the_call(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.calls.before = at(1, hotline.phones.expire_tokens)

    hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


def test_the_dialers_token_ends_whenever_it_is_used(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.calls.before = lambda _: hotline.phones.expire_tokens()

    hotline.poll()
    until_the_end(hotline)

    assert hotline.seen(request)[0] == "Expired"
    hotline.assert_dialled()


# ── the CRM is away ────────────────────────────────────────────────────────


def test_the_crm_is_away_for_an_hour_just_when_it_is_to_be_told(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.calls.after = lambda _: _away(hotline)
    hotline.poll()
    codes = []
    for _ in range(6):
        hotline.clock.shift(minutes=10)
        codes.append(hotline.poll().exit_code)

    before = hotline.seen(request)
    hotline.later(minutes=16)

    assert (before[0], codes) == ("Requested", [1] * 6)
    assert hotline.seen(request) == ("Placed", "")
    assert hotline.claims(request)[0]["State__c"] == "Placed"
    hotline.assert_dialled(ADITI)


def _away(hotline: Hotline) -> None:
    hotline.asked.before = lambda _: DOWN


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_outcome_whose_answers_are_lost_is_told_until_one_is_not(
    hotline: Hotline, answer: ASGIApp
) -> None:
    request = hotline.press()
    hotline.asked.after = first(answer, of="PATCH", times=9)

    hotline.poll()
    hotline.clock.shift(minutes=10)
    hotline.poll()
    until_the_end(hotline)

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.dial(request).shown
    hotline.assert_dialled(ADITI)


def test_the_crm_is_away_between_any_two_requests(hotline: Hotline) -> None:
    for number in count(1):
        rang = len(hotline.phones.dials)
        request = hotline.press()
        hotline.asked.open()
        hotline.asked.before = _from(number)

        hotline.poll()
        asked = hotline.asked.count
        until_the_end(hotline)

        assert_ended(hotline, request, rang=rang)
        if asked < number:
            break
    assert number > REQUESTS


def _from(number: int) -> Act:
    return lambda passing: DOWN if passing.number >= number else None


# ── the CRM's quota ────────────────────────────────────────────────────────


def test_the_quota_is_used_up_before_the_claim(hotline: Hotline) -> None:
    hotline.poll()
    request = hotline.press()
    hotline.asked.before = _using_up(hotline, "POST")

    waits = hotline.poll()
    hotline.clock.shift(hours=1)
    still = hotline.poll()
    before = hotline.seen(request)
    hotline.crm.use(0)
    hotline.later(hours=24)

    assert (waits.exit_code, still.exit_code, before[0]) == (0, 1, "Requested")
    assert hotline.seen(request)[0] == "Expired"
    hotline.assert_dialled()


def test_the_quota_is_used_up_before_the_outcome_is_told(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.asked.before = _using_up(hotline, "PATCH")

    hotline.poll()
    before = hotline.seen(request)
    hotline.crm.use(0)
    hotline.later(hours=24)

    assert before[0] == "Requested"
    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


def _using_up(hotline: Hotline, method: str) -> Act:
    def act(passing: Passing) -> None:
        if passing.method == method:
            hotline.crm.use(10**6)

    return act
