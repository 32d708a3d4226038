"""Links, and records that are made, are checked against the CRM's description."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from connector.mapping.check import check_against, check_found, check_making
from connector.mapping.load import PushFlow, World
from connector.model import CrmObject
from tests.mapping.loading import load_push

LoadFields = Callable[[str], PushFlow]
BY = "by: phone, from: customer.phone"


def test_a_good_file_has_no_faults(
    linked: str, world: World, task: CrmObject, people: Mapping[str, CrmObject]
) -> None:
    flow = load_push(linked, "x.yaml", world)

    assert check_against(flow, task) == ()
    assert check_making(flow, people["Lead"]) == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            f"WohId: {{find: Contact, {BY}}}",
            "Task has no field 'WohId' (did you mean 'WhoId'?)",
        ),
        (
            f"X__c: {{find: Contact, {BY}}}",
            "X__c is string, and points to no record (write a value with 'from'",
        ),
        (
            f"OwnerId: {{find: Contact, {BY}}}",
            "OwnerId never points to a record of Contact (there is: Group, User)",
        ),
        (f"WhoId: {{find: Leads, {BY}}}", "of Leads (did you mean 'Lead'?)"),
    ],
)
def test_a_link_that_the_crm_will_not_take_is_an_error(
    load_fields: LoadFields, task: CrmObject, line: str, told: str
) -> None:
    (fault,) = check_against(load_fields(line), task)

    assert told in str(fault)
    assert fault.severity == "error"
    assert (fault.file, fault.line, fault.column) == ("one.yaml", 7, 3)


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        ("[User, Contact]", ["OwnerId never points to a record of Contact"]),
        ("[User, Group]", []),
    ],
)
def test_an_object_among_others_that_is_never_pointed_to_is_a_warning(
    load_fields: LoadFields, task: CrmObject, objects: str, told: list[str]
) -> None:
    faults = check_against(load_fields(f"OwnerId: {{find: {objects}, {BY}}}"), task)

    assert [fault.message for fault in faults] == told
    assert {fault.severity for fault in faults} <= {"warning"}


def test_a_lead_leads_to_what_it_was_converted_to(
    load_fields: LoadFields, task: CrmObject
) -> None:
    flow = load_fields(f"WhatId: {{find: Lead, {BY}}}")

    assert check_against(flow, task) == ()


def test_a_link_that_cannot_be_written_is_an_error(
    load_fields: LoadFields, task: CrmObject
) -> None:
    fixed = replace(task.fields["WhoId"], createable=False)
    target = replace(task, fields={**task.fields, "WhoId": fixed})

    (fault,) = check_against(load_fields(f"WhoId: {{find: Lead, {BY}}}"), target)

    assert str(fault).endswith("WhoId cannot be written (leave it out)")


def test_a_required_field_may_be_a_link(
    load_fields: LoadFields, task: CrmObject
) -> None:
    needed = replace(task.fields["WhoId"], nillable=False)
    target = replace(task, fields={**task.fields, "WhoId": needed})

    faults = check_against(load_fields(f"WhoId: {{find: Lead, {BY}}}"), target)

    assert faults == ()


def test_internal_must_be_a_choice_where_it_is_logged(
    linked: str, world: World, task: CrmObject
) -> None:
    fewer = replace(task.fields["CallType"], choices=("Inbound", "Outbound"))
    target = replace(task, fields={**task.fields, "CallType": fewer})

    (fault,) = check_against(load_push(linked, "x.yaml", world), target)

    assert fault.message == "'Internal' is not a choice of CallType"
    assert fault.line == 21
    skipped = linked.replace("internal: log", "internal: skip")
    assert check_against(load_push(skipped, "x.yaml", world), target) == ()


# ── what the CRM is asked for ───────────────────────────────────────────────


BY_SCORE = "WhoId: {find: Lead, by: field Score__c, from: crm_status}"


def test_a_number_cannot_be_asked_for_by_text(
    load_fields: LoadFields, people: Mapping[str, CrmObject]
) -> None:
    (fault,) = check_found(load_fields(BY_SCORE), people)

    assert (fault.line, fault.severity) == (7, "error")
    assert str(fault).endswith(
        "Lead.Score__c is double, and is asked for by text (look by a field with short"
        " text)"
    )


def test_a_field_that_the_directory_has_is_checked_with_it(
    load_fields: LoadFields, people: Mapping[str, CrmObject]
) -> None:
    assert check_found(load_fields(BY_SCORE), people, ["Lead"]) == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [("LastName", []), ("Surname", ["Lead has no field 'Surname'"])],
)
def test_a_field_with_text_can_be_asked_for_if_it_is_there(
    load_fields: LoadFields, people: Mapping[str, CrmObject], name: str, told: list[str]
) -> None:
    flow = load_fields(BY_SCORE.replace("Score__c", name))

    assert [fault.message for fault in check_found(flow, people)] == told


# ── records that are made ──────────────────────────────────────────────────

MADE = "      fields: {LastName: {first: [customer.name, note], fit: truncate}, Rating: {value: Warm}}"
WRONG: dict[str, tuple[str, str, int, str]] = {
    "an unknown field": ("Rating:", "Ratng:", 18, "Lead has no field 'Ratng' (did you"),
    "another type": (MADE, "      fields: {IsActive: {from: note}}", 18, "as: boolean"),
    "an unknown key": ("key: Call_Key__c\n", "key: Call_K__c\n", 16, "'Call_Key__c'?"),
    "a key that is none": (
        "key: Call_Key__c\n",
        "key: EmployeeNumber\n",
        16,
        "external id and",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_record_that_cannot_be_made_is_told(
    linked: str,
    world: World,
    people: Mapping[str, CrmObject],
    case: tuple[str, str, int, str],
) -> None:
    right, wrong, line, told = case
    head, key, tail = linked.partition("    create:\n")
    assert right in tail
    flow = load_push(head + key + tail.replace(right, wrong, 1), "x.yaml", world)

    faults = check_making(flow, people["Lead"])

    assert any(told in str(f) and f.line == line for f in faults), faults


def test_what_the_made_object_needs_must_be_mapped(
    linked: str, world: World, people: Mapping[str, CrmObject]
) -> None:
    lead = people["Lead"]
    needed = replace(lead.fields["Score__c"], nillable=False)
    target = replace(lead, fields={**lead.fields, "Score__c": needed}, createable=False)

    faults = check_making(load_push(linked, "x.yaml", world), target)

    assert [str(fault) for fault in faults] == [
        "x.yaml:16:5: Lead records cannot be created by this user",
        "x.yaml:16:5: Lead needs the field Score__c (add it to the fields of 'create')",
    ]


def test_only_what_is_made_of_an_object_is_checked_against_it(
    linked: str, world: World, people: Mapping[str, CrmObject]
) -> None:
    flow = load_push(linked.replace("Rating:", "Ratng:"), "x.yaml", world)

    assert check_making(flow, people["Contact"]) == ()
