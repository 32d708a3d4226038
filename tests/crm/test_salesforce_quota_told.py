"""What the CRM tells of its quota, and what becomes of one that does not tell."""

from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import (
    ConnectorError,
    OutcomeUnknownError,
    QuotaReachedError,
    SchemaMismatchError,
    UnavailableError,
)
from connector.model import Quota
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


@pytest.mark.parametrize(
    "header", ["API-Usage=25/1000", "a=1;api-usage = 25 / 1000;", "api-usage=25/1000,b"]
)
def test_a_usage_that_is_written_a_little_differently_is_a_usage(
    crm: SalesforceCrm, answers: list[object], header: str
) -> None:
    answers.append((200, DONE, {"Sforce-Limit-Info": header}))

    write(crm)

    assert crm.quota() == Quota(used=25, limit=1000)


@pytest.mark.parametrize(
    "header",
    [
        *("", "per-app-api-usage=17/250(appName=ours)", "api-usage=5/0"),
        *("api-usage=0/0", "api-usage=25/5,000", "api-usage=2.5/1000"),
        *("api-usage=-5/1000", f"api-usage={'9' * 30}/1000"),
        *(f"api-usage=1/{'9' * 5000}", f"api-usage=1/{2**63}"),
    ],
)
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


@pytest.mark.parametrize(
    "answer",
    [
        *([], {}, {"DailyApiRequests": 5}, {"DailyApiRequests": {"Max": "many"}}),
        *(limits(0, 0), limits(-5, 0), limits(None), limits("900", "1000")),
        *(limits(900.5, 1000.0), limits(1001), limits(True, True)),  # noqa: FBT003  JSON's
        *(limits(0, 10**30), b'{"DailyApiRequests": {"Max": 1e400, "Remaining": 1}}'),
    ],
)
def test_limits_of_another_shape_are_no_limits(
    crm: SalesforceCrm, answers: list[object], answer: object
) -> None:
    answers.append((200, answer))

    with pytest.raises(UnavailableError):
        crm.quota(fresh=True)


# ── a CRM that does not tell ───────────────────────────────────────────────


def test_where_no_answer_tells_the_usage_it_is_asked_for_every_five_minutes(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    task = (200, {"name": "Task", "fields": []}, SILENT)
    done = (200, DONE, SILENT)
    room, none = (200, limits(900), SILENT), (200, limits(100), SILENT)
    answers += [task, room, done, done, none]
    crm.describe("Task")

    write(crm)
    now[0] += timedelta(minutes=4)
    write(crm)
    now[0] += timedelta(minutes=1)
    with pytest.raises(QuotaReachedError, match="900 of 1,000"):
        write(crm)

    assert asked(sent) == 2
    assert answers == []


def test_calls_whose_answers_did_not_tell_count_until_the_limits_are_asked_for(
    crm: SalesforceCrm, answers: list[object]
) -> None:
    done = (200, DONE, SILENT)
    answers += [(200, limits(1000 - MOST + 2)), done, done]
    crm.quota(fresh=True)

    write(crm)
    write(crm)
    with pytest.raises(QuotaReachedError, match=f"{MOST} of 1,000"):
        write(crm)


def test_a_crm_that_tells_its_usage_nowhere_is_written_to(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    done, forbidden = (200, DONE, SILENT), (403, FORBIDDEN, SILENT)
    answers += [done, forbidden, done, done, forbidden, done]

    for minutes in (0, 1, 3.9, 1.1):
        now[0] += timedelta(minutes=minutes)
        write(crm)

    assert asked(sent) == 2
    assert crm.quota() is None


def test_one_answer_without_the_usage_is_no_reason_to_ask(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, DONE, usage(5)), (503, b"", SILENT), (200, DONE, usage(6))]
    write(crm)
    with pytest.raises(ConnectorError):
        write(crm)

    write(crm)

    assert asked(sent) == 0
    assert crm.quota() == Quota(used=6, limit=1000)
