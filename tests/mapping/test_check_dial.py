"""A dial file is checked against the CRM's description before anything is dialled."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.mapping.check_dial import asked_by_dial, check_dial
from connector.mapping.load import World
from connector.model import CrmField, CrmObject
from tests.mapping.conftest import PARAMETERS
from tests.mapping.loading import load_dial
from tests.mapping.org import DIAL, ORG, TASK, a_field, a_key, with_fields, without


def faults(
    text: str, world: World, org: Mapping[str, CrmObject] = ORG
) -> tuple[str, ...]:
    """What is wrong, each as it is printed, of what `asked_by_dial` has described."""
    flow = load_dial(text, "x.yaml", world)
    target = org.get(flow.object)
    described = {name: org[name] for name in asked_by_dial(flow, target) if name in org}
    found = check_dial(flow, target, described, PARAMETERS)
    return tuple(map(str, found))


@pytest.fixture
def good(dials: str) -> str:
    """A file of which nothing is wrong, not even a little."""
    return dials.replace("every: 1 minute", "every: 30 seconds")


def test_a_good_file_has_nothing_wrong(good: str, world: World) -> None:
    assert faults(good, world) == ()


def test_what_is_described_are_the_claims_and_what_the_paths_lead_to(
    good: str, world: World
) -> None:
    flow = load_dial(good, "x.yaml", world)

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
        "x.yaml:2:58: Task has no field 'IsClose' (did you mean 'IsClosed'?)",
    ),
    "a constant of another type in where": (
        "IsClosed: {is: false}",
        "Score__c: {at least: high}",
        "x.yaml:2:58: 'high' is not number, as Score__c is",
    ),
    "a field of parts in where": (
        "IsClosed: {is: false}",
        "Place__c: {blank: false}",
        "x.yaml:2:58: Place__c is address, which no rule can read",
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
        "x.yaml:9:26: Task has no relationship 'Ownr' (did you mean 'Owner'?)",
    ),
    "a field beyond a relationship": (
        "Who.MobilePhone",
        "Who.MobilPhone",
        "x.yaml:10:62: Who leads to Contact, Lead: none has a field 'MobilPhone'"
        " (did you mean 'MobilePhone'?)",
    ),
    "a type that is no phone's": (
        "[Call_Number__c,",
        "[IsClosed,",
        "x.yaml:10:3: 'IsClosed' is boolean, which cannot be read as phone",
    ),
    "a guard that is no checkbox": (
        "[Who.DoNotCall]",
        "[Who.Phone]",
        "x.yaml:10:47: Who.Phone is phone: whom not to call is a checkbox",
    ),
    "an answer to nowhere": (
        "CallObject: {",
        "CallObjekt: {",
        "x.yaml:15:49: Task has no field 'CallObjekt' (did you mean 'CallObject'?)",
    ),
    "an answer that is for new records only": (
        "CallType: {value: Outbound}",
        "TaskSubtype: {value: Call}",
        "x.yaml:15:82: TaskSubtype cannot be updated (leave it out)",
    ),
    "an answer that the CRM makes itself": (
        "CallType: {value: Outbound}",
        "IsClosed: {value: true}",
        "x.yaml:15:82: IsClosed cannot be updated (leave it out)",
    ),
    "a choice that there is not": (
        "Call_Request__c: {value: Placed}",
        "Call_Request__c: {value: Dialled}",
        "x.yaml:15:13: 'Dialled' is not a choice of Call_Request__c"
        " (there is: Blocked, Expired, Placed, Refused, Requested, Unknown)",
    ),
    "an answer of another type": (
        "CallType: {value: Outbound}",
        "At__c: {from: call.number}",
        "x.yaml:15:82: At__c is datetime, and this makes phone",
    ),
    "a record's field of another type": (
        "CallType: {value: Outbound}",
        "ActivityDate: {from: Call_Requested_At__c}",
        "x.yaml:15:82: ActivityDate is date, and this makes datetime (add 'as: date')",
    ),
    "an answer that can never be that": (
        "CallType: {value: Outbound}",
        "ActivityDate: {from: Score__c, as: date}",
        "x.yaml:15:82: 'Score__c' is number, which cannot be read as date",
    ),
    "claims of an object that is not there": (
        "object: Call_Dial__c",
        "object: Call_Dials__c",
        "x.yaml:4:17: the CRM has no object 'Call_Dials__c' that this user may see"
        " (did you mean 'Call_Dial__c'?)",
    ),
    "a key that is not there": (
        "key: Request_Id__c",
        "key: Request__c",
        "x.yaml:4:36: Call_Dial__c has no field 'Request__c' (did you mean 'Request_Id__c'?)",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "told"), EDITS.values(), ids=EDITS)
def test_what_the_crm_cannot_do_is_told_where_the_file_asks_it(
    right: str, wrong: str, told: str, good: str, world: World
) -> None:
    found = faults(good.replace(right, wrong), world)

    assert told in found
    assert not [fault for fault in found if "warning" in fault]


WARNINGS = {
    "no claim": (
        "claim: {object: Call_Dial__c, key: Request_Id__c}\n",
        "",
        "x.yaml:1:1: warning: 'claim' is left out: two installations, or a restored"
        " backup, could then dial twice (add claim: {object: Call_Dial__c, key:"
        " Request_Id__c})",
    ),
    "a number as it stands": (
        "], as: phone}",
        "]}",
        "x.yaml:10:3: warning: to.telephoneNumber is sent as it stands in the CRM, a"
        " number or not (add 'as: phone')",
    ),
    "a poll as rare as requests live": (
        "every: 30 seconds",
        "every: 2 minutes",
        "x.yaml:1:1: warning: requests expire after 120 seconds, and are looked for"
        " every 120: without nudges they expire before they are read (let 'expires' be"
        " longer than 'every')",
    ),
    "an end without an answer": (
        "  blocked: {",
        "  placed: {",
        "x.yaml:1:1: warning: 'answer' leaves out 'blocked': such a record is read again"
        " and again, and its agent sees nothing (say what is written where a call is"
        " blocked)",
    ),
    "words that are longer than the field": (
        "Call_Message__c: {from: message, fit: truncate}",
        "Call_Message__c: {from: message}",
        "x.yaml:16:50: warning: text over 255 characters will be refused (add 'fit:"
        " truncate')",
    ),
    "an id that is longer than the field": (
        "CallObject: {from: call.id}",
        "Short__c: {from: call.id}",
        "x.yaml:15:49: warning: text over 20 characters will be refused (add 'fit:"
        " truncate')",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "told"), WARNINGS.values(), ids=WARNINGS)
def test_what_may_go_wrong_is_a_warning(
    right: str, wrong: str, told: str, good: str, world: World
) -> None:
    text = good.replace(right, wrong)
    if "placed" in wrong:
        text = "".join(text.splitlines(keepends=True)[:-1])
    short = with_fields(TASK, a_field("Short__c", "string", 20))

    found = faults(text, world, {**ORG, "Task": short})

    assert told in found
    assert all("warning" in fault for fault in found)


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
    rule: str, good: str, world: World
) -> None:
    short = with_fields(TASK, a_field("Short__c", "string", 40))

    text = good.replace("CallObject: {from: call.id}", rule)

    assert faults(text, world, {**ORG, "Task": short}) == ()


# ── what the CRM lets our user do ──────────────────────────────────────────

_NOT_NULL = replace(a_field("Region__c", "string"), nillable=False)
CLAIMS = {
    "not created": (
        replace(DIAL, createable=False),
        "4:17: Call_Dial__c records cannot be created by this user",
    ),
    "not updated": (
        replace(DIAL, updateable=False),
        "4:17: Call_Dial__c records cannot be updated by this user",
    ),
    "a required field that nobody fills": (
        with_fields(DIAL, _NOT_NULL),
        "4:17: Call_Dial__c needs the field Region__c, and nothing fills it (give it a"
        " default in the CRM, or let it be empty)",
    ),
    "a required field that is filled too late": (
        with_fields(DIAL, replace(a_field("Call_Id__c", "string"), nillable=False)),
        "4:17: Call_Dial__c needs the field Call_Id__c, and nothing fills it (give it a"
        " default in the CRM, or let it be empty)",
    ),
    "nobody's name": (
        without(DIAL, "Claimed_By__c"),
        "4:17: warning: without Claimed_By__c a claim does not tell whose it is (add it:"
        " else a request whose claim was not answered is not dialled)",
    ),
    "a key that several may have": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), unique=False)),
        "4:36: the key Request_Id__c must be an external id and unique (mark it so in"
        " the CRM, or one request could be claimed twice)",
    ),
    "a key that is no external id": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), external_id=False)),
        "4:36: the key Request_Id__c must be an external id and unique (mark it so in"
        " the CRM, or one request could be claimed twice)",
    ),
    "a key that is a number": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), type="double", length=0)),
        "4:36: the key Request_Id__c is double; a key must be text",
    ),
    "a key that may not be written": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), createable=False)),
        "4:36: the key Request_Id__c cannot be written by this user",
    ),
    "a key that is too short": (
        with_fields(DIAL, a_key("Request_Id__c", length=36)),
        "4:36: warning: the key Request_Id__c has room for 36 characters, and the"
        " request's id in Call_Request_Id__c may have 255 (make the key as long)",
    ),
}


@pytest.mark.parametrize(("claims", "told"), CLAIMS.values(), ids=CLAIMS)
def test_an_object_that_cannot_hold_the_claims_is_told(
    claims: CrmObject, told: str, good: str, world: World
) -> None:
    assert faults(good, world, {**ORG, "Call_Dial__c": claims}) == (f"x.yaml:{told}",)


def test_required_fields_that_a_claim_is_made_with_are_well(
    good: str, world: World
) -> None:
    names = ("State__c", "Record_Id__c", "Number__c", "Agent_Id__c", "Requested_At__c")
    needed = [replace(a_field(name, "string"), nillable=False) for name in names]
    given = [replace(_NOT_NULL, name="A__c", defaulted=True)]
    claims = with_fields(DIAL, *needed, *given)

    assert faults(good, world, {**ORG, "Call_Dial__c": claims}) == ()


def test_records_that_the_user_may_not_change_are_told(good: str, world: World) -> None:
    org = {**ORG, "Task": replace(TASK, updateable=False)}

    assert faults(good, world, org) == (
        "x.yaml:2:13: Task records cannot be updated by this user (no answer could be"
        " written)",
    )


def test_an_object_beyond_that_the_user_may_not_see_is_told(
    good: str, world: World
) -> None:
    org = {name: there for name, there in ORG.items() if name not in {"User", "Group"}}

    assert faults(good, world, org) == (
        "x.yaml:9:26: the CRM has no Group, User that this user may see",
    )


def test_a_field_that_can_be_changed_but_not_set_at_first_takes_an_answer(
    good: str, world: World
) -> None:
    late: CrmField = replace(TASK.fields["CallObject"], createable=False)

    assert faults(good, world, {**ORG, "Task": with_fields(TASK, late)}) == ()


def test_without_the_record_s_object_the_claims_are_still_checked(
    good: str, world: World
) -> None:
    org = {"Call_Dial__c": replace(DIAL, createable=False)}

    assert [fault[:10] for fault in faults(good, world, org)] == [
        "x.yaml:2:1",
        "x.yaml:4:1",
    ]
