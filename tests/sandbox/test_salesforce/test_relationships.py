"""Queries that follow relationships (SOQL Reference, "TYPEOF", "Understanding
Relationship Fields and Polymorphic Fields"; Object Reference, "Name")."""

from typing import Final

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Scalar, reference
from tests.sandbox.test_salesforce.keys import Json, created, select, soql

PERSON: Final = "DoNotCall, Phone, MobilePhone"
CLICK: Final = soql(
    "SELECT Id, TYPEOF Owner WHEN User THEN Call_Agent_Id__c END,",
    f"TYPEOF Who WHEN Contact THEN {PERSON} WHEN Lead THEN {PERSON} END,",
    "What.Name, Call_Number__c FROM Task WHERE Call_Request__c = 'Requested'",
    "AND IsClosed = false",
)
"""All that a click needs, in one query."""


def first(sandbox: SalesforceSandbox, name: str, **having: Scalar) -> str:
    for row in sandbox.rows(name):
        if having.items() <= row.items():
            return str(row["Id"])
    raise AssertionError(having)


def refusal(api: httpx.Client, query: str) -> tuple[str, str]:
    answer = api.get("query", params={"q": query})
    (error,) = answer.json()
    assert answer.status_code == 400
    assert error.keys() == {"message", "errorCode"}
    return error["errorCode"], error["message"]


