"""What describe says, and that the org keeps to it (Object Reference: Task)."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import Json, codes, create, task

TYPES = {
    "Subject": ("combobox", 255),
    "Description": ("textarea", 32_000),
    "CallObject": ("string", 255),
    "CallDisposition": ("string", 255),
    "CallType": ("picklist", 40),
    "Call_Recording__c": ("url", 255),
    "Call_Customer__c": ("phone", 40),
    "Call_Note__c": ("string", 255),
    "WhoId": ("reference", 18),
}


def fields(api: httpx.Client, name: str = "Task") -> dict[str, Json]:
    described = api.get(f"sobjects/{name}/describe").json()
    return {field["name"]: field for field in described["fields"]}


def test_the_tasks_fields_have_their_documented_types(api: httpx.Client) -> None:
    found = fields(api)

    assert {n: (found[n]["type"], found[n]["length"]) for n in TYPES} == TYPES
    assert found["CallDurationInSeconds"]["digits"] == 8
    assert found["ActivityDate"]["type"] == "date"
    assert found["WhoId"]["referenceTo"] == ["Contact", "Lead"]
    assert found["WhoId"]["relationshipName"] == "Who"


def test_the_key_is_an_external_id_and_unique(api: httpx.Client) -> None:
    key = fields(api)["Call_Key__c"]

    told = ("externalId", "unique", "caseSensitive", "idLookup", "custom")
    assert [key[name] for name in told] == [True] * 5


def test_rights_and_needs_are_told_apart(api: httpx.Client) -> None:
    found = fields(api)

    def rights(name: str) -> tuple[object, object, object, object]:
        field = found[name]
        told = "createable", "updateable", "nillable", "defaultedOnCreate"
        a, b, c, d = (field[one] for one in told)
        return a, b, c, d

    assert rights("Subject") == (True, True, True, False)
    assert rights("TaskSubtype") == (True, False, False, True)
    assert rights("Status") == (True, True, False, True)
    assert rights("OwnerId") == (True, True, False, True)
    assert rights("IsClosed") == (False, False, False, True)
    assert rights("CompletedDateTime") == (False, False, True, False)


def test_a_picklists_values_are_listed(api: httpx.Client) -> None:
    found = fields(api)

    values = found["Call_Status__c"]["picklistValues"]
    assert found["Call_Status__c"]["restrictedPicklist"] is True
    assert isinstance(values, list)
    assert values[0] == {
        "value": "Interested",
        "label": "Interested",
        "active": True,
        "defaultValue": False,
    }
    assert found["Status"]["restrictedPicklist"] is False


@pytest.mark.parametrize("name", ["Contact", "Lead", "Account", "User", "Case"])
def test_other_objects_are_described_too(api: httpx.Client, name: str) -> None:
    described = api.get(f"sobjects/{name}/describe").json()

    assert described["name"] == name
    assert {"Id", "SystemModstamp"} <= fields(api, name).keys()


def test_all_objects_are_listed(api: httpx.Client) -> None:
    listed = api.get("sobjects").json()["sobjects"]

    prefixes = {one["name"]: one["keyPrefix"] for one in listed}
    assert prefixes["Task"] == "00T"
    assert set(prefixes) >= {"User", "Opportunity", "TaskStatus"}
    writeable = {one["name"]: one["createable"] for one in listed}
    assert (writeable["Task"], writeable["TaskStatus"]) == (True, False)


def test_an_unknown_object_is_not_found(api: httpx.Client) -> None:
    assert api.get("sobjects/Taskk/describe").status_code == 404


def test_a_field_that_was_removed_is_gone(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.remove_field("Task", "Call_Note__c")

    answer = create(api, task(Call_Note__c="a"))

    assert "Call_Note__c" not in fields(api)
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD"
    assert "Call_Note__c" not in sandbox.rows("Contact")[0]


def test_a_picklist_value_that_was_added_is_taken(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    before = create(api, task(Call_Status__c="Maybe", Call_Key__c="a"))

    sandbox.add_picklist_value("Task", "Call_Status__c", "Maybe")

    after = create(api, task(Call_Status__c="Maybe", Call_Key__c="a"))
    again = create(api, task(Call_Key__c="a"))
    assert codes(before) == ["INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]
    assert codes(after) == [None]
    assert codes(again) == ["DUPLICATE_VALUE"]
    assert sandbox.rows("Task")[0]["OwnerId"] == sandbox.user_id
