"""People by the thousand, as contacts that have been in the org for a long time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from connector.sandbox.population import Person, mixed, person
from connector.sandbox.salesforce.moments import stamp
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.written import COUNTRIES, WAYS, written

DAY: Final = 24 * 60 * 60
YOUNGEST, OLDEST = 2 * DAY, 2 * 365 * DAY
"""How many seconds ago they were changed, at least and at most."""
IMPORTED_TOGETHER: Final = 200
"""So many came in with one call, and have one time of creation."""
CHANGED_ONE_IN: Final = 3
"""One in so many was changed after that."""
HOMELESS_ONE_IN: Final = 7
"""One in so many has no country."""
UNREACHABLE_ONE_IN: Final = 9
"""One in so many has no e-mail address."""

PHONES: Final = (
    ("Phone", "MobilePhone", "HomePhone"),
    ("MobilePhone", "Phone", "OtherPhone"),
    ("MobilePhone", "OtherPhone", "AssistantPhone"),
    ("Phone", "MobilePhone", "AssistantPhone"),
)
"""Which fields have the three numbers."""


def contacts(first: int, count: int, now: datetime) -> Iterator[Row]:
    """Yield people ``first`` to ``first + count - 1`` as they are in an org now."""
    names: dict[tuple[str, str], str] = {}
    created = ""
    for index in range(first, first + count):
        if not created or index % IMPORTED_TOGETHER == 0:
            created = _ago(now, _created(index))
        somebody = person(index)
        first_name, last_name = somebody.first_name, somebody.last_name
        # A million people share a thousand names, each of which is kept once.
        name = names.setdefault((first_name, last_name), f"{first_name} {last_name}")
        row: Row = {"FirstName": first_name, "LastName": last_name, "Name": name}
        yield row | _reached(index, somebody) | _stamps(index, created, now)


def _reached(index: int, somebody: Person) -> Row:
    """Return how to reach somebody, in fields and ways of their own."""
    ways = WAYS[somebody.country_code]
    which = mixed(index, 2)
    fields = zip(PHONES[which % len(PHONES)], somebody.numbers, strict=True)
    row: Row = {
        field: written(ways[(which >> 4 * at) % len(ways)], number)
        for at, (field, number) in enumerate(fields, 1)
    }
    if mixed(index, 3) % UNREACHABLE_ONE_IN:
        mailbox = f"{somebody.first_name}.{somebody.last_name}.{index}".lower()
        row["Email"] = f"{mailbox}@customer.example"
    if mixed(index, 4) % HOMELESS_ONE_IN:
        row["MailingCountry"] = COUNTRIES[somebody.country_code]
    return row


def _stamps(index: int, created: str, now: datetime) -> Row:
    changed = created
    if mixed(index, 5) % CHANGED_ONE_IN == 0:
        since = _created(index) - YOUNGEST
        changed = _ago(now, YOUNGEST + mixed(index, 6) % (since + 1))
    return {
        "CreatedDate": created,
        "LastModifiedDate": changed,
        "SystemModstamp": changed,
    }


def _created(index: int) -> int:
    """Return how many seconds ago a person came in."""
    which = mixed(index // IMPORTED_TOGETHER, 7)
    return YOUNGEST + which % (OLDEST - YOUNGEST)


def _ago(now: datetime, seconds: int) -> str:
    return stamp(now - timedelta(seconds=seconds))
