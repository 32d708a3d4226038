"""The records of a new org: the team, and some of the people they call, whose
numbers are written the many ways people write them."""

from collections.abc import Sequence
from itertools import cycle
from typing import Final

from connector.sandbox.callyzer.people import CLIENTS, LEAVER, TEAM, Client, Employee
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.schema.activity import STATUSES
from connector.sandbox.salesforce.schema.shape import Row

ACTOR_FIELDS: Final = ("OwnerId", "CreatedById", "LastModifiedById")
COUNTRIES: Final = {"91": "India", "1": "United States"}
WRITTEN: Final = {
    "91": (
        "+91 {0} {1}",
        "0{0}{1}",
        "{0}{1}",
        "+91{0}{1}",
        "91-{0}-{1}",
        "(+91) {0} {1}",
        "0{0}-{1}",
        "0091 {0} {1}",
    ),
    "1": (
        "({2}) {3}-{4}",
        "+1 {2}-{3}-{4}",
        "{2}.{3}.{4}",
        "+1{2}{3}{4}",
        "{2}-{3}-{4} x45",
        "1 ({2}) {3} {4}",
    ),
}
"""Ways to write a number, by country code; in Indian or American groups."""

ACCOUNTS: Final = (
    ("Meridian Textiles", "India", "+91 22 4012 3301"),
    ("Bluewater Logistics", "India", "022-4012-3302"),
    ("Lotus Travels", "India", "(022) 40123303"),
    ("Cedar Point Foods", "United States", "(312) 555-0904"),
    ("Juniper Robotics", "United States", "312.555.0905"),
    ("Harbor & Finch", "United States", "+1 312-555-0906"),
)
"""Name, country, phone."""

NAMED: Final = tuple(client for client in CLIENTS if client.name)
CONTACTS: Final = NAMED[0::3]
LEADS: Final = (*NAMED[1::3], NAMED[0])
"""Every third of those with a name is unknown here, and one is both."""


def sow(org: Org) -> str:
    """Fill a new org and return the id of the user that integrations act as."""
    for name, closed, default in STATUSES:
        named: Row = {"ApiName": name, "MasterLabel": name}
        flags: Row = {"IsClosed": closed, "IsDefault": default}
        _add(org, "TaskStatus", {**named, **flags})
    integration = _add(org, "User", _login("Integration User"))
    for table in org.store.tables.values():
        by = [name for name in ACTOR_FIELDS if name in table.defaults]
        table.standing = dict.fromkeys(by, integration)
        table.reshape(table.object)
    _add_people(org)
    return integration


def _add_people(org: Org) -> None:
    ways = {code: cycle(written) for code, written in WRITTEN.items()}
    for employee in TEAM:
        phone = _written(next(ways[employee.country_code]), employee.number)
        _add(org, "User", {**_user(employee), "MobilePhone": phone})
    accounts = [
        _add(org, "Account", {"Name": name, "BillingCountry": country, "Phone": phone})
        for name, country, phone in ACCOUNTS
    ]
    for at, client in enumerate(CONTACTS):
        phone = _written(next(ways[client.country_code]), client.number)
        _add(org, "Contact", _contact(client, phone, at, accounts))
    for at, client in enumerate(LEADS):
        phone = _written(next(ways[client.country_code]), client.number)
        _add(org, "Lead", _lead(client, phone, at))


def _written(way: str, number: str) -> str:
    return way.format(number[:5], number[5:], number[:3], number[3:6], number[6:])


def _name(name: str) -> Row:
    first, _, last = name.partition(" ")
    return {"FirstName": first, "LastName": last, "Name": name}


def _address(name: str, domain: str) -> str:
    mailbox = name.replace(" ", ".").replace("'", "").lower()
    return f"{mailbox.encode('ascii', 'ignore').decode()}@{domain}"


def _login(name: str) -> Row:
    address = _address(name, "sandbox.example")
    return {**_name(name), "Username": address, "Email": address}


def _customer(name: str) -> Row:
    return {**_name(name), "Email": _address(name, "customer.example")}


def _user(employee: Employee) -> Row:
    return {
        **_login(employee.name),
        "EmployeeNumber": employee.code,
        "Country": COUNTRIES[employee.country_code],
        "IsActive": employee is not LEAVER,
    }


def _contact(client: Client, phone: str, at: int, accounts: Sequence[str]) -> Row:
    indian = client.country_code == "91"
    return {
        **_customer(client.name),
        "AccountId": accounts[at % 3 if indian else 3 + at % 3],
        "MailingCountry": COUNTRIES[client.country_code],
        "MobilePhone" if at % 2 else "Phone": phone,
    }


def _lead(client: Client, phone: str, at: int) -> Row:
    return {
        **_customer(client.name),
        "Company": f"{client.name.rpartition(' ')[2]} & Sons",
        "Country": COUNTRIES[client.country_code],
        "Phone" if at % 2 else "MobilePhone": phone,
    }


def _add(org: Org, name: str, values: Row) -> str:
    return org.store.insert(org.table(name), values)
