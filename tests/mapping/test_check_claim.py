"""The object of the claims is checked before a request is claimed."""

from dataclasses import replace

import pytest

from connector.mapping.load import World
from connector.model import CrmObject
from tests.mapping.checked import faults
from tests.mapping.org import DIAL, ORG, a_field, a_key, with_fields, without

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
        (
            "4:17: Call_Dial__c needs the field Region__c, and nothing fills it (give it a"
            " default in the CRM, or let it be empty)"
        ),
    ),
    "a required field that is filled too late": (
        with_fields(DIAL, replace(a_field("Call_Id__c", "string"), nillable=False)),
        (
            "4:17: Call_Dial__c needs the field Call_Id__c, and nothing fills it (give it a"
            " default in the CRM, or let it be empty)"
        ),
    ),
    "nobody's name": (
        without(DIAL, "Claimed_By__c"),
        (
            "4:17: warning: without Claimed_By__c a claim does not tell whose it is (add it:"
            " else a request whose claim was not answered is not dialled)"
        ),
    ),
    "a key that several may have": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), unique=False)),
        (
            "4:36: the key Request_Id__c must be an external id and unique (mark it so in"
            " the CRM, or one request could be claimed twice)"
        ),
    ),
    "a key that is no external id": (
        with_fields(DIAL, replace(a_key("Request_Id__c"), external_id=False)),
        (
            "4:36: the key Request_Id__c must be an external id and unique (mark it so in"
            " the CRM, or one request could be claimed twice)"
        ),
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
        (
            "4:36: warning: the key Request_Id__c has room for 36 characters, and the"
            " request's id in Call_Request_Id__c may have 255 (make the key as long)"
        ),
    ),
}


@pytest.mark.parametrize(("claims", "told"), CLAIMS.values(), ids=CLAIMS)
def test_an_object_that_cannot_hold_the_claims_is_told(
    claims: CrmObject, told: str, dials: str, world: World
) -> None:
    assert faults(dials, world, {**ORG, "Call_Dial__c": claims}) == (f"x.yaml:{told}",)


def test_required_fields_that_a_claim_is_made_with_are_well(
    dials: str, world: World
) -> None:
    names = ("State__c", "Record_Id__c", "Number__c", "Agent_Id__c", "Requested_At__c")
    needed = [replace(a_field(name, "string"), nillable=False) for name in names]
    given = [replace(_NOT_NULL, name="A__c", defaulted=True)]
    claims = with_fields(DIAL, *needed, *given)

    assert faults(dials, world, {**ORG, "Call_Dial__c": claims}) == ()


def test_without_the_record_s_object_the_claims_are_still_checked(
    dials: str, world: World
) -> None:
    org = {"Call_Dial__c": replace(DIAL, createable=False)}

    assert [fault[:10] for fault in faults(dials, world, org)] == [
        "x.yaml:2:1",
        "x.yaml:4:1",
    ]
