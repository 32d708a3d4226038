"""A dial file is checked against the CRM's description before anything is dialled."""

from dataclasses import replace

import pytest

from connector.mapping.check_dial import asked_by_dial
from connector.mapping.load import World
from connector.model import CrmField
from tests.mapping.checked import faults
from tests.mapping.loading import load_dial
from tests.mapping.org import ORG, TASK, a_field, with_fields


def test_a_good_file_has_nothing_wrong(dials: str, world: World) -> None:
    assert faults(dials, world) == ()


def test_what_is_described_are_the_claims_and_what_the_paths_lead_to(
    dials: str, world: World
) -> None:
    flow = load_dial(dials, "x.yaml", world)

    assert asked_by_dial(flow, TASK) == (
        *("Call_Dial__c", "Group", "User", "Contact", "Lead"),
    )
    assert asked_by_dial(flow, None) == ("Call_Dial__c",)


EDITS = {
    "an object that is not there": (
        "crm: Task",
        "crm: Taks",
        "x.yaml:2:13: the CRM has no object 'Taks' that this user may see (did you mean 'Task'?)",
    ),
    "a field of where": (
        "IsClosed",
        "IsClose",
        "x.yaml:2:61: Task has no field 'IsClose' (did you mean 'IsClosed'?)",
    ),
    "a constant of another type in where": (
        "IsClosed: {is: false}",
        "Score__c: {at least: high}",
        "x.yaml:2:61: 'high' is not number, as Score__c is",
    ),
    "a field of parts in where": (
        "IsClosed: {is: false}",
        "Place__c: {blank: false}",
        "x.yaml:2:61: Place__c is address, which no rule can read",
    ),
    "an id that is not text": (
        "id: Call_Request_Id__c",
        "id: WhoId",
        "x.yaml:3:15: WhoId is reference: the request's id is text, new at every press",
    ),
    "a time that is a day": (
        "at: Call_Requested_At__c",
        "at: ActivityDate",
        "x.yaml:3:39: ActivityDate is date: the time of the press is a date and time",
    ),
    "a relationship that is not there": (
        "Owner.Call",
        "Ownr.Call",
        "x.yaml:9:24: Task has no relationship 'Ownr' (did you mean 'Owner'?)",
    ),
    "a field beyond a relationship": (
        "Who.MobilePhone",
        "Who.MobilPhone",
        (
            "x.yaml:10:59: Who leads to Contact, Lead: none has a field 'MobilPhone'"
            " (did you mean 'MobilePhone'?)"
        ),
    ),
    "a type that is no phone's": (
        "[Call_Number__c,",
        "[IsClosed,",
        "x.yaml:10:3: 'IsClosed' is boolean, which cannot be read as phone",
    ),
    "a guard that is no checkbox": (
        "[Who.DoNotCall]",
        "[Who.Email]",
        "x.yaml:13:24: Who.Email is email: whom not to call is a checkbox",
    ),
    "an answer to nowhere": (
        "CallObject: {",
        "CallObjekt: {",
        "x.yaml:15:47: Task has no field 'CallObjekt' (did you mean 'CallObject'?)",
    ),
    "an answer that is for new records only": (
        "CallType: {value: Outbound}",
        "TaskSubtype: {value: Call}",
        "x.yaml:15:76: TaskSubtype cannot be updated (leave it out)",
    ),
    "an answer that the CRM makes itself": (
        "CallType: {value: Outbound}",
        "IsClosed: {value: true}",
        "x.yaml:15:76: IsClosed cannot be updated (leave it out)",
    ),
    "a choice that there is not": (
        "Call_Request__c: {value: Placed}",
        "Call_Request__c: {value: Dialled}",
        (
            "x.yaml:15:13: 'Dialled' is not a choice of Call_Request__c"
            " (there is: Blocked, Expired, Placed, Refused, Requested, Unknown)"
        ),
    ),
    "an answer of another type": (
        "CallType: {value: Outbound}",
        "At__c: {from: call.number}",
        "x.yaml:15:76: At__c is datetime, and this makes phone",
    ),
    "a record's field of another type": (
        "CallType: {value: Outbound}",
        "ActivityDate: {from: Call_Requested_At__c}",
        "x.yaml:15:76: ActivityDate is date, and this makes datetime (add 'as: date')",
    ),
    "an answer that can never be that": (
        "CallType: {value: Outbound}",
        "ActivityDate: {from: Score__c, as: date}",
        "x.yaml:15:76: 'Score__c' is number, which cannot be read as date",
    ),
    "claims of an object that is not there": (
        "object: Call_Dial__c",
        "object: Call_Dials__c",
        (
            "x.yaml:4:17: the CRM has no object 'Call_Dials__c' that this user may see"
            " (did you mean 'Call_Dial__c'?)"
        ),
    ),
    "a key that is not there": (
        "key: Request_Id__c",
        "key: Request__c",
        "x.yaml:4:36: Call_Dial__c has no field 'Request__c' (did you mean 'Request_Id__c'?)",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "told"), EDITS.values(), ids=EDITS)
