"""Callyzer's streams: calls by when they were synced, reports of waits, two lists."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from connector.errors import ConfigError, RefusedError, UnauthorizedError
from connector.sandbox.callyzer import CallyzerSandbox, words
from connector.sandbox.callyzer.lead_making import OF_CLIENTS, new_lead
from connector.sandbox.callyzer.people import ACTIVE_TEAM, TEAM
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.source import SOURCES, STREAMS
from tests.systems.standard.case import Case, Refusal

ZONE = "Asia/Kolkata"


def sandbox(now: Callable[[], datetime], interval: float) -> CallyzerSandbox:
    return CallyzerSandbox(now=now, seconds_per_request=interval, zone=ZONE)


def nobody(now: Callable[[], datetime], interval: float) -> CallyzerSandbox:
    """Without the team, who would be on the list."""
    found = sandbox(now, interval)
    for employee in TEAM:
        found.remove_employee(employee.number)
    return found


def refused(status: int, message: str, error: type[ConfigError]) -> Refusal:
    body = json.dumps({"result": None, "message": message})
    return Refusal(status=status, body=body, words=message, error=error)


EXPIRED = refused(403, words.EXPIRED, UnauthorizedError)
BAD_PAGE = refused(400, words.BAD_PAGE, RefusedError)
WAITS = (
    *("call_logs", "id", "call_date", "call_time"),
    *("client_country_code", "client_number"),
)
"""What a report's rows are told apart by: who waits, and since which call."""


def case(name: str, **about: Any) -> Case[CallyzerSandbox]:  # noqa: ANN401  a case's own
    """What is the same in all of them, unless told."""
    usual: dict[str, Any] = {
        "sandbox": sandbox,
        "headers": lambda sandbox: {"Authorization": f"Bearer {sandbox.token}"},
        "refusals": (EXPIRED, BAD_PAGE),
        "count": 150,
    }
    return Case(
        stream=STREAMS[name],
        client=CallyzerClient,
        opens=SOURCES[name],
        zone=ZONE,
        interval=2,
        pause=4,
        **usual | about,
    )


# ── what happens ───────────────────────────────────────────────────────────


def lead(sandbox: CallyzerSandbox, rng: Random) -> str:
    index = len(OF_CLIENTS) + len(sandbox.lead_ids())
    made = new_lead(rng, index, sandbox.now().astimezone(ZoneInfo(ZONE)))
    return str(sandbox.add_lead(made)["id"])


def employee(sandbox: CallyzerSandbox, rng: Random) -> str:
    number = f"98{rng.randrange(10**8):08}"
    sandbox.add_employee({"emp_number": number, "emp_code": str(rng.randrange(10**6))})
    return f"91-{number}"


def nobody_answered(kind: str, sandbox: CallyzerSandbox, rng: Random) -> str:
    """Have somebody new call, or be called, in vain."""
    call, number = f"call-{rng.getrandbits(60)}", f"98{rng.randrange(10**8):08}"
    sandbox.add({"id": call, "call_type": kind, **between(sandbox, number)})
    return f"91{number}:{call}"


def answered(sandbox: CallyzerSandbox, wait: str) -> object:
    """Have the two speak after all."""
    talk = {"id": "talk", "call_type": "Outgoing", "duration": 30}
    return sandbox.add(talk | between(sandbox, wait.partition(":")[0][2:]))


def between(sandbox: CallyzerSandbox, number: str) -> dict[str, object]:
    """A client and one of the team, now."""
    now, who = sandbox.now().astimezone(ZoneInfo(ZONE)), ACTIVE_TEAM[0]
    return {
        "call_date": f"{now:%Y-%m-%d}",
        "call_time": f"{now:%H:%M:%S}",
        "client_country_code": "91",
        "client_number": number,
        "client_name": "Somebody",
        "emp_code": who.code,
        "emp_name": who.name,
        "emp_country_code": who.country_code,
        "emp_number": who.number,
        "emp_tags": list(who.tags),
    }


def renamed(sandbox: CallyzerSandbox, wait: str, text: str) -> object:
    return sandbox.change(wait.partition(":")[2], client_name=text)


CASES = (
    case(
        "call_logs",
        arrive=CallyzerSandbox.arrive,
        change=lambda sandbox, call, text: sandbox.change(call, note=text),
        path=r"/call-log/history$",
        refusals=(EXPIRED, refused(400, words.TOO_LONG, RefusedError)),
        count=250,
    ),
    case(
        "leads",
        arrive=lead,
        change=lambda sandbox, lead, text: sandbox.change_lead(lead, description=text),
        path=r"/lead/get$",
    ),
    case(
        "employees",
        sandbox=nobody,
        arrive=employee,
        change=lambda sandbox, who, text: sandbox.change_employee(who, emp_name=text),
        path=r"/employee/get$",
        vital=("emp_country_code", "emp_number"),
    ),
    case(
        "never_attended",
        arrive=partial(nobody_answered, "Missed"),
        change=renamed,
        path=r"/call-log/(never-attended|history)$",
        vital=WAITS,
        ends=answered,
    ),
    case(
        "not_picked_up",
        arrive=partial(nobody_answered, "Outgoing"),
        change=renamed,
        path=r"/call-log/(not-pickup-by-client|history)$",
        vital=WAITS,
        ends=answered,
    ),
)
