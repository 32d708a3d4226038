"""Links through people's doings in the CRM: the deleted, the merged, the late."""

import pytest

from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import World

WHAT = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
TICKET = "  WhatId: {find: [Case, Account], by: id, from: crm_status}\n"
LEFT = WHO.replace("newest", "leave")


def board(world: World, *fields: str) -> Switchboard:
    opened = Switchboard(world)
    opened.map(*fields)
    return opened


def account(world: World, phone: str = STRANGER) -> str:
    return world.crm.add("Account", {"Name": "A", "Phone": phone})


# ── one of two links is dead ───────────────────────────────────────────────


def test_a_dead_person_does_not_take_the_living_account_along(world: World) -> None:
    switchboard = board(world, WHO, WHAT)
    gone, there = switchboard.contact("Gone", STRANGER), account(world)
    switchboard.refresh()
    world.crm.delete(gone)
    call = switchboard.call(STRANGER)

    switchboard.push()

    task = world.task(call)
    assert (task["WhoId"], task["WhatId"]) == (None, there)


def test_a_dead_ticket_does_not_take_the_living_person_along(world: World) -> None:
    switchboard = board(world, WHO, TICKET)
    there = switchboard.contact("There", STRANGER)
    ticket = world.crm.add("Case", {"Subject": "Broken"})
    switchboard.refresh()
    world.crm.delete(ticket)
    call = switchboard.call(STRANGER, crm_status=ticket)

    switchboard.push()

    task = world.task(call)
    assert (task["WhoId"], task["WhatId"]) == (there, None)


def test_a_dead_person_does_not_take_along_what_is_linked_later(world: World) -> None:
    switchboard = board(world, WHO, WHAT)
    switchboard.refresh()
    call = switchboard.call(STRANGER)
    switchboard.push()
    gone, there = switchboard.contact("Gone", STRANGER), account(world)
    switchboard.refresh()
    world.crm.delete(gone)

    switchboard.push()

    task = world.task(call)
    assert (task["WhoId"], task["WhatId"]) == (None, there)
    again = switchboard.contact("Back", STRANGER)
    switchboard.later()
    assert switchboard.who(call) == again


# ── merged, converted, purged ──────────────────────────────────────────────


def test_a_chain_of_merges_is_followed_to_its_end(world: World) -> None:
    switchboard = board(world, WHO)
    first = switchboard.contact("First", STRANGER)
    others = [switchboard.contact("Next", f"900000000{at}") for at in range(6)]
    switchboard.refresh()
    for loser, winner in zip([first, *others], others, strict=False):
        world.crm.merge(winner, loser)
    call = switchboard.call(STRANGER)

    switchboard.push()

    assert switchboard.who(call) == others[-1]


def test_a_lead_merged_into_one_that_was_converted_leads_to_the_contact(
    world: World,
) -> None:
    switchboard = board(world, WHO)
    loser, winner = (
        world.crm.add("Lead", {"LastName": "L", "Company": "C", "Phone": phone})
        for phone in (STRANGER, "9000000001")
    )
    switchboard.refresh()
    world.crm.merge(winner, loser)
    became = world.crm.convert(winner)
    call = switchboard.call(STRANGER)

    switchboard.push()

    assert switchboard.who(call) == became.contact


def test_where_the_newest_was_deleted_since_the_refresh_the_next_one_gets_the_call(
    world: World,
) -> None:
    switchboard = board(world, WHO)
    stays = switchboard.contact("Stays", STRANGER)
    switchboard.passed(60)
    gone = switchboard.contact("Gone", STRANGER)
    switchboard.refresh()
    world.crm.delete(gone)
    call = switchboard.call(STRANGER)

    switchboard.push()

    assert switchboard.who(call) == stays
    assert "Contact Gone was refused" in switchboard.link(call).why


def test_whom_no_refresh_shows_as_gone_is_asked_about_once(world: World) -> None:
    switchboard = board(world, WHO)
    there = switchboard.contact("There", STRANGER)
    switchboard.passed(60)
    ghost = switchboard.contact("Ghost", STRANGER)
    switchboard.refresh()
    world.crm.org.store.tables["Contact"].rows.pop(ghost)
    first = switchboard.call(STRANGER)
    switchboard.later()
    before = world.crm.calls.copy()
    second = switchboard.call(STRANGER)

    switchboard.push()

    assert [switchboard.who(call) for call in (first, second)] == [there, there]
    assert (world.crm.calls - before)["collection create"] == 1


@pytest.mark.parametrize("how", ["deleted", "another number", "no number"])
def test_a_tie_that_people_resolve_is_looked_at_again(world: World, how: str) -> None:
    switchboard = board(world, LEFT)
    stays = switchboard.contact("Stays", STRANGER)
    goes = switchboard.contact("Goes", STRANGER)
    switchboard.refresh()
    call = switchboard.call(STRANGER)
    switchboard.push()
    assert switchboard.who(call) is None
    assert switchboard.unmapped() == [("WhoId", f"+91{STRANGER}", 1)]

    if how == "deleted":
        world.crm.delete(goes)
    else:
        world.crm.change(goes, Phone="9000000001" if how == "another number" else None)
    switchboard.later()

    assert switchboard.who(call) == stays
    assert switchboard.unmapped() == []