def test_all_that_a_click_needs_comes_with_one_query(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    agent = first(sandbox, "User", Call_Agent_Id__c="101")
    contact = first(sandbox, "Contact", Name="Aditi Rao")
    lead = first(sandbox, "Lead", Name="Deepa Krishnan")
    account = first(sandbox, "Account", Name="Lotus Travels")
    sandbox.change(lead, DoNotCall=True)
    asked = {"Call_Request__c": "Requested", "OwnerId": agent}
    created(api, **asked, WhoId=contact, WhatId=account)
    created(api, **asked, WhoId=lead, Call_Number__c="+911")
    created(api, **asked)

    one, two, three = select(api, CLICK)

    assert without_url(one) == {
        "Id": one["Id"],
        "Owner": {"attributes": {"type": "User"}, "Call_Agent_Id__c": "101"},
        "Who": {
            "attributes": {"type": "Contact"},
            "DoNotCall": False,
            "Phone": sandbox.rows("Contact")[0]["Phone"],
            "MobilePhone": None,
        },
        "What": {"attributes": {"type": "Name"}, "Name": "Lotus Travels"},
        "Call_Number__c": None,
    }
    assert isinstance(two["Who"], dict)
    assert (two["Who"]["DoNotCall"], two["Call_Number__c"]) == (True, "+911")
    assert (three["Who"], three["What"]) == (None, None)


def without_url(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: without_url(one) for key, one in value.items() if key != "url"}


def test_the_urls_lead_to_the_records_themselves(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    created(api, WhoId=first(sandbox, "Contact"))

    (record,) = select(api, "SELECT Owner.Id, Who.Id FROM Task")

    for name in ("Owner", "Who"):
        nested = record[name]
        assert isinstance(nested, dict)
        url = api.base_url.join(nested["attributes"]["url"])
        assert api.get(url).json()["Id"] == nested["Id"]


NAMED = (
    ("Contact", {"Email": None, "Phone": None, "Title": None, "FirstName": "Aditi"}),
    ("Account", {"Phone": None, "FirstName": None, "IsActive": False}),
    ("Case", {"Name": "00001001"}),
)


@pytest.mark.parametrize(("name", "shown"), NAMED)
def test_the_name_object_has_values_only_where_it_is_documented(
    api: httpx.Client, sandbox: SalesforceSandbox, name: str, shown: Json
) -> None:
    sandbox.add("Case", {"Subject": "Late"})
    relation = "Who" if name == "Contact" else "What"
    one = created(api, **{f"{relation}Id": first(sandbox, name)})
    paths = ", ".join(f"{relation}.{field}" for field in shown)

    (record,) = select(api, soql("SELECT", paths, "FROM Task WHERE Id =", f"'{one}'"))

    nested = record[relation]
    assert isinstance(nested, dict)
    assert {**nested, **shown} == nested


def test_the_name_object_has_everything_of_a_user(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    agent = first(sandbox, "User", Call_Agent_Id__c="106")
    created(api, OwnerId=agent)

    query = soql(
        "SELECT Owner.Email, Owner.IsActive, owner.type FROM Task",
        "WHERE Owner.IsActive = true AND Owner.Type = 'User'",
        f"AND Owner.Id = '{agent[:15]}'",
    )

    found = select(api, query)

    assert [without_url(record["Owner"]) for record in found] == [
        {
            "attributes": {"type": "Name"},
            "Email": "grace.whitfield@sandbox.example",
            "IsActive": True,
            "Type": "User",
        }
    ]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("Who.MobilePhone", "MobilePhone"),
        ("Who.DoNotCall", "DoNotCall"),
        ("Owner.Call_Agent_Id__c", "Call_Agent_Id__c"),
        ("What.CaseNumber", "CaseNumber"),
    ],
)
@pytest.mark.parametrize("tail", ["", " WHERE {} = null", " ORDER BY {}"])
def test_what_the_name_object_lacks_is_refused_where_it_stands(
    api: httpx.Client, path: str, field: str, tail: str
) -> None:
    query = soql("SELECT Id, ", path, "FROM Task")
    if tail:
        query = soql("SELECT Id FROM Task", tail.format(path))
    at = query.index(path)

    code, message = refusal(api, query)

    start = max(0, at - 40)
    assert code == "INVALID_FIELD"
    assert message == (
        f"\n{query[start : at + 40]}\n{' ' * (at - start)}^"
        f"\nERROR at Row:1:Column:{at + 1}"
        f"\nNo such column '{field}' on entity 'Name'. If you are attempting to use a"
        " custom field, be sure to append the '__c' after the custom field name."
        " Please reference your WSDL or the describe call for the appropriate names."
    )


def test_what_is_no_relationship_is_refused_where_it_stands(api: httpx.Client) -> None:
    code, message = refusal(api, "SELECT Id, Whom.Name FROM Task")

    assert code == "INVALID_FIELD"
    assert message.startswith(
        "\nSELECT Id, Whom.Name FROM Task\n           ^\nERROR at Row:1:Column:12\n"
        "Didn't understand relationship 'Whom' in field path."
    )


def test_only_the_part_of_a_query_around_the_mistake_is_shown(
    api: httpx.Client,
) -> None:
    before, after = f"'{'a' * 50}'", f"'{'b' * 50}'"
    where = f"Subject IN ({before}) AND Who.Fax = {after}"

    _, message = refusal(api, soql("SELECT Id FROM Task WHERE", where))

    _, shown, caret, _, _ = message.split("\n")
    assert (len(shown), caret.index("^")) == (80, 40)
    assert shown[40:].startswith("Who.Fax")


def test_what_is_no_object_is_refused_where_it_stands(api: httpx.Client) -> None:
    code, message = refusal(api, "SELECT Id FROM Taskk")

    assert code == "INVALID_TYPE"
    assert "\nERROR at Row:1:Column:16\nsObject type 'Taskk' is not supp" in message


@pytest.mark.parametrize(
    ("selected", "code"),
    [
        ("TYPEOF Who WHEN Lead THEN Phone END, Who.Name", "MALFORMED_QUERY"),
        (
            "TYPEOF Who WHEN Lead THEN Phone END, TYPEOF Who WHEN Lead THEN Id END",
            "MALFORMED_QUERY",
        ),
        (
            "TYPEOF Who WHEN Lead THEN Phone WHEN lead THEN Id END",
            "MALFORMED_QUERY",
        ),
        ("TYPEOF Who WHEN Lead THEN HomePhone END", "INVALID_FIELD"),
        ("TYPEOF Who WHEN Lead THEN Phone ELSE MobilePhone END", "INVALID_FIELD"),
        ("TYPEOF Who WHEN Lead THEN Phone, phone END", "INVALID_FIELD"),
        ("Who.Name, who.name", "INVALID_FIELD"),
        ("TYPEOF WhoId WHEN Lead THEN Phone END", "INVALID_FIELD"),
        ("TYPEOF Who WHEN Lead THEN Phone", "MALFORMED_QUERY"),
    ],
)
def test_a_relationship_is_selected_in_one_way(
    api: httpx.Client, selected: str, code: str
) -> None:
    assert refusal(api, soql("SELECT", selected, "FROM Task"))[0] == code


def test_objects_of_a_typeof_are_named_in_any_case(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    created(api, WhoId=first(sandbox, "Contact"))

    (record,) = select(api, "SELECT typeof who when CONTACT then name end FROM Task")

    assert isinstance(record["Who"], dict)
    assert record["Who"]["Name"] == "Aditi Rao"


def test_a_custom_relationship_is_followed_by_its_name(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.add_field("Contact", reference("Referrer__c", "Referrer", "Contact"))
    one, two = (str(row["Id"]) for row in sandbox.rows("Contact")[:2])
    api.patch(f"sobjects/Contact/{two}", json={"Referrer__c": one})

    query = "SELECT Referrer__c, Referrer__r.MobilePhone, referrer__r.Name FROM Contact"
    found = select(api, soql(query, "WHERE Referrer__r.Name = 'Aditi Rao'"))
    (without,) = select(api, soql(query, "WHERE Id =", f"'{one}'"))

    assert [without_url(record) for record in found] == [
        {
            "Referrer__c": one,
            "Referrer__r": {
                "attributes": {"type": "Contact"},
                "MobilePhone": None,
                "Name": "Aditi Rao",
            },
        }
    ]
    assert without == {"Referrer__c": None, "Referrer__r": None}


def test_a_custom_relationship_is_not_followed_by_its_fields_name(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.add_field("Contact", reference("Referrer__c", "Referrer", "Contact"))

    code, message = refusal(api, "SELECT Referrer__c.Name FROM Contact")

    assert code == "INVALID_FIELD"
    assert "be sure to append the '__r'" in message


def test_one_record_is_read_with_the_fields_asked_for(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    one = created(api, Call_Request_Id__c="r1", Call_Number__c="+911")
    path = f"sobjects/Task/{one}"

    read = api.get(path, params={"fields": "Call_Request_Id__c,Call_Number__c,WhoId"})
    unknown = api.get(path, params={"fields": "Id,Call_Numbers__c"})
    sandbox.delete(one)

    assert {
        key: value for key, value in read.json().items() if key != "attributes"
    } == {
        "Call_Request_Id__c": "r1",
        "Call_Number__c": "+911",
        "WhoId": None,
    }
    assert read.headers["date"] == "Thu, 05 Nov 2026 06:30:00 GMT"
    assert unknown.json()[0]["errorCode"] == "INVALID_FIELD"
    assert api.get(path).json()[0]["errorCode"] == "ENTITY_IS_DELETED"
