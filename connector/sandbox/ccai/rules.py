"""What the Apps API accepts when a call is created, and how it refuses the rest.

Source: call API, the tables and examples of the outbound, incoming and scheduled
call, and the common response codes. What they leave open is marked *ours*: among it
the order in which a request with several mistakes is told of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from connector.sandbox.ccai import forms
from connector.sandbox.ccai.account import Account, Agent, EndUser, Menu
from connector.sandbox.ccai.calls import INBOUND, OUTBOUND, SCHEDULED, Call
from connector.sandbox.ccai.forms import Known, RefusedError

KINDS: Final = {
    "Voice Outbound (API)": OUTBOUND,
    "OutboundCall": OUTBOUND,
    "Voice Inbound (API)": INBOUND,
    "IncomingCall": INBOUND,
    "Voice Scheduled (API)": SCHEDULED,
    "ScheduledCall": SCHEDULED,
}
"""The second name of each is deprecated."""
BLANK: Final = (None, "")
MISSING: Final = "Missing parameter"
"""Ours: the response codes name the mistake, without an example."""

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A call that may be created. Without ``dial_from`` somebody must choose."""

    kind: str
    lang: str
    dial_from: str | None
    agent: Agent | None = None
    menu: Menu | None = None
    end_user: EndUser | None = None
    ticket: str | None = None
    number: str = ""
    parent: Call | None = None
    scheduled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """``read`` raises ValueError or TypeError where ``wrong`` is the message.

    ``required``: the message where it is missing, unless ``instead`` is there.
    """

    name: str
    read: Callable[[object, Known], object]
    wrong: str = ""
    required: str | None = None
    instead: str = ""


_TICKET = Parameter(name="ticket_id", read=forms.ticket, wrong="Contact not found")
"""The message is of the outbound call's examples."""
_LANG = Parameter(name="lang", read=forms.language)
"""The messages are of the incoming and the scheduled call's examples."""
_DIAL_FROM = Parameter(
    name="outbound_number", read=forms.text, wrong="outbound_number is not well formed"
)
"""The message is ours."""
_NUMBER = Parameter(
    name="end_user_number",
    read=forms.phone,
    wrong="end_user_number is not well formed",
    required="end_user_number is required",
)
_RECORDING = Parameter(
    name="recording_permission",
    read=forms.recording,
    wrong="recording_permission is not well formed",
)
"""The message is ours."""

PARAMETERS: Final = {
    OUTBOUND: (
        Parameter(
            name="agent_email",
            read=forms.agent,
            wrong="Not a valid agent email",
            required="Agent email required",
        ),
        _TICKET,
        Parameter(
            name="end_user_number",
            read=forms.phone,
            wrong="end_user_number is not well-formed",
            required="ticket_id or end_user_number required",
            instead="ticket_id",
        ),
        _DIAL_FROM,
        _LANG,
    ),
    INBOUND: (
        Parameter(
            name="menu_id",
            read=forms.menu("Only IVR and mobile menu IDs are permitted"),
            wrong="menu_id is not well formed",
            required="menu_id is required",
        ),
        _LANG,
        _NUMBER,
        _TICKET,
        _DIAL_FROM,
        _RECORDING,
    ),
    SCHEDULED: (
        Parameter(name="call_id", read=forms.call, wrong="call_id is not well formed"),
        Parameter(
            name="menu_id",
            read=forms.menu("Only mobile and web menu IDs are permitted"),
            wrong="menu_id is not well formed",
            required="menu_id is required",
            instead="call_id",
        ),
        _LANG,
        _NUMBER,
        _TICKET,
        Parameter(
            name="scheduled_at",
            read=forms.future,
            wrong="scheduled_at is not well formed",
            required="scheduled_at is required",
        ),
        _RECORDING,
    ),
}
"""What each type of call is created from, in the order in which it is judged. The
messages about ``call_id`` and a wrong ``scheduled_at`` are ours."""


def wanted(body: object, known: Known) -> Wanted:
    """Read a request to create a call; RefusedError if it cannot be."""
    given = _given(body)
    kind = _kind(given)
    values = {p.name: _value(p, given, known) for p in PARAMETERS[kind]}
    ticket = cast("str | None", values["ticket_id"])
    call = Wanted(
        kind=kind,
        lang=cast("str", values["lang"] or "en"),
        dial_from=_dial_from(values, known.account, ticket),
        agent=cast("Agent | None", values.get("agent_email")),
        menu=_menu_of(values, known.account) if kind != OUTBOUND else None,
        end_user=known.account.tickets[ticket] if ticket else None,
        ticket=ticket,
        number=cast("str", values["end_user_number"] or ""),
        parent=cast("Call | None", values.get("call_id")),
        scheduled_at=cast("datetime | None", values.get("scheduled_at")),
    )
    _check_agent(call.agent)
    return call


def _given(body: object) -> Body:
    """Return what is there; the outbound call's table calls its type ``call_tye``."""
    if not isinstance(body, dict):
        raise RefusedError(MISSING)
    given = {name: value for name, value in body.items() if value not in BLANK}
    return {"call_type": given.get("call_tye"), **given}


def _kind(given: Body) -> str:
    """Read the type of call. An agent dials out: with any other type it is wrong (an
    example of the outbound call refuses ``ScheduledCall`` so)."""
    name = given["call_type"]
    if name is None:
        raise RefusedError(MISSING)
    kind = KINDS.get(str(name))
    if kind is None or (kind != OUTBOUND and "agent_email" in given):
        raise RefusedError("Invalid call type")
    return kind


def _value(parameter: Parameter, given: Body, known: Known) -> object:
    if parameter.name in given:
        return _read(parameter, given, known)
    if parameter.required and parameter.instead not in given:
        raise RefusedError(parameter.required)
    return None


def _read(parameter: Parameter, given: Body, known: Known) -> object:
    try:
        return parameter.read(given[parameter.name], known)
    except (TypeError, ValueError) as error:
        raise RefusedError(parameter.wrong) from error


def _menu_of(values: Body, account: Account) -> Menu:
    """Return the menu that is named, or that of the call that is."""
    named = cast("Menu | None", values["menu_id"])
    if named is not None:
        return named
    parent = cast("Call", values["call_id"])
    chosen = cast("Call", parent["selected_menu"] or {})
    if chosen.get("id") not in account.menus:
        raise RefusedError("menu_id is required")
    return account.menus[cast("int", chosen["id"])]


def _dial_from(values: Body, account: Account, ticket: str | None) -> str | None:
    if account.tickets_only and ticket is None and "agent_email" in values:
        return None
    return account.chosen_number(cast("str | None", values.get("outbound_number")))


def _check_agent(agent: Agent | None) -> None:
    if agent is None:
        return
    if not agent.can_dial:
        raise RefusedError("Agent does not have access to make calls")
    if not agent.available:
        raise RefusedError("Agent is not available to take this call")
