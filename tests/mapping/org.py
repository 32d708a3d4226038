"""The objects that a dial file reads, as an org describes them."""

from collections.abc import Mapping
from dataclasses import replace

from connector.errors import SchemaMismatchError
from connector.model import CrmField, CrmObject

_LENGTHS = {"string": 255, "phone": 40, "reference": 18, "id": 18, "picklist": 255}


def a_field(name: str, kind: str, length: int | None = None) -> CrmField:
    """A field that anybody may write."""
    return CrmField(
        name=name,
        type=kind,
        label=name,
        length=_LENGTHS.get(kind, 0) if length is None else length,
    )


def a_key(name: str, *, length: int = 255) -> CrmField:
    """An external id that no two records share."""
    field = a_field(name, "string", length)
    return replace(field, external_id=True, unique=True, nillable=False)


def a_reference(name: str, *to: str, polymorphic: bool = False) -> CrmField:
    """A field that points to a record."""
    return replace(
        a_field(name, "reference"),
        references=to,
        relationship=f"{name[:-1]}r" if name.endswith("__c") else name[:-2],
        polymorphic=polymorphic,
    )


def an_object(name: str, *fields: CrmField) -> CrmObject:
    """An object with an id beside these fields."""
    both = (a_field("Id", "id"), *fields)
    return CrmObject(name=name, fields={field.name: field for field in both})


def with_fields(target: CrmObject, *fields: CrmField) -> CrmObject:
    """An object with these fields added or changed."""
    return replace(target, fields={**target.fields, **{f.name: f for f in fields}})


def without(target: CrmObject, name: str) -> CrmObject:
    """An object that lacks a field."""
    kept = {key: field for key, field in target.fields.items() if key != name}
    return replace(target, fields=kept)


_PHONES = (a_field("Phone", "phone"), a_field("MobilePhone", "phone"))
_PERSON = (
    *(a_field("Name", "string", 121), *_PHONES),
    *(a_field("DoNotCall", "boolean"), a_field("Email", "email", 80)),
)
STATES = ("Requested", "Placed", "Refused", "Expired", "Unknown", "Blocked")

TASK = an_object(
    "Task",
    a_reference("WhoId", "Contact", "Lead", polymorphic=True),
    a_reference("WhatId", "Account", "Case", "Opportunity", polymorphic=True),
    a_reference("OwnerId", "Group", "User", polymorphic=True),
    a_reference("AccountId", "Account"),
    replace(a_field("Call_Request__c", "picklist"), choices=STATES, restricted=True),
    a_field("Call_Request_Id__c", "string"),
    a_field("Call_Requested_At__c", "datetime"),
    a_field("Call_Number__c", "phone"),
    a_field("Call_Message__c", "string"),
    a_field("CallObject", "string"),
    replace(a_field("CallType", "picklist", 40), choices=("Inbound", "Outbound")),
    replace(a_field("TaskSubtype", "picklist", 40), updateable=False),
    replace(a_field("IsClosed", "boolean"), createable=False, updateable=False),
    a_field("Description", "textarea", 32_000),
    a_field("ActivityDate", "date"),
    a_field("At__c", "datetime"),
    a_field("Clock__c", "time"),
    a_field("Score__c", "double"),
    a_field("Groups__c", "multipicklist", 4_099),
    a_field("Place__c", "address"),
)
ACCOUNT = an_object(
    "Account",
    a_field("Name", "string"),
    a_field("Phone", "phone"),
    a_reference("OwnerId", "User"),
)
DIAL = an_object(
    "Call_Dial__c",
    a_key("Request_Id__c"),
    a_field("State__c", "picklist"),
    a_field("Claimed_By__c", "string"),
)
ORG: Mapping[str, CrmObject] = {
    "Task": TASK,
    "Contact": an_object("Contact", *_PERSON, a_field("HomePhone", "phone")),
    "Lead": an_object("Lead", *_PERSON),
    "Account": ACCOUNT,
    "Case": an_object("Case", a_field("CaseNumber", "string", 30)),
    "Opportunity": an_object("Opportunity", a_field("Name", "string", 120)),
    "User": an_object("User", a_field("Call_Agent_Id__c", "string", 40)),
    "Group": an_object("Group", a_field("Name", "string", 40)),
    "Call_Dial__c": DIAL,
}


def described(name: str) -> CrmObject:
    """Describe an object as the CRM does."""
    try:
        return ORG[name]
    except KeyError:
        raise SchemaMismatchError(f"the CRM has no object {name}") from None
