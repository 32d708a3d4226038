"""What a dial file reads and writes is checked by what the CRM's fields can hold."""

from dataclasses import replace

import pytest

from connector.mapping.load import World
from tests.mapping.checked import faults
from tests.mapping.org import ORG, TASK, a_field, with_fields

AGAIN = "such a record is read again and again, and its agent sees nothing"

# ── what a parameter can be ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{from: IsClosed}", "'IsClosed' is boolean, and application is text"),
        ("{from: IsClosed, as: text}", "'IsClosed' is boolean, and application is t"),
        ("{first: [WhatId, ActivityDate]}", "'ActivityDate' is date, and application"),
        ("{from: At__c}", "'At__c' is datetime, and application is text (read another"),
        ("{from: Clock__c}", "'Clock__c' is time, and application is text"),
        ("{from: Description, as: date}", "application is text, and this makes date"),
    ],
)
def test_what_is_no_text_is_told_of_a_parameter(
    rule: str, told: str, dials: str, world: World
) -> None:
    (found,) = faults(dials.replace("{value: connector}", rule), world)

    assert found.startswith(f"x.yaml:12:3: {told}")


@pytest.mark.parametrize(
    "rule",
    [
        "{from: IsClosed, map: {'true': a}}",
        "{from: Score__c}",
        '{template: "a{At__c}"}',
    ],
)
def test_what_can_be_text_is_no_fault_of_a_parameter(
    rule: str, dials: str, world: World
) -> None:
    assert faults(dials.replace("{value: connector}", rule), world) == ()


# ── choices in where ───────────────────────────────────────────────────────


def test_a_choice_that_no_record_has_asks_for_nothing(dials: str, world: World) -> None:
    (found,) = faults(dials.replace("is: Requested", "is: Requestd"), world)

    assert found == (
        "x.yaml:2:27: 'Requestd' is not a choice of Call_Request__c (did you mean"
        " 'Requested'?)"
    )


@pytest.mark.parametrize("asked", ["{in: [Requestd, Requested]}", "{not: Plced}"])
def test_a_choice_is_looked_at_wherever_it_is_compared(
    asked: str, dials: str, world: World
) -> None:
    found = faults(dials.replace("{is: Requested}", asked), world)

    assert any("is not a choice of Call_Request__c" in fault for fault in found)


def test_a_choice_that_is_not_restricted_is_a_warning(dials: str, world: World) -> None:
    loose = replace(TASK.fields["Call_Request__c"], restricted=False)
    org = {**ORG, "Task": with_fields(TASK, loose)}

    (found,) = faults(dials.replace("is: Requested", "is: Requestd"), world, org)

    assert found.startswith("x.yaml:2:27: warning: 'Requestd' is not a choice")


def test_letter_case_is_no_matter_to_a_choice(dials: str, world: World) -> None:
    assert faults(dials.replace("is: Requested", "is: requested"), world) == ()


# ── records that would be read again ───────────────────────────────────────


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Call_Request__c: {value: Placed}, ", ""),
        ("Call_Request__c: {value: Placed}", "Call_Request__c: {value: Requested}"),
    ],
)
def test_an_answer_that_leaves_the_record_asking_is_a_warning(
    right: str, wrong: str, dials: str, world: World
) -> None:
    (found,) = faults(dials.replace(right, wrong), world)

    assert found == (
        f"x.yaml:15:3: warning: 'placed' leaves the record among those that ask: {AGAIN}"
        " (write a value that 'where' does not take, into Call_Request__c, IsClosed)"
    )


@pytest.mark.parametrize(
    "rule",
    [
        "Call_Request__c: {from: call.state}",
        "Call_Request__c: {value: null}",
        "Status: {value: Completed}",
    ],
)
def test_an_answer_after_which_the_record_may_not_ask_is_no_fault(
    rule: str, dials: str, world: World
) -> None:
    org = {**ORG, "Task": with_fields(TASK, a_field("Status", "picklist"))}

    text = dials.replace("Call_Request__c: {value: Placed}", rule)

    assert faults(text, world, org) == ()


# ── names of the answer ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("{from: mesage}", "'message'"),
        ("{from: Call_Numbr__c}", "'Call_Number__c'"),
        ("{from: cal.id}", "'call.id'"),
    ],
)
def test_a_name_of_the_answer_is_suggested_beside_the_records(
    wrong: str, meant: str, dials: str, world: World
) -> None:
    (found,) = faults(dials.replace("{from: call.id}", wrong), world)

    assert found.startswith("x.yaml:15:")
    assert found.endswith(f"(did you mean {meant}?)")


def test_a_name_of_the_answer_is_not_suggested_for_the_call(
    dials: str, world: World
) -> None:
    (found,) = faults(dials.replace("{value: connector}", "{from: mesage}"), world)

    assert "message" not in found


def test_whom_a_guard_can_not_be_seen_of_is_warned_of(dials: str, world: World) -> None:
    seen = {n: f for n, f in ORG["Lead"].fields.items() if n != "DoNotCall"}
    lead = replace(ORG["Lead"], fields=seen)

    found = faults(dials, world, {**ORG, "Lead": lead})

    assert any(
        "Lead has no field 'DoNotCall' that we may see" in each for each in found
    )
