"""Whom the service was asked to call, and what became of it: what `dials` shows."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from connector.errors import ConfigError
from connector.mapping.durations import parse_since
from connector.mapping.faults import suggest
from connector.model import ENDS, Dial, DialState
from connector.service.commands import errors_of
from connector.service.tables import cell
from connector.wiring import App

Row = dict[str, Any]

COLUMNS = (
    *("request", "record", "state", "agent", "number", "requested_at"),
    *("answered_at", "in_crm", "message"),
)


def dials(
    app: App, flow: str | None, states: Sequence[str], since: str | None, limit: int
) -> list[Row]:
    """The latest requests, newest first; ConfigError for what there is not.

    ``states``: names, or all; ``since``: a day or a length of time back, by when they
    were first seen. A row's ``in_crm`` is True once the CRM has all of the outcome;
    else ``trouble`` says why not, and ``retry_at`` when it is told again.
    """
    wanted = [_state(name) for name in states]
    begin = since_at(since, app.clock.now()) if since is not None else None
    found = app.store.dials(flow, states=wanted, since=begin, limit=limit)
    if flow and not found:
        _check_flow(app, flow)
    return [_row(dial) for dial in found]


def _state(name: str) -> DialState:
    try:
        return DialState(name.strip().lower())
    except ValueError:
        every = ", ".join(DialState)
        hint = suggest(name, DialState) or f"there is: {every}"
        raise ConfigError(f"--state: there is no state {name!r} ({hint})") from None


def since_at(text: str, now: datetime) -> datetime:
    """Return when a day of this machine's zone begins, or what is so long ago, UTC.

    Raises ConfigError for what is neither, and for a day that is to come.
    """
    try:
        since = parse_since(text)
    except ValueError as error:
        raise ConfigError(f"--since {text!r}: {error}") from error
    if isinstance(since, timedelta):
        return now - since
    if since > now.astimezone().date():
        raise ConfigError(f"--since {text} is in the future: nothing was asked for yet")
    return datetime.combine(since, time.min).astimezone(UTC)


def _check_flow(app: App, name: str) -> None:
    folder = app.flows()
    there = {flow.name for flow in folder.mapped} | folder.left_out.keys()
    if name not in there:
        known = ", ".join(sorted(there)) or "none"
        message = f"there is no flow {name!r}; there is {known}"
        raise ConfigError("\n".join([message, *map(str, errors_of(folder))]))


def _row(dial: Dial) -> Row:
    return {
        "request": dial.request_id,
        "flow": dial.flow,
        "record": dial.record_id,
        "state": dial.state.value,
        "agent": dial.agent,
        "number": dial.number,
        "requested_at": dial.requested_at,
        "dialled_at": dial.dialled_at,
        "answered_at": dial.answered_at,
        "call_id": dial.call_id,
        "location": dial.location,
        "in_crm": dial.shown,
        "trouble": dial.trouble,
        "retry_at": None if dial.shown else dial.show_at,
        "message": dial.message,
    }


def in_words(row: Row) -> Row:
    """A row for a person: ``in_crm`` says yes, or why not, and when again."""
    return row | {"in_crm": _in_crm(row)}


def _in_crm(row: Row) -> str:
    if row["state"] == DialState.ELSEWHERE:
        return "told by another"
    if row["state"] not in ENDS:
        return "under way"
    if row["in_crm"]:
        return "yes"
    again = f"; again {cell(row['retry_at'])}" if row["retry_at"] else ""
    return f"no: {row['trouble'] or 'not told yet'}{again}"
