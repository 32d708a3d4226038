"""A click: from the button's request to what the agent sees on the record."""

import pytest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from connector.model import DialState
from connector.sandbox.salesforce.dating import dated
from tests.e2e.clicks import at, back_up, first, restore
from tests.e2e.gate import Passing, dropped
from tests.e2e.hotline import MAPPING, Hotline

ADITI = "+919930042101"


def test_a_press_makes_the_agents_phone_ring_once_and_the_record_says_so(
    hotline: Hotline,
) -> None:
    request = hotline.press()

    report = hotline.poll()
    again = hotline.poll()

    assert (report.exit_code, again.exit_code) == (0, 0)
    (dial,) = hotline.phones.dials
    task = hotline.task(request)
    assert (dial.number, dial.agent, dial.application) == (ADITI, "101", "connector")
    assert dial.regarding == (task["WhatId"] or task["WhoId"])
    assert (task["Call_Request__c"], task["CallObject"]) == ("Placed", dial.id)
    assert task["CallType"] == "Outbound"
    (claim,) = hotline.claims(request)
    assert (claim["State__c"], claim["Call_Id__c"]) == ("Placed", dial.id)
    known = hotline.dial(request)
    assert known.location.endswith(dial.location_id)
    assert known.shown


def test_a_refusal_reaches_the_record_in_the_vendors_words(hotline: Hotline) -> None:
    words = "Unable to place call - Agent number busy"
    hotline.phones.moods.refusals.append(words)
    request = hotline.press()

    hotline.poll()

    assert hotline.seen(request) == ("Refused", words)
    assert hotline.claims(request)[0]["Message__c"] == words
    hotline.assert_dialled()


def test_after_a_refusal_the_agent_may_press_again_at_once(hotline: Hotline) -> None:
    hotline.phones.moods.refusals.append("Unable to place call to Agent")
    first = hotline.press()
    hotline.poll()

    second = hotline.press()
    hotline.poll()

    assert first != second
    assert hotline.seen(second) == ("Placed", "")
    hotline.assert_dialled(ADITI)


