"""A request to call somebody, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, NamedTuple

CallValue = str | tuple[str, ...]
Call = Mapping[str, CallValue]
"""What a dialer is asked: its parameters by name (``to.telephoneNumber``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Something that a dialer can be told. ``longest`` 0: not limited.

    ``choices`` empty: any value. A ``phone`` is text.
    """

    name: str
    kind: Literal["text", "phone", "list"]
    meaning: str
    longest: int = 0
    choices: tuple[str, ...] = ()


class Objection(NamedTuple):
    """What a dialer has against a call, before it is sent.

    ``parameter``: the one to blame, or what several of them are about (``consent``);
    ``words``: the vendor's.
    """

    parameter: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call that was placed. ``id`` and the id in ``location`` may differ.

    Each is empty where the dialer did not tell it.
    """

    id: str
    location: str = ""


class DialState(StrEnum):
    """How far a dial is; each is committed before what it allows is done."""

    REQUESTED = "requested"
    """It was read, and may be claimed."""
    CLAIMED = "claimed"
    """The CRM says it is ours: it may be dialled, once."""
    DIALLING = "dialling"
    """It is being sent; whoever finds it so later does not know whether it was."""
    PLACED = "placed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    ELSEWHERE = "elsewhere"
    """Another installation has claimed it, and answers for it."""


LONGEST_HOLD: Final = timedelta(minutes=2)
"""How far ahead a worker's time may end. What lies further on was noted by a clock that
has since been set back, and counts as over."""
LONGEST_WAIT: Final = timedelta(hours=1)
"""How far ahead the CRM may be told; the same holds for what lies further on."""

ENDS: Final = (
    DialState.PLACED,
    DialState.REFUSED,
    DialState.UNKNOWN,
    DialState.EXPIRED,
    DialState.BLOCKED,
)
"""What can become of a request; the CRM is told each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """One request to call: its identity is ``request_id``, whatever its record.

    ``requested_at``, ``dialled_at`` and ``answered_at`` are by the CRM's clock, UTC.
    ``worker``: who is at it, until ``until`` by our clock; nobody where that is over.
    ``claim_id``: the CRM's record of it. ``recorded``: the record has the outcome;
    ``shown``: the claim has it too. Where not, the CRM is told at ``show_at``, and
    ``trouble`` says why it was not so far.
    """

    request_id: str
    flow: str
    record_id: str
    state: DialState = DialState.REQUESTED
    message: str = ""
    requested_at: datetime | None = None
    number: str = ""
    agent: str = ""
    dialled_at: datetime | None = None
    answered_at: datetime | None = None
    call_id: str = ""
    location: str = ""
    claim_id: str = ""
    worker: str = ""
    until: datetime | None = None
    recorded: bool = False
    shown: bool = False
    attempts: int = 0
    show_at: datetime | None = None
    trouble: str = ""
    noted_at: datetime | None = None
    """When we first saw it, by our clock; set by the state."""
