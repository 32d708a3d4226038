"""Lifelike calls, made from a seed. The fields are those of the Calls API."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from connector.sandbox.callyzer.people import (
    ACTIVE_TEAM,
    CLIENTS,
    NEWCOMER,
    Client,
    Employee,
)
from connector.sandbox.population import INDIA, USA, person

Call = dict[str, object]
"""One call as the vendor writes it in JSON."""

FIELDS: Final[tuple[str, ...]] = (
    "id", "buttonId", "clientId", "callerNumber", "calledNumber", "trackingNumber",
    "start", "duration", "status", "externalId", "type", "record",
)  # fmt: skip
STATUSES: Final = {
    "completed": 68,
    "noAnswered": 14,
    "message": 6,
    "abandoned": 5,
    "busy": 4,
    "wrongNumber": 3,
}
"""How often each occurs, in percent."""
TALKED: Final = frozenset({"completed", "message", "wrongNumber"})
OWN: Final = "own"
TYPES: Final = {"callTracking": 55, "clickToCall": 35, OWN: 10}
"""How often each occurs, in percent; a call that somebody inserted has no type."""
BUTTONS: Final = {"callTracking": ("41180", "41183"), "clickToCall": ("41175",)}
TRACKING_NUMBERS: Final = {INDIA: "+912248930101", USA: "+12125550190"}
ZONES: Final = {INDIA: "Asia/Kolkata", USA: "America/New_York"}
RECORDED_IN_100: Final = 60
LOCALLY_IN_100: Final = 5
NEWCOMER_ONE_IN: Final = 40


def new_call(rng: Random, at: datetime, people: int = 0) -> Call:
    """Make up a call that ends at ``at``, without its recording.

    With ``people`` it is with one of the first so many of the population.
    """
    client = _somebody(rng, people)
    colleague = _colleague(rng, client)
    kind, status = _one_of(rng, TYPES), _one_of(rng, STATUSES)
    duration = int(rng.lognormvariate(4.3, 1.1)) + 1 if status in TALKED else 0
    call: Call = {"id": f"{rng.getrandbits(64):016x}"}
    call |= _made(rng, kind, client, colleague)
    if client.name:
        call["clientId"] = f"cl-{client.country_code}{client.number[-7:]}"
    began = at - timedelta(seconds=duration)
    call |= {"start": _start(began, client), "duration": duration, "status": status}
    return {name: call[name] for name in FIELDS if name in call}


def recording(rng: Random, call: Mapping[str, object]) -> Call:
    """Make up the recording of a call, which most that were answered have."""
    talked = call["status"] == "completed"
    if not talked or rng.random() * 100 >= RECORDED_IN_100:
        return {}
    url = f"https://records.agendize.example/{call['id']}.mp3"
    return {"record": {"mimeType": "audio/mpeg", "url": url}}


def _one_of(rng: Random, weights: Mapping[str, int]) -> str:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def _somebody(rng: Random, people: int) -> Client:
    if people:
        who = person(rng.randrange(people))
        return Client(
            name=f"{who.first_name} {who.last_name}",
            country_code=who.country_code,
            number=rng.choice(who.numbers),
            lead_id=None,
        )
    return NEWCOMER if rng.randrange(NEWCOMER_ONE_IN) == 0 else rng.choice(CLIENTS)


def _colleague(rng: Random, client: Client) -> Employee:
    near = [e for e in ACTIVE_TEAM if e.country_code == client.country_code]
    return rng.choice(near)


def _made(rng: Random, kind: str, client: Client, colleague: Employee) -> Call:
    """Write who called whom, and by what; own calls are those the team made."""
    theirs, ours = _dialled(rng, client), f"+{colleague.country_code}{colleague.number}"
    identifier = f"{rng.getrandbits(40):010x}"
    if kind == OWN:
        numbers: Call = {"callerNumber": ours, "calledNumber": theirs}
        return numbers | {"externalId": f"own-{identifier}"}
    made: Call = {"callerNumber": theirs, "calledNumber": ours, "type": kind}
    made |= {"externalId": identifier, "buttonId": rng.choice(BUTTONS[kind])}
    tracked = {"trackingNumber": TRACKING_NUMBERS[client.country_code]}
    return made | (tracked if kind == "callTracking" else {})


def _dialled(rng: Random, client: Client) -> str:
    """Write a client's number, sometimes the way it is dialled in India."""
    local = client.country_code == INDIA and rng.random() * 100 < LOCALLY_IN_100
    return f"0{client.number}" if local else f"+{client.country_code}{client.number}"


def _start(at: datetime, client: Client) -> dict[str, str]:
    zone = ZONES[client.country_code]
    local = at.astimezone(ZoneInfo(zone))
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}", "timeZone": zone}
