"""The daily quota: writes and queries keep out of its reserve."""

from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import QuotaReachedError
from connector.model import Query, Quota
from tests.crm.quota_org import (
    DONE,
    FORBIDDEN,
    MOST,
    SILENT,
    asked,
    limits,
    usage,
    write,
)

USERS = Query(object="User", fields=("Id",))


def test_the_last_call_before_the_reserve_is_still_made(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, DONE, usage(MOST - 1)), (200, DONE, usage(MOST))]

    write(crm)
    write(crm)
    with pytest.raises(QuotaReachedError):
        write(crm)

    assert len(sent) == 3


def test_a_write_that_would_touch_the_reserve_is_not_sent(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, DONE, usage(800)))
    write(crm)
    before = len(sent)

    with pytest.raises(QuotaReachedError) as raised:
        write(crm)

    assert raised.value.retry_after == 300
    assert raised.value.message == (
        "800 of 1,000 daily API calls are used; from 776 on flows wait, as 20% are kept "
        "in reserve. The next look is in 5 minutes"
    )
    assert len(sent) == before


def test_a_query_that_would_touch_the_reserve_is_not_sent(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, DONE, usage(800)))
    write(crm)
    before = len(sent)

    with pytest.raises(QuotaReachedError):
        list(crm.select(USERS))

    assert len(sent) == before


def test_a_query_stops_between_two_pages(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    more = {"records": [{"Id": "1"}], "done": False, "nextRecordsUrl": "/query/2"}
    answers.append((200, more, usage(800)))
    found = crm.select(USERS)

    first = next(found)

    with pytest.raises(QuotaReachedError):
        next(found)
    assert first == {"Id": "1"}
    assert len(sent) == 2


def test_before_anything_is_sent_it_is_said_whether_it_would_be(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(200, DONE, usage(800)), (200, limits(100)), (200, limits(900))]
    crm.check_quota()
    write(crm)
    before = len(sent)

    for _ in range(2):
        with pytest.raises(QuotaReachedError, match="800 of 1,000"):
            crm.check_quota()
    assert len(sent) == before
    now[0] += timedelta(minutes=5)
    with pytest.raises(QuotaReachedError, match="900 of 1,000"):
        crm.check_quota()
    now[0] += timedelta(minutes=5)
    crm.check_quota()

    assert asked(sent) == len(sent) - before == 2


def test_a_describe_is_not_held_back(crm: SalesforceCrm, answers: list[object]) -> None:
    answers += [(200, DONE, usage(999)), (200, {"name": "Task", "fields": []})]
    write(crm)

    task = crm.describe("Task")

    assert task.name == "Task"


def test_a_reading_of_five_minutes_ago_is_asked_for_again(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(200, DONE, usage(800)), (200, limits(500)), (200, DONE, usage(501))]
    write(crm)
    now[0] += timedelta(minutes=5)

    write(crm)

    assert crm.quota() == Quota(used=501, limit=1000)


def test_a_quota_that_is_still_reached_is_asked_for_once_in_five_minutes(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(200, DONE, usage(800)), (200, limits(100))]
    write(crm)
    now[0] += timedelta(minutes=5)

    for _ in range(2):
        with pytest.raises(QuotaReachedError, match="900 of 1,000"):
            write(crm)

    assert asked(sent) == len(sent[2:]) == 1


@pytest.mark.parametrize(
    "failure",
    [
        *(
            (500, b"oops", SILENT),
            (200, b"<html>", SILENT),
            (200, limits(0, 0), SILENT),
        ),
        *((403, FORBIDDEN, SILENT), "cut"),
    ],
)
def test_limits_that_cannot_be_had_are_asked_for_again_in_five_minutes(
    crm: SalesforceCrm,
    answers: list[object],
    sent: list[Request],
    now: list[datetime],
    failure: object,
) -> None:
    answers.append((200, DONE, usage(800)))
    write(crm)
    answers += [failure, failure]
    looks: list[int] = []

    for minutes in (5, 2, 2.9, 0.1, 4):
        now[0] += timedelta(minutes=minutes)
        with pytest.raises(QuotaReachedError, match=r"80\d of 1,000") as raised:
            write(crm)
        looks.append(asked(sent))
        assert raised.value.retry_after == 300

    assert answers == []
    assert looks == [1, 1, 1, 2, 2]  # each look may have cost a call


def test_a_user_who_may_not_see_the_limits_reads_them_in_the_refusal(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [
        (200, DONE, usage(800)),
        (403, FORBIDDEN, usage(200)),
        (200, DONE, usage(201)),
    ]
    write(crm)
    now[0] += timedelta(minutes=5)

    write(crm)

    assert crm.quota() == Quota(used=201, limit=1000)