def test_what_the_crm_cannot_do_is_told_where_the_file_asks_it(
    right: str, wrong: str, told: str, dials: str, world: World
) -> None:
    found = faults(dials.replace(right, wrong), world)

    assert told in found
    assert not [fault for fault in found if "warning" in fault]


WARNINGS = {
    "no claim": (
        "claim: {object: Call_Dial__c, key: Request_Id__c}\n",
        "",
        (
            "x.yaml:1:1: warning: 'claim' is left out: two installations, or a restored"
            " backup, could then dial twice (add claim: {object: Call_Dial__c, key:"
            " Request_Id__c})"
        ),
    ),
    "a number as it stands": (
        "], as: phone}",
        "]}",
        (
            "x.yaml:10:3: warning: to.telephoneNumber is sent as it stands in the CRM, a"
            " number or not (add 'as: phone')"
        ),
    ),
    "a poll as rare as requests live": (
        "every: 1 minute",
        "every: 2 minutes",
        (
            "x.yaml:6:1: warning: requests expire after 120 seconds, and are looked for"
            " every 120: without nudges they expire before they are read (let 'expires' be"
            " longer than 'every')"
        ),
    ),
    "words that are longer than the field": (
        "Call_Message__c: {from: message, fit: truncate}",
        "Call_Message__c: {from: message}",
        (
            "x.yaml:16:48: warning: text over 255 characters will be refused (add 'fit:"
            " truncate')"
        ),
    ),
    "an id that is longer than the field": (
        "CallObject: {from: call.id}",
        "Short__c: {from: call.id}",
        (
            "x.yaml:15:47: warning: text over 20 characters will be refused (add 'fit:"
            " truncate')"
        ),
    ),
}


@pytest.mark.parametrize(("right", "wrong", "told"), WARNINGS.values(), ids=WARNINGS)
def test_what_may_go_wrong_is_a_warning(
    right: str, wrong: str, told: str, dials: str, world: World
) -> None:
    short = with_fields(TASK, a_field("Short__c", "string", 20))

    found = faults(dials.replace(right, wrong), world, {**ORG, "Task": short})

    assert told in found
    assert all("warning" in fault for fault in found)


def test_an_end_that_writes_nothing_is_a_warning(dials: str, world: World) -> None:
    placed_only = dials[: dials.index("  refused:")]

    found = faults(placed_only, world)

    states = ("refused", "unknown", "expired", "blocked")
    assert found == tuple(
        f"x.yaml:14:1: warning: 'answer' leaves out '{state}': such a record is read again"
        " and again, and its agent sees nothing (say what is written where a call is"
        f" {state})"
        for state in states
    )


@pytest.mark.parametrize(
    "rule",
    [
        "CallObject: {from: WhatId}",
        "CallObject: {first: [call.location, Call_Number__c]}",
        "Description: {from: message}",
        "Short__c: {from: Call_Number__c}",
    ],
)
def test_text_that_surely_fits_is_not_warned_of(
    rule: str, dials: str, world: World
) -> None:
    short = with_fields(TASK, a_field("Short__c", "string", 40))

    text = dials.replace("CallObject: {from: call.id}", rule)

    assert faults(text, world, {**ORG, "Task": short}) == ()


# ── what the CRM lets our user do ──────────────────────────────────────────


def test_records_that_the_user_may_not_change_are_told(
    dials: str, world: World
) -> None:
    org = {**ORG, "Task": replace(TASK, updateable=False)}

    assert faults(dials, world, org) == (
        (
            "x.yaml:2:13: Task records cannot be updated by this user (no answer could be"
            " written)"
        ),
    )


def test_an_object_beyond_that_the_user_may_not_see_is_told(
    dials: str, world: World
) -> None:
    org = {name: there for name, there in ORG.items() if name not in {"User", "Group"}}

    assert faults(dials, world, org) == (
        "x.yaml:9:24: the CRM has no Group, User that this user may see",
    )


def test_a_field_that_can_be_changed_but_not_set_at_first_takes_an_answer(
    dials: str, world: World
) -> None:
    late: CrmField = replace(TASK.fields["CallObject"], createable=False)

    assert faults(dials, world, {**ORG, "Task": with_fields(TASK, late)}) == ()
