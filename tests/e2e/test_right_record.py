"""Calls are on the right record, through trouble and over real HTTP."""

import asyncio
import threading

import pytest
from starlette.types import Receive, Scope, Send

from connector.sandbox.callyzer.people import CLIENTS
from connector.sandbox.salesforce.cast import CONTACTS
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import World

WAYS = (
    "99887 76655",
    "09988 776655",
    "+91 99887 76655",
    "91-9988776655",
    "0091 99887 76655",
    "(0) 99887-76655",
    "Mobile: 99887 76655",
    "+91 99887 76655 x22",
    "022-4012-3301 / 99887 76655",
    "99887 76655, 98765 43210",
    "９９８８７ ７６６５５",  # noqa: RUF001  full width, as some phones write
)


@pytest.fixture
def board(world: World) -> Switchboard:
    board = Switchboard(world)
    board.map(WHO)
    return board


@pytest.mark.parametrize("written", WAYS)
def test_a_call_finds_its_contact_however_the_number_is_written(
    board: Switchboard, written: str
) -> None:
    contact = board.contact("Rao", written)
    board.refresh()
    call = board.call("9988776655")

    board.push()

    assert board.who(call) == contact


def test_two_regions_live_in_one_org(board: Switchboard) -> None:
    indian = board.contact("Rao", "099887 76655", MailingCountry="India")
    american = board.contact("Doe", "(415) 555-0100", MailingCountry="United States")
    vanity = board.contact("Flowers", "1-800-FLOWERS", MailingCountry="USA")
    board.refresh()
    calls = [
        board.call("9988776655"),
        board.call("4155550100", "1"),
        board.call("8003569377", "1"),
    ]

    board.push()

    assert [board.who(call) for call in calls] == [indian, american, vanity]


def test_matching_costs_the_crm_nothing(board: Switchboard) -> None:
    board.contact("Rao", "9988776655")
    board.refresh()
    for _ in range(5):
        board.call("9988776655")
    before = board.world.crm.calls

    board.push()

    spent = board.world.crm.calls - before
    assert set(spent) <= {"token", "describe", "collection create"}
    assert spent["collection create"] == 1


def test_of_two_who_share_a_number_the_newest_gets_the_call_and_it_says_among_whom(
    board: Switchboard,
) -> None:
    board.contact("Old", "9988776655")
    board.passed(60)
    new = board.contact("New", "+91-99887-76655")
    board.refresh()
    call = board.call("9988776655")

    board.push()

    assert board.who(call) == new
    assert len(board.link(call).among) == 2


def test_people_without_a_number_are_nobody(board: Switchboard) -> None:
    board.world.crm.add("Contact", {"LastName": "Silent"})
    board.contact("Trash", "n/a")
    board.refresh()
    call = board.call("", "")

    board.push()

    assert board.who(call) is None


def test_a_call_logged_on_nobody_is_linked_when_its_contact_is_made(
    board: Switchboard,
) -> None:
    board.refresh()
    first, other = board.call(STRANGER), board.call("9876500000")
    board.push()
    assert board.who(first) is None
    contact = board.contact("Late", "0 98765-12345")

    counts = board.later()

    assert board.who(first) == contact
    assert board.who(other) is None
    assert counts.linked == 1
    assert board.later().linked == 0


def test_a_link_that_an_agent_made_meanwhile_stands(board: Switchboard) -> None:
    board.refresh()
    call = board.call(STRANGER)
    board.push()
    chosen = board.contact("By hand", "9000000001")
    board.world.crm.change(str(board.world.task(call)["Id"]), WhoId=chosen)
    board.contact("Late", STRANGER)

    board.later()

    assert board.who(call) == chosen


