"""The org's custom fields are those that the metadata in salesforce/ deploys."""

from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import Json

ROOT = Path(__file__).parents[3]
OBJECTS = ROOT / "salesforce/force-app/main/default/objects"
SPACE: Final = "{http://soap.sforce.com/2006/04/metadata}"

DEPLOYED = {"Task": "Activity", "Lead": "Lead", "User": "User", "Call_Dial__c": ""}
"""Objects as describe has them, and as the metadata calls them where it differs."""

TYPES = {
    "Text": ("string", None),
    "Phone": ("phone", 40),
    "Url": ("url", 255),
    "Picklist": ("picklist", 255),
    "DateTime": ("datetime", 0),
}
"""What describe makes of a metadata type: the type, and the length if it is fixed."""
LONGEST_FORMULA = 1300

Described = dict[str, Json]


def folder(name: str) -> Path:
    return OBJECTS / (DEPLOYED[name] or name)


def text(field: ET.Element, name: str) -> str | None:
    return field.findtext(f"{SPACE}{name}")


def holds(field: ET.Element, name: str) -> bool:
    return text(field, name) == "true"


def choices(field: ET.Element) -> list[tuple[str | None, str | None, bool]]:
    return [
        (text(one, "fullName"), text(one, "label"), holds(one, "default"))
        for one in field.iter(f"{SPACE}value")
    ]


def deployed(field: ET.Element) -> Json:
    """Return what describe must say of a field in a metadata file."""
    kind, length = TYPES[str(text(field, "type"))]
    is_formula = text(field, "formula") is not None
    written = LONGEST_FORMULA if is_formula else int(text(field, "length") or 0)
    value_set = field.find(f"{SPACE}valueSet")
    return {
        "label": text(field, "label"),
        "type": kind,
        "length": written if length is None else length,
        "externalId": holds(field, "externalId"),
        "unique": holds(field, "unique"),
        "caseSensitive": holds(field, "caseSensitive"),
        "nillable": not holds(field, "required"),
        "calculated": is_formula,
        "createable": not is_formula,
        "updateable": not is_formula,
        "restrictedPicklist": value_set is not None and holds(value_set, "restricted"),
        "picklistValues": choices(field),
    }


def metadata(name: str) -> Described:
    files = (folder(name) / "fields").glob("*.field-meta.xml")
    parsed = [ET.fromstring(file.read_bytes()) for file in files]  # noqa: S314 - our own files
    return {str(text(field, "fullName")): deployed(field) for field in parsed}


def told(api: httpx.Client, name: str) -> Described:
    """Return what describe says of an object's custom fields, no more than above."""
    fields = api.get(f"sobjects/{name}/describe").json()["fields"]
    keys = deployed(ET.fromstring(f"<a><type xmlns='{SPACE[1:-1]}'>Url</type></a>"))  # noqa: S314 - written here
    found = {f["name"]: {k: f[k] for k in keys} for f in fields if f["custom"]}
    for field in found.values():
        field["picklistValues"] = [
            (value["value"], value["label"], value["defaultValue"])
            for value in field["picklistValues"]
        ]
    return found


@pytest.mark.parametrize("name", DEPLOYED)
def test_the_orgs_fields_are_those_of_the_metadata(
    api: httpx.Client, name: str
) -> None:
    assert told(api, name) == metadata(name)


def test_every_object_with_metadata_is_compared() -> None:
    there = {file.parent.parent for file in OBJECTS.glob("*/fields/*.xml")}

    assert there == {folder(name) for name in DEPLOYED}


def test_a_field_that_drifts_from_the_metadata_is_noticed(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    shape = sandbox.org.table("Task").object
    shorter = replace(shape.fields["Call_Message__c"], length=254)

    sandbox.org.reshape(shape.having(shorter))

    assert told(api, "Task") != metadata("Task")


def test_a_dial_is_named_as_the_metadata_says(api: httpx.Client) -> None:
    parsed = ET.fromstring(  # noqa: S314 - our own file
        (folder("Call_Dial__c") / "Call_Dial__c.object-meta.xml").read_bytes()
    )
    named = parsed.find(f"{SPACE}nameField")
    assert named is not None

    described = api.get("sobjects/Call_Dial__c/describe").json()
    ((name, label, counted),) = (
        (f["name"], f["label"], f["autoNumber"])
        for f in described["fields"]
        if f["nameField"]
    )

    assert described["label"] == text(parsed, "label")
    assert described["labelPlural"] == text(parsed, "pluralLabel")
    assert (name, label) == ("Name", text(named, "label"))
    assert counted is (text(named, "type") == "AutoNumber")
    assert text(named, "displayFormat") == "DIAL-{000000}"


def test_a_dial_is_counted_and_leads_to_its_record(api: httpx.Client) -> None:
    dials = "sobjects/Call_Dial__c"
    one = api.post(dials, json={"Request_Id__c": "r1", "Record_Id__c": "00T1"}).json()
    two = api.post(dials, json={"Request_Id__c": "r2"}).json()

    first, second = (api.get(f"{dials}/{done['id']}").json() for done in (one, two))

    assert (first["Name"], second["Name"]) == ("DIAL-000001", "DIAL-000002")
    assert first["Record__c"] == '<a href="/00T1" target="_blank">Open</a>'
    assert second["Record__c"] is None


def test_a_request_is_claimed_once(api: httpx.Client) -> None:
    dials = "sobjects/Call_Dial__c"
    one = api.post(dials, json={"Request_Id__c": "r1", "State__c": "Claimed"}).json()

    again = api.post(dials, json={"Request_Id__c": "r1"})
    other_case = api.post(dials, json={"Request_Id__c": "R1"})

    (error,) = again.json()
    assert (again.status_code, error["errorCode"]) == (400, "DUPLICATE_VALUE")
    assert error["message"] == (
        "duplicate value found: Request_Id__c duplicates value on record with id:"
        f" {one['id'][:15]}"
    )
    assert other_case.status_code == 201


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        (
            {"Request_Id__c": "r", "State__c": "Ringing"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        ({"Request_Id__c": "r", "Name": "DIAL-7"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Request_Id__c": "r", "Record__c": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Request_Id__c": "r", "Message__c": "x" * 256}, "STRING_TOO_LONG"),
    ],
)
def test_a_dial_keeps_to_its_fields(
    api: httpx.Client, fields: dict[str, str], code: str
) -> None:
    answer = api.post("sobjects/Call_Dial__c", json=fields)

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
