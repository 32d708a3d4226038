"""Who calls whom in the sandbox: invented people with well-formed numbers."""

from dataclasses import dataclass

from connector.sandbox.population import INDIA, USA

COMPANY_DOMAIN = "sandbox.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """One of the team, with the phone that the calls are made with."""

    code: str
    name: str
    country_code: str
    number: str
    tags: tuple[str, ...]

    @property
    def email(self) -> str:
        """Their address at work, which is also that of their user in the CRM."""
        return f"{self.name.replace(' ', '.').lower()}@{COMPANY_DOMAIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody who is called; ``name`` is empty where the phone knows none."""

    name: str
    country_code: str
    number: str
    lead_id: str | None


_EMPLOYEES = (
    ("101", "Ananya Iyer", INDIA, "9820011101", ("North", "Inside sales")),
    ("102", "Rohan Deshmukh", INDIA, "9820011102", ("West", "Field sales")),
    ("103", "Kavita Menon", INDIA, "9820011103", ("South", "Inside sales")),
    ("104", "Imran Qureshi", INDIA, "9820011104", ("West", "Renewals")),
    ("105", "Sneha Patil", INDIA, "9820011105", ("North", "Renewals")),
    ("106", "Grace Whitfield", USA, "2125550106", ("East coast", "Inside sales")),
    ("107", "Marcus Odell", USA, "4155550107", ("West coast", "Field sales")),
    ("108", "Vikram Saxena", INDIA, "9820011108", ("South", "Field sales")),
)

TEAM = tuple(
    Employee(code=code, name=name, country_code=country, number=number, tags=tags)
    for code, name, country, number, tags in _EMPLOYEES
)
ACTIVE_TEAM, LEAVER = TEAM[:-1], TEAM[-1]
"""The leaver's user in the CRM is inactive."""

_INDIANS = (
    "Aditi Rao", "Arjun Nair", "Bhavna Shah", "Chetan Kulkarni", "Deepa Krishnan",
    "Farhan Sheikh", "Gauri Joshi", "Harish Reddy", "Isha Malhotra", "Jatin Bansal",
    "Kiran Bedekar", "Lakshmi Pillai", "Manoj Tiwari", "Neha Chawla", "Omkar Sawant",
    "Pooja Hegde", "Rahul Verma", "Sanjana Ghosh", "Tarun Mehta", "Usha Ramesh",
    "Varun Kapoor", "Yamini Sethi", "Zoya Ansari", "", "",
)  # fmt: skip
_AMERICANS = (
    "Aaron Blake", "Brenda Castillo", "Caleb Foster", "Diana Nguyen", "Ethan Brooks",
    "Fiona Gallagher", "George Pappas", "Hannah Stein", "Ivan Morales", "Julia Hartman",
    "Kevin O'Neil", "Laura Jiménez", "Nathan Cole", "Olivia Chen", "",
)  # fmt: skip


def _clients(names: tuple[str, ...], country: str, first: int) -> list[Client]:
    return [
        Client(
            name=name,
            country_code=country,
            number=str(first + 11 * at),
            lead_id=f"lead-{country}-{at:02}" if at % 3 == 0 else None,
        )
        for at, name in enumerate(names)
    ]


CLIENTS = (
    *_clients(_INDIANS, INDIA, 9930042101),
    *_clients(_AMERICANS, USA, 3125550101),
)
NEWCOMER = Client(
    name="Meenal Apte", country_code=INDIA, number="9890012345", lead_id=None
)
"""Rings again and again, from a number that nobody in the CRM has yet."""
