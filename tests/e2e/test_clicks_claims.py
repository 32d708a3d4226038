"""What a claim decides, and what is shown late: two installations, backups, presses."""

import pytest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from connector.model import DialState
from connector.sandbox.salesforce.dating import dated
from tests.e2e.clicks import ADITI, at, back_up, restore
from tests.e2e.gate import Passing, dropped
from tests.e2e.hotline import MAPPING, Hotline


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


def test_what_a_flow_left_is_shown_by_the_one_that_it_is_renamed_to(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.asked.before = lambda passing: (
        Response("down", 503) if passing.method == "PATCH" else None
    )
    hotline.poll()
    hotline.map(MAPPING.replace("flow: click-to-call", "flow: calls"))

    hotline.later(minutes=10)

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.dial(request).flow == "calls"
    hotline.assert_dialled(ADITI)