def test_a_refresh_between_the_look_and_the_write_loses_no_link(
    board: Switchboard,
) -> None:
    board.refresh()
    call = board.call(STRANGER)
    arrived, go = threading.Event(), threading.Event()

    async def held(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.set()
        await asyncio.to_thread(go.wait, 15)
        await board.world.crm.app(scope, receive, send)

    board.world.writes.before = lambda _: held
    pushing = threading.Thread(target=board.push)
    pushing.start()
    assert arrived.wait(15)
    contact = board.contact("Late", STRANGER)
    assert board.refresh().counts.created == 1
    go.set()
    pushing.join()
    board.world.writes.open()

    created, linked = board.world.crm.writes
    assert "WhoId" not in created.fields
    assert "WhoId" in linked.fields
    assert board.who(call) == contact


def test_links_are_decided_once_through_rereads_and_edits(board: Switchboard) -> None:
    first = board.contact("First", STRANGER)
    board.refresh()
    call = board.call(STRANGER)
    board.push()
    board.passed(1)
    board.contact("Second", STRANGER)
    board.world.note([call], "changed")

    board.later()

    assert board.who(call) == first
    assert board.world.task(call)["Description"] == "changed"


def test_a_lead_converted_since_the_refresh_is_followed_to_its_contact(
    board: Switchboard,
) -> None:
    lead = board.world.crm.add(
        "Lead", {"LastName": "Hot", "Company": "C", "Phone": STRANGER}
    )
    board.refresh()
    became = board.world.crm.convert(lead)
    call = board.call(STRANGER)

    board.push()

    assert board.who(call) == became.contact
    assert "converted" in board.link(call).why


def test_a_contact_merged_since_the_refresh_is_followed_to_the_winner(
    board: Switchboard,
) -> None:
    loser = board.contact("Loser", STRANGER)
    winner = board.contact("Winner", "9000000001")
    board.refresh()
    board.world.crm.merge(winner, loser)
    call = board.call(STRANGER)

    board.push()

    assert board.who(call) == winner


def test_a_contact_deleted_since_the_refresh_drops_the_link_and_not_the_call(
    board: Switchboard,
) -> None:
    contact = board.contact("Gone", STRANGER)
    board.refresh()
    board.world.crm.delete(contact)
    call = board.call(STRANGER)

    counts = board.push()

    assert board.who(call) is None
    assert counts.set_aside == 0
    assert "deleted" in board.link(call).why
    again = board.contact("Back", STRANGER)
    board.later()
    assert board.who(call) == again


def test_beside_a_lead_there_is_no_account(world: World) -> None:
    board = Switchboard(world)
    what = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
    board.map(WHO, what)
    lead = world.crm.add("Lead", {"LastName": "L", "Company": "C", "Phone": STRANGER})
    account = world.crm.add("Account", {"Name": "Both", "Phone": STRANGER})
    only = world.crm.add("Account", {"Name": "Only", "Phone": "9000000001"})
    board.refresh()
    calls = [board.call(STRANGER), board.call("9000000001")]

    board.push()

    found = [(t["WhoId"], t["WhatId"]) for t in map(world.task, calls)]
    assert found == [(lead, None), (None, only)]
    assert account not in {t["WhatId"] for t in world.tasks()}


def test_a_ticket_is_found_by_its_id_or_by_the_number_of_a_case(world: World) -> None:
    board = Switchboard(world)
    board.map("  WhatId: {find: [Case, Account], by: id, from: crm_status}\n")
    case = world.crm.add("Case", {"Subject": "Broken"})
    number = next(c["CaseNumber"] for c in world.crm.rows("Case") if c["Id"] == case)
    account = world.crm.add("Account", {"Name": "A"})
    lead = world.crm.add("Lead", {"LastName": "L", "Company": "C"})
    board.refresh()
    given = (case[:15], str(number).lstrip("0"), account, lead, "no id", "00999999")
    calls = [board.call(STRANGER, crm_status=text) for text in given]

    board.push()

    whats = [world.task(call)["WhatId"] for call in calls]
    assert whats == [case, case, account, None, None, None]


def test_an_agent_owns_their_calls_unless_they_left(world: World) -> None:
    board = Switchboard(world)
    users = {u["EmployeeNumber"]: u for u in world.crm.rows("User")}
    default = str(users["101"]["Id"])
    board.map(
        "  OwnerId: {find: User, by: field EmployeeNumber, from: emp_code,"
        f" none: default, default: {default}}}\n"
    )
    board.refresh()
    calls = {code: board.call(STRANGER, emp_code=code) for code in ("102", "108", "9")}
    world.crm.change(str(users["103"]["Id"]), IsActive=False)
    calls["103"] = board.call(STRANGER, emp_code="103")

    board.push()

    owners = {code: world.task(call)["OwnerId"] for code, call in calls.items()}
    assert not users["108"]["IsActive"]
    assert owners == {
        "102": users["102"]["Id"],
        "108": default,
        "9": default,
        "103": default,
    }
    assert board.link(calls["103"], "OwnerId").id == default


def test_agents_are_found_by_their_phone_too(world: World) -> None:
    board = Switchboard(world)
    board.map("  OwnerId: {find: User, by: phone, from: agent.phone}\n")
    board.refresh()
    world.arrive(20)

    board.push()

    users = {u["Id"]: u["EmployeeNumber"] for u in world.crm.rows("User")}
    for call_id, call in world.shown().items():
        assert users[world.task(call_id)["OwnerId"]] == call["emp_code"]


@pytest.mark.parametrize("what", ["skip", "log"])
def test_calls_between_colleagues_are_told_apart(world: World, what: str) -> None:
    board = Switchboard(world)
    board.map(WHO, more=f"internal: {what}\nnever: ['98765 99999']\n")
    board.refresh()
    agent = {"emp_number": "9820011101", "emp_country_code": "91"}
    inside = board.call("9820011102", **agent)
    outside = board.call(STRANGER, **agent)
    secret = board.call("9876599999", **agent)

    board.push()

    types = {t["Call_Key__c"]: t["CallType"] for t in world.tasks()}
    assert f"callyzer:{secret}" not in types
    assert types[f"callyzer:{outside}"] != "Internal"
    expected = None if what == "skip" else "Internal"
    assert types.get(f"callyzer:{inside}") == expected


def test_everybody_the_sandbox_knows_is_found_from_every_way_of_writing(
    board: Switchboard,
) -> None:
    board.refresh()
    world = board.world
    names = {c["Id"]: c["Name"] for c in world.crm.rows("Contact")}
    single = {entry.name for entry in CONTACTS if entry.phone}
    calls = {
        client.name: board.call(client.number, client.country_code)
        for client in CLIENTS
        if client.name in single
    }

    board.push()

    found = {name: names[str(board.who(call))] for name, call in calls.items()}
    shared = {"Gauri Joshi": "Nikhil Joshi", "Hannah Stein": "Owen Marsh"}
    assert found == {name: shared.get(name, name) for name in calls}
