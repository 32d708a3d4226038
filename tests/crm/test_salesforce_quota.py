"""The daily quota: read from every answer, and kept out of by writes and queries."""

from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import (
    OutcomeUnknownError,
    QuotaReachedError,
    SchemaMismatchError,
    UnavailableError,
)
from connector.model import Query, Quota

DONE = [{"id": "00T000000000001AAA", "success": True, "errors": []}]
USERS = Query(object="User", fields=("Id",))
FORBIDDEN = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]


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


def test_nothing_is_known_before_the_first_answer(crm: SalesforceCrm) -> None:
    assert crm.quota() is None


def test_every_answer_tells_the_quota(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    answers.append((200, DONE, usage(25)))

    write(crm)

    assert crm.quota() == Quota(used=25, limit=1000)


@pytest.mark.parametrize("answer", [(400, FORBIDDEN), (503, b""), (200, b"<html>")])
def test_a_failure_tells_the_quota_too(
    crm: SalesforceCrm, answers: list[object], answer: tuple[int, object]
) -> None:
    answers.append((*answer, usage(25)))

    with pytest.raises((SchemaMismatchError, OutcomeUnknownError)):
        write(crm)

    assert crm.quota() == Quota(used=25, limit=1000)


@pytest.mark.parametrize("header", ["", "per-app-api-usage=17/250(appName=ours)"])
def test_an_answer_without_the_usage_leaves_the_last_reading(
    crm: SalesforceCrm, answers: list[object], header: str
) -> None:
    answers += [(200, DONE, usage(25)), (200, DONE, {"Sforce-Limit-Info": header})]

    write(crm)
    write(crm)

    assert crm.quota() == Quota(used=25, limit=1000)


def test_a_fresh_reading_asks_for_the_limits(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, limits(970)))

    quota = crm.quota(fresh=True)

    assert sent[-1].selector == "/services/data/v62.0/limits/"
    assert quota == crm.quota() == Quota(used=30, limit=1000)


@pytest.mark.parametrize("answer", [[], {}, {"DailyApiRequests": {"Max": "many"}}])
def test_limits_of_another_shape_are_no_limits(
    crm: SalesforceCrm, answers: list[object], answer: object
) -> None:
    answers.append((200, answer))

    with pytest.raises(UnavailableError):
        crm.quota(fresh=True)


def test_the_last_call_before_the_reserve_is_still_made(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, DONE, usage(799)), (200, DONE, usage(800))]

    write(crm)
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
        "800 of 1,000 daily API calls are used; 20% are kept in reserve. "
        "Flows wait, and look again in 5 minutes"
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


def test_a_describe_is_not_held_back(crm: SalesforceCrm, answers: list[object]) -> None:
    answers += [(200, DONE, usage(999)), (200, {"name": "Task", "fields": []})]
    write(crm)

    task = crm.describe("Task")

    assert task.name == "Task"


def test_a_reading_of_five_minutes_ago_is_asked_for_again(
    crm: SalesforceCrm, answers: list[object], now: list[datetime]
) -> None:
    answers += [(200, DONE, usage(800)), (200, limits(500)), (200, DONE)]
    write(crm)
    now[0] += timedelta(minutes=5)

    write(crm)

    assert crm.quota() == Quota(used=500, limit=1000)


def test_a_quota_that_is_still_reached_is_asked_for_once_in_five_minutes(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(200, DONE, usage(800)), (200, limits(100))]
    write(crm)
    now[0] += timedelta(minutes=5)

    for _ in range(2):
        with pytest.raises(QuotaReachedError, match="900 of 1,000"):
            write(crm)

    assert [request.selector[-8:] for request in sent[2:]] == ["/limits/"]


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
