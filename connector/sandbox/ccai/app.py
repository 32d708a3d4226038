"""The sandbox's CCAI Platform: both of its APIs, its limit, its moods and its events.

Source: call API (Apps API); Manager API, basic authentication, rate limits,
pagination and tailing, call and agent endpoints; external session events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Router
from starlette.types import ASGIApp

from connector.clock import SystemClock
from connector.sandbox.ccai import administration
from connector.sandbox.ccai.account import Account
from connector.sandbox.ccai.apps import AppsApi
from connector.sandbox.ccai.calls import BLANK, FIELDS, TERMINAL, Call
from connector.sandbox.ccai.events import (
    NO_SESSION,
    Deliveries,
    Subscriber,
    session_event,
)
from connector.sandbox.ccai.forms import RefusedError
from connector.sandbox.ccai.gate import NOT_FOUND, Gate, Terms
from connector.sandbox.ccai.lifelike import begun_call, ended_call, moments
from connector.sandbox.ccai.manager import ManagerApi
from connector.sandbox.ccai.moments import moment, stamp
from connector.sandbox.ccai.moods import Moods
from connector.sandbox.ccai.progress import onward
from connector.sandbox.ccai.store import Store
from connector.sandbox.faults import Faults, with_faults

LATEST = 30
"""How many of the calls in progress may go on when something happens."""


@dataclass(kw_only=True, eq=False)
class CcaiSandbox:
    """A customer's installation of the platform; ``app`` is what `Server` serves.

    ``prefix`` comes before both APIs in every path. ``requests_per_second`` is that
    of the whole customer; 0 is no limit. ``now`` is its clock. ``tickets`` (ids or
    case numbers) and ``contacts`` are those of the CRM, given to the cast in turn.
    ``account`` has the agents, menus and settings; ``events`` is what is posted. All
    methods are for use from any thread.
    """

    username: str = "ccai-sandbox"
    token: str = "ccai-sandbox-token"  # noqa: S105 - opens only the sandbox
    requests_per_second: float = 10
    prefix: str = ""
    now: Callable[[], datetime] = SystemClock().now
    tickets: Sequence[str] = ()
    contacts: Sequence[str] = ()
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)
    account: Account = field(init=False)
    events: Deliveries = field(default_factory=Deliveries, init=False)

    def __post_init__(self) -> None:
        """Open the account."""
        self.account, self._store = Account(contacts=self.contacts), Store()
        self._choice = Random(0)  # noqa: S311 - repeatable, not secret
        self._late_tickets: dict[int, str] = {}
        self._know(self.tickets)
        self.app = with_faults(self._served(), self.faults)

    def __len__(self) -> int:
        return len(self._store)

    def call(self, call_id: int) -> Call:
        """Return a call with all its fields; KeyError where there is none."""
        return self._store.get(call_id).record

    def calls(self) -> list[Call]:
        """Return all calls, by their ids."""
        with self._store.lock:
            return [self.call(call_id) for call_id in self._store.ids()]

    def add(self, record: Mapping[str, object], *, number: str = "") -> Call:
        """Add a call with its customer's number, or replace the one with its id.

        Without an id it gets the next one; what is missing is blank, and it was
        created and updated now. Returns it; KeyError for a field that no document
        has.
        """
        created = {"created_at": stamp(self.now())}
        return self._keep(BLANK | created | _documented(record), number)

    def change(self, call_id: int, **fields: object) -> Call:
        """Change a call and return it; it was updated now unless told when.

        KeyError where there is no such call, or no such field.
        """
        with self._store.lock:
            stored = self._store.get(call_id)
            record = stored.record | {"updated_at": None} | _documented(fields)
            return self._keep(record, stored.number)

    def remove(self, call_id: int) -> None:
        """Forget a call; harmless when there is none."""
        self._store.remove(call_id)

    def touch(self, ids: Iterable[int] | None = None) -> None:
        """Count calls, by default all, as updated at one and the same moment."""
        with self._store.lock:
            at = self.now()
            for call_id in self._store.ids() if ids is None else ids:
                stored = self._store.get(call_id)
                record = stored.record | {"updated_at": stamp(at)}
                self._store.put(record, at, stored.number)

    def advance(self, call_id: int) -> Call:
        """Let a call take its next step, such as from queued to assigned; return it.

        KeyError where there is no such call, or nothing more happens to it.
        """
        with self._store.lock:
            stored = self._store.get(call_id)
            end_user = self.account.meet(stored.number)
            agent = self.account.agent_for(self._choice, end_user)
            step = onward(stored.record, self.now(), agent)
            return self.change(call_id, **step)

    def load(
        self,
        count: int,
        *,
        seed: int = 1,
        days: float = 7,
        tickets: Sequence[str] = (),
    ) -> None:
        """Make up ``count`` calls that ended in the last ``days``.

        ``tickets`` are known from now on, besides the sandbox's own.
        """
        self._know(tickets)
        rng = Random(seed)  # noqa: S311 - repeatable, not secret
        ends = moments(rng, count, self.now(), days)
        self._store.load(self._ended(rng, at) for at in ends)

    def arrive(self, rng: Random) -> int:
        """Let one more thing happen now; return the id of its call.

        A call begins, goes on, or gets its ticket after it has ended.
        """
        live, late = self._store.live()[-LATEST:], self._late()
        what = rng.random()
        if late and what < 0.1:  # noqa: PLR2004 - tickets keep up with new calls
            ticket = self._late_tickets.pop(late[0])
            return _id(self.change(late[0], out_ticket_id=ticket))
        if live and what < 0.85:  # noqa: PLR2004 - a call has five steps
            return _id(self.advance(rng.choice(live)))
        call, number, later = begun_call(rng, self.now(), self.account)
        call_id = _id(self._keep(call, number))
        if later:
            self._late_tickets[call_id] = later
        return call_id

    def subscribe(self, url: str, username: str, password: str) -> None:
        """Post every change of a call's state to ``url`` from now on.

        ValueError unless it is a web address.
        """
        to = Subscriber(url=url, username=username, password=password)
        self.events.subscribe(to)

    def _late(self) -> list[int]:
        """Return the calls that have ended and are still to get their ticket."""
        there = [i for i in self._late_tickets if i in self._store]
        return [i for i in there if self._store.get(i).status in TERMINAL]

    def _know(self, tickets: Iterable[str]) -> None:
        for ticket in tickets:
            self.account.add_ticket(ticket)

    def _ended(self, rng: Random, at: datetime) -> tuple[Call, datetime, str]:
        call, number = ended_call(rng, at, self.account)
        return self._numbered(call | {"updated_at": stamp(at)}), at, number

    def _keep(self, call: Call, number: str) -> Call:
        """Put a call where it belongs, and tell whoever wants to know its state."""
        with self._store.lock:
            at, written = self.now(), call["updated_at"]
            updated = moment(written) if written else at
            call = self._numbered(call | {"updated_at": stamp(updated)})
            before = self._store.put(call, updated, number)
            if before != call["status"] and call["status"] not in NO_SESSION:
                flat = self.moods.flat_events
                self.events.send(partial(session_event, call, number, at, flat=flat))
        return call

    def _numbered(self, call: Call) -> Call:
        """Give a call its id, and those to its participants, where they have none."""
        ids, given = self.account.ids, call["id"]
        call_id = ids.take("call") if given is None else int(str(given))
        ids.pass_by("call", call_id)
        there = cast("list[Call]", call["participants"])
        numbered = [
            each | {"id": each.get("id") or ids.take("participant"), "call_id": call_id}
            for each in there
        ]
        return call | {"id": call_id, "participants": numbered}

    # ── over HTTP ──────────────────────────────────────────────────────────

    def _served(self) -> ASGIApp:
        apps = AppsApi(self.account, self._moods, self.now, self._find, self._keep)
        manager = ManagerApi(
            self.account, self._store, self._moods, self.now, self.touch
        )
        apis = Starlette(
            routes=[
                *apps.routes(f"{self.prefix}/apps/api/v1"),
                *manager.routes(f"{self.prefix}/manager/api/v1"),
            ],
            exception_handlers={RefusedError: _refused, HTTPException: _nothing},
        )
        gate = Gate(self._terms, self.now)
        side_doors = administration.routes(self._put, self.subscribe)
        return Router(side_doors, default=gate.before(apis))

    def _moods(self) -> Moods:
        return self.moods

    def _terms(self) -> Terms:
        return Terms(
            username=self.username,
            token=self.token,
            per_second=self.requests_per_second,
            retry_after=self.moods.retry_after,
        )

    def _find(self, call_id: int) -> Call | None:
        return self.call(call_id) if call_id in self._store else None

    def _put(self, record: Mapping[str, object]) -> int:
        """Change the call with this id, or add one; ``number`` is its customer's."""
        fields = {name: value for name, value in record.items() if name != "number"}
        if fields.get("id") in self._store:
            call_id = _id(fields)
            return _id(self.change(call_id, **fields))
        return _id(self.add(fields, number=str(record.get("number", ""))))


def _id(call: Mapping[str, object]) -> int:
    return int(str(call["id"]))


def _documented(fields: Mapping[str, object]) -> Call:
    """Return the fields; KeyError if the documents do not have them all."""
    unknown = sorted(set(fields).difference(FIELDS))
    if unknown:
        raise KeyError(*unknown)
    return dict(fields)


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, RefusedError) else 400
    return JSONResponse({"message": str(error)}, status)


async def _nothing(_: Request, __: Exception) -> Response:
    return JSONResponse({"message": NOT_FOUND}, 404)
