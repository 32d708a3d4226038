"""What the project's own metadata adds to an org: fields of Activity, Lead and User,
and the dials. They are as salesforce/force-app has them, which a test compares."""

from dataclasses import replace

from connector.sandbox.salesforce.schema.shape import (
    Field,
    Object,
    choice,
    fields,
    formula,
    numbered,
    owner,
)

CALL_KEY = Field(
    "Call_Key__c",
    "Call Key",
    "string",
    255,
    external_id=True,
    unique=True,
    case_sensitive=True,
)
"""Which call, or lead, of which phone system a record is."""

OUTCOMES = ("Placed", "Refused", "Expired", "Unknown", "Blocked")
AGENTS_WORDS = (
    *("Interested", "Not Interested", "Follow Up", "Call Back"),
    *("Positive", "Negative", "Closed Won", "Closed Lost"),
)


def _restricted(name: str, label: str, choices: tuple[str, ...]) -> Field:
    return replace(choice(name, label, choices), restricted=True)


ACTIVITY = (
    CALL_KEY,
    Field("Call_Note__c", "Call Note", "string", 255),
    Field("Call_Recording__c", "Call Recording", "url", 255),
    _restricted("Call_Status__c", "Call Status", AGENTS_WORDS),
    Field("Call_Customer__c", "Call Customer", "phone", 40),
    Field("Call_Started__c", "Call Started", "datetime"),
    _restricted("Call_Request__c", "Call Request", ("Requested", *OUTCOMES)),
    Field(
        "Call_Request_Id__c",
        "Call Request Id",
        "string",
        255,
        external_id=True,
    ),
    Field("Call_Requested_At__c", "Call Requested At", "datetime"),
    Field("Call_Number__c", "Call Number", "phone", 40),
    Field("Call_Message__c", "Call Message", "string", 255),
)
USER = (Field("Call_Agent_Id__c", "Call Agent Id", "string", 40),)

DIAL = (
    numbered("Name", "Dial"),
    owner("Owner ID", polymorphic=True),
    Field(
        "Request_Id__c",
        "Request Id",
        "string",
        255,
        required=True,
        external_id=True,
        unique=True,
        case_sensitive=True,
    ),
    _restricted("State__c", "State", ("Claimed", "Dialling", *OUTCOMES)),
    Field("Record_Id__c", "Record Id", "string", 18),
    formula("Record__c", "Record"),
    Field("Number__c", "Number", "phone", 40),
    Field("Agent_Id__c", "Agent Id", "string", 40),
    Field("Requested_At__c", "Requested At", "datetime"),
    Field("Answered_At__c", "Answered At", "datetime"),
    Field("Call_Id__c", "Call Id", "string", 255),
    Field("Message__c", "Message", "string", 255),
    Field("Claimed_By__c", "Claimed By", "string", 255),
)

OBJECTS = (Object("Call_Dial__c", "Call Dial", "a00", fields("Record", DIAL)),)
