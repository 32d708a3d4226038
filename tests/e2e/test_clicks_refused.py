"""The CRM refuses what it is told, or the claim: for a while, for good, or by halves."""

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from connector.model import DialState
from connector.sandbox.salesforce.schema.shape import Row
from tests.e2e.clicks import assert_ended, first, until_the_end
from tests.e2e.gate import Passing, refusing
from tests.e2e.hotline import Hotline

ADITI = "+919930042101"
DAY = 24


def _refused(code: str, message: str, *fields: str) -> ASGIApp:
    """What the CRM says of the one row of a write."""
    error = {"statusCode": code, "message": message, "fields": fields}
    return JSONResponse([{"success": False, "errors": [error]}])


RULE = _refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Say what you talked about")
TAKEN = "duplicate value found: Request_Id__c duplicates value on record with id: "


def _of(object_name: str, answer: ASGIApp) -> ASGIApp:
    raise NotImplementedError


def _writes(hotline: Hotline, object_name: str = "Task") -> int:
    """How often records of an object were written to, or tried."""
    return sum(write.object_name == object_name for write in hotline.crm.writes)


# ── the outcome ────────────────────────────────────────────────────────────


def test_a_record_that_is_locked_for_a_while_is_told_later(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.crm.lock(hotline.task(request)["Id"], times=7)

    hotline.poll()
    for _ in range(20):
        hotline.clock.shift(minutes=1)
        hotline.poll()

    assert hotline.seen(request) == ("Placed", "")
    assert hotline.dial(request).shown
    hotline.assert_dialled(ADITI)


def test_a_record_that_refuses_its_outcome_is_asked_ever_more_rarely(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.asked.before = _instead("Task", RULE)
    hotline.poll()
    tries = hotline.asked.count
    for _ in range(DAY):
        hotline.clock.shift(hours=1)
        hotline.poll()

    known = hotline.dial(request)
    hotline.later(hours=1)

    assert "Say what you talked about" in known.trouble
    assert known.state is DialState.PLACED
    assert hotline.seen(request) == ("Placed", "")
    assert tries
    hotline.assert_dialled(ADITI)


def _instead(object_name: str, answer: ASGIApp):  # noqa: ANN202  TODO
    def act(passing: Passing) -> ASGIApp | None:
        if passing.method != "PATCH":
            return None
        about = passing.rows[0]["attributes"]["type"]
        return answer if about == object_name else None

    return act
