"""Which objects can be deleted or merged, and so have the fields that tell it."""

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import Json, select, soql

PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "User": "005",
    "Opportunity": "006",
    "Lead": "00Q",
    "Task": "00T",
    "TaskStatus": "01T",
    "Case": "500",
}


def described(api: httpx.Client, name: str) -> dict[str, Json]:
    fields = api.get(f"sobjects/{name}/describe").json()["fields"]
    return {field["name"]: field for field in fields}


@pytest.mark.parametrize(
    ("name", "deleted", "merged"),
    [
        ("Contact", True, True),
        ("Lead", True, True),
        ("Account", True, True),
        ("Case", True, False),
        ("Opportunity", True, False),
        ("Task", True, False),
        ("User", False, False),
        ("TaskStatus", False, False),
    ],
)
def test_an_object_has_the_fields_of_what_can_happen_to_it(
    api: httpx.Client, name: str, *, deleted: bool, merged: bool
) -> None:
    fields = described(api, name)
    flags = api.get(f"sobjects/{name}/describe").json()

    assert ("IsDeleted" in fields) is flags["deletable"] is deleted
    assert ("MasterRecordId" in fields) is flags["mergeable"] is merged
    assert flags["keyPrefix"] == PREFIXES[name]


@pytest.mark.parametrize("resource", ["query", "queryAll"])
@pytest.mark.parametrize(
    ("name", "field"),
    [("User", "IsDeleted"), ("User", "MasterRecordId"), ("Case", "MasterRecordId")],
)
def test_a_query_for_a_field_that_an_object_lacks_is_refused(
    api: httpx.Client, resource: str, name: str, field: str
) -> None:
    queries = (
        soql("SELECT Id,", field, "FROM", name),
        soql("SELECT Id FROM", name, "WHERE", field, "= null"),
        soql("SELECT Id FROM", name, "ORDER BY", field),
    )

    for query in queries:
        answer = api.get(resource, params={"q": query})
        (error,) = answer.json()
        assert (answer.status_code, error["errorCode"]) == (400, "INVALID_FIELD")
        assert f"No such column '{field}' on entity '{name}'." in error["message"]


def test_users_are_queried_like_others(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    query = "SELECT Id FROM User WHERE Call_Agent_Id__c = '101' AND IsActive = true"

    found = [
        select(api, query, resource=resource) for resource in ("query", "queryAll")
    ]

    assert found == [[{"Id": sandbox.rows("User")[1]["Id"]}]] * 2


def test_a_user_is_not_deleted(api: httpx.Client, sandbox: SalesforceSandbox) -> None:
    agent = sandbox.rows("User")[1]["Id"]

    answer = api.delete(f"sobjects/User/{agent}")

    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "INVALID_TYPE_FOR_OPERATION"
    with pytest.raises(KeyError, match="IsDeleted"):
        sandbox.delete(str(agent))


def test_two_users_may_have_one_agent_code(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    field = described(api, "User")["Call_Agent_Id__c"]
    for user in sandbox.rows("User")[1:3]:
        sandbox.change(str(user["Id"]), Call_Agent_Id__c="7")

    found = select(api, "SELECT Id FROM User WHERE Call_Agent_Id__c = '7'")

    told = ("type", "length", "unique", "externalId", "nillable")
    assert [field[name] for name in told] == ["string", 40, False, False, True]
    assert len(found) == 2


def test_a_leads_key_is_an_external_id_and_unique(api: httpx.Client) -> None:
    lead = described(api, "Lead")

    assert [lead["Call_Key__c"][one] for one in ("externalId", "unique")] == [True] * 2
    assert lead["ConvertedOpportunityId"]["referenceTo"] == ["Opportunity"]
    assert lead["ConvertedDate"]["type"] == "date"
    assert lead["ConvertedDate"]["createable"] is False


def test_the_users_of_the_team_have_the_ids_they_always_had(
    sandbox: SalesforceSandbox,
) -> None:
    ids = [user["Id"] for user in sandbox.rows("User")]

    assert ids == [f"0055g000001000{number}AAA" for number in range(1, 10)]
