"""The records of a new org: users, and people whose numbers are written the many
ways people write them."""

from typing import Final

from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.schema.activity import STATUSES
from connector.sandbox.salesforce.schema.shape import Row

INTEGRATION: Final = ("Integration", "Connector")
ACTOR_FIELDS: Final = ("OwnerId", "CreatedById", "LastModifiedById")
AGENTS: Final = (
    ("Asha", "Menon", True),
    ("Vikram", "Rao", True),
    ("Neha", "Kulkarni", True),
    ("Rahul", "Bose", True),
    ("Grace", "Okafor", True),
    ("Tom", "Whitfield", True),
    ("Maria", "Lopez", True),
    ("Sunil", "Joshi", False),
)
"""First name, last name, active; employee numbers 101 to 108, in this order.

Their phone numbers are +91 90000 00101 to +91 90000 00108.
"""

ACCOUNTS: Final = (
    ("Meridian Textiles", "India", "+91 22 4012 3301"),
    ("Bluewater Logistics", "India", "022-4012-3302"),
    ("Northgate Dental", "United Kingdom", "020 7946 0303"),
    ("Harbour & Finch", "United Kingdom", "+44 (0)20 7946 0304"),
    ("Cedar Point Foods", "United States", "(202) 555-0105"),
    ("Juniper Robotics", "United States", "202.555.0106"),
)
"""Name, country, phone."""

CONTACTS: Final = (
    ("Ravi", "Sharma", "India", "+91 98765 43201"),
    ("Priya", "Nair", "India", "098765 43202"),
    ("Arjun", "Patel", "India", "9876543203"),
    ("Kavya", "Iyer", "India", "+919876543204"),
    ("Imran", "Sheikh", "India", "91-98765-43205"),
    ("Divya", "Reddy", "India", "(+91) 98765 43206"),
    ("Oliver", "Hughes", "United Kingdom", "07700 900207"),
    ("Amelia", "Ward", "United Kingdom", "+44 7700 900208"),
    ("Sean", "O'Neil", "United Kingdom", "+44 (0)7700 900209"),
    ("Emily", "Carter", "United States", "(202) 555-0110"),
    ("James", "Nguyen", "United States", "+1 202-555-0111"),
    ("Sofia", "Ramirez", "United States", "202.555.0112 x45"),
)
"""First name, last name, country, phone; shared out among the accounts."""

LEADS: Final = (
    ("Anil", "Desai", "Desai Motors", "India", "+91 98765 43213"),
    ("Meera", "Krishnan", "Lotus Travels", "India", "09876543214"),
    ("Farhan", "Ali", "Ali & Sons", "India", "98765-43215"),
    ("Pooja", "Shah", "Shah Interiors", "India", "+91-9876543216"),
    ("Deepak", "Verma", "Verma Steel", "India", "0091 98765 43217"),
    ("Ritu", "Singh", "Singh Foods", "India", "98765 43218"),
    ("Charlotte", "Evans", "Evans Books", "United Kingdom", "07700900219"),
    ("George", "Bell", "Bell Cycles", "United Kingdom", "+447700900220"),
    ("Ethan", "Brooks", "Brooks Roofing", "United States", "202-555-0121"),
    ("Mia", "Foster", "Foster Florals", "United States", "1 (202) 555-0122"),
    ("Noah", "Griffin", "Griffin Labs", "United States", "+12025550123"),
    ("Anita", "Joseph", "Joseph Exports", "India", "+91 98765 43201"),
)
"""First name, last name, company, country, phone. The last one has Ravi's number."""


def sow(org: Org) -> str:
    """Fill a new org and return the id of the user that integrations act as."""
    _statuses(org)
    integration = _user(org, *INTEGRATION, number=100, active=True)
    for table in org.store.tables.values():
        by = [name for name in ACTOR_FIELDS if name in table.defaults]
        table.standing = dict.fromkeys(by, integration)
        table.reshape(table.object)
    for number, (first, last, active) in enumerate(AGENTS, 101):
        _user(org, first, last, number=number, active=active)
    _people(org)
    return integration


def _statuses(org: Org) -> None:
    for name, closed, default in STATUSES:
        values: Row = {"ApiName": name, "MasterLabel": name}
        flags: Row = {"IsClosed": closed, "IsDefault": default}
        org.store.insert(org.table("TaskStatus"), {**values, **flags})


def _user(org: Org, first: str, last: str, *, number: int, active: bool) -> str:
    address = f"{first}.{last}@sandbox.example".lower()
    values: Row = {
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Username": address,
        "Email": address,
        "MobilePhone": f"+91 90000 00{number}",
        "EmployeeNumber": str(number),
        "Country": "India",
        "IsActive": active,
    }
    return org.store.insert(org.table("User"), values)


def _people(org: Org) -> None:
    accounts = [
        _add(org, "Account", {"Name": name, "BillingCountry": country, "Phone": phone})
        for name, country, phone in ACCOUNTS
    ]
    for i, (first, last, country, phone) in enumerate(CONTACTS):
        person = _person(first, last, phone, mobile=i % 2 == 0)
        where: Row = {"MailingCountry": country, "AccountId": accounts[i // 2]}
        _add(org, "Contact", {**person, **where})
    for i, (first, last, company, country, phone) in enumerate(LEADS):
        person = _person(first, last, phone, mobile=i % 2 == 1)
        _add(org, "Lead", {**person, "Company": company, "Country": country})


def _person(first: str, last: str, phone: str, *, mobile: bool) -> Row:
    return {
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Email": f"{first}.{last}@customer.example".replace("'", "").lower(),
        "MobilePhone" if mobile else "Phone": phone,
    }


def _add(org: Org, name: str, values: Row) -> str:
    return org.store.insert(org.table(name), values)
