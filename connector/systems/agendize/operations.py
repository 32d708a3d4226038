"""Agendize's operations. Source: Calls API Reference, by its own headings."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from connector.systems.agendize.rules import (
    are_texts,
    goes_with_refreshing,
    is_zone,
    only,
    real,
)
from connector.transport.operation import Operation, Param, Rule, Values

STATUSES: Final = (
    *("completed", "noAnswered", "message", "wrongNumber", "busy", "abandoned"),
)
TYPES: Final = ("clickToCall", "callTracking")
WATCHING: Final = ("enabled", "disabled")
GRANTS: Final = ("refresh_token", "client_credentials")
METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
"""Those of HTTP that send content, and the one that the document speaks of."""

_LOCAL: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
_MOMENT: Final = rf"{_LOCAL}(Z|[+-]\d\d:\d\d)"
_NO_ZONE: Final = "{name}: {value} is not a time as RFC 3339 has it, without a zone"
_ZONED: Final = "{name}: {value} is not a timestamp as RFC 3339 has it"

CALL_ID: Final = Param(name="callId", place="path", required=True)


def _call(*, required: bool) -> tuple[Param, ...]:
    """The properties of a call that can be written. Where the table has the type
    *list* (calledNumber, duration) the resource has text."""
    return (
        Param(name="callerNumber", required=required),
        Param(name="calledNumber", required=required),
        Param(name="start", kind="object", required=required),
        Param(name="start.dateTime", required=required, fits=_LOCAL, refusal=_NO_ZONE),
        Param(name="start.timeZone"),
        Param(name="duration", kind="integer", least=0),
        Param(name="buttonId"),
        Param(name="clientId"),
    )


_START: Final = (
    *real("start.dateTime"),
    Rule(
        name="start.timeZone",
        kept=partial(is_zone, "start.timeZone"),
        refusal="start.timeZone: there is no such time zone",
    ),
    *only(_call(required=True), "start"),
)
_WATCH: Final = (
    Param(name="address", required=True, fits=r"https?://\S+"),
    Param(name="name"),
    Param(name="basicAuth", kind="object"),
    Param(name="basicAuth.username", required=True),
    Param(name="basicAuth.password", required=True),
    Param(name="httpRequestHeader", kind="object"),
    Param(name="method", choices=METHODS),
    Param(name="status", choices=WATCHING),
    Param(name="schema", kind="text or object"),
    Param(name="oauth2Auth", kind="object"),
    Param(name="oauth2Auth.grantType", choices=GRANTS),
    Param(name="oauth2Auth.clientId"),
    Param(name="oauth2Auth.clientSecret"),
    Param(name="oauth2Auth.refreshToken"),
    Param(name="oauth2Auth.authUrl"),
    Param(name="oauth2Auth.accessTokenUrl"),
    Param(name="oauth2Auth.redirectUri"),
    Param(name="oauth2Auth.scope"),
    Param(name="signature", kind="object"),
    Param(name="signature.enabled", kind="boolean"),
    Param(name="signature.cryptoKeyIds", kind="list"),
)
_WATCH_RULES: Final = (
    *only(_WATCH, "basicAuth", "oauth2Auth", "signature"),
    Rule(
        name="httpRequestHeader",
        kept=partial(are_texts, "httpRequestHeader"),
        refusal="httpRequestHeader: each header must be text",
    ),
    *(
        Rule(
            name=f"oauth2Auth.{name}",
            kept=partial(goes_with_refreshing, f"oauth2Auth.{name}"),
            refusal=f'oauth2Auth.{name}: only for grantType "refresh_token"',
        )
        for name in ("refreshToken", "authUrl", "scope")
    ),
)


# ── the operations ─────────────────────────────────────────────────────────

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            Operation(
                name="delete",
                method="DELETE",
                path="calls/{callId}",
                section="Delete",
                params=(CALL_ID,),
            ),
            Operation(
                name="get",
                method="GET",
                path="calls/{callId}",
                section="Get",
                params=(CALL_ID,),
            ),
            Operation(
                name="list",
                method="GET",
                path="calls",
                section="List",
                params=(
                    Param(
                        name="startDate", place="query", fits=_MOMENT, refusal=_ZONED
                    ),
                    Param(name="endDate", place="query", fits=_MOMENT, refusal=_ZONED),
                    Param(name="search", place="query"),
                    Param(name="syncToken", place="query"),
                    Param(name="toolId", place="query"),
                    # Not in the document; only sent where an answer has named a page.
                    Param(name="pageToken", place="query"),
                ),
                rules=real("startDate", "endDate"),
            ),
            Operation(
                name="insert",
                method="POST",
                path="calls",
                section="Insert",
                params=_call(required=True),
                rules=_START,
                once=True,
            ),
            Operation(
                name="update",
                method="PUT",
                path="calls/{callId}",
                section="Update",
                params=(CALL_ID, *_call(required=False)),
                rules=_START,
            ),
            Operation(
                name="watch",
                method="POST",
                path="calls/watch",
                section="Watch",
                params=_WATCH,
                rules=_WATCH_RULES,
                once=True,
            ),
        )
    }
)


def given(**values: object) -> Values:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}
