"""Calls between colleagues: left out, or logged as such; nobody is made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from connector.engine.linker import Colleagues, LinkPlan
from connector.errors import OutcomeUnknownError
from connector.mapping.finding import Find, Sides
from connector.mapping.flow import Nobody
from connector.mapping.flow_calls import Internal
from connector.mapping.ranges import parse_numbers
from connector.model import INTERNAL, Row
from connector.testing import ManualClock
from tests.engine.office import (
    NUMBER,
    Office,
    call,
    finding,
    opened,
    person,
    recipe,
)

COLLEAGUE = "+919820011102"


def colleagues(calls: Literal["skip", "log"], find: Find | None = None) -> LinkPlan:
    def sides(fields: Mapping[str, object]) -> Sides:
        number = str(fields["number"])
        return (number,), ("+919820011101",)

    def logged(row: Row) -> Row:
        update = {**row.update, "Note__c": "internal"}
        return replace(row, update=update, create=update, hash=b"internal " + row.hash)

    rule = Internal(
        calls=calls,
        numbers=parse_numbers(["+91 22 4012 33*"], ("IN",)),
        between=("number", "agent"),
    )
    find = find or finding()
    making = find.rule.none == "create"
    return LinkPlan(
        finds={"WhoId": find},
        recipes={"WhoId": recipe()} if making else {},
        read=("WhoId", "WhatId"),
        colleagues=Colleagues(rule=rule, sides=sides, logged=logged),
    )


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Office]:
    office = opened(tmp_path, ManualClock())
    office.learn(person("005A", "User"), number="+919820011101")
    office.learn(person("005B", "User"), number="+919820011102")
    with office.store:
        yield office


def test_calls_between_colleagues_are_skipped_where_the_file_says_so(
    staff: Office,
) -> None:
    staff.links = colleagues("skip")

    counts = staff.carry(
        call("a", "+919820011102"), call("b", "+912240123301"), call("c", NUMBER)
    )

    assert (counts.skipped, counts.created) == (2, 1)


def test_calls_between_colleagues_are_logged_as_such_and_stay_so(
    staff: Office,
) -> None:
    staff.links = colleagues("log")
    staff.carry(call("a", "+919820011102"), call("c", NUMBER))
    with staff.store.writing() as tx:
        tx.strike(["005B"])

    counts = staff.carry(call("a", "+919820011102"))

    notes = {key: r["Note__c"] for key, r in staff.org.tasks.by_key().items()}
    assert notes == {"phone:a": "internal", "phone:c": "hello"}
    assert counts.unchanged == 1


@pytest.mark.parametrize("none", ["create", "set aside", "leave", "default"])
def test_of_a_colleague_nobody_is_made_and_nothing_waits_for_them(
    staff: Office, none: Nobody
) -> None:
    staff.links = colleagues("log", finding(none=none, default="003Z"))

    counts = staff.carry(call("a", COLLEAGUE))

    assert (counts.created, counts.set_aside, counts.unlinked) == (1, 0, 0)
    assert staff.org.leads.records == {}
    assert staff.store.read("select * from unlinked") == []


def test_a_call_between_colleagues_is_still_on_whom_it_can_be(staff: Office) -> None:
    staff.links = colleagues("log", finding(none="create"))
    staff.learn(person("003A"), number=COLLEAGUE)

    staff.carry(call("a", COLLEAGUE))

    assert staff.who("a") == "003A"


def test_deciding_anew_has_nothing_wait_for_a_colleague_either(staff: Office) -> None:
    staff.links = colleagues("log")
    staff.carry(call("a", COLLEAGUE))

    staff.relink()

    assert staff.store.read("select * from unlinked") == []


def lost(staff: Office, times: int) -> None:
    """Let the answers to so many creates be lost, which are carried out."""
    left = times

    def after(verb: str, _: object) -> OutcomeUnknownError | None:
        nonlocal left
        left -= verb == "create"
        return OutcomeUnknownError() if verb == "create" and left >= 0 else None

    staff.org.tasks.after = after


def test_a_lost_answer_loses_neither_the_mark_nor_the_links(staff: Office) -> None:
    staff.links = colleagues("log")
    staff.learn(person("003A"))
    lost(staff, times=1)

    staff.carry(call("a", COLLEAGUE), call("b", NUMBER), call("c", "+14155552671"))

    internal, linked = staff.ledger("a").links, staff.ledger("b").links
    assert internal is not None
    assert internal.keys() == {"WhoId", INTERNAL}
    assert linked is not None
    assert linked["WhoId"].id == "003A"
    assert [row["value"] for row in staff.store.unmapped()] == ["+14155552671"]
    staff.carry(call("a", COLLEAGUE, note="changed"))
    assert staff.org.tasks.by_key()["phone:a"]["Note__c"] == "internal"
    assert staff.ledger("a").links == internal


def test_a_run_that_finds_what_another_made_unheard_keeps_the_mark(
    staff: Office,
) -> None:
    staff.links = colleagues("log")
    staff.learn(person("003A"))
    lost(staff, times=100)
    with pytest.raises(OutcomeUnknownError):
        staff.carry(call("a", COLLEAGUE), call("b", NUMBER))
    lost(staff, times=0)

    staff.carry(call("a", COLLEAGUE), call("b", NUMBER))
    staff.later()

    internal, linked = staff.ledger("a").links, staff.ledger("b").links
    assert internal is not None
    assert INTERNAL in internal
    assert linked is not None
    assert linked["WhoId"].id == "003A"
    assert staff.store.read("select * from unlinked") == []
    staff.carry(call("a", COLLEAGUE, note="changed"))
    assert staff.org.tasks.by_key()["phone:a"]["Note__c"] == "internal"


def test_a_record_that_was_there_before_is_not_said_to_have_our_links(
    staff: Office,
) -> None:
    staff.links = colleagues("log")
    staff.org.tasks.create("Task", [{"Call_Key__c": "phone:a", "Note__c": "old"}])
    staff.learn(person("003A"))

    staff.carry(call("a", NUMBER))

    assert staff.ledger("a").links is None
    staff.later()
    assert staff.who("a") == "003A"
