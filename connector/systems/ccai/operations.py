"""The CCAI Platform's operations: its Apps API, and what we read of its Manager API.

Source: call API (Apps API), by its own headings; Manager API, pagination and tailing,
and the variables of its calls and agents. Both are below one address.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.transport.operation import Operation, Param, Rule

APPS: Final = "apps/api/v1"
MANAGER: Final = "manager/api/v1"
OUTBOUND: Final = ("Voice Outbound (API)", "OutboundCall")
INBOUND: Final = ("Voice Inbound (API)", "IncomingCall")
SCHEDULED: Final = ("Voice Scheduled (API)", "ScheduledCall")
"""The second name of each is deprecated."""
RECORDING: Final = tuple(
    f"recording_permission_{choice}" for choice in ("not_asked", "denied", "granted")
)
PER: Final = 100
"""Rows on a page: the default, and the most."""

_DIGITS: Final = r"\D*\d"
_NUMBER: Final = (
    rf"(?=({_DIGITS}){{7,15}}\D*$)(?!\+1({_DIGITS}){{0,9}}\D*$)\+?[0-9 ().-]+"
)
"""What the examples refuse is no number: 123123, and +1 999-657-12."""
_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
_ID: Final = r"[0-9]{1,18}"

REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        r"Agent is not available to take this call": "agent_email",
        r"Not a valid agent email": "agent_email",
        r"Agent email required": "agent_email",
        r"Agent does not have access to make calls": "agent_email",
        r"ticket_id or end_user_number required": "end_user_number",
        r"end_user_number is not well[- ]formed": "end_user_number",
        r"end_user_number is required": "end_user_number",
        r"Contact not found": "ticket_id",
        r"[Ii]nvalid call type.*": "call_type",
        r"Menu is in '.*' state, can't accept .*calls": "menu_id",
        r"Only .* menu IDs are permitted": "menu_id",
        r"menu_id .*": "menu_id",
        r"Language '.*' is not (available|found)": "lang",
        r"scheduled_at is required": "scheduled_at",
        r"Missing parameter.*": "",
    }
)
"""Messages of a 400 that are in the document, and the parameter each is about."""


def _kind(choices: tuple[str, ...]) -> Param:
    return Param(
        name="call_type",
        required=True,
        choices=choices,
        missing="Missing parameter - call_type",
        refusal="Invalid call type",
    )


def _number(refusal: str, *, required: bool) -> Param:
    return Param(
        name="end_user_number", required=required, fits=_NUMBER, refusal=refusal
    )


TICKET: Final = Param(name="ticket_id")
DIAL_FROM: Final = Param(name="outbound_number")
LANG: Final = Param(
    name="lang", fits=r"[a-z]{2}", refusal="Language '{value}' is not found"
)
RECORDED: Final = Param(name="recording_permission", choices=RECORDING)
ID: Final = Param(name="id", kind="integer", place="path", required=True, least=0)

_OUTBOUND: Final = (
    _kind(OUTBOUND),
    Param(
        name="agent_email",
        required=True,
        missing="Agent email required",
        fits=r"[^@\s]+@[^@\s]+",
        refusal="Not a valid agent email",
    ),
    TICKET,
    _number("end_user_number is not well-formed", required=False),
    DIAL_FROM,
    LANG,
)
_INBOUND: Final = (
    _kind(INBOUND),
    Param(
        name="menu_id",
        kind="integer",
        required=True,
        refusal="menu_id is not well formed",
    ),
    _number("end_user_number is not well formed", required=True),
    LANG,
    TICKET,
    DIAL_FROM,
    RECORDED,
)
_SCHEDULED: Final = (
    _kind(SCHEDULED),
    Param(name="menu_id", kind="integer", refusal="menu_id is not well formed"),
    Param(name="call_id", kind="integer"),
    _number("end_user_number is not well formed", required=True),
    LANG,
    TICKET,
    Param(
        name="scheduled_at",
        required=True,
        fits=_MOMENT,
        refusal="scheduled_at: {value} is not a time as ISO 8601 has it",
    ),
    RECORDED,
)
_WHOM: Final = Rule(
    name="end_user_number",
    kept=lambda v: bool(v.get("ticket_id") or v.get("end_user_number")),
    refusal="ticket_id or end_user_number required",
)
_WHICH_MENU: Final = Rule(
    name="menu_id",
    kept=lambda v: v.get("menu_id") is not None or v.get("call_id") is not None,
    refusal="menu_id is required",
)


def _create(
    name: str, section: str, params: tuple[Param, ...], *rules: Rule
) -> Operation:
    return Operation(
        name=name,
        method="POST",
        path=f"{APPS}/calls",
        section=section,
        params=params,
        rules=rules,
        refusals=tuple(REFUSALS),
        once=True,
    )


def _flags(name: str, method: str, section: str, *params: Param) -> Operation:
    return Operation(
        name=name,
        method=method,
        path=f"{APPS}/calls/{{id}}/customer_flag",
        section=section,
        params=(ID, *params),
    )


def _list(what: str, section: str, *params: Param) -> Operation:
    return Operation(
        name=f"list_{what}",
        method="GET",
        path=f"{MANAGER}/{what}",
        section=section,
        params=(
            Param(name="page", kind="integer", place="query", least=1),
            Param(name="per", kind="integer", place="query", least=1, most=PER),
            Param(name="sort_column", place="query"),
            Param(name="sort_direction", place="query", choices=("ASC", "DESC")),
            Param(name="id[]", kind="list", place="query", fits=_ID),
            *params,
        ),
    )


def _since(name: str) -> Param:
    words = "{name}: {value} is not a time such as 2018-06-07T19:49:52.896Z"
    return Param(name=name, place="query", fits=_MOMENT, refusal=words)


def _any_of(name: str) -> Param:
    return Param(name=f"{name}[]", kind="list", place="query")


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            _create(
                "create_outbound_call_to_number",
                "Outbound call - end_user_number",
                _OUTBOUND,
                _WHOM,
            ),
            _create(
                "create_outbound_call_for_ticket",
                "Outbound Call - ticket_id",
                _OUTBOUND,
                _WHOM,
            ),
            _create("create_inbound_call", "Incoming Call", _INBOUND),
            _create("create_scheduled_call", "Scheduled call", _SCHEDULED, _WHICH_MENU),
            _flags(
                "get_customer_flag",
                "GET",
                "Get reserved data attributes during a call",
            ),
            _flags(
                "update_customer_flag",
                "PATCH",
                "Update reserved data attributes during a call",
                Param(name="verified_customer", kind="boolean"),
                Param(name="bad_actor", kind="boolean"),
                Param(name="repeat_customers", kind="boolean"),
            ),
            _list("calls", "Manager API, calls", _since("updated_at[from]")),
            _list(
                "agents",
                "Manager API, agents",
                _any_of("agent_number"),
                _any_of("status_id"),
                _any_of("online"),
                _since("last_login_time[from]"),
                _since("last_login_time[to]"),
                _since("status_updated_at[from]"),
                _since("status_updated_at[to]"),
            ),
        )
    }
)
