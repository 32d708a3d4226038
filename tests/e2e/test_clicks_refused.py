"""The CRM refuses the outcome, or the claim: for a while, for good, or by half."""

from contextlib import suppress

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from connector.errors import ConfigError
from connector.model import DialState
from connector.service.dialling import DialDesk
from tests.e2e.clicks import ADITI, assert_ended, first, until_the_end
from tests.e2e.gate import Act, Passing, refusing
from tests.e2e.hotline import Hotline


def _refused(code: str, message: str) -> ASGIApp:
    """What the CRM says of the one row of a write."""
    error = {"statusCode": code, "message": message, "fields": []}
    return JSONResponse([{"success": False, "errors": [error]}])


RULE = _refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Say what you talked about")
TAKEN = _refused(
    "DUPLICATE_VALUE",
    "duplicate value found: Request_Id__c duplicates value on record with id: <unknown>",
)


class Updates:
    """Answers to the updates of one object's records, and counts them."""

    def __init__(self, object_name: str, answer: ASGIApp | None) -> None:
        self.count = 0
        self.answer = answer
        self._object = object_name

    def __call__(self, passing: Passing) -> ASGIApp | None:
        if passing.method != "PATCH":
            return None
        if passing.rows[0]["attributes"]["type"] != self._object:
            return None
        self.count += 1
        return self.answer


# ── the outcome ────────────────────────────────────────────────────────────


