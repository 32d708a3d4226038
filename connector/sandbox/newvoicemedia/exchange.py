"""The agents, who of them is on the phone, and every call that was dialled."""

import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, cast
from uuid import UUID, uuid4

from connector.sandbox.callyzer.people import ACTIVE_TEAM
from connector.sandbox.newvoicemedia import rules
from connector.sandbox.newvoicemedia.rules import Asked, RefusedError

GROUPS: Final = {"Inside sales": "030", "Field sales": "200", "Renewals": "400"}
"""The group of each part of the team; the ids are those of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who can be called, and called for."""

    agent_id: str
    name: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """A call that was placed, whatever the client was told of it.

    ``id`` is the one in the answer's body, ``location_id`` the one in its Location.
    ``number`` is as it was asked for, and missing where ``to_agent`` was called.
    ``agent`` is who was called first, chosen from ``groups`` where these were asked.
    """

    id: str
    location_id: str
    agent: str
    at: datetime
    number: str | None = None
    to_agent: str | None = None
    groups: tuple[str, ...] = ()
    presented_clid: str | None = None
    regarding: str | None = None
    application: str | None = None
    from_consent: str | None = None
    to_consent: str | None = None


TEAM: Final = tuple(
    Agent(
        agent_id=employee.code,
        name=employee.name,
        groups=tuple(GROUPS[tag] for tag in employee.tags if tag in GROUPS),
    )
    for employee in ACTIVE_TEAM
)
EXAMPLES: Final = (
    Agent(agent_id="1234", groups=tuple(GROUPS.values())),
    Agent(agent_id="4567", groups=tuple(GROUPS.values())),
)
"""The agents of the document's examples."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Places calls; for use from any thread.

    A call keeps its agents busy for ``call_seconds``. To ``invalid`` numbers no
    call can be placed.
    """

    now: Callable[[], datetime]
    call_seconds: float
    invalid: set[str]
    _agents: dict[str, Agent] = field(default_factory=dict)
    _until: dict[str, datetime | None] = field(default_factory=dict)
    _dials: list[Dial] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def dials(self) -> Sequence[Dial]:
        """Every call that was placed, oldest first."""
        with self._lock:
            return tuple(self._dials)

    @property
    def agents(self) -> Sequence[Agent]:
        """Everybody, in the order in which a group's free agent is looked for."""
        with self._lock:
            return tuple(self._agents.values())

    def hire(self, agents: Iterable[Agent]) -> None:
        """Add agents, or replace those with their ids."""
        with self._lock:
            self._agents.update((agent.agent_id, agent) for agent in agents)

    def occupy(self, agent_id: str, seconds: float | None = None) -> None:
        """Put an agent on the phone, until freed where no time is given."""
        lasting = None if seconds is None else timedelta(seconds=seconds)
        with self._lock:
            known = self._agents[agent_id]
            end = None if lasting is None else self.now() + lasting
            self._until[known.agent_id] = end

    def free(self, agent_id: str) -> None:
        """Let an agent hang up; harmless where they are not on the phone."""
        with self._lock:
            self._until.pop(agent_id, None)

    def busy(self, agent_id: str) -> bool:
        """Whether an agent is on the phone."""
        with self._lock:
            end = self._until.get(agent_id, self.now())
            return end is None or end > self.now()

    def place(self, asked: Asked) -> Dial:
        """Place a call and write it down, or refuse it."""
        with self._lock:
            agent = self._caller(asked)
            self._check_called(asked)
            dial = _dial(asked, agent, self.now())
            self._dials.append(dial)
            for each in filter(None, (agent, dial.to_agent)):
                if self.call_seconds:
                    self.occupy(each, self.call_seconds)
        return dial

    def _caller(self, asked: Asked) -> str:
        if "from.groups" in asked:
            return self._free_in(cast("list[str]", asked["from.groups"]))
        agent_id = str(asked["from.agentId"])
        if agent_id not in self._agents:
            raise RefusedError(rules.CALLER_UNKNOWN)
        if self.busy(agent_id):
            raise RefusedError(rules.CALLER_BUSY)
        return agent_id

    def _free_in(self, groups: list[str]) -> str:
        """Choose an agent; that nobody is free is refused in this way is ours."""
        for agent in self._agents.values():
            if not self.busy(agent.agent_id) and set(groups).intersection(agent.groups):
                return agent.agent_id
        raise RefusedError(rules.CALL_FAILED)

    def _check_called(self, asked: Asked) -> None:
        agent_id = asked.get("to.agentId")
        if agent_id is not None and agent_id not in self._agents:
            raise RefusedError(rules.CALLED_UNKNOWN)
        if agent_id is not None and self.busy(str(agent_id)):
            raise RefusedError(rules.CALLED_BUSY)
        if asked.get("to.telephoneNumber") in self.invalid:
            raise RefusedError(rules.NUMBER_INVALID)


def _dial(asked: Asked, agent: str, at: datetime) -> Dial:
    text = partial(_text, asked)
    return Dial(
        id=_by_time(at),
        location_id=str(uuid4()),
        agent=agent,
        at=at,
        number=text("to.telephoneNumber"),
        to_agent=text("to.agentId"),
        groups=tuple(cast("list[str]", asked.get("from.groups", []))),
        presented_clid=text("from.presentedCLID"),
        regarding=text("regarding.reference"),
        application=text("application"),
        from_consent=text("from.consent"),
        to_consent=text("to.consent"),
    )


def _text(asked: Asked, where: str) -> str | None:
    return str(asked[where]) if where in asked else None


def _by_time(at: datetime) -> str:
    """Make an id that begins with the milliseconds, as the document's do."""
    milliseconds = int(at.timestamp() * 1000)
    return str(UUID(int=(milliseconds << 80) | secrets.randbits(80)))
