"""Numbers that are none, or not yet: they meet each other, and are told of."""

from datetime import timedelta

import pytest

from connector.model import Lane
from connector.sandbox.faults import Fault
from tests.e2e.switchboard import STRANGER, WHO, Switchboard
from tests.e2e.world import World

CREATE = WHO.replace("}", ", none: create}")
INTERNAL_AGENT = {"emp_number": "9820011101", "emp_country_code": "91"}
COLLEAGUE = "9820011102"


def boarded(world: World, *fields: str, more: str = "") -> Switchboard:
    board = Switchboard(world)
    board.map(*fields, more=more)
    return board


@pytest.mark.parametrize(
    ("written", "number", "country"),
    [
        ("(555) 123-4567", "5551234567", "1"),
        ("+1 555 123 4567 (24 hrs)", "15551234567", "1"),
        ("4012 3301", "40123301", "91"),
        ("99887 76655 (24 hrs)", "9988776655", "91"),
        ("99887 76655 (3210)", "919988776655", "91"),
        ("9988776655-9876543210", "00919876543210", "91"),
        ("(415) 555-0100", "14155550100", "91"),
    ],
)
def test_what_is_no_valid_number_still_finds_who_has_it(
    world: World, written: str, number: str, country: str
) -> None:
    board = boarded(world, WHO)
    contact = board.contact(
        "Rao", written, MailingCountry="USA" if "555" in written else "India"
    )
    board.refresh()
    call = board.call(number, country)

    board.push()

    assert board.who(call) == contact


def test_a_number_that_is_none_is_told_of_and_one_that_nobody_has_is_listed(
    world: World,
) -> None:
    board = boarded(world, WHO)
    board.refresh()
    short, odd = board.call("1234"), board.call("5551234567", "1")

    board.push()

    assert board.link(short).why == "'1234' is no phone number"
    assert board.link(odd).why == "nobody has +15551234567"
    assert board.unmapped() == [("WhoId", "+15551234567", 1)]


def test_short_codes_and_extensions_can_be_listed(world: World) -> None:
    more = "never: ['121']\ninternal: {calls: log, numbers: ['101', '9820011102']}\n"
    board = boarded(world, WHO, more=more)
    board.refresh()
    secret = board.call("121")
    inside = board.call(COLLEAGUE, emp_number="101", emp_country_code="91")
    outside = board.call("1210", emp_number="101", emp_country_code="91")

    board.push()

    types = {t["Call_Key__c"]: t["CallType"] for t in world.tasks()}
    assert f"callyzer:{secret}" not in types
    assert types[f"callyzer:{inside}"] == "Internal"
    assert types[f"callyzer:{outside}"] != "Internal"


# ── colleagues ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("none", ["create", "set aside", "leave"])
def test_a_colleague_is_no_customer(world: World, none: str) -> None:
    owner = "  OwnerId: {find: User, by: phone, from: agent.phone}\n"
    who = WHO.replace("}", f", none: {none}}}")
    board = boarded(world, who, owner, more="internal: log\n")
    board.refresh()
    leads = len(list(world.crm.rows("Lead")))
    call = board.call(COLLEAGUE, **INTERNAL_AGENT)

    counts = board.push()

    assert (counts.created, counts.set_aside, counts.unlinked) == (1, 0, 0)
    assert world.task(call)["CallType"] == "Internal"
    users = {u["Id"]: u["EmployeeNumber"] for u in world.crm.rows("User")}
    assert users[world.task(call)["OwnerId"]] == "101"
    assert len(list(world.crm.rows("Lead"))) == leads
    assert board.unmapped() == []


def test_a_call_between_colleagues_stays_so_though_its_answer_was_lost(
    world: World,
) -> None:
    board = boarded(world, WHO, more="internal: log\n")
    board.refresh()
    call = board.call(COLLEAGUE, **INTERNAL_AGENT)
    world.crm.faults.add(Fault("composite/sobjects", times=1, cut="after"))
    board.push()
    world.note([call], "changed")
    world.clock.ahead += timedelta(minutes=40)

    board.push(Lane.REREAD)

    task = world.task(call)
    assert (task["CallType"], task["Description"]) == ("Internal", "changed")


# ── who is made, and who is gone ───────────────────────────────────────────


def test_a_lead_is_made_though_its_row_is_locked_for_a_moment(world: World) -> None:
    board = boarded(world, CREATE)
    board.refresh()
    call = board.call(STRANGER)
    locked = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "busy", "fields": []}
    rows = {"match": {"Phone": f"+91{STRANGER}"}, "error": locked}
    world.crm.faults.add(Fault("composite/sobjects", times=1, rows=rows))

    board.push()

    assert board.who(call)


def test_whoever_was_purged_gets_no_calls_for_ever(world: World) -> None:
    board = boarded(world, WHO)
    there = board.contact("There", STRANGER)
    board.passed(5)
    purged = board.contact("Purged", STRANGER)
    board.refresh()
    del world.crm.org.store.tables["Contact"].rows[purged]

    for _ in range(15):
        board.passed(60 * 24)
        board.refresh()
    call = board.call(STRANGER)
    board.push()

    assert (board.who(call), board.link(call).among) == (there, ())


def test_a_case_is_found_by_its_number_though_the_directory_has_cases(
    world: World,
) -> None:
    board = boarded(world, "  WhatId: {find: [Case], by: id, from: crm_status}\n")
    file = world.folder / "mappings" / "directory.yaml"
    text = file.read_text().replace(
        "  User:", "  Case: {phones: [SuppliedPhone]}\n  User:"
    )
    file.write_text(text)
    case = world.crm.add("Case", {"Subject": "Broken"})
    number = next(c["CaseNumber"] for c in world.crm.rows("Case") if c["Id"] == case)
    board.refresh()
    call = board.call(STRANGER, crm_status=number)

    board.push()

    assert world.task(call)["WhatId"] == case
