"""What NewVoiceMedia refuses reaches the record in its own words (Calls API, "Invalid
request, states and call exceptions", "Invalid content types")."""

import pytest
from starlette.responses import JSONResponse

from tests.e2e.hotline import MAPPING, Hotline

WORDS = (
    "Ccxml must be enabled for this account",
    "Unable to place call - Agent number busy",
    "Unable to place call - dialed Agent is not currently available",
    "Unable to place call - invalid Agent Id.",
    "Unable to place call - Agent Id is unknown",
    "Unable to place call - number is invalid",
    "Unable to place call to Agent. Please try again",
    "Telephone number exceeds 30 characters",
    "Agent Id exceeds 11 digits",
    "Agent Id must contain digits only",
    "Telephone number not supported in this context",
    "Agent Id must be specified",
    "Either telephone number or agent id required",
    "Either telephone number or agent id required, not both",
    "Reference exceeded 2000 characters",
    "Reference contained invalid characters",
    "Application exceeded 32 characters",
    "Application contains non-alphanumeric characters",
)
"""All that the document lists with a 400."""
MEDIA = "The requested resource does not support content type 'multipart/form-data'."

NUMBER = "  to.telephoneNumber: {first: [Call_Number__c, Who.Phone, Who.MobilePhone], as: phone}\n"
AGENT = "  from.agentId: {from: Owner.Call_Agent_Id__c}"
REFERENCE = "  regarding.reference: {first: [WhatId, WhoId, Id]}"
APPLICATION = "  application: {value: connector}"

BEFORE = {
    "a number that is too long": (
        (NUMBER, "  to.telephoneNumber: {from: Description}\n"),
        "Telephone number exceeds 30 characters",
    ),
    "an agent's id that is too long": (
        (AGENT, "  from.agentId: {from: Description}"),
        "Agent Id exceeds 11 digits",
    ),
    "an agent's id with letters": (
        (AGENT, "  from.agentId: {from: Owner.Name}"),
        "Agent Id",
    ),
    "no agent": (
        (AGENT, "  from.agentId: {from: Call_Message__c}"),
        "Agent Id must be specified",
    ),
    "nobody to call": (
        (NUMBER, "  to.telephoneNumber: {from: Call_Message__c}\n"),
        "Either telephone number or agent id required",
    ),
    "a number and an agent": (
        (NUMBER, f"{NUMBER}  to.agentId: {{from: Owner.Call_Agent_Id__c}}\n"),
        "Either telephone number or agent id required, not both",
    ),
    "a reference with spaces": (
        (REFERENCE, "  regarding.reference: {from: Subject}"),
        "Reference contained invalid characters",
    ),
    "a reference that is too long": (
        (REFERENCE, "  regarding.reference: {from: Description}"),
        "Reference exceeded 2000 characters",
    ),
    "an application with spaces": (
        (APPLICATION, "  application: {from: Subject}"),
        "Application contains non-alphanumeric characters",
    ),
    "an application that is too long": (
        (APPLICATION, "  application: {from: Description}"),
        "Application exceeded 32 characters",
    ),
}
"""What is refused before it is sent: a line of the mapping and another, the words.

Description holds 2,001 digits; a constant like that is told by `check` already.
"""


@pytest.mark.parametrize("words", WORDS)
def test_every_documented_400_is_seen_on_the_record(
    hotline: Hotline, words: str
) -> None:
    hotline.phones.moods.refusals.append(words)
    request = hotline.press()

    hotline.poll()

    assert hotline.seen(request) == ("Refused", words)
    hotline.assert_dialled()


def test_the_documented_415_is_seen_on_the_record(hotline: Hotline) -> None:
    hotline.calls.before = lambda _: JSONResponse({"message": MEDIA}, 415)
    request = hotline.press()

    hotline.poll()

    assert hotline.seen(request) == ("Refused", MEDIA)


def test_an_agent_who_is_on_the_phone_is_seen_on_the_record(hotline: Hotline) -> None:
    hotline.phones.occupy("101")
    request = hotline.press()

    hotline.poll()

    words = "Unable to place call - Agent number busy"
    assert hotline.seen(request) == ("Refused", words)


@pytest.mark.parametrize(("change", "words"), BEFORE.values(), ids=BEFORE)
def test_a_documented_rule_is_checked_before_anything_is_sent(
    hotline: Hotline, change: tuple[str, str], words: str
) -> None:
    assert change[0] in MAPPING
    hotline.map(MAPPING.replace(*change))
    request = hotline.press()
    hotline.crm.change(hotline.task(request)["Id"], Description="1" * 2001)

    hotline.poll()

    state, message = hotline.seen(request)
    assert state == "Refused"
    assert words in message
    assert hotline.calls.count == 0
