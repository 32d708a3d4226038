"""Every operation over real HTTP, against the account of the document."""

import pytest

from connector.errors import RateLimitedError, RefusedError, UnauthorizedError
from tests.sandbox.test_ccai.document import (
    ADMIN,
    INBOUND,
    OUTBOUND,
    OUTBOUND_BY_TICKET,
    SCHEDULED,
    settle_in,
)
from tests.systems.ccai.conftest import Account

SOON = {"scheduled_at": "2026-12-01T10:00:00.000Z", "menu_id": 12}


@pytest.fixture(autouse=True)
def settled(account: Account) -> None:
    settle_in(account.sandbox)


def test_an_agent_calls_a_number(account: Account) -> None:
    placed = account.client.create_outbound_call_to_number(OUTBOUND)

    assert placed.created
    assert placed.call["agent_info"]["id"] == 1
    assert len(account.sandbox) == 1


def test_an_agent_calls_whoever_a_ticket_is_about(account: Account) -> None:
    placed = account.client.create_outbound_call_for_ticket(OUTBOUND_BY_TICKET)

    assert placed.created
    assert placed.call["out_ticket_id"] == "71450"


@pytest.mark.parametrize("status", [200, 202])
def test_an_agent_who_must_choose_a_number_is_waited_for(
    account: Account, status: int
) -> None:
    account.sandbox.moods.accepted = 200 if status == 200 else 202
    account.sandbox.account.default_number = None

    placed = account.client.create_outbound_call_to_number(
        {**OUTBOUND, "outbound_number": None}
    )

    assert not placed.created
    assert len(account.sandbox) == 0


def test_a_customer_is_put_into_a_queue(account: Account) -> None:
    placed = account.client.create_inbound_call(INBOUND)

    assert (placed.created, placed.call["status"]) == (True, "queued")


def test_a_call_is_scheduled_by_menu_and_by_the_call_before(account: Account) -> None:
    first = account.client.create_scheduled_call({**SCHEDULED, **SOON})
    other = {**SCHEDULED, **SOON, "menu_id": None, "call_id": first.call["id"]}

    second = account.client.create_scheduled_call(other)

    assert first.created
    made = account.sandbox.call(second.call["id"])
    assert made["parent_id"] == first.call["id"]


def test_what_only_the_account_knows_is_refused_by_it(account: Account) -> None:
    unknown = {**OUTBOUND, "agent_email": "nobody@somedomain.com"}

    with pytest.raises(RefusedError, match="Not a valid agent email") as caught:
        account.client.create_outbound_call_to_number(unknown)

    assert (caught.value.parameter, caught.value.status) == ("agent_email", 400)


def test_flags_are_set_and_read(account: Account) -> None:
    call_id = account.sandbox.add({})["id"]
    assert isinstance(call_id, int)

    account.client.update_customer_flag(
        call_id, {"bad_actor": True, "repeat_customers": True}
    )

    assert account.client.get_customer_flag(call_id) == {
        "verified_customer": False,
        "bad_actor": True,
        "repeat_customer": True,
    }


def test_calls_are_listed_by_id(account: Account) -> None:
    ids = [str(account.sandbox.add({})["id"]) for _ in range(3)]

    page = account.client.list_calls({"id[]": ids[:2]})

    assert sorted(str(row["id"]) for row in page.rows) == ids[:2]


def test_agents_are_listed_with_their_addresses(account: Account) -> None:
    page = account.client.list_agents({"id[]": ["1"]})

    assert [row["email"] for row in page.rows] == [ADMIN]


def test_a_wrong_token_is_told(account: Account) -> None:
    account.sandbox.token = "another"  # noqa: S105  opens nothing

    with pytest.raises(UnauthorizedError):
        account.client.list_calls({})


def test_more_than_the_account_allows_is_told(account: Account) -> None:
    account.sandbox.requests_per_second = 1
    account.client.list_agents({})

    with pytest.raises(RateLimitedError):
        account.client.list_agents({})

    assert account.pacer.blocks == [1]


def test_a_call_that_is_not_there_is_told(account: Account) -> None:
    with pytest.raises(RefusedError) as caught:
        account.client.get_customer_flag(999)

    assert caught.value.status == 404
