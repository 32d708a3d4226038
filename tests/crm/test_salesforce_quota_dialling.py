"""One org, two purposes: dialling may use what logging leaves to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.request import Request

import pytest

from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import QuotaReachedError
from connector.model import Payload, Query, Quota
from connector.ports import Crm
from connector.testing import ManualClock
from tests.crm.quota_org import DONE, usage

SHARE = 10.0
LOGS_UNTIL = 676
"""Calls of 1000 that leave flows none: 300 are kept, 24 may be on their way elsewhere."""
DIALS_UNTIL = 800
ROWS: list[Payload] = [{"Subject": "one", "Call_Key__c": "k"}]
FOUND = {"records": [], "done": True}
ASKS: dict[str, Callable[[Crm], object]] = {
    "select": lambda crm: list(crm.select(Query(object="Task", fields=("Id",)))),
    "create": lambda crm: crm.create("Task", ROWS),
    "update": lambda crm: crm.update("Task", [{"Id": "00T000000000001AAA"}]),
    "upsert": lambda crm: crm.upsert("Task", "Call_Key__c", ROWS),
    "check_quota": lambda crm: crm.check_quota(),
}


@pytest.fixture
def share() -> list[float]:
    """The percentage that is for dialling; a test may change it."""
    return [SHARE]


@pytest.fixture
def org(
    config: SalesforceConfig, now: list[datetime], share: list[float]
) -> Iterator[SalesforceCrm]:
    crm = SalesforceCrm(
        replace(config, dial_share=lambda: share[0]), ManualClock(now[0])
    )
    yield crm
    crm.close()


def use(org: SalesforceCrm, answers: list[object], used: int) -> None:
    """Have the org tell how much is used."""
    answers.insert(0, (200, DONE, usage(used)))
    org.dialling.create("Task", ROWS)


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("used", [LOGS_UNTIL, DIALS_UNTIL - 1])
def test_near_the_share_logging_waits_and_dialling_goes_on(
    org: SalesforceCrm, answers: list[object], sent: list[Request], ask: str, used: int
) -> None:
    use(org, answers, used)
    answers.append((200, FOUND if ask == "select" else DONE))
    before = len(sent)

    with pytest.raises(QuotaReachedError, match=r"flows wait, as 20% .* 10% for dial"):
        ASKS[ask](org)
    held_back = len(sent)
    ASKS[ask](org.dialling)

    assert held_back == before
    assert len(sent) == before + (ask != "check_quota")


@pytest.mark.parametrize("ask", ASKS)
def test_at_the_reserve_both_wait(
    org: SalesforceCrm, answers: list[object], sent: list[Request], ask: str
) -> None:
    use(org, answers, DIALS_UNTIL)
    before = len(sent)

    with pytest.raises(QuotaReachedError, match="flows wait"):
        ASKS[ask](org)
    with pytest.raises(QuotaReachedError, match="dialling waits, as 20% are kept"):
        ASKS[ask](org.dialling)

    assert len(sent) == before


def test_before_the_share_both_go_on(org: SalesforceCrm, answers: list[object]) -> None:
    use(org, answers, LOGS_UNTIL - 1)
    answers += [(200, DONE)] * 2

    assert org.create("Task", ROWS)
    assert org.dialling.create("Task", ROWS)


def test_what_is_for_dialling_may_change_at_any_time(
    org: SalesforceCrm, answers: list[object], share: list[float]
) -> None:
    use(org, answers, LOGS_UNTIL)
    share[0] = 0

    org.check_quota()
    share[0] = SHARE

    with pytest.raises(QuotaReachedError):
        org.check_quota()


def test_both_share_what_was_heard_and_what_was_described(
    org: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, {"name": "Task", "fields": []}, usage(5)))

    described = org.describe("Task")

    assert org.dialling.describe("Task") is described
    assert org.dialling.quota() == Quota(used=5, limit=1000)
    assert len(sent) == 2  # a token, and the describe
    assert org.dialling.now() == org.now()
