"""A click: from the button's request to what the agent sees on the record."""

import pytest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from tests.e2e.clicks import ADITI, first
from tests.e2e.gate import dropped
from tests.e2e.hotline import Hotline


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
