"""Objects as the org describes them, and how long that is believed."""

from datetime import datetime, timedelta
from urllib.request import Request

import pytest

from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import SchemaMismatchError, UnavailableError
from connector.model import CrmField

SUBTYPE = {
    "name": "TaskSubtype",
    "type": "picklist",
    "label": "Task Subtype",
    "length": 40,
    "createable": True,
    "updateable": False,
    "nillable": True,
    "defaultedOnCreate": False,
    "externalId": False,
    "unique": False,
    "caseSensitive": False,
    "restrictedPicklist": True,
    "picklistValues": [
        {"active": True, "value": "Task", "label": "Task"},
        {"active": False, "value": "Fax", "label": "Fax"},
        {"active": True, "value": "Call", "label": "Call"},
    ],
    "referenceTo": [],
}
KEY = {
    "name": "Call_Key__c",
    "type": "string",
    "label": "Call Key",
    "length": 255,
    "createable": True,
    "updateable": True,
    "nillable": False,
    "defaultedOnCreate": True,
    "externalId": True,
    "unique": True,
    "caseSensitive": True,
    "restrictedPicklist": False,
    "picklistValues": [],
    "referenceTo": [],
}
WHO = {
    "name": "WhoId",
    "type": "reference",
    "referenceTo": ["Contact", "Lead"],
    "relationshipName": "Who",
    "polymorphicForeignKey": True,
}
TASK = {
    "name": "Task",
    "createable": True,
    "updateable": False,
    "fields": [SUBTYPE, KEY, WHO],
}


def asked(sent: list[Request]) -> int:
    return len([request for request in sent if "describe" in request.selector])


def test_a_description_keeps_what_a_mapping_is_checked_against(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, TASK))

    task = crm.describe("Task")

    assert sent[-1].selector == "/services/data/v62.0/sobjects/Task/describe"
    assert (task.name, task.createable, task.updateable) == ("Task", True, False)
    assert task.fields == {
        "TaskSubtype": CrmField(
            name="TaskSubtype",
            type="picklist",
            label="Task Subtype",
            length=40,
            updateable=False,
            restricted=True,
            choices=("Task", "Call"),
        ),
        "Call_Key__c": CrmField(
            name="Call_Key__c",
            type="string",
            label="Call Key",
            length=255,
            nillable=False,
            defaulted=True,
            external_id=True,
            unique=True,
            case_sensitive=True,
        ),
        "WhoId": CrmField(
            name="WhoId",
            type="reference",
            references=("Contact", "Lead"),
            relationship="Who",
            polymorphic=True,
        ),
    }


@pytest.mark.parametrize(
    ("more", "polymorphic"),
    [
        ({"referenceTo": ["User"]}, False),
        ({"referenceTo": ["User"], "polymorphicForeignKey": False}, False),
        ({"referenceTo": ["User"], "polymorphicForeignKey": True}, True),
        ({"referenceTo": ["Group", "User"], "polymorphicForeignKey": False}, True),
    ],
)
def test_a_reference_to_several_objects_is_polymorphic_whatever_it_says(
    crm: SalesforceCrm,
    answers: list[object],
    more: dict[str, object],
    polymorphic: object,
) -> None:
    owner = {"name": "OwnerId", "type": "reference", "relationshipName": None, **more}
    answers.append((200, {"name": "Case", "fields": [owner]}))

    field = crm.describe("Case").fields["OwnerId"]

    assert field.polymorphic is polymorphic
    assert field.relationship == ""


@pytest.mark.parametrize(
    ("name", "relationship"), [("WhoId", "Who"), ("Site__c", "Site__r")]
)
def test_a_relationship_that_is_not_told_has_its_usual_name(
    crm: SalesforceCrm, answers: list[object], name: str, relationship: str
) -> None:
    field = {"name": name, "type": "reference", "referenceTo": ["Contact"]}
    answers.append((200, {"name": "Task", "fields": [field]}))

    assert crm.describe("Task").fields[name].relationship == relationship


def test_a_description_is_believed_for_ten_minutes(
    crm: SalesforceCrm, answers: list[object], sent: list[Request], now: list[datetime]
) -> None:
    answers += [(200, TASK), (200, TASK)]

    crm.describe("Task")
    now[0] += timedelta(minutes=9, seconds=59)
    crm.describe("Task")
    before = asked(sent)
    now[0] += timedelta(seconds=1)
    crm.describe("Task")

    assert (before, asked(sent)) == (1, 2)


def test_a_fresh_description_asks_the_crm_and_is_kept(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, TASK), (200, {**TASK, "fields": []})]
    crm.describe("Task")

    fresh = crm.describe("Task", fresh=True)

    assert fresh.fields == {}
    assert crm.describe("Task") == fresh
    assert asked(sent) == 2


@pytest.mark.parametrize("name", ["Task/../User", "Täsk", "", "1Task", "Task\n"])
def test_a_name_that_cannot_be_one_never_enters_a_url(
    crm: SalesforceCrm, sent: list[Request], name: str
) -> None:
    with pytest.raises(SchemaMismatchError):
        crm.describe(name)
    with pytest.raises(SchemaMismatchError):
        crm.create(name, [{"Subject": "one"}])
    with pytest.raises(SchemaMismatchError):
        crm.upsert("Task", name, [{"Subject": "one"}])

    assert sent == []


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [1],
        {},
        {"name": "Task", "fields": 7},
        {"name": "Task", "fields": ["WhoId"]},
        {"name": "Task", "fields": [{"name": "WhoId"}]},
        {"name": "Task", "fields": [{**WHO, "picklistValues": ["Call"]}]},
    ],
)
def test_a_description_of_another_shape_is_no_description(
    crm: SalesforceCrm, answers: list[object], answer: object
) -> None:
    answers.append((200, answer))

    with pytest.raises(UnavailableError):
        crm.describe("Task")
