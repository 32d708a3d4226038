"""What a file says of links: whom to find, calls between colleagues, and never."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connector.mapping.convert import MISSING
from connector.mapping.flow import FindRule, FirstOf, PushFlow, World, Written
from connector.model import StreamField
from tests.mapping.loading import load_push

LoadFields = Callable[[str], PushFlow]
FIND = "WhoId: {find: [Contact, Lead], by: phone, from: customer.phone"


def find_of(load_fields: LoadFields, line: str) -> FindRule:
    (find,) = load_fields(line).finds
    return find


def test_finds_are_apart_from_the_other_fields_in_the_files_order(
    linked: str, world: World
) -> None:
    flow = load_push(linked, "x.yaml", world)

    assert [rule.field for rule in flow.fields] == ["Call_Key__c", "CallType"]
    assert [(find.field, find.place.line) for find in flow.finds] == [
        ("OwnerId", 8),
        ("WhoId", 10),
        ("WhatId", 19),
        ("Agent__c", 20),
    ]


def test_a_short_find_leaves_ties_and_misses_alone(load_fields: LoadFields) -> None:
    find = find_of(load_fields, f"{FIND}}}")

    assert (find.objects, find.by, find.names) == (
        ("Contact", "Lead"),
        "phone",
        ("customer.phone",),
    )
    assert (find.ties, find.none, find.default, find.making) == (
        *("leave", "leave", MISSING),
        None,
    )


def test_a_record_can_be_found_by_any_of_its_fields(linked: str, world: World) -> None:
    find = load_push(linked, "x.yaml", world).finds[-1]

    assert (find.by, find.name) == ("field", "EmployeeNumber")
    assert find.objects == ("User",)
    assert find.names == ("emp_code", "emp_number")


def test_a_default_gets_the_18_characters_of_its_id(linked: str, world: World) -> None:
    owner = load_push(linked, "x.yaml", world).finds[0]

    assert (owner.none, owner.default) == ("default", "0055g0000010002AAA")


def test_a_lead_gets_the_callers_name_and_number(load_fields: LoadFields) -> None:
    making = find_of(load_fields, f"{FIND}, none: create}}").making

    assert making is not None
    assert (making.object, making.key) == ("Lead", None)
    verbs = {rule.field: rule.verb for rule in making.fields}
    assert verbs == {
        "LastName": FirstOf(names=("customer.name", "customer.phone")),
        "Company": Written(value="[not provided]"),
        "Phone": FirstOf(names=("customer.phone",)),
    }
    assert [rule.kind for rule in making.fields] == [None, None, "phone"]


@pytest.mark.parametrize(
    ("objects", "made", "fields"),
    [
        ("[Lead, Contact]", "Lead", ["LastName", "Company", "Phone"]),
        (
            "[Lead, Contact], create: {object: Contact}",
            "Contact",
            ["LastName", "Phone"],
        ),
        ("Contact", "Contact", ["LastName", "Phone"]),
        ("[Contact, Account]", "Account", ["Name", "Phone"]),
        ("[Contact, Caller__c]", "Caller__c", []),
    ],
)
def test_what_is_made_is_a_lead_or_else_the_last(
    load_fields: LoadFields, objects: str, made: str, fields: list[str]
) -> None:
    line = f"WhoId: {{by: phone, from: customer.phone, none: create, find: {objects}}}"

    making = find_of(load_fields, line).making

    assert making is not None
    assert making.object == made
    assert [rule.field for rule in making.fields] == fields


def test_what_the_file_says_of_the_made_record_goes_first(
    linked: str, world: World
) -> None:
    making = load_push(linked, "x.yaml", world).finds[1].making

    assert making is not None
    assert (making.key, making.place.line) == ("Call_Key__c", 16)
    assert {rule.field: rule.place.line for rule in making.fields} == {
        "Company": 16,
        "Phone": 16,
        "LastName": 18,
        "Rating": 18,
    }
    assert FirstOf(names=("customer.name", "note")) in [r.verb for r in making.fields]


def test_the_usual_phone_gives_way_to_the_key(load_fields: LoadFields) -> None:
    line = f"{FIND}, none: create, create: {{key: Phone}}}}"

    making = find_of(load_fields, line).making

    assert making is not None
    assert "Phone" not in [rule.field for rule in making.fields]


def test_a_stream_without_names_gives_the_number_as_name(world: World) -> None:
    nameless = replace(
        world.streams["callyzer"]["leads"],
        fields=tuple(
            StreamField(name=name, type="phone", meaning=name)
            for name in ("id", "office", "mobile")
        ),
    )
    text = (
        "flow: one\n"
        "from: {system: callyzer, stream: leads, since: 7 days}\n"
        "every: 1 minute\n"
        "to: {object: Task, key: Call_Key__c}\n"
        "fields:\n"
        "  Call_Key__c: {from: id}\n"
        "  WhoId: {find: Lead, by: phone, first: [mobile, office], none: create}\n"
    )

    flow = load_push(
        text, "x.yaml", replace(world, streams={"callyzer": {"leads": nameless}})
    )

    making = flow.finds[0].making
    assert making is not None
    assert making.fields[0].verb == FirstOf(names=("mobile", "office"))


def test_without_a_default_the_crms_own_applies(load_fields: LoadFields) -> None:
    line = "OwnerId: {find: User, by: phone, from: agent.phone, none: default}"

    find = find_of(load_fields, line)

    assert (find.none, find.default) == ("default", MISSING)


@pytest.mark.parametrize(
    ("written", "calls", "between"),
    [
        ("skip", "skip", ("agent.phone", "customer.phone")),
        ("{calls: skip, between: [emp_number, note]}", "skip", ("emp_number", "note")),
        ("{calls: log}", "log", ("agent.phone", "customer.phone")),
    ],
)
def test_calls_between_colleagues_are_skipped_or_logged(
    linked: str, world: World, written: str, calls: str, between: tuple[str, str]
) -> None:
    text = linked.replace("internal: log", f"internal: {written}")

    internal = load_push(text, "x.yaml", world).internal

    assert internal is not None
    assert (internal.calls, internal.between) == (calls, between)
    assert internal.place.line == 21


def test_numbers_are_ours_or_never_logged(linked: str, world: World) -> None:
    ours = "{calls: skip, numbers: ['+91 22 4012 3300 to +91 22 4012 3399']}"
    text = linked.replace("internal: log", f"internal: {ours}")

    flow = load_push(text, "x.yaml", world)

    assert flow.internal is not None
    assert flow.internal.numbers.has("+912240123344")
    assert flow.never is not None
    assert flow.never.numbers.has("+919820011999")
    assert flow.never.numbers.has("+14155550123")
    assert flow.never.fields == ("customer.phone",)


def test_never_may_look_elsewhere(linked: str, world: World) -> None:
    start = linked.partition("never:")[0]
    text = f"{start}never: {{numbers: ['98200 11999'], fields: [emp_number, note]}}\n"

    flow = load_push(text, "x.yaml", world)

    assert flow.never is not None
    assert flow.never.fields == ("emp_number", "note")


def test_without_them_there_is_nothing_special(example: str, world: World) -> None:
    flow = load_push(example, "x.yaml", world)

    assert (flow.finds, flow.internal, flow.never) == ((), None, None)