LOST: dict[str, ASGIApp] = {
    "the connection is cut": dropped,
    "a proxy's 502": Response("<p>Bad gateway", 502, media_type="text/html"),
    "the vendor's 500": JSONResponse({"message": "oops"}, 500),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_a_lost_answer_is_unknown_and_never_dialled_again(
    hotline: Hotline, answer: ASGIApp
) -> None:
    hotline.calls.after = first(answer)
    request = hotline.press()

    hotline.poll()
    hotline.later(seconds=30)
    hotline.later(hours=1)

    assert hotline.seen(request)[0] == "Unknown"
    assert "not dialled again by itself" in hotline.seen(request)[1]
    hotline.assert_dialled(ADITI)


NOTHING: dict[str, ASGIApp] = {
    "a 401": JSONResponse({"message": "no"}, 401),
    "a 429": JSONResponse({"message": "slow"}, 429, {"retry-after": "2"}),
}


@pytest.mark.parametrize("answer", NOTHING.values(), ids=NOTHING)
def test_what_placed_nothing_is_tried_again_while_it_is_fresh(
    hotline: Hotline, answer: ASGIApp
) -> None:
    hotline.calls.before = first(answer)
    request = hotline.press()

    hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


def test_what_could_not_be_placed_in_time_expires_and_says_why(
    hotline: Hotline,
) -> None:
    hotline.calls.before = lambda _: JSONResponse({"message": "slow"}, 429)
    request = hotline.press()

    hotline.poll()
    hotline.later(seconds=10)

    state, message = hotline.seen(request)
    assert state == "Expired"
    assert "429" in message
    hotline.assert_dialled()


def test_a_request_that_is_too_old_is_not_dialled(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.clock.shift(minutes=3)

    hotline.poll()

    state, message = hotline.seen(request)
    assert state == "Expired"
    assert "3 minutes ago" in message
    hotline.assert_dialled()


def test_a_clock_that_runs_ahead_of_the_crms_expires_nothing(hotline: Hotline) -> None:
    request = hotline.press()

    with hotline.app() as app:
        app.clock = type(hotline.clock)(ahead=hotline.clock.ahead)
        app.clock.shift(hours=5)
        app.poll()

    assert hotline.seen(request) == ("Placed", "")


def test_a_double_click_rings_once(hotline: Hotline) -> None:
    first = hotline.press()
    task = hotline.task(first)
    copy = {name: task[name] for name in task if name.startswith("Call_")}
    del copy["Call_Key__c"]
    hotline.crm.add(
        "Task",
        {
            **copy,
            "WhoId": task["WhoId"],
            "OwnerId": task["OwnerId"],
            "Call_Request_Id__c": "the-second-click",
        },
    )

    hotline.poll()

    states = {hotline.seen(first)[0], hotline.seen("the-second-click")[0]}
    assert states == {"Placed", "Blocked"}
    hotline.assert_dialled(ADITI)


def test_a_copy_of_a_task_with_its_request_is_told_apart(hotline: Hotline) -> None:
    request = hotline.press()
    task = hotline.task(request)
    copy = {name: task[name] for name in ("WhoId", "OwnerId", "Call_Number__c")}
    copy |= {n: task[n] for n in task if n.startswith("Call_Request")}
    hotline.crm.add("Task", copy)

    hotline.poll()
    hotline.later(seconds=60)

    states = sorted(each["Call_Request__c"] for each in hotline.tasks(request))
    assert states == ["Blocked", "Placed"]
    hotline.assert_dialled(ADITI)


def test_who_must_not_be_called_is_not(hotline: Hotline) -> None:
    hotline.crm.change(hotline.contact(), DoNotCall=True)
    request = hotline.press()

    hotline.poll()

    assert hotline.seen(request) == ("Blocked", "Do not call: Who.DoNotCall is set.")
    hotline.assert_dialled()


def test_two_installations_that_know_nothing_of_each_other_dial_once(
    hotline: Hotline,
) -> None:
    request = hotline.press()

    def second(passing: Passing) -> None:
        if passing.number == 1:
            hotline.poll("other")

    hotline.calls.before = second
    hotline.poll("one")

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.dial(request, "other").state is DialState.ELSEWHERE
    hotline.assert_dialled(ADITI)


def test_a_restored_backup_dials_nothing_again(hotline: Hotline) -> None:
    request = hotline.press()
    backup = hotline.folder / "backup.db"

    hotline.asked.before = at(1, lambda: back_up(hotline.state(), backup))
    hotline.asked.after = lambda passing: dropped if passing.method == "PATCH" else None
    hotline.poll()
    restore(backup, hotline.state())
    hotline.later(seconds=70)
    hotline.later(minutes=10)

    assert hotline.seen(request)[0] in ("Placed", "Unknown")
    hotline.assert_dialled(ADITI)


def _down_for_answers(passing: Passing) -> ASGIApp | None:
    return Response("down", 503) if passing.method == "PATCH" else None


def test_an_outcome_is_shown_once_the_crm_is_back(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.asked.before = _down_for_answers

    hotline.poll()
    before = hotline.seen(request)
    hotline.later(seconds=60)

    assert before[0] == "Requested"
    assert hotline.seen(request) == ("Placed", "")
    assert hotline.claims(request)[0]["State__c"] == "Placed"
    hotline.assert_dialled(ADITI)


def test_an_outcome_that_comes_late_does_not_overwrite_a_newer_request(
    hotline: Hotline,
) -> None:
    first = hotline.press()
    hotline.asked.before = _down_for_answers
    hotline.poll()
    task = hotline.task(first)["Id"]
    hotline.crm.change(
        task,
        Call_Request_Id__c="second",
        Call_Requested_At__c=(hotline.clock.now()).isoformat(),
    )

    hotline.asked.open()
    hotline.clock.shift(seconds=40)
    hotline.poll()

    assert hotline.seen("second") == ("Placed", "")
    hotline.assert_dialled(ADITI, ADITI)


def test_without_a_claim_the_dial_table_alone_keeps_the_promise(
    hotline: Hotline,
) -> None:
    hotline.map(
        "".join(
            line
            for line in MAPPING.splitlines(keepends=True)
            if not line.startswith("claim:")
        )
    )
    request = hotline.press()

    hotline.poll()
    hotline.crm.change(hotline.task(request)["Id"], Call_Request__c="Requested")
    hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.claims(request) == []
    hotline.assert_dialled(ADITI)


TAKEN = (
    "duplicate value found: <unknown> duplicates value on record with id: <unknown>",
    "duplicate value found: Request_Id__c",
)
"""What an org may say of a second claim, with no field and no record."""


@pytest.mark.parametrize("words", TAKEN)
def test_a_claim_that_is_taken_is_left_to_whoever_has_it_however_that_is_told(
    hotline: Hotline, words: str
) -> None:
    request = hotline.press()
    claim = {"Request_Id__c": request, "State__c": "Dialling", "Claimed_By__c": "other"}
    hotline.crm.add("Call_Dial__c", claim)
    hotline.asked.before = lambda passing: (
        JSONResponse([{"success": False, "errors": [_taken(words)]}])
        if passing.method == "POST"
        else None
    )

    hotline.poll()

    assert hotline.dial(request).state is DialState.ELSEWHERE
    assert hotline.seen(request) == ("Requested", "")
    hotline.assert_dialled()


def _taken(words: str) -> dict[str, object]:
    return {"statusCode": "DUPLICATE_VALUE", "message": words, "fields": []}


def test_a_press_while_the_call_before_is_being_placed_is_not_overwritten(
    hotline: Hotline,
) -> None:
    first = hotline.press()
    task = hotline.task(first)["Id"]

    def press_again(_: Passing) -> None:
        hotline.clock.shift(seconds=5)
        pressed = hotline.clock.now().isoformat()
        hotline.crm.change(
            task, Call_Request_Id__c="second", Call_Requested_At__c=pressed
        )

    hotline.calls.after = press_again
    hotline.poll()
    between = hotline.seen("second")
    hotline.calls.open()
    hotline.clock.shift(seconds=40)
    hotline.poll()

    assert between[0] == "Requested"
    assert hotline.seen("second") == ("Placed", "")
    assert hotline.claims(first)[0]["State__c"] == "Placed"
    hotline.assert_dialled(ADITI, ADITI)


def test_what_cannot_be_claimed_expires_in_time_with_the_reason(
    hotline: Hotline,
) -> None:
    full = {"statusCode": "STORAGE_LIMIT_EXCEEDED", "message": "full", "fields": []}
    refusal = JSONResponse([{"success": False, "errors": [full]}])
    hotline.asked.before = lambda passing: (
        dated(refusal, hotline.clock.now) if passing.method == "POST" else None
    )
    request = hotline.press()

    hotline.poll()
    early = hotline.seen(request)
    hotline.clock.shift(minutes=3)
    hotline.poll()

    state, message = hotline.seen(request)
    assert (early, state) == (("Requested", ""), "Expired")
    assert "full" in message
    hotline.assert_dialled()