def test_a_record_that_is_locked_for_a_while_is_told_later(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.crm.lock(hotline.task(request)["Id"], times=7)

    hotline.poll()
    for _ in range(8):
        hotline.clock.shift(minutes=2)
        hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.dial(request).shown
    hotline.assert_dialled(ADITI)


@pytest.mark.timeout(60)
def test_a_record_that_refuses_its_outcome_is_told_it_once_it_may_be(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.asked.before = updates = Updates("Task", RULE)
    hotline.poll()
    for _ in range(30):
        hotline.clock.shift(minutes=10)
        hotline.poll()

    known, tries = hotline.dial(request), updates.count
    hotline.later(hours=1)

    assert "Say what you talked about" in known.trouble
    assert (known.state, known.shown) == (DialState.PLACED, False)
    assert 6 < tries < 36, "ever more rarely within 5 hours"
    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


def test_a_claim_that_refuses_its_outcome_does_not_have_the_record_told_again(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    task = hotline.task(request)["Id"]
    hotline.asked.before = Updates("Call_Dial__c", RULE)
    hotline.asked.after = record = Updates("Task", None)
    hotline.poll()
    hotline.crm.change(task, CallType="Inbound", Call_Message__c="a colleague's")

    for _ in range(5):
        hotline.clock.shift(hours=1)
        hotline.poll()
    refused = hotline.dial(request)
    hotline.later(hours=1)

    assert "Say what you talked about" in refused.trouble
    assert record.count == 1
    assert hotline.task(request)["CallType"] == "Inbound"
    assert hotline.seen(request) == ("Placed", "a colleague's")
    assert hotline.claims(request)[0]["State__c"] == "Placed"


def test_a_claim_that_was_deleted_leaves_nothing_to_tell(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.calls.after = lambda _: hotline.crm.delete(hotline.claims(request)[0]["Id"])

    hotline.poll()

    assert hotline.dial(request).shown
    assert assert_ended(hotline, request) == "Placed"


# ── the claim ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("told", [None, TAKEN], ids=["by whom", "not by whom"])
@pytest.mark.parametrize(
    ("says", "shown"), [("Claimed", "Unknown"), ("Refused", "Refused")]
)
def test_a_request_that_somebody_else_has_claimed_is_theirs_and_has_an_end(
    hotline: Hotline, says: str, shown: str, told: ASGIApp | None
) -> None:
    request = hotline.press()
    theirs = {"Request_Id__c": request, "Claimed_By__c": "them", "State__c": says}
    hotline.crm.add("Call_Dial__c", {**theirs, "Message__c": "Agent number busy"})
    hotline.asked.before = first(told, of="POST", times=99)

    hotline.poll()
    hotline.clock.shift(minutes=5)
    hotline.poll()
    early = hotline.seen(request)[0]
    hotline.clock.shift(minutes=5)
    hotline.poll()

    assert early == "Requested"
    assert hotline.seen(request)[0] == shown
    (claim,) = hotline.claims(request)
    assert (claim["Claimed_By__c"], claim["State__c"]) == ("them", says)
    hotline.assert_dialled()


def test_a_claim_that_a_rule_refuses_blocks_the_request(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.asked.before = first(RULE, of="POST")

    hotline.poll()

    state, message = hotline.seen(request)
    assert (state, "Say what you talked about" in message) == ("Blocked", True)
    hotline.assert_dialled()


NOT_ALLOWED: dict[str, ASGIApp] = {
    "no right to make one": refusing("INSUFFICIENT_ACCESS_OR_READONLY", 403),
    "no right to its object": refusing("NOT_FOUND", 404),
    "no right to a field": _refused("INVALID_FIELD_FOR_INSERT_UPDATE", "No such right"),
}


@pytest.mark.parametrize("minutes", [1, 60], ids=["in time", "too late"])
@pytest.mark.parametrize("answer", NOT_ALLOWED.values(), ids=NOT_ALLOWED)
def test_where_no_claim_can_be_made_it_says_so_and_goes_on_once_it_is_mended(
    hotline: Hotline, answer: ASGIApp, minutes: int
) -> None:
    request = hotline.press()
    hotline.asked.before = first(answer, of="POST", times=99)

    report = hotline.poll()
    before = hotline.seen(request)
    hotline.asked.open()
    hotline.clock.shift(minutes=minutes)
    mended = hotline.poll()

    assert (report.exit_code, mended.exit_code) == (2, 0)
    assert "creating Call_Dial__c" in report.trouble or "right" in report.trouble
    assert before == ("Requested", "")
    ended = assert_ended(hotline, request)
    assert ended == ("Placed" if minutes == 1 else "Expired")


def test_the_service_pauses_where_no_claim_can_be_made(hotline: Hotline) -> None:
    """Its next poll says so; the one after finds it mended."""
    request = hotline.press()
    hotline.asked.before = first(refusing("INVALID_TYPE", 400), of="POST")

    with hotline.app() as app:
        runner, desk = app.runner(), DialDesk(app=app)
        outcomes = []
        for _ in range(3):
            outcomes.append(desk.poll(app.click, runner))
            with suppress(ConfigError):
                desk.wait()
        desk.close()

    first_run, second, third = outcomes
    assert [run.outcome for run in outcomes] == ["done", "paused", "done"]
    assert "Create the object" in second.message
    assert (first_run.message, third.message) == ("", "")
    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


def test_a_key_that_is_gone_pauses_the_flow_until_it_is_back(hotline: Hotline) -> None:
    key = hotline.crm.org.table("Call_Dial__c").object.fields["Request_Id__c"]
    request = hotline.press()
    hotline.crm.remove_field("Call_Dial__c", key.name)

    paused = hotline.poll()
    hotline.crm.add_field("Call_Dial__c", key)
    mended = hotline.poll()

    assert (paused.exit_code, paused.runs[0].outcome) == (2, "paused")
    assert "Request_Id__c" in paused.runs[0].message
    assert (mended.exit_code, hotline.seen(request)[0]) == (0, "Placed")
    hotline.assert_dialled(ADITI)


def test_a_claim_that_cannot_be_read_back_is_asked_for_until_it_can(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.asked.after = _losing_and_blind()
    hotline.poll()

    until_the_end(hotline)

    assert assert_ended(hotline, request) in {"Expired", "Unknown"}
    hotline.assert_dialled()


def _losing_and_blind() -> Act:
    """Lose the claim's answer, and all answers after it."""
    seen: list[str] = []

    def act(passing: Passing) -> ASGIApp | None:
        seen.append(passing.method)
        return refusing("SERVER_UNAVAILABLE", 503) if "POST" in seen else None

    return act
