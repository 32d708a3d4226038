"""An org and a dialer in memory, whose trouble is ordered beforehand."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connector.errors import (
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import (
    Call,
    CrmField,
    CrmObject,
    Outcome,
    Payload,
    Placed,
    Query,
    Scalar,
)
from connector.testing import MemoryCrm, Reticent

NOTHING_DONE: dict[str, type[Exception]] = {
    "401": UnauthorizedError,
    "429": RateLimitedError,
    "no connection": UnavailableError,
    "500, nothing done": OutcomeUnknownError,
}
"""What an order has raised in place of the act."""
LOST = "done, and the answer lost"
PAUSE = "suspended"
FAULTS = (*NOTHING_DONE, LOST, PAUSE)
REFUSED = "refused"
SUSPENDED = timedelta(minutes=5)


def _object(name: str, *fields: CrmField) -> CrmObject:
    every = (CrmField(name="Id", type="id", length=18), *fields)
    return CrmObject(name=name, fields={each.name: each for each in every})


def _text(name: str) -> CrmField:
    return CrmField(name=name, type="string", length=255)


KEY = CrmField(
    name="Request_Id__c", type="string", length=255, external_id=True, unique=True
)
TASK = _object(
    "Task",
    *map(_text, ("Call_Request__c", "Call_Request_Id__c", "Call_Number__c")),
    *map(_text, ("Call_Message__c", "Agent__c", "Description")),
    CrmField(name="Call_Requested_At__c", type="datetime"),
    CrmField(name="IsClosed", type="boolean"),
)
CLAIM = _object(
    "Call_Dial__c", KEY, *map(_text, ("State__c", "Claimed_By__c", "Message__c"))
)


@dataclass(slots=True)
class World:
    """The time of everybody, and what is to go wrong next.

    ``writes``, ``calls``: the troubles of those to come; ``meanwhile``: what happens
    before each act. ``deaf``: the CRM takes no updates.
    """

    time: datetime = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    writes: deque[str] = field(default_factory=deque)
    calls: deque[str] = field(default_factory=deque)
    meanwhile: deque[Callable[[], object]] = field(default_factory=deque)
    deaf: bool = False

    def mend(self) -> None:
        """Let nothing go wrong any more."""
        self.writes.clear()
        self.calls.clear()
        self.meanwhile.clear()
        self.deaf = False

    def begin(self, troubles: deque[str]) -> str:
        """What goes wrong with the act that begins."""
        if self.meanwhile:
            self.meanwhile.popleft()()
        trouble = troubles.popleft() if troubles else ""
        if error := NOTHING_DONE.get(trouble):
            raise error
        return trouble

    def end(self, trouble: str) -> None:
        """Let the act that is done go wrong."""
        if trouble == PAUSE:
            self.time += SUSPENDED
        if trouble == LOST:
            raise OutcomeUnknownError


@dataclass(slots=True)
class Watch:
    """A clock of one installation, which may be wrong; who waits moves the world."""

    world: World
    wrong: timedelta = timedelta()

    def now(self) -> datetime:
        """The time that it shows."""
        return self.world.time + self.wrong

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Let time pass for all."""
        self.world.time += timedelta(seconds=max(0.0, seconds))
        return stop.is_set()


class Bureau(Reticent):
    """A CRM with tasks and claims. Its answers tell when they were given."""

    def __init__(self, world: World) -> None:
        self.tasks = MemoryCrm(described=TASK, key="")
        self.claims = MemoryCrm(described=CLAIM, key="Request_Id__c")
        self._world = world
        self._date = world.time

    def _of(self, name: str) -> MemoryCrm:
        return {"Task": self.tasks, "Call_Dial__c": self.claims}[name]

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        """Describe one of the two."""
        return self._of(name).describe(name, fresh=fresh)

    def now(self) -> datetime:
        """When it answered last."""
        return self._date

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Find records; nothing goes wrong."""
        self._date = self._world.time
        return self._of(query.object).select(query)

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create a record, or what was ordered."""
        return self._write(lambda: self._of(name).create(name, rows))

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Update a record, or what was ordered."""
        if self._world.deaf:
            raise UnavailableError
        return self._write(lambda: self._of(name).update(name, rows))

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Refuse: no dial is upserted."""
        raise NotImplementedError(name, key, rows)

    def _write(self, act: Callable[[], list[Outcome]]) -> list[Outcome]:
        trouble = self._world.begin(self._world.writes)
        outcomes = act()
        self._date = self._world.time
        self._world.end(trouble)
        return outcomes


@dataclass(slots=True)
class Phones:
    """A dialer. ``rang``: how often, by request; ``answered``: whose answer came.

    ``at``: when each was asked for that rang.
    """

    world: World
    rang: Counter[str] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    at: dict[str, datetime] = field(default_factory=dict)

    def ready(self) -> None:
        """It always is."""

    def dial(self, call: Call) -> Placed:
        """Ring, or what was ordered."""
        asked_at, request = self.world.time, str(call["regarding.reference"])
        trouble = self.world.begin(self.world.calls)
        if trouble == REFUSED:
            raise RefusedError("Unable to place call - Agent number busy")
        self.rang[request] += 1
        self.at[request] = asked_at
        self.world.end(trouble)
        self.answered.add(request)
        return Placed(id=f"call of {request}")
