"""What Agendize accepts and how it refuses the rest.

Source: Agendize Calls API, the tables of parameters and properties. The document
has no answer but to what is right: statuses and messages are *ours*, and so is
what a value must be where the document only says that it is a string.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf, nextafter
from typing import Final

from connector.sandbox.agendize.kinds import (
    ADDRESS,
    BOOLEAN,
    LOCAL_TIME,
    NUMBER,
    SCHEMA,
    SECONDS,
    TEXT,
    TEXTS,
    TIMESTAMP,
    ZONE,
    Kind,
    RefusedError,
    check,
    moment,
    one_of,
)
from connector.sandbox.agendize.moods import Dates
from connector.sandbox.agendize.store import Condition

LIST: Final[Mapping[str, Kind]] = {
    "startDate": TIMESTAMP,
    "endDate": TIMESTAMP,
    "search": TEXT,
    "syncToken": TEXT,
    "toolId": TEXT,
    "pageToken": TEXT,  # ours: the document says "the last page", and no more
    "apiKey": TEXT,  # where older pages of the vendor have it
}
CALL: Final[Mapping[str, Kind]] = {
    "callerNumber": NUMBER,
    "calledNumber": NUMBER,
    "start.dateTime": LOCAL_TIME,
    "start.timeZone": ZONE,
    "duration": SECONDS,
    "buttonId": TEXT,
    "clientId": TEXT,
    "externalId": TEXT,  # "if you create your own call", yet not in the tables
}
REQUIRED: Final = ("callerNumber", "calledNumber", "start.dateTime")
"""The zone is among them in the document, and has a default."""
LISTS_OF_ONE: Final = frozenset({"calledNumber", "duration"})
"""The tables call both a list, and the resource does not."""
IGNORED: Final = frozenset({
    "id", "trackingNumber", "status", "type", "record", "record.mimeType",
    "record.mineType", "record.url",
})  # fmt: skip
"""Parts of the resource that the tables do not let anybody set."""
WATCH: Final[Mapping[str, Kind]] = {
    "address": ADDRESS,
    "name": TEXT,
    "basicAuth.username": TEXT,
    "basicAuth.password": TEXT,
    "httpRequestHeader.*": TEXT,
    "schema": SCHEMA,
    "method": one_of("POST", "PUT", "PATCH", "DELETE"),
    "status": one_of("enabled", "disabled"),
    "oauth2Auth.grantType": one_of("refresh_token", "client_credentials"),
    "oauth2Auth.clientId": TEXT,
    "oauth2Auth.clientSecret": TEXT,
    "oauth2Auth.refreshToken": TEXT,
    "oauth2Auth.authUrl": ADDRESS,
    "oauth2Auth.accessTokenUrl": ADDRESS,
    "oauth2Auth.redirectUri": TEXT,
    "oauth2Auth.scope": TEXT,
    "signature.enabled": BOOLEAN,
    "signature.cryptoKeyIds": TEXTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which calls are asked for, and from where on."""

    condition: Condition
    sync_token: str | None
    page_token: str | None


def listing(parameters: Mapping[str, str], dates: Dates) -> Listing:
    """Read a query, with the dates as `Moods` says."""
    check(parameters.items(), LIST)
    condition = replace(
        _bounds(parameters, dates),
        search=parameters.get("search", ""),
        tool=parameters.get("toolId"),
    )
    return Listing(
        condition=condition,
        sync_token=parameters.get("syncToken"),
        page_token=parameters.get("pageToken"),
    )


def call(body: object, *, new: bool) -> dict[str, object]:
    """Read the call of an insert or of an update: what it sets, and no more."""
    given = {w: v for w, v in _paths(body, CALL) if w not in IGNORED}
    given |= {w: _single(given[w]) for w in LISTS_OF_ONE.intersection(given)}
    check(given.items(), CALL)
    if new:
        _require(given, *REQUIRED)
    if "duration" in given:
        given["duration"] = int(str(given["duration"]))
    start = {w.removeprefix("start."): given.pop(w) for w in _STARTS if w in given}
    return given | ({"start": start} if start else {})


def watch(body: object) -> dict[str, object]:
    """Read what a watch asks for, as it asks for it."""
    given = dict(_paths(body, WATCH))
    check(given.items(), WATCH)
    _require(given, "address")
    asked = body if isinstance(body, dict) else {}
    return {name: value for name, value in asked.items() if value is not None}


_STARTS: Final = ("start.dateTime", "start.timeZone")


def _bounds(parameters: Mapping[str, str], dates: Dates) -> Condition:
    """Return what the dates ask for."""
    start, end = (
        moment(parameters[name]).timestamp() if name in parameters else None
        for name in ("startDate", "endDate")
    )
    if dates == "contained":
        return Condition(since=start, until=end)
    if dates == "exclusive":
        return Condition(since=start and nextafter(start, inf), before=end)
    forward = start is not None and end is not None and start < end
    named = dates == "named" or (dates == "either" and forward)
    before, after = (end, start) if named else (start, end)
    return Condition(before=before, after=after)


def _paths(
    body: object, table: Mapping[str, Kind], parent: str = ""
) -> Iterator[tuple[str, object]]:
    """Yield each value with its path in the table; null is as if not there.

    A dot in a name is doubled: no path in the table has one.
    """
    if not isinstance(body, dict):
        message = "The body must be a JSON object."
        raise RefusedError(message)
    for name, value in body.items():
        where = f"{parent}{name.replace('.', '..')}"
        if isinstance(value, dict) and where not in table:
            yield from _paths(value, table, f"{where}.")
        elif value is not None:
            yield where, value


def _require(given: Mapping[str, object], *names: str) -> None:
    missing = [name for name in names if name not in given]
    if missing:
        message = f"Required: {', '.join(missing)}."
        raise RefusedError(message)


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value
