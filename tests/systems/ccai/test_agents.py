"""Agents' addresses: joined to calls, asked for once, and never worth a call."""

import pytest

from connector.errors import RateLimitedError
from connector.sandbox.ccai import Agent
from connector.sandbox.faults import Fault
from tests.systems.ccai.calls import MONTH, NOW, add, run
from tests.systems.ccai.conftest import Account, opened


def known(account: Account, number: int) -> Agent:
    """Let an agent in."""
    agent = Agent(
        id=number, first_name="A", last_name=str(number), email=f"a{number}@us.example"
    )
    account.sandbox.account.add_agent(agent)
    return agent


def emails(account: Account) -> dict[str, object]:
    """Read everything; the agents' addresses by call, where something is said."""
    pages = account.source().read(None, NOW - MONTH)
    return {
        record.id: record.fields["agent.email"]
        for page in pages
        for record in page.records
        if "agent.email" in record.fields
    }


def test_a_call_has_its_agents_address(account: Account) -> None:
    one, other = known(account, 901), known(account, 902)
    calls = [
        add(account, 3, agent_info=one.info()),
        add(account, 2, agent_info=other.info()),
        add(account, 1, agent_info=None),
    ]

    assert emails(account) == dict(
        zip(calls, (one.email, other.email, None), strict=True)
    )


def test_each_agent_is_asked_for_once_a_run() -> None:
    with opened() as account:
        account.sandbox.load(350, seed=2, days=10)
        source = account.source()

        pages = list(source.read(None, NOW - MONTH))

        lists = [page for page in pages if page.records]
        agents = {r.fields["agent_info.id"] for p in pages for r in p.records}
        assert len(lists) == 4
        assert len(agents) > 3
        assert account.pacer.waits <= 4 + 2


def test_more_agents_than_a_page_holds_are_all_found() -> None:
    with opened() as account:
        account.sandbox.moods.largest_page = 30
        for number in range(901, 981):
            add(account, 1, agent_info=known(account, number).info())

        assert len(set(emails(account).values())) == 80


def test_of_an_agent_who_is_not_there_any_more_nothing_is_said(
    account: Account,
) -> None:
    gone = Agent(id=999, first_name="G", last_name="One", email="gone@us.example")
    add(account, 1, agent_info=gone.info())

    assert emails(account) == {}


def test_of_an_agent_without_an_id_nothing_is_said(account: Account) -> None:
    add(account, 1, agent_info={"name": "Somebody"})

    assert emails(account) == {}


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_calls_go_in_without_addresses_where_agents_cannot_be_read(
    status: int,
) -> None:
    with opened() as account:
        account.sandbox.load(250, seed=2, days=10)
        account.sandbox.faults.add(Fault("/agents", status=status, times=-1))

        found, _ = run(account)

        assert len(found) == 250
        assert account.pacer.waits <= 3 + 5

        account.sandbox.faults.clear()
        assert len(emails(account)) == 250


def test_where_nobody_may_ask_the_run_waits(account: Account) -> None:
    known_agent = known(account, 901)
    add(account, 1, agent_info=known_agent.info())
    slow = Fault("/agents", status=429, headers={"retry-after": "900"}, times=-1)
    account.sandbox.faults.add(slow)

    with pytest.raises(RateLimitedError):
        run(account)
