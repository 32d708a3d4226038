"""Groups that stand among a call's receivers for their accounts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from connector.model import Page, Record
from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.source import SOURCES, Receivers
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.multisender.conftest import ZONE, Account
from tests.systems.multisender.example import PHONE
from tests.systems.multisender.examples_calls import OUTCOME, RSVP_CALL, RSVP_RECEIVER
from tests.systems.multisender.examples_people import MEMBER
from tests.systems.pacer import FreePacer

GROUP = {"accountId": None, "groupId": "3", "phone": None, "answered": 0}
CALL = {**RSVP_CALL, "receivers": [GROUP, {**RSVP_RECEIVER, "accountId": "9"}]}
MEMBERS = [{**MEMBER, "groupId": "3", "accountId": "2", "phone": PHONE}]
OUTCOMES = [OUTCOME, {**OUTCOME, "accountId": "9"}, {**OUTCOME, "accountId": "5"}]


class Vendor:
    """Answers as it is told; 404 for what it is not told about."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.asked: Counter[str] = Counter()
        self._answers = answers

    def source(self, stream: str) -> Receivers:
        """A source that asks this vendor."""
        http = Http("http://vendor/v1", transport=httpx.MockTransport(self._ask))
        client = MultisenderClient(http, FreePacer())
        return SOURCES[stream](client=client, zone=ZONE, clock=ManualClock())

    def _ask(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/")
        self.asked[path] += 1
        if path not in self._answers:
            return httpx.Response(404, json={"message": f"There is no {path}"})
        return httpx.Response(200, json=self._answers[path])


def records(pages: Iterator[Page]) -> dict[str, Record]:
    return {record.id: record for page in pages for record in page.records}


def test_a_groups_accounts_come_in_its_place_with_their_outcomes() -> None:
    vendor = Vendor(
        {
            "rsvp_calls": [CALL, {**CALL, "rsvpCallId": "2"}],
            "rsvp_calls/1/receivers": OUTCOMES,
            "rsvp_calls/2/receivers": OUTCOMES,
            "groups/3/accounts": MEMBERS,
        }
    )

    found = records(vendor.source("rsvp_calls").scan())

    assert list(found) == ["1:9", "1:2", "1:5", "2:9", "2:2", "2:5"]
    fields = found["1:2"].fields
    assert (fields["customer.phone"], fields["customer.name"]) == (PHONE, "Aino")
    assert (fields["call.outcome"], fields["receiver.reply"]) == ("answered", "accept")
    assert fields["receiver.groupId"] == "3"
    assert "customer.phone" not in found["1:5"].fields
    assert found["1:9"].fields["receiver.dialledCalls"] == 2
    assert vendor.asked["groups/3/accounts"] == 1


def test_a_webhook_about_one_of_a_group_brings_that_one() -> None:
    vendor = Vendor(
        {
            "rsvp_calls/1": CALL,
            "rsvp_calls/1/receivers": OUTCOMES,
            "groups/3/accounts": MEMBERS,
        }
    )

    found = list(vendor.source("rsvp_calls").fetch(["1:2"]))

    assert [record.id for record in found] == ["1:2"]


@pytest.mark.parametrize(
    "answers",
    [{}, {"rsvp_calls/1/receivers": []}, {"rsvp_calls/1/receivers": [5, {}]}],
)
def test_a_group_stays_where_its_accounts_are_not_told(
    answers: Mapping[str, Any],
) -> None:
    vendor = Vendor({"rsvp_calls": [CALL], "groups/3/accounts": MEMBERS, **answers})

    found = records(vendor.source("rsvp_calls").scan())

    assert list(found) == ["1:group-3", "1:9"]


def test_outcomes_count_also_where_the_group_is_gone() -> None:
    vendor = Vendor({"rsvp_calls": [CALL], "rsvp_calls/1/receivers": OUTCOMES})

    found = records(vendor.source("rsvp_calls").scan())

    assert list(found) == ["1:9", "1:2", "1:5"]
    assert found["1:2"].fields["call.outcome"] == "answered"


def test_a_group_of_a_click_to_call_is_one_receiver() -> None:
    call = {"clickToCallId": "1", "receivers": [{**GROUP, "phone": PHONE}]}
    vendor = Vendor({"click_to_calls": [call]})

    found = records(vendor.source("click_to_calls").scan())

    assert list(found) == ["1:group-3"]
    assert dict(vendor.asked) == {"click_to_calls": 1}


def test_the_sandboxs_groups_are_their_accounts(account: Account) -> None:
    client = account.client
    one = client.create_account({"firstName": "Aino", "phone": PHONE})["accountId"]
    group = client.create_group({"name": "VIP", "description": "Best"})["groupId"]
    client.add_group_accounts(group, [one])
    account.invited(receivers=[{"groupId": group}])

    found = records(account.source("rsvp_calls").scan())

    assert list(found) == [f"1:{one}"]
    assert found[f"1:{one}"].fields["receiver.groupId"] == group
