"""Links that are made late: by owners, for the set aside, after edits of the mapping."""

from collections.abc import Iterable

import pytest

from connector.sandbox.faults import Fault
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import World

WHAT = "  WhatId: {find: Account, by: phone, from: customer.phone}\n"
TICKET = "  WhatId: {find: [Case, Account], by: id, from: crm_status}\n"
ASIDE = WHO.replace("}", ", none: set aside}")
BY_PHONE = "  OwnerId: {find: User, by: phone, from: agent.phone, none: default}\n"
AGENT = {"emp_number": "9000012345", "emp_country_code": "91"}


def board(world: World, *fields: str) -> Switchboard:
    opened = Switchboard(world)
    opened.map(*fields)
    return opened


def users(world: World) -> list[str]:
    """The ids of the active users, of whom the connector is none."""
    rows = [u for u in world.crm.rows("User") if u["IsActive"] and u["EmployeeNumber"]]
    return [str(user["Id"]) for user in rows]


# ── owners ─────────────────────────────────────────────────────────────────


def by_number(default: str) -> str:
    return (
        "  OwnerId: {find: User, by: field EmployeeNumber, from: emp_code,"
        f" none: default, default: {default}}}\n"
    )


def test_an_owner_found_by_a_field_is_linked_once_the_directory_learns_them(
    world: World,
) -> None:
    default, agent = users(world)[:2]
    switchboard = board(world, by_number(default))
    switchboard.refresh()
    call = switchboard.call(STRANGER, emp_code="777")
    switchboard.push()
    assert switchboard.unmapped() == [("OwnerId", "777", 1)]
    world.crm.change(agent, EmployeeNumber="777")

    switchboard.later()

    assert world.task(call)["OwnerId"] == agent
    assert switchboard.unmapped() == []


def test_a_call_that_fell_to_our_own_user_is_given_to_its_agent_later(
    world: World,
) -> None:
    switchboard = board(world, BY_PHONE)
    switchboard.refresh()
    agent, other = users(world)[:2]
    call, taken = (switchboard.call(STRANGER, **AGENT) for _ in range(2))
    switchboard.push()
    world.crm.change(str(world.task(taken)["Id"]), OwnerId=other)
    world.crm.change(agent, Phone="090000 12345")

    switchboard.later()

    owners = [world.task(each)["OwnerId"] for each in (call, taken)]
    assert owners == [agent, other]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("OP_WITH_INVALID_USER_TYPE_EXCEPTION", []),
        ("OP_WITH_INVALID_USER_TYPE_EXCEPTION", ["OwnerId"]),
        ("INVALID_CROSS_REFERENCE_KEY", ["OwnerId"]),
    ],
)
def test_a_user_who_can_own_nothing_gives_way_to_the_default(
    world: World, code: str, fields: list[str]
) -> None:
    numbers = {str(u["Id"]): u["EmployeeNumber"] for u in world.crm.rows("User")}
    default, portal = users(world)[:2]
    switchboard = board(world, by_number(default))
    switchboard.refresh()
    call = switchboard.call(STRANGER, emp_code=numbers[portal])
    refusal = {"statusCode": code, "message": "can't own", "fields": fields}
    rows = {"match": {"OwnerId": portal}, "error": refusal}
    world.crm.faults.add(Fault("composite/sobjects", times=-1, rows=rows))

    counts = switchboard.push()

    assert (counts.created, counts.set_aside) == (1, 0)
    assert world.task(call)["OwnerId"] == default


def test_inactive_users_are_never_found_whatever_the_file_says(world: World) -> None:
    switchboard = board(world, BY_PHONE)
    path = world.folder / "mappings" / "directory.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(", where: {IsActive: {is: true}}", ""), encoding="utf-8"
    )
    (agent, leaver) = users(world)[:2]
    world.crm.change(leaver, IsActive=False, Phone="9000012345")
    world.crm.change(agent, Phone="090000 12345")
    switchboard.refresh()
    call = switchboard.call(STRANGER, **AGENT)

    switchboard.push()

    assert world.task(call)["OwnerId"] == agent


