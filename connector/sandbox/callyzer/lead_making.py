"""Lifelike leads, made from a seed, and what becomes of them.

The first are those of the cast's clients that the calls name; the others are people
of `connector.sandbox.population`.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from connector.sandbox.callyzer.calls import (
    MOMENT,
    NOTES,
    OPENING_HOURS,
    STATUSES,
    identifier,
)
from connector.sandbox.callyzer.leads import BLANK, Lead
from connector.sandbox.callyzer.people import ACTIVE_TEAM, CLIENTS
from connector.sandbox.population import INDIA, person

OF_CLIENTS: Final = tuple(client for client in CLIENTS if client.lead_id)
CITIES: Final = {
    INDIA: (("Pune", "Maharashtra"), ("Jaipur", "Rajasthan"), ("Kochi", "Kerala")),
    "1": (("Austin", "Texas"), ("Chicago", "Illinois"), ("Seattle", "Washington")),
}
COUNTRIES: Final = {INDIA: "India", "1": "United States"}
SOURCES: Final = ("Website", "Trade fair", "Referral", "Cold call", "Advertisement")
TAGS: Final = ("laptop", "computer", "printer", "network", "service contract")
NAMELESS: Final = "Unknown"
"""The first name, which a lead must have, of a number without one."""
OLDEST: Final = 60
"""Days since the oldest was made."""


def new_lead(rng: Random, index: int, now: datetime) -> Lead:
    """Make up lead ``index``, counted from 0; times are in the zone of ``now``."""
    return (
        BLANK
        | _who(rng, index)
        | {
            "source": rng.choice(SOURCES),
            "lead_tags": rng.sample(TAGS, rng.randrange(3)),
        }
        | _since(rng, now)
    )


def lead_change(rng: Random, now: datetime) -> Lead:
    """Make up what becomes of a lead: its status, and when to call back."""
    due = now + timedelta(days=rng.randint(1, 14))
    return {
        "lead_status": rng.choice(tuple(STATUSES)),
        "description": rng.choice(NOTES),
        "reminder_date": f"{due:%Y-%m-%d}",
        "reminder_time": f"{rng.choice(OPENING_HOURS):02}:00:00",
    }


def _who(rng: Random, index: int) -> Lead:
    if index < len(OF_CLIENTS):
        client = OF_CLIENTS[index]
        first, _, last = (client.name or NAMELESS).partition(" ")
        country, numbers, lead_id = client.country_code, [client.number], client.lead_id
    else:
        who = person(index - len(OF_CLIENTS))
        first, last, country = who.first_name, who.last_name, who.country_code
        numbers, lead_id = list(who.numbers[:2]), identifier(rng, 32)
    return {
        "id": lead_id,
        "first_name": first,
        "last_name": last,
        "email": f"lead-{index}@mail.example",
        "contact_numbers": [f"{country}-{number}" for number in numbers],
    } | _where(rng, country)


def _where(rng: Random, country: str) -> Lead:
    """Put a lead into a city, and into the hands of somebody of that country."""
    city, state = rng.choice(CITIES[country])
    near = [e for e in ACTIVE_TEAM if e.country_code == country]
    who = rng.choice(near)
    return {
        "city": city,
        "state": state,
        "country": COUNTRIES[country],
        "employee": [f"{who.name} (+{who.country_code}-{who.number})"],
    }


def _since(rng: Random, now: datetime) -> Lead:
    at = f"{now - timedelta(days=OLDEST * rng.random()):{MOMENT}}"
    return {"created_at": at, "modified_at": at}
