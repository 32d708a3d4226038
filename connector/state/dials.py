"""Dials: requests to call, and how far each is. See the ports in ports/dials.py.

Each function works inside the caller's transaction. The conditions on ``state`` are,
word for word, those of the indexes: SQLite uses a partial index only where they are.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from connector.model import ENDS, LONGEST_HOLD, LONGEST_WAIT, Dial, DialState
from connector.state.codec import from_epoch, to_epoch

Connection = sqlite3.Connection

FEW = 5
"""How many dials to a number, and from an agent, are worth a guard's look."""

BATCH = 2000
"""Dials that one transaction forgets, as it must be short."""


def _among(states: Iterable[DialState]) -> str:
    names = ", ".join(f"'{state}'" for state in states)
    return f"state in ({names})"


def _over(column: str, longest: timedelta) -> str:
    """Say that a moment is past by ?2, or too far ahead to be one of ours."""
    ahead = longest.total_seconds()
    return f"({column} is null or {column} <= ?2 or {column} > ?2 + {ahead})"


_LEFT = _among([DialState.REQUESTED, DialState.CLAIMED, DialState.DIALLING])
_RANG = _among([DialState.DIALLING, DialState.PLACED, DialState.UNKNOWN])
_ENDED = _among(ENDS)

_READERS: dict[str, Callable[[Any], Any]] = {
    "state": DialState,
    "recorded": bool,
    "shown": bool,
    "requested_at": from_epoch,
    "dialled_at": from_epoch,
    "answered_at": from_epoch,
    "until": from_epoch,
    "show_at": from_epoch,
    "noted_at": from_epoch,
}
_NAMES = tuple(field.name for field in fields(Dial))
_KEPT = {"request_id", "noted_at"}

_SELECT = f"select {', '.join(_NAMES)} from dials"  # noqa: S608  our own words
_PUT = f"""
  insert into dials ({", ".join(_NAMES)})
  values ({", ".join(f":{name}" for name in _NAMES)})
  on conflict (request_id) do update set
    {", ".join(f"{name} = :{name}" for name in _NAMES if name not in _KEPT)}
"""  # noqa: S608  our own words


# ── writing ────────────────────────────────────────────────────────────────


def put(connection: Connection, dial: Dial, now: float) -> None:
    """Write a dial down as it is; ``now`` is when it was noted, if it is new."""
    values = {name: _plain(getattr(dial, name)) for name in _NAMES}
    connection.execute(_PUT, values | {"noted_at": now})


def forget(connection: Connection, before: datetime) -> int:
    """Drop some that need no more work and were noted before then; how many."""
    done = connection.execute(
        f"""delete from dials where id in (
              select id from dials where noted_at < ?
                and (state = 'elsewhere' or shown and {_ENDED})
              limit ?)""",  # noqa: S608  our own words
        (before.timestamp(), BATCH),
    )
    return max(done.rowcount, 0)


def adopt(
    connection: Connection, flow: str, prefix: str, flows: Collection[str]
) -> int:
    """Give a flow what none of ``flows`` has and needs work yet (see the port)."""
    done = connection.execute(
        f"""update dials set flow = ?1
            where ({_LEFT} or not shown and {_ENDED})
              and substr(record_id, 1, length(?2)) = ?2
              and flow not in (select value from json_each(?3))""",  # noqa: S608  our own words
        (flow, prefix, json.dumps([*flows])),
    )
    return max(done.rowcount, 0)


# ── looking up ─────────────────────────────────────────────────────────────


def by_request(connection: Connection, request_id: str) -> Dial | None:
    """Look a dial up by its request."""
    return _one(connection, f"{_SELECT} where request_id = ?", request_id)


def near(connection: Connection, number: str, agent: str) -> list[Dial]:
    """The latest to this number and the latest from this agent, latest first."""
    latest = f"{_RANG} order by rang_at desc, id desc limit {FEW}"
    rows = connection.execute(
        f"""{_SELECT} where id in (
              select * from (
                select id from dials where number = ?1 and number <> '' and {latest})
              union select * from (
                select id from dials where agent = ?2 and agent <> '' and {latest}))
            order by rang_at desc, id desc""",  # noqa: S608  our own words
        (_plain(number), _plain(agent)),
    )
    return [_dial(row) for row in rows]


def latest(connection: Connection, record_id: str) -> Dial | None:
    """Find the request of a record that was noted last."""
    sql = f"{_SELECT} where record_id = ? order by id desc limit 1"
    return _one(connection, sql, record_id)


def listed(
    connection: Connection,
    flow: str | None,
    states: Sequence[DialState],
    since: datetime | None,
    limit: int,
) -> list[Dial]:
    """Dials, those noted last first; no states: all; ``limit`` -1: all."""
    rows = connection.execute(
        f"""{_SELECT} where (?1 is null or flow = ?1)
              and (?2 = '[]' or state in (select value from json_each(?2)))
              and (?3 is null or noted_at >= ?3)
            order by id desc limit ?4""",  # noqa: S608  our own words
        (flow, json.dumps(states), to_epoch(since), limit),
    )
    return [_dial(row) for row in rows]


def left(connection: Connection, flow: str, now: datetime) -> list[Dial]:
    """Those without an end whose worker's time is over, oldest first."""
    rows = connection.execute(
        f"""{_SELECT} where flow = ?1 and {_LEFT} and {_over("until", LONGEST_HOLD)}
            order by id""",
        (flow, now.timestamp()),
    )
    return [_dial(row) for row in rows]


def to_show(connection: Connection, flow: str, now: datetime, limit: int) -> list[Dial]:
    """Those that ended and are to be shown by ``now``, longest due first."""
    rows = connection.execute(
        f"""{_SELECT} where flow = ?1 and not shown and {_ENDED}
              and {_over("until", LONGEST_HOLD)} and {_over("show_at", LONGEST_WAIT)}
            order by show_at, id limit ?3""",
        (flow, now.timestamp(), limit),
    )
    return [_dial(row) for row in rows]


# ── rows ───────────────────────────────────────────────────────────────────


def _one(connection: Connection, sql: str, key: str) -> Dial | None:
    row = connection.execute(sql, (_plain(key),)).fetchone()
    return row and _dial(row)


def _dial(row: Sequence[Any]) -> Dial:
    values = dict(zip(_NAMES, row, strict=True))
    return Dial(
        **values | {name: read(values[name]) for name, read in _READERS.items()}
    )


def _plain(value: object) -> object:
    """What SQLite can hold: it has no half of a surrogate pair, as JSON may."""
    match value:
        case datetime():
            return value.timestamp()
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case _:
            return value
