"""Agendize's operations. Source: Calls API Reference, by its own headings."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import available_timezones

from connector.transport.jsontext import Json
from connector.transport.operation import Operation, Param, Rule, Values

STATUSES: Final = (
    *("completed", "noAnswered", "message", "wrongNumber", "busy", "abandoned"),
)
TYPES: Final = ("clickToCall", "callTracking")
WATCHING: Final = ("enabled", "disabled")
GRANTS: Final = ("refresh_token", "client_credentials")
METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
"""Those of HTTP that send content, and the one that the document speaks of."""
ZONES: Final = frozenset(available_timezones())

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


# ── rules about what is inside a value ─────────────────────────────────────


def _at(values: Values, name: str) -> Json:
    """Return what is at a name, None where there is nothing."""
    found: Json = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _is_moment(name: str, values: Values) -> bool:
    given = _at(values, name)
    try:
        return not given or bool(datetime.fromisoformat(given))
    except ValueError:
        return False


def _is_zone(name: str, values: Values) -> bool:
    return not _at(values, name) or _at(values, name) in ZONES


def _are_texts(name: str, values: Values) -> bool:
    return all(isinstance(each, str) for each in (_at(values, name) or {}).values())


def _goes_with_refreshing(name: str, values: Values) -> bool:
    grant = _at(values, "oauth2Auth.grantType") or GRANTS[0]
    return not _at(values, name) or grant == GRANTS[0]


def _known(params: Sequence[Param], name: str, values: Values) -> bool:
    names = {param.name for param in params}
    return all(f"{name}.{each}" in names for each in _at(values, name) or {})


def _real(*names: str) -> tuple[Rule, ...]:
    """Each is a moment that there is, not the 99th of a month."""
    words = "{}: there is no such date or time"
    return tuple(
        Rule(name=name, kept=partial(_is_moment, name), refusal=words.format(name))
        for name in names
    )


def _only(params: Sequence[Param], *names: str) -> tuple[Rule, ...]:
    """Each has nothing in it but what the document has."""
    return tuple(
        Rule(
            name=name,
            kept=partial(_known, params, name),
            refusal=f"{name} has something in it that is not documented",
        )
        for name in names
    )


_START: Final = (
    *_real("start.dateTime"),
    Rule(
        name="start.timeZone",
        kept=partial(_is_zone, "start.timeZone"),
        refusal="start.timeZone: there is no such time zone",
    ),
    *_only(_call(required=True), "start"),
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
    *_only(_WATCH, "basicAuth", "oauth2Auth", "signature"),
    Rule(
        name="httpRequestHeader",
        kept=partial(_are_texts, "httpRequestHeader"),
        refusal="httpRequestHeader: each header must be text",
    ),
    *(
        Rule(
            name=f"oauth2Auth.{name}",
            kept=partial(_goes_with_refreshing, f"oauth2Auth.{name}"),
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
                rules=_real("startDate", "endDate"),
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
