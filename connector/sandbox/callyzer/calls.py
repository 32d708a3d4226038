"""Lifelike calls, made from a seed, and the calls that make trouble on purpose.

The fields are those of Callyzer API 2.1, call-log/history.
"""

import base64
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.callers import somebody
from connector.sandbox.callyzer.people import (
    ACTIVE_TEAM,
    LEAVER,
    Client,
    Employee,
)
from connector.sandbox.population import INDIA

Call = dict[str, object]
"""One call as the vendor writes it in JSON."""

MOMENT = "%Y-%m-%d %H:%M:%S %Z"
CUSTOMERS_ZONE = ZoneInfo("Asia/Kolkata")
OPENING_HOURS = range(9, 20)
SUNDAY = 6

CALL_TYPES = {"Outgoing": 55, "Incoming": 27, "Missed": 13, "Rejected": 5}
"""How often each type occurs, in percent; the last two are never answered."""
CHANCES = {
    "answered": 85,
    "noted": 60,
    "recorded": 70,
    "reminded": 15,
    "dialled locally": 5,
}
"""How often something happens to a call, in percent."""
STATUSES = {
    "Interested": 30,
    "Not Interested": 20,
    "Call Back": 25,
    "Follow Up": 15,
    "Closed Won": 5,
    "Closed Lost": 5,
}
NOTES = (
    "Asked for the price list by e-mail.",
    "Wants a demo for the whole team next week.",
    "Line was bad, will ring again.",
    "Compares us with two others, decides at month's end.",
    "Renewal agreed, invoice to the new address.",
    "Spoke to the assistant; the manager travels until Monday.",
    "Delivery was late. Apologised, offered a credit note.",
    "बात हो गई, कल फिर कॉल करना है।",
)
EXAMPLE: Call = {
    "id": "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU",
    "emp_name": "emilla",
    "emp_code": "111",
    "emp_country_code": "91",
    "emp_number": "9823212312",
    "emp_tags": [""],
    "client_name": "markel",
    "client_country_code": "91",
    "client_number": "8888888888",
    "duration": 10,
    "call_type": "Outgoing",
    "call_date": "2023-09-13",
    "call_time": "17:49:41",
    "note": "all about the call",
    "call_recording_url": "https://media.callyzer/78.mp3",
    "crm_status": "Not Interested",
    "reminder_date": "2023-09-15",
    "reminder_time": "16:50:34",
    "synced_at": "2023-11-30 22:42:53 IST",
    "modified_at": "2023-11-30 22:42:53 IST",
    "lead_id": "DLe37-2Kc2QoudFUsBudkw",
}
"""The record that the document shows."""
FIELDS = tuple(EXAMPLE)


def new_call(
    rng: Random,
    at: datetime,
    *,
    zone: ZoneInfo = CUSTOMERS_ZONE,
    trouble: bool = False,
    client: Client | None = None,
) -> Call:
    """Make up a call with ``client`` that reaches the vendor at ``at``.

    By default it is with `somebody`. Times are written in the customer's ``zone``.
    With ``trouble`` some calls are such that a CRM refuses them, as `TROUBLES` says.
    """
    client = client or somebody(rng)
    synced = at.astimezone(zone)
    kind = _one_of(rng, CALL_TYPES)
    answered = kind in {"Outgoing", "Incoming"} and _happens(rng, "answered")
    duration = int(rng.lognormvariate(4.3, 1.1)) + 1 if answered else 0
    call = (
        {"id": identifier(rng, 32)}
        | _employee(_colleague(rng, client))
        | _client(rng, client)
        | {"duration": duration, "call_type": kind}
        | _started(synced - timedelta(seconds=duration + rng.randint(3, 240)))
        | _afterwards(rng, synced, talked=duration > 0)
        | {"synced_at": f"{synced:{MOMENT}}", "modified_at": f"{synced:{MOMENT}}"}
        | {"lead_id": client.lead_id}
    )
    return _with_trouble(rng, call) if trouble else call


