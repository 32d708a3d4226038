"""Whom a new org knows, and how their numbers are written there."""

import phonenumbers
import pytest
from phonenumbers import NumberParseException

from connector.sandbox.callyzer import CLIENTS, NEWCOMER, TEAM
from connector.sandbox.callyzer.people import Client
from connector.sandbox.newvoicemedia.exchange import TEAM as AGENTS
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row

PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone")
COUNTRIES = ("MailingCountry", "BillingCountry", "Country")
REGIONS = {"India": "IN", "United States": "US"}
OBJECTS = ("Contact", "Lead", "Account")


def numbers(record: Row) -> set[str]:
    """Read every number that the fields of a record have."""
    (country,) = {str(record[name]) for name in COUNTRIES if record.get(name)}
    texts = [str(record[name]) for name in PHONES if record.get(name)]
    parts = [part for text in texts for part in text.split(" / ")]
    return {_read(part, REGIONS[country]) for part in parts}


def _read(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return text
    valid = phonenumbers.is_valid_number(number)
    return f"+{number.country_code}{number.national_number}" if valid else text


def whole(client: Client) -> str:
    return f"+{client.country_code}{client.number}"


def named(sandbox: SalesforceSandbox, object_name: str, name: str) -> Row:
    rows = sandbox.rows(object_name, deleted=True)
    (row,) = (row for row in rows if row["Name"] == name)
    return row


def holders(sandbox: SalesforceSandbox, number: str) -> list[tuple[str, object]]:
    return [
        (object_name, row["Name"])
        for object_name in OBJECTS
        for row in sandbox.rows(object_name)
        if number in numbers(row)
    ]


def client(name: str) -> str:
    (found,) = (whole(client) for client in CLIENTS if client.name == name)
    return found


def test_every_number_in_the_org_can_be_read(sandbox: SalesforceSandbox) -> None:
    rows = [row for name in OBJECTS for row in sandbox.rows(name, deleted=True)]
    rows += sandbox.rows("User")[1:]

    read = {number for row in rows for number in numbers(row)}

    assert [text for text in read if not text.startswith("+")] == []


def test_two_in_three_clients_are_known_and_the_rest_to_nobody(
    sandbox: SalesforceSandbox,
) -> None:
    known = [c for c in CLIENTS if holders(sandbox, whole(c))]

    assert 22 <= len(known) <= 28
    assert len(CLIENTS) - len(known) >= 10
    assert holders(sandbox, whole(NEWCOMER)) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Gauri Joshi", [("Contact", "Gauri Joshi"), ("Contact", "Nikhil Joshi")]),
        ("Hannah Stein", [("Contact", "Hannah Stein"), ("Contact", "Owen Marsh")]),
        ("Aditi Rao", [("Contact", "Aditi Rao"), ("Lead", "Aditi Rao")]),
        ("Yamini Sethi", [("Contact", "Yamini Sethi")]),
        ("Rahul Verma", [("Contact", "Rahul Verma"), ("Lead", "Rahul Verma")]),
        ("Olivia Chen", [("Contact", "Olivia Chen")]),
        ("Pooja Hegde", [("Contact", "Pooja Hegde")]),
        ("Bhavna Shah", []),
    ],
)
def test_a_client_is_found_in_the_org(
    sandbox: SalesforceSandbox, name: str, expected: list[tuple[str, str]]
) -> None:
    assert holders(sandbox, client(name)) == expected


def test_clients_call_from_the_phones_of_two_accounts(
    sandbox: SalesforceSandbox,
) -> None:
    nameless = [whole(c) for c in CLIENTS if not c.name]

    found = [holders(sandbox, number) for number in nameless]

    assert sorted(found) == [
        [],
        [("Account", "Juniper Robotics")],
        [("Account", "Lotus Travels")],
    ]


def test_one_lead_was_converted_and_one_contact_merged(
    sandbox: SalesforceSandbox,
) -> None:
    lead, contact = (named(sandbox, n, "Rahul Verma") for n in ("Lead", "Contact"))
    kept, merged = (
        named(sandbox, "Contact", name) for name in ("Yamini Sethi", "Yamini Sethy")
    )

    assert (lead["IsConverted"], lead["ConvertedContactId"]) == (True, contact["Id"])
    assert (merged["IsDeleted"], merged["MasterRecordId"]) == (True, kept["Id"])
    assert len(sandbox.rows("Opportunity")) == 1
    assert sandbox.rows("Task") == []


def test_some_contacts_have_no_number_and_some_an_unusual_field(
    sandbox: SalesforceSandbox,
) -> None:
    contacts = sandbox.rows("Contact")

    without = [row for row in contacts if not any(row[name] for name in PHONES)]
    used = {name for row in contacts for name in PHONES if row[name]}

    assert len(without) == 2
    assert used == set(PHONES)


def test_the_teams_users_have_their_codes_addresses_and_numbers(
    sandbox: SalesforceSandbox,
) -> None:
    users = sandbox.rows("User")[1:]

    assert [(u["EmployeeNumber"], u["Email"], numbers(u)) for u in users] == [
        (e.code, e.email, {f"+{e.country_code}{e.number}"}) for e in TEAM
    ]


def test_users_have_the_agent_ids_that_the_phone_system_knows(
    sandbox: SalesforceSandbox,
) -> None:
    known = {agent.name: agent.agent_id for agent in AGENTS}

    users = {str(u["Name"]): u["Call_Agent_Id__c"] for u in sandbox.rows("User")}

    assert {name: code for name, code in users.items() if code} == known
