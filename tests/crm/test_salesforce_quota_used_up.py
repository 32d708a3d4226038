"""REQUEST_LIMIT_EXCEEDED: a long pause, until the limits have room again."""

from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import QuotaReachedError, UnavailableError
from connector.model import Quota

DONE = [{"id": "00T000000000001AAA", "success": True, "errors": []}]
USED_UP = [
    {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}
]


def usage(used: int) -> dict[str, str]:
    return {
        "Sforce-Limit-Info": (
            f"api-usage={used}/1000; per-app-api-usage=17/250(appName=ours)"
        )
    }


def limits(remaining: int) -> dict[str, dict[str, int]]:
    return {"DailyApiRequests": {"Max": 1000, "Remaining": remaining}}


def write(crm: SalesforceCrm) -> object:
    return crm.create("Task", [{"Subject": "one"}])


def test_a_refusal_for_the_day_stops_everything_that_can_wait(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, DONE, usage(25)), (403, USED_UP, usage(26))]
    write(crm)

    with pytest.raises(QuotaReachedError, match="TotalRequests") as refused:
        write(crm)
    before = len(sent)
    with pytest.raises(QuotaReachedError, match="1,000 of 1,000"):
        write(crm)

    assert refused.value.retry_after == 900
    assert crm.quota() == Quota(used=1000, limit=1000)
    assert len(sent) == before


def test_a_refusal_stops_us_even_where_the_limit_was_never_told(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((403, USED_UP))

    for _ in range(2):
        with pytest.raises(QuotaReachedError):
            write(crm)

    assert len([request for request in sent if "composite" in request.selector]) == 1


def test_too_many_requests_at_once_are_not_the_end_of_the_day(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    busy = [
        {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "ConcurrentRequests Limit"}
    ]
    answers += [(403, busy, usage(25)), (200, DONE, usage(26))]

    with pytest.raises(UnavailableError):
        write(crm)
    write(crm)

    assert crm.quota() == Quota(used=26, limit=1000)


def test_an_answer_on_the_way_does_not_end_the_pause(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    task = {"name": "Task", "fields": []}
    answers += [(403, USED_UP, usage(26)), (200, task, usage(27))]
    with pytest.raises(QuotaReachedError):
        write(crm)
    now[0] += timedelta(minutes=4)

    crm.describe("Task")

    with pytest.raises(QuotaReachedError):
        write(crm)


def test_limits_that_have_room_again_end_the_pause(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(403, USED_UP), (200, limits(900), usage(100)), (200, DONE, usage(101))]
    with pytest.raises(QuotaReachedError):
        write(crm)
    now[0] += timedelta(minutes=5)

    write(crm)

    assert crm.quota() == Quota(used=101, limit=1000)


def test_limits_that_are_refused_too_are_asked_for_once_in_five_minutes(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(403, USED_UP, usage(1000))] * 3
    with pytest.raises(QuotaReachedError):
        write(crm)

    for _ in range(8):
        now[0] += timedelta(minutes=1.5)
        with pytest.raises(QuotaReachedError, match="look again in 5 minutes"):
            write(crm)

    asked = [request for request in sent if request.selector.endswith("/limits/")]
    assert len(asked) == 2
