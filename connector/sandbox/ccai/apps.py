"""The Apps API: calls are created, and their customers' flags kept.

Source: call API, from the outbound call to the reserved data attributes.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.ccai import rules
from connector.sandbox.ccai.account import Account, EndUser
from connector.sandbox.ccai.calls import (
    BLANK,
    CREATED,
    INBOUND,
    OUTBOUND,
    SCHEDULED,
    Call,
)
from connector.sandbox.ccai.forms import Known, RefusedError
from connector.sandbox.ccai.gate import NOT_FOUND
from connector.sandbox.ccai.moments import stamp
from connector.sandbox.ccai.moods import Moods
from connector.sandbox.ccai.rules import Wanted

FLAGS: Final = {
    "verified_customer": "verified_customer",
    "bad_actor": "bad_actor",
    "repeat_customer": "repeat_customer",
    "repeat_customers": "repeat_customer",
}
"""Reading them, the document writes the last without, updating them with an s."""
STATUSES: Final = {OUTBOUND: "assigned", INBOUND: "queued", SCHEDULED: "scheduled"}
PRINTED: Final[Mapping[str, Call]] = {
    SCHEDULED: {"call_type": INBOUND, "status": "queued"}
}
"""A new scheduled call is answered as the examples print it, and is afterwards what
the definitions of types and statuses say: both are in the document."""

Put = Callable[[Call, str], Call]
"""Keeps a call and its customer's number, and returns it with its id."""


class AppsApi:
    """What another system may do with the calls of an account."""

    def __init__(
        self,
        account: Account,
        moods: Callable[[], Moods],
        now: Callable[[], datetime],
        find: Callable[[int], Call | None],
        put: Put,
    ) -> None:
        """``find`` and ``put`` are those of all calls."""
        self._account, self._moods, self._now = account, moods, now
        self._find, self._put = find, put
        self._flags: dict[int, dict[str, bool]] = {}

    def routes(self, base: str) -> list[Route]:
        """Return the routes below ``base``."""
        flags = f"{base}/calls/{{id:int}}/customer_flag"
        return [
            Route(f"{base}/calls", self._create, methods=["POST"]),
            Route(flags, self._get_flags, methods=["GET"]),
            Route(flags, self._set_flags, methods=["PATCH"]),
        ]

    async def _create(self, request: Request) -> Response:
        body = await _json(request)
        known = Known(account=self._account, now=self._now(), find=self._find)
        wanted = rules.wanted(body, known)
        if wanted.kind == OUTBOUND and wanted.dial_from is None:
            return self._accepted(body)
        return JSONResponse(self._created(wanted), 201)

    def _accepted(self, body: object) -> Response:
        """Answer that somebody must choose in the widget first."""
        if self._moods().accepted == 200:  # noqa: PLR2004 - a status of HTTP
            return JSONResponse(body)
        return Response(status_code=202)

    def _created(self, wanted: Wanted) -> Call:
        end_user = self._end_user(wanted)
        number = wanted.end_user.number if wanted.end_user else wanted.number
        call = self._put(new_call(wanted, end_user, self._now()), number)
        absent = set() if wanted.kind == OUTBOUND else {"voip_provider"}
        shown = {name: call[name] for name in CREATED if name not in absent}
        return shown | PRINTED.get(wanted.kind, {})

    def _end_user(self, wanted: Wanted) -> EndUser | None:
        """Who is called: in the examples nobody yet where an agent dials a number."""
        if wanted.end_user is not None or wanted.kind == OUTBOUND:
            return wanted.end_user
        return self._account.meet(wanted.number)

    async def _get_flags(self, request: Request) -> Response:
        return JSONResponse(self._flags_of(request))

    async def _set_flags(self, request: Request) -> Response:
        """Update the flags that are given; ours: the answer, and what is refused."""
        body = await _json(request)
        if not isinstance(body, dict):
            raise RefusedError(rules.MISSING)
        flags = self._flags_of(request)
        flags |= {FLAGS[n]: _flag(n, v) for n, v in body.items() if n in FLAGS}
        self._flags[request.path_params["id"]] = flags
        return JSONResponse(flags)

    def _flags_of(self, request: Request) -> dict[str, bool]:
        call_id = request.path_params["id"]
        if self._find(call_id) is None:
            raise RefusedError(NOT_FOUND, 404)
        return self._flags.get(call_id, dict.fromkeys(FLAGS.values(), False))


def new_call(wanted: Wanted, end_user: EndUser | None, at: datetime) -> Call:
    """Return a call as it begins, without its id and those of its participants."""
    now, menu, agent = stamp(at), wanted.menu, wanted.agent
    offered = {"casting_time": now, "group": "Group 1"}
    return {
        **BLANK,
        "parent_id": wanted.parent["id"] if wanted.parent else None,
        "lang": wanted.lang,
        "call_type": wanted.kind,
        "status": STATUSES[wanted.kind],
        "created_at": now,
        "queued_at": now if wanted.kind == INBOUND else None,
        "assigned_at": now if agent else None,
        "scheduled_at": stamp(wanted.scheduled_at) if wanted.scheduled_at else None,
        "out_ticket_id": wanted.ticket,
        "selected_menu": menu.selected() if menu else None,
        "menu_path": menu.path() if menu else None,
        "agent_info": agent.info() if agent else None,
        "end_user": end_user.shown() if end_user else None,
        "participants": participants(agent.id if agent else None, end_user),
        "offer_type": "cascade" if menu else None,
        "offer_events": [offered] if menu else [],
        "outbound_number": wanted.dial_from,
    }


def participants(agent: int | None, end_user: EndUser | None) -> list[Call]:
    """Return those who wait for each other, without ids."""
    outside = end_user.id if end_user else None
    agents = [_participant("agent", agent, None)] if agent is not None else []
    return [*agents, _participant("end_user", None, outside)]


def _participant(kind: str, user: int | None, end_user: int | None) -> Call:
    return {
        "id": None,
        "type": kind,
        "status": "waiting",
        "call_id": None,
        "user_id": user,
        "end_user_id": end_user,
        "call_duration": None,
        "hold_duration": None,
        "connected_at": None,
        "ended_at": None,
        "fail_reason": "nothing",
    }


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise RefusedError(f"{name} is not well formed")
    return value


async def _json(request: Request) -> object:
    """Parse a body; one that is no JSON, or does not say so, has no parameters."""
    media = request.headers.get("content-type", "").split(";")[0].strip()
    try:
        return json.loads(await request.body()) if media == "application/json" else None
    except ValueError:
        return None
