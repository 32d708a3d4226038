"""REQUEST_LIMIT_EXCEEDED: a long pause, in which nothing at all is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import QuotaReachedError, UnavailableError
from connector.model import Quota
from tests.crm.quota_org import DONE, SILENT, asked, limits, usage, write

USED_UP = [
    {"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}
]


def test_a_refusal_for_the_day_stops_everything_that_can_wait(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, DONE, usage(25)), (403, USED_UP, usage(26))]
    write(crm)

    with pytest.raises(QuotaReachedError, match="TotalRequests") as refused:
        write(crm)
    before = len(sent)
    with pytest.raises(QuotaReachedError) as paused:
        write(crm)

    assert refused.value.retry_after == paused.value.retry_after == 900
    assert paused.value.message == (
        "26 of 1,000 daily API calls are used; flows wait, as the CRM refuses calls for "
        "the day. The next look is in 15 minutes"
    )
    assert len(sent) == before


def test_a_refusal_stops_us_even_where_the_limit_was_never_told(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((403, USED_UP, SILENT))

    with pytest.raises(QuotaReachedError, match="TotalRequests"):
        write(crm)
    with pytest.raises(QuotaReachedError, match=r"^flows wait, as the CRM refuses"):
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


def test_nothing_at_all_is_sent_for_a_quarter_of_an_hour(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers.append((403, USED_UP, usage(999)))
    with pytest.raises(QuotaReachedError):
        write(crm)
    before = len(sent)
    calls: tuple[Callable[[], object], ...] = (
        *(lambda: write(crm), lambda: crm.describe("Task"), crm.check_quota),
    )

    for minutes in (0, 5, 5, 4.99):
        now[0] += timedelta(minutes=minutes)
        for call in calls:
            with pytest.raises(QuotaReachedError):
                call()

    assert len(sent) == before


def test_after_a_quarter_of_an_hour_it_goes_on(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(403, USED_UP, usage(26)), (200, DONE, usage(27))]
    with pytest.raises(QuotaReachedError):
        write(crm)
    now[0] += timedelta(minutes=15)

    write(crm)

    assert crm.quota() == Quota(used=27, limit=1000)


def test_where_all_was_used_the_limits_are_asked_for_when_the_pause_is_over(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(403, USED_UP, usage(1000)), (200, limits(900)), (200, DONE, usage(1))]
    with pytest.raises(QuotaReachedError):
        write(crm)
    now[0] += timedelta(minutes=15)

    write(crm)

    assert answers == []


def test_limits_that_have_room_again_end_the_pause(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers += [(403, USED_UP), (200, limits(900), usage(100)), (200, DONE, usage(101))]
    with pytest.raises(QuotaReachedError):
        write(crm)

    crm.quota(fresh=True)
    write(crm)

    assert crm.quota() == Quota(used=101, limit=1000)


def test_limits_without_room_do_not_end_it(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(403, USED_UP), (200, limits(0))]
    with pytest.raises(QuotaReachedError):
        write(crm)

    crm.quota(fresh=True)
    now[0] += timedelta(minutes=10)

    with pytest.raises(QuotaReachedError, match="refuses calls for the day"):
        write(crm)


def test_limits_that_are_refused_too_begin_the_pause_anew(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(403, USED_UP, usage(1000))] * 3
    with pytest.raises(QuotaReachedError):
        write(crm)

    for _ in range(11):
        now[0] += timedelta(minutes=3)
        with pytest.raises(QuotaReachedError, match="refuses calls for the day"):
            write(crm)

    assert asked(sent) == 2


def test_an_end_that_lies_too_far_ahead_was_noted_by_another_clock(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(403, USED_UP, usage(26)), (200, DONE, usage(27))]
    with pytest.raises(QuotaReachedError):
        write(crm)
    now[0] -= timedelta(days=1)

    write(crm)

    assert crm.quota() == Quota(used=27, limit=1000)
