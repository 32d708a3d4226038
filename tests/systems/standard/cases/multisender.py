"""Multisender's receivers of click to calls and RSVP calls: read whole."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from connector.errors import UnauthorizedError
from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.multisender.cast import BUTTONS, WORKING
from connector.sandbox.multisender.dialling import Kind
from connector.sandbox.multisender.rules import PLAYED
from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.source import SOURCES, STREAMS
from tests.systems.standard.case import Case, Refusal

REFUSALS: Final = (
    # The document has none: their shape is what a client would expect.
    Refusal(status=400, body='{"message": "Bad request"}', words="Bad request"),
    Refusal(
        status=403,
        body='{"message": "Forbidden"}',
        words="Forbidden",
        error=UnauthorizedError,
    ),
)


def sandbox(now: Callable[[], datetime], _: float) -> MultisenderSandbox:
    found = MultisenderSandbox(now=now)
    found.add("voice_files", name="Hello", text="Press five", voiceCode="en")
    return found


def called(kind: Kind, sandbox: MultisenderSandbox, rng: Random) -> str:
    """Have a number called, sometimes at once; it is its call's only receiver."""
    ends = f"{sandbox.now() + timedelta(days=60):%Y-%m-%d %H:%M:%S}"
    own: dict[str, dict[str, Any]] = {
        "click_to_calls": {"voiceFileId": 1, "expiresAt": ends},
        "rsvp_calls": {
            "voiceFiles": [{"type": each, "voiceFileId": 1} for each in PLAYED],
            "endTime": ends,
            "acceptsWanted": 2,
        },
    }
    call = sandbox.add(
        kind,
        activeFrom="00:00:00",
        activeTo="23:59:59",
        activeWeekdays=WORKING,
        actionButtons=BUTTONS,
        receivers=[{"phone": f"+35840{rng.randrange(10**7):07}"}],
        **own[kind],
    )
    call_id, account = _ids(call)
    if rng.random() < 0.7:
        sandbox.ring((kind, call_id), account, reply="accept", seconds=20)
    return f"{call_id}:{account}"


def case(kind: Kind) -> Case[MultisenderSandbox]:
    return Case(
        stream=STREAMS[kind],
        sandbox=sandbox,
        headers=lambda sandbox: {"X-Access-Token": sandbox.token},
        client=MultisenderClient,
        opens=SOURCES[kind],
        zone=MultisenderSandbox.zone,
        arrive=partial(called, kind),
        change=lambda sandbox, who, text: sandbox.change(
            kind, int(who.partition(":")[0]), meta=text
        ),
        path=rf"/{kind}$",
        refusals=REFUSALS,
        paged=False,
        vital=("clickToCallId", "rsvpCallId", "receivers", "accountId", "groupId"),
    )


def _ids(call: dict[str, Any]) -> tuple[int, int]:
    own = call.get("clickToCallId", call.get("rsvpCallId"))
    return int(str(own)), int(str(call["receivers"][0]["accountId"]))


CASES = (case("click_to_calls"), case("rsvp_calls"))