def working_moments(
    rng: Random, count: int, until: datetime, days: float, zone: ZoneInfo
) -> list[datetime]:
    """Return ``count`` moments of the ``days`` before ``until``, in order."""
    return sorted(_working_moment(rng, until, days, zone) for _ in range(count))


def late_change(rng: Random) -> Call:
    """Make up what reaches a call minutes after it: a note or its recording."""
    if rng.random() * 2 < 1:
        return {"note": rng.choice(NOTES)}
    return {"call_recording_url": _url(rng)}


def _working_moment(
    rng: Random, until: datetime, days: float, zone: ZoneInfo
) -> datetime:
    """Find a moment when somebody works, unless hardly anybody does then."""
    at = until
    for _ in range(8):
        at = until - timedelta(days=days * rng.random())
        here = at.astimezone(zone)
        if here.hour in OPENING_HOURS and here.weekday() != SUNDAY:
            break
    return at


def _one_of(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def _happens(rng: Random, what: str) -> bool:
    return rng.random() * 100 < CHANCES[what]


def identifier(rng: Random, size: int) -> str:
    """Make up an id out of so many bytes."""
    return base64.urlsafe_b64encode(rng.randbytes(size)).rstrip(b"=").decode()


def _url(rng: Random) -> str:
    return f"https://media.callyzer.example/audio/{identifier(rng, 9)}.mp3"


def _colleague(rng: Random, client: Client) -> Employee:
    """Choose who calls: each country's clients have their own people.

    Nobody calls themselves.
    """
    near = [e for e in ACTIVE_TEAM if e.country_code == client.country_code]
    return rng.choice([e for e in near if e.number != client.number])


def _employee(employee: Employee) -> Call:
    return {
        "emp_name": employee.name,
        "emp_code": employee.code,
        "emp_country_code": employee.country_code,
        "emp_number": employee.number,
        "emp_tags": list(employee.tags),
    }


def _client(rng: Random, client: Client) -> Call:
    """Write a client's number, sometimes the way it was dialled in India."""
    dialled = client.country_code == INDIA and _happens(rng, "dialled locally")
    return {
        "client_name": client.name,
        "client_country_code": "" if dialled else client.country_code,
        "client_number": f"0{client.number}" if dialled else client.number,
    }


def _started(at: datetime) -> Call:
    return {"call_date": f"{at:%Y-%m-%d}", "call_time": f"{at:%H:%M:%S}"}


def _afterwards(rng: Random, synced: datetime, *, talked: bool) -> Call:
    """Make up what the employee noted, and when they want to call back."""
    noted = talked and _happens(rng, "noted")
    due = synced + timedelta(days=rng.randint(1, 7))
    due = due.replace(hour=rng.choice(OPENING_HOURS), minute=0, second=0)
    reminded = _happens(rng, "reminded")
    return {
        "note": rng.choice(NOTES) if noted else "",
        "call_recording_url": _url(rng) if talked and _happens(rng, "recorded") else "",
        "crm_status": _one_of(rng, STATUSES) if noted else "",
        "reminder_date": f"{due:%Y-%m-%d}" if reminded else None,
        "reminder_time": f"{due:%H:%M:%S}" if reminded else None,
    }


LONG_NOTE = "\n".join(f"{at + 1}. {NOTES[at % 7]}" for at in range(60))
UNKNOWN_STATUS = "Escalated"
TROUBLES: tuple[tuple[int, Call], ...] = (
    (40, {"note": LONG_NOTE}),
    (30, {"crm_status": UNKNOWN_STATUS}),
    (20, _employee(LEAVER)),
)
"""One call in so many has these fields, which a CRM may refuse."""


def _with_trouble(rng: Random, call: Call) -> Call:
    for one_in, fields in TROUBLES:
        if rng.randrange(one_in) == 0:
            call |= fields
    return call
