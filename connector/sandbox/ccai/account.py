"""Whom and what a customer of the platform has: agents, menus, end users, tickets."""

import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from connector.sandbox.callyzer.people import (
    ACTIVE_TEAM,
    CLIENTS,
    NEWCOMER,
    TEAM,
    Client,
    Employee,
)
from connector.sandbox.ccai.calls import Call

FIRST_AGENT: Final = 21
MAIN_NUMBER: Final = "+1 339-219-5276"
"""The one of the document's examples."""


class Ids:
    """Numbers what is new, each kind by itself; for use from any thread."""

    def __init__(self) -> None:
        """Begin after 0."""
        self._last: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, kind: str) -> int:
        """Return the next one."""
        with self._lock:
            self._last[kind] += 1
            return self._last[kind]

    def pass_by(self, kind: str, used: int) -> None:
        """Go on after ``used``, unless it is further already."""
        with self._lock:
            self._last[kind] = max(self._last[kind], used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who takes calls; ``can_dial``: they may make them as well."""

    id: int
    first_name: str
    last_name: str
    email: str
    agent_number: str | None = None
    avatar_url: str | None = None
    available: bool = True
    can_dial: bool = True

    @property
    def name(self) -> str:
        """Their whole name."""
        return f"{self.first_name} {self.last_name}"

    def info(self) -> Call:
        """Return what a call says of its agent; not their address."""
        return {
            "id": self.id,
            "agent_number": self.agent_number,
            "name": self.name,
            "last_name": self.last_name,
            "first_name": self.first_name,
            "avatar_url": self.avatar_url,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A queue. ``kind`` is ivr, mobile, web or another; ``state`` is open,
    manual redirection or after hours."""

    id: int
    name: str
    kind: str = "ivr"
    state: str = "open"

    def selected(self) -> Call:
        """Return what a call says of its menu."""
        return {
            "id": self.id,
            "name": self.name,
            "parent_id": None,
            "position": 0,
            "deleted": False,
            "menu_type": f"{self.kind}_menu",
            "output_msg": f"You selected {self.name}.",
            "hidden": False,
        }

    def path(self) -> Call:
        """Return where the menu is."""
        return {
            "items_count": 1,
            "name": self.name,
            "materialized_path": str(self.id),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUser:
    """A customer; ``contact`` is their id in the CRM, if they are known there."""

    id: int
    number: str
    contact: str | None = None

    def shown(self) -> Call:
        """Return what a call says of its end user; not their number."""
        return {"id": self.id, "identifier": None, "out_contact_id": self.contact}


MENUS: Final = (
    Menu(id=9, name="Sales"),
    Menu(id=10, name="Renewals"),
    Menu(id=11, name="Support", kind="web"),
    Menu(id=12, name="Callbacks", kind="mobile"),
    Menu(id=50, name="Letters", kind="email"),
)


@dataclass(kw_only=True, eq=False)
class Account:
    """A customer of the platform; the plain fields may be changed at any time.

    ``default_number`` None: whoever dials without a number must choose one.
    ``tickets_only``: agents dial to tickets and not to bare numbers. ``contacts``
    are given to the cast in its order, ``tickets`` in turn; both are the CRM's.
    """

    tickets: dict[str, EndUser] = field(default_factory=dict, init=False)
    agents: dict[str, Agent] = field(default_factory=dict, init=False)
    menus: dict[int, Menu] = field(default_factory=dict, init=False)
    languages: Sequence[str] = ("en",)
    outbound_numbers: Sequence[str] = (MAIN_NUMBER,)
    default_number: str | None = MAIN_NUMBER
    tickets_only: bool = False
    contacts: Sequence[str] = ()
    ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        """Let in the cast."""
        self._end_users: dict[str, EndUser] = {}
        self._lock = threading.RLock()
        self.agents |= {e.email: _agent(at, e) for at, e in enumerate(TEAM)}
        self.menus |= {menu.id: menu for menu in MENUS}
        for at, client in enumerate(CLIENTS):
            contact = self.contacts[at] if at < len(self.contacts) else None
            self.meet(_number(client), contact)

    def meet(self, number: str, contact: str | None = None) -> EndUser:
        """Return who has a number: whoever is new gets an id, and with ``contact``
        they are known to the CRM from now on."""
        with self._lock:
            known = self._end_users.get(digits(number))
            if known is None:
                known = EndUser(id=self.ids.take("end_user"), number=number)
            if contact is not None:
                known = replace(known, contact=contact)
            self._end_users[digits(number)] = known
            return known

    def add_ticket(
        self, ticket: str, *, number: str = "", contact: str | None = None
    ) -> None:
        """Add a ticket of the CRM, by default one of the cast's, in turn."""
        with self._lock:
            client = CLIENTS[len(self.tickets) % len(CLIENTS)]
            self.tickets[ticket] = self.meet(number or _number(client), contact)

    def add_agent(self, agent: Agent) -> None:
        """Add an agent, or replace the one with their address."""
        self.agents[agent.email] = agent

    def add_menu(self, menu: Menu) -> None:
        """Add a menu, or replace the one with its id."""
        self.menus[menu.id] = menu

    def somebody(self, rng: Random) -> EndUser:
        """Choose one of the cast; now and then it is the newcomer."""
        return self.meet(_number(rng.choice((*CLIENTS, NEWCOMER))))

    def agent_for(self, rng: Random, end_user: EndUser) -> Agent:
        """Choose an agent: each country's clients have their own."""
        team = [e for e in ACTIVE_TEAM if _near(e, end_user)] or ACTIVE_TEAM
        return self.agents[rng.choice(team).email]

    def chosen_number(self, wanted: str | None) -> str | None:
        """Return the number to dial from; None if somebody must choose it.

        One that is not the account's is as if none had been named (the table of
        incoming calls).
        """
        managed = {digits(n) for n in self.outbound_numbers}
        known = wanted is not None and digits(wanted) in managed
        return wanted if known else self.default_number


def digits(number: str) -> str:
    """Return a number without its punctuation."""
    return re.sub(r"\D", "", number)


def _number(client: Client) -> str:
    return f"+{client.country_code}{client.number}"


def _near(employee: Employee, end_user: EndUser) -> bool:
    return end_user.number.startswith(f"+{employee.country_code}")


def _agent(at: int, employee: Employee) -> Agent:
    first, _, last = employee.name.partition(" ")
    return Agent(
        id=FIRST_AGENT + at,
        first_name=first,
        last_name=last,
        email=employee.email,
        agent_number=employee.code,
        avatar_url=f"https://ccai.example/avatars/{employee.code}.png",
    )