# ── texts that look like ids ───────────────────────────────────────────────


def test_a_text_of_18_characters_is_no_id_unless_its_check_is_right(
    world: World,
) -> None:
    switchboard = board(world, TICKET)
    case = world.crm.add("Case", {"Subject": "Broken"})
    wrong = case[:15] + ("AAB" if case.endswith("AAA") else "AAA")
    switchboard.refresh()
    texts = ("500 broken windows", wrong, "500123456789012345", case)
    calls = [switchboard.call(STRANGER, crm_status=text) for text in texts]

    counts = switchboard.push()

    assert counts.set_aside == 0
    assert [world.task(call)["WhatId"] for call in calls] == [None, None, None, case]


# ── set aside for want of somebody ─────────────────────────────────────────


def taken(world: World, calls: Iterable[str]) -> list[bool]:
    keys = {task["Call_Key__c"] for task in world.tasks()}
    return [f"callyzer:{call}" in keys for call in calls]


def test_a_call_that_was_set_aside_comes_in_once_its_number_is_learned(
    world: World,
) -> None:
    switchboard = board(world, ASIDE)
    switchboard.refresh()
    call, other = switchboard.call(STRANGER), switchboard.call("9876500000")
    switchboard.push()
    for _ in range(9):
        switchboard.later(hours=25)
    assert taken(world, [call, other]) == [False, False]
    numbers = {("WhoId", f"+91{number}", 1) for number in (STRANGER, "9876500000")}
    assert set(switchboard.unmapped()) == numbers
    late = switchboard.contact("Late", STRANGER)

    switchboard.later()

    assert switchboard.who(call) == late
    assert switchboard.unmapped() == [("WhoId", "+919876500000", 1)]


# ── the mapping changes ────────────────────────────────────────────────────


def test_what_a_field_lacks_that_is_not_found_any_more_is_forgotten(
    world: World,
) -> None:
    switchboard = board(world, WHO, WHAT)
    switchboard.refresh()
    call = switchboard.call(STRANGER)
    switchboard.push()

    switchboard.map(WHAT)
    switchboard.push()
    some = switchboard.unmapped()
    switchboard.contact("Late", STRANGER)
    switchboard.later()
    switchboard.map()
    switchboard.later()

    assert some == [("WhatId", f"+91{STRANGER}", 1)]
    assert switchboard.who(call) is None
    with switchboard.connector() as app:
        assert app.store.unmapped() == []


def test_what_a_flow_that_is_gone_lacks_is_not_shown(world: World) -> None:
    switchboard = board(world, WHO)
    switchboard.refresh()
    switchboard.call(STRANGER)
    switchboard.push()
    path = world.folder / "mappings" / "calls.yaml"
    text = path.read_text(encoding="utf-8")

    path.write_text("flow: calls\n", encoding="utf-8")
    broken = switchboard.unmapped()
    path.write_text(text.replace("flow: calls", "flow: others"), encoding="utf-8")

    assert broken == [("WhoId", f"+91{STRANGER}", 1)]
    assert switchboard.unmapped() == []


# ── what people did stands ─────────────────────────────────────────────────


def test_relinking_puts_nobody_back_whom_an_agent_took_off(world: World) -> None:
    switchboard = board(world, WHO)
    switchboard.contact("First", STRANGER)
    switchboard.refresh()
    emptied, other = switchboard.call(STRANGER), switchboard.call(STRANGER)
    switchboard.push()
    world.crm.change(str(world.task(emptied)["Id"]), WhoId=None)
    switchboard.passed(5)
    newest = switchboard.contact("Newest", STRANGER)
    switchboard.refresh()

    switchboard.relink()
    switchboard.relink()

    assert switchboard.who(emptied) is None
    assert switchboard.who(other) == newest
    assert switchboard.link(emptied).why == "emptied in the CRM by somebody else"
