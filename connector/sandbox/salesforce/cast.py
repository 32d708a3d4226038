"""Who the new org knows of the people that the team calls, and how it has their
numbers: the ways people write them, in the fields people put them."""

from dataclasses import dataclass
from typing import Final

from connector.sandbox.callyzer.people import CLIENTS
from connector.sandbox.population import INDIA, USA
from connector.sandbox.salesforce.written import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Somebody in the CRM with one number in one field, if they have any."""

    name: str
    country_code: str
    field: str = ""
    phone: str = ""


_CLIENTS: Final = {client.name: client for client in CLIENTS if client.name}


def _entry(name: str, field: str, way: str, whose: str | None = None) -> Entry:
    """Enter a client's number as ``way`` has it; by default it is one's own."""
    client = _CLIENTS[whose or name]
    return Entry(
        name=name,
        country_code=client.country_code,
        field=field,
        phone=written(way, client.number),
    )


ACCOUNTS: Final = (
    ("Meridian Textiles", INDIA, "+91 22 4012 3301"),
    ("Bluewater Logistics", INDIA, "022-4012-3302"),
    ("Lotus Travels", INDIA, "099300-42354"),
    ("Cedar Point Foods", USA, "(312) 555-0904"),
    ("Juniper Robotics", USA, "1-312-555-0ALL"),
    ("Harbor & Finch", USA, "+1 312-555-0906"),
)
"""Name, country, phone. Calls come from the third's and the fifth's, whose callers
no phone has a name for; letters stand for the digits on their keys."""

CONTACTS: Final = (
    _entry("Aditi Rao", "Phone", "+91 {0} {1}"),
    _entry("Chetan Kulkarni", "MobilePhone", "0{0} {1}"),
    _entry("Gauri Joshi", "HomePhone", "91-{0}{1}"),
    _entry("Nikhil Joshi", "HomePhone", "0{0}{1}", whose="Gauri Joshi"),
    _entry("Jatin Bansal", "MobilePhone", "0091 {0} {1}"),
    _entry("Manoj Tiwari", "MobilePhone", "Mob: {0}{1}"),
    _entry("Pooja Hegde", "Phone", "022-4012-3301 / {0} {1}"),
    _entry("Tarun Mehta", "AssistantPhone", "(+91) {0}-{1}"),
    _entry("Yamini Sethi", "MobilePhone", "+91{0}{1}"),
    _entry("Brenda Castillo", "Phone", "({2}) {3}-{4}"),
    _entry("Ethan Brooks", "Phone", "+1 {2} {3} {4} x22"),
    _entry("Hannah Stein", "OtherPhone", "{2}.{3}.{4}"),
    _entry("Owen Marsh", "Phone", "+1{2}{3}{4}", whose="Hannah Stein"),
    _entry("Kevin O'Neil", "MobilePhone", "1 ({2}) {3}-{4}"),
    _entry("Olivia Chen", "Phone", "1-{2}-{3}-0BIG"),
    Entry(name="Rajiv Kamath", country_code=INDIA),
    Entry(name="Sophie Lindgren", country_code=USA),
)
"""A household and a company share a number each; the last two have none."""

MERGED: Final = _entry("Yamini Sethy", "Phone", "{0}{1}", whose="Yamini Sethi")
KEPT: Final = "Yamini Sethi"
"""A contact that was merged into another, and the other's name."""

LEADS: Final = (
    _entry("Arjun Nair", "MobilePhone", "91-{0}-{1}"),
    _entry("Deepa Krishnan", "Phone", "0{0}-{1}"),
    _entry("Harish Reddy", "MobilePhone", "{0}{1}"),
    _entry("Kiran Bedekar", "Phone", "+91-{2}-{3}-{4}"),
    _entry("Neha Chawla", "MobilePhone", "{2} {3} {4}"),
    _entry("Usha Ramesh", "Phone", "91 {0} {1}"),
    _entry("Zoya Ansari", "MobilePhone", "+91 ({0}) {1}"),
    _entry("Caleb Foster", "Phone", "+1 {2}-{3}-{4}"),
    _entry("Fiona Gallagher", "MobilePhone", "{2}{3}{4}"),
    _entry("Ivan Morales", "Phone", "{2}-{3}-{4} x45"),
    _entry("Laura Jiménez", "MobilePhone", "+1.{2}.{3}.{4}"),
    _entry("Aditi Rao", "MobilePhone", "{0}{1}"),
)
"""The last is a contact as well."""

CONVERTED: Final = _entry("Rahul Verma", "MobilePhone", "+91 {0} {1}")
"""Was a lead, and is a contact now."""
