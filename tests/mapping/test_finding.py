"""What a record makes a flow look for, and which calls it never logs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connector.errors import RecordError, SchemaMismatchError
from connector.mapping.compile import (
    as_internal,
    compile_making,
    compile_push,
    payload_hash,
)
from connector.mapping.finding import compile_finds, compile_sides
from connector.mapping.flow import PushFlow, World
from connector.mapping.verbs import Setting
from connector.model import CrmObject, Payload, Record, Row, Want
from tests.mapping.loading import load_push

LoadFields = Callable[[str], PushFlow]


def record(**fields: object) -> Record:
    given = {name.replace("__", "."): value for name, value in fields.items()}
    return Record(id="1", version=None, fields={"id": "1", **given})


@pytest.fixture
def looked_for(load_fields: LoadFields, task: CrmObject) -> Callable[..., object]:
    """The values that a rule looks for in a record."""

    def look(rule: str, **fields: object) -> object:
        flow = load_fields(f"WhoId: {{find: Contact, {rule}}}")
        row = compile_push(flow, task)(record(**fields))
        assert row is not None
        (want,) = row.wants
        assert want.field == "WhoId"
        return want.values

    return look


LookedFor = Callable[..., object]


def test_a_record_wants_its_links_in_the_files_order(
    linked: str, world: World, task: CrmObject
) -> None:
    apply = compile_push(load_push(linked, "x.yaml", world), task)

    row = apply(
        record(
            call_type="Incoming",
            customer__phone="098200-11101",
            agent__email="Asha@Sandbox.Example ",
            ticket__id="5005g000000AbCd",
            emp_code=" 101 ",
        )
    )

    assert row is not None
    assert row.wants == (
        Want(field="OwnerId", values=("asha@sandbox.example",)),
        Want(field="WhoId", values=("+919820011101",)),
        Want(field="WhatId", values=("5005g000000AbCdAAK",)),
        Want(field="Agent__c", values=("101",)),
    )
    assert row.update == {"CallType": "Inbound"}


@pytest.mark.parametrize(
    ("by", "text", "lacks"),
    [
        ("phone", "1234", "'1234' is no phone number"),
        ("phone", " n/a ", "'n/a' is no phone number"),
        ("phone", "(555) 123-4567", ""),
        ("phone", "x" * 500, ""),
        ("phone", None, ""),
        ("email", "asha", "'asha' is no address"),
    ],
)
def test_what_cannot_be_looked_for_is_told(
    load_fields: LoadFields, task: CrmObject, by: str, text: str | None, lacks: str
) -> None:
    flow = load_fields(f"WhoId: {{find: Contact, by: {by}, from: note}}")
    row = compile_push(flow, task)(record(note=text))

    assert row is not None
    assert [want.lacks for want in row.wants] == [lacks]


def test_a_flow_without_links_wants_none(
    example: str, world: World, task: CrmObject, call: Record
) -> None:
    row = compile_push(load_push(example, "x.yaml", world), task)(call)

    assert row is not None
    assert row.wants == ()


def test_a_number_is_looked_for_in_every_region(looked_for: LookedFor) -> None:
    rule = "by: phone, from: customer.phone"

    assert looked_for(rule, customer__phone="+1 (415) 555-2671") == ("+14155552671",)
    assert looked_for(rule, customer__phone=9820011101) == ("+919820011101",)
    both = looked_for(rule, customer__phone="6502530000")
    assert both == ("+916502530000", "+16502530000")
    assert looked_for(rule, customer__phone="withheld") == ()


@pytest.mark.parametrize(
    ("rule", "value", "values"),
    [
        ("by: email, from: note", " A.B@C.Example", ("a.b@c.example",)),
        ("by: email, from: note", "nobody", ()),
        ("by: id, from: note", "5005g000000AbCdAAK", ("5005g000000AbCdAAK",)),
        ("by: id, from: note", "5005g000000AbCdAAE", ("5005g000000AbCdAAE",)),
        ("by: id, from: note", "5005g000000AbCd", ("5005g000000AbCdAAK",)),
        ("by: id, from: note", " 00001026 ", ("00001026",)),
        ("by: id, from: note", 1026, ("1026",)),
        ("by: field Code__c, from: note", " 007 ", ("007",)),
        ("by: field Code__c, from: note", 7.0, ("7",)),
        ("by: field Code__c, from: note", "x" * 255, ("x" * 255,)),
        ("by: field Code__c, from: note", "x" * 256, ()),
        ("by: field Code__c, from: note", None, ()),
        ("by: field Code__c, from: note", " ", ()),
        ("by: field Code__c, from: note", [], ()),
        ("by: field Code__c, from: note", {"a": 1}, ()),
        ("by: field Code__c, from: note", "\ud800", ()),
        ("by: phone, from: note", {"a": 1}, ()),
    ],
    ids=str,
)
def test_a_value_is_looked_for_as_the_directory_has_it(
    looked_for: LookedFor, rule: str, value: object, values: tuple[str, ...]
) -> None:
    assert looked_for(rule, note=value) == values


def test_a_reading_that_lacks_the_value_looks_for_nothing(
    looked_for: LookedFor,
) -> None:
    assert looked_for("by: phone, from: customer.phone") == ()


def test_the_first_that_is_not_blank_is_looked_for(looked_for: LookedFor) -> None:
    rule = "by: field Code__c, first: [emp_code, note]"

    assert looked_for(rule, emp_code=" ", note="7") == ("7",)
    assert looked_for(rule, emp_code="8", note="7") == ("8",)


def test_a_find_knows_what_its_field_can_point_to(
    linked: str, world: World, task: CrmObject
) -> None:
    finds = compile_finds(load_push(linked, "x.yaml", world), task)

    assert [(find.rule.field, find.references) for find in finds] == [
        ("OwnerId", ("Group", "User")),
        ("WhoId", ("Contact", "Lead")),
        ("WhatId", ("Account", "Case", "Opportunity")),
        ("Agent__c", ("User",)),
    ]


def test_a_link_that_the_crm_lost_stops_the_flow(
    linked: str, world: World, task: CrmObject
) -> None:
    fewer = replace(
        task, fields={n: f for n, f in task.fields.items() if n != "WhatId"}
    )

    with pytest.raises(SchemaMismatchError, match="Task has no field WhatId"):
        compile_push(load_push(linked, "x.yaml", world), fewer)


# ── never and internal ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "logged"),
    [
        ("098200-11999", False),
        ("+1 415 555 0123", False),
        ("+1 415 555 2671", True),
        ("98200 11998", True),
        (None, True),
        ({"a": 1}, True),
    ],
    ids=str,
)
def test_a_call_with_a_number_never_logged_makes_no_row(
    linked: str, world: World, task: CrmObject, number: object, *, logged: bool
) -> None:
    apply = compile_push(load_push(linked, "x.yaml", world), task)

    assert (apply(record(customer__phone=number)) is not None) is logged


def test_a_number_never_logged_is_looked_for_where_the_file_says(
    linked: str, world: World, task: CrmObject
) -> None:
    start = linked.partition("never:")[0]
    text = f"{start}never: {{numbers: ['98200 11999'], fields: [note, emp_number]}}"

    apply = compile_push(load_push(text, "x.yaml", world), task)

    assert apply(record(customer__phone="98200 11999")) is not None
    assert apply(record(emp_number="98200 11999")) is None


def test_both_numbers_of_a_call_are_read(linked: str, world: World) -> None:
    flow = load_push(linked, "x.yaml", world)
    assert flow.internal is not None

    sides = compile_sides(flow.internal, flow.regions)

    fields = record(agent__phone="98200 11101", customer__phone="6502530000").fields
    assert sides(fields) == (("+919820011101",), ("+916502530000", "+16502530000"))
    assert sides({}) == ((), ())


def row(update: Payload, create: Payload) -> Row:
    return Row(
        key="k",
        record=record(),
        update=update,
        create=create,
        hash=payload_hash(update),
    )


def test_an_internal_calls_type_says_so() -> None:
    both: Payload = {"CallType": "Inbound", "X__c": "x"}

    made = as_internal(row(both, {**both, "Subject": "s"}))

    assert made.update == {"CallType": "Internal", "X__c": "x"}
    assert made.create == {"CallType": "Internal", "X__c": "x", "Subject": "s"}
    assert made.hash == payload_hash(made.update)


def test_an_internal_calls_type_is_written_once_where_the_file_says_so() -> None:
    made = as_internal(row({"X__c": "x"}, {"X__c": "x", "CallType": "Inbound"}))

    assert made.update == {"X__c": "x"}
    assert made.create == {"X__c": "x", "CallType": "Internal"}
    assert made.hash == payload_hash(made.update)


# ── records that are made ──────────────────────────────────────────────────


@pytest.fixture
def made(
    linked: str, world: World, people: dict[str, CrmObject]
) -> Callable[..., Payload]:
    """The lead that a call makes."""
    flow = load_push(linked, "x.yaml", world)
    making = flow.finds[1].making
    assert making is not None
    setting = Setting(zone=flow.zone, regions=flow.regions)
    make = compile_making(making, people["Lead"], setting)
    return lambda **fields: make(record(**fields).fields)


def test_a_made_record_has_all_but_its_key(made: Callable[..., Payload]) -> None:
    lead = made(customer__phone="98200 11101", customer__name="Asha", note="n")

    assert lead == {
        "Company": "[not provided]",
        "Phone": "+919820011101",
        "LastName": "Asha",
        "Rating": "Warm",
    }


def test_a_made_record_lacks_what_is_blank(made: Callable[..., Payload]) -> None:
    lead = made(customer__phone=None, customer__name=" ")

    assert lead == {"Company": "[not provided]", "Rating": "Warm"}


def test_a_value_that_no_record_can_be_made_of_is_a_record_error(
    made: Callable[..., Payload],
) -> None:
    with pytest.raises(RecordError, match="LastName"):
        made(customer__name={"a": 1})
