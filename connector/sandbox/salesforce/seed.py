"""The records of a new org: the team, and some of the people they call, whose
numbers are written the many ways people write them."""

from collections.abc import Sequence
from itertools import cycle
from typing import Final

from connector.sandbox.callyzer.people import COMPANY_DOMAIN, LEAVER, TEAM, Employee
from connector.sandbox.population import INDIA
from connector.sandbox.salesforce.cast import (
    ACCOUNTS,
    CONTACTS,
    CONVERTED,
    KEPT,
    LEADS,
    MERGED,
    Entry,
)
from connector.sandbox.salesforce.hands import Hands
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.schema.activity import STATUSES
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.written import COUNTRIES, WAYS, written

ACTOR_FIELDS: Final = ("OwnerId", "CreatedById", "LastModifiedById")


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
    _add_team(org)
    _add_people(org)
    return integration


def _add_team(org: Org) -> None:
    ways = {code: cycle(each) for code, each in WAYS.items()}
    for employee in TEAM:
        phone = written(next(ways[employee.country_code]), employee.number)
        _add(org, "User", {**_user(employee), "MobilePhone": phone})


def _add_people(org: Org) -> None:
    accounts = [
        _add(org, "Account", _account(name, code, phone))
        for name, code, phone in ACCOUNTS
    ]
    ids = {
        entry.name: _add(org, "Contact", _contact(entry, at, accounts))
        for at, entry in enumerate((*CONTACTS, MERGED))
    }
    hands = Hands(org)
    hands.merge(ids[KEPT], ids[MERGED.name])
    for entry in LEADS:
        _add(org, "Lead", _lead(entry))
    hands.convert(_add(org, "Lead", _lead(CONVERTED)), opportunity=True)


def _name(name: str) -> Row:
    first, _, last = name.partition(" ")
    return {"FirstName": first, "LastName": last, "Name": name}


def _address(name: str, domain: str) -> str:
    mailbox = name.replace(" ", ".").replace("'", "").lower()
    return f"{mailbox.encode('ascii', 'ignore').decode()}@{domain}"


def _login(name: str) -> Row:
    address = _address(name, COMPANY_DOMAIN)
    return {**_name(name), "Username": address, "Email": address}


def _customer(name: str) -> Row:
    return {**_name(name), "Email": _address(name, "customer.example")}


def _user(employee: Employee) -> Row:
    return {
        **_login(employee.name),
        "EmployeeNumber": employee.code,
        "Call_Agent_Id__c": None if employee is LEAVER else employee.code,
        "Country": COUNTRIES[employee.country_code],
        "IsActive": employee is not LEAVER,
    }


def _account(name: str, country_code: str, phone: str) -> Row:
    return {"Name": name, "BillingCountry": COUNTRIES[country_code], "Phone": phone}


def _contact(entry: Entry, at: int, accounts: Sequence[str]) -> Row:
    indian = entry.country_code == INDIA
    return {
        **_customer(entry.name),
        **_phone(entry),
        "AccountId": accounts[at % 3 if indian else 3 + at % 3],
        "MailingCountry": COUNTRIES[entry.country_code],
    }


def _lead(entry: Entry) -> Row:
    return {
        **_customer(entry.name),
        **_phone(entry),
        "Company": f"{entry.name.rpartition(' ')[2]} & Sons",
        "Country": COUNTRIES[entry.country_code],
    }


def _phone(entry: Entry) -> Row:
    return {entry.field: entry.phone} if entry.field else {}


def _add(org: Org, name: str, values: Row) -> str:
    return org.store.insert(org.table(name), values)
