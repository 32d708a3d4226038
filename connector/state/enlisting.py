"""Taking people into the directory, and striking them out of it.

Each function works inside the caller's transaction. A person's row has all their
values a second time: what changed is then told by one look, without an index of
entries by person.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from connector.model import Enlisted, Listed
from connector.state.links import wake

Connection = sqlite3.Connection

STRUCK_AT_ONCE = 2_000
"""People whom one transaction forgets at most."""

_Entries = tuple[tuple[str, int], ...]

_encode = msgspec.json.encode
_entries_of = msgspec.json.Decoder(_Entries).decode


class _Row(NamedTuple):
    """What is kept of a person, as the columns have it."""

    object: str
    name: str
    created: float
    became: str | None
    entries: str


class _Kept(NamedTuple):
    """The row of a person who is known."""

    id: int
    load: int
    row: _Row


class _Change(NamedTuple):
    """A person's row from now on, and what is kept now."""

    id: int
    before: _Entries
    after: _Entries


def enlist(connection: Connection, load: int, people: Sequence[Listed]) -> Enlisted:
    """Take people in, each with all their values (see the port)."""
    last = {one.person.crm_id: one for one in people}
    rows = {crm_id: _row(one) for crm_id, one in last.items()}
    kept = _kept(connection, rows)
    changed = {
        crm_id: kept[crm_id].id
        for crm_id, row in rows.items()
        if crm_id in kept and kept[crm_id].row != row
    }
    created = _numbered(connection, [c for c in rows if c not in kept])
    _insert(connection, created, rows, load)
    _update(connection, changed, rows, load)
    _shown(connection, [k.id for k in kept.values() if k.load < load], load)
    changes = [_Change(number, (), last[c].entries) for c, number in created.items()]
    changes += [
        _Change(number, _entries_of(kept[c].row.entries), last[c].entries)
        for c, number in changed.items()
    ]
    learned, lost = _change_entries(connection, changes)
    _tell(connection, {*learned, *lost})
    return Enlisted(created=len(created), updated=len(changed), learned=len(learned))


def _row(one: Listed) -> _Row:
    person = one.person
    return _Row(
        person.object,
        person.name,
        person.created,
        _encode(person.became).decode() if person.became else None,
        _encode(one.entries).decode(),
    )


def _kept(connection: Connection, crm_ids: Iterable[str]) -> dict[str, _Kept]:
    rows = connection.execute(
        """select crm_id, id, load, object, name, created, became, entries
           from people where crm_id in (select value from json_each(?))""",
        (json.dumps(list(crm_ids)),),
    )
    return {
        crm_id: _Kept(number, load, _Row(*row)) for crm_id, number, load, *row in rows
    }


def _numbered(connection: Connection, crm_ids: Sequence[str]) -> dict[str, int]:
    (last,) = connection.execute("select max(id) from people").fetchone()
    return {crm_id: number for number, crm_id in enumerate(crm_ids, (last or 0) + 1)}


def _insert(
    connection: Connection,
    created: Mapping[str, int],
    rows: Mapping[str, _Row],
    load: int,
) -> None:
    connection.executemany(
        """insert into people
             (id, crm_id, object, name, created, became, entries, load)
           values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [(number, crm_id, *rows[crm_id], load) for crm_id, number in created.items()],
    )


def _update(
    connection: Connection,
    changed: Mapping[str, int],
    rows: Mapping[str, _Row],
    load: int,
) -> None:
    connection.executemany(
        """update people set object = ?, name = ?, created = ?, became = ?,
             entries = ?, load = max(load, ?)
           where id = ?""",
        [(*rows[crm_id], load, number) for crm_id, number in changed.items()],
    )


def _shown(connection: Connection, ids: Sequence[int], load: int) -> None:
    connection.executemany(
        "update people set load = ? where id = ?", [(load, number) for number in ids]
    )


def _change_entries(
    connection: Connection, changes: Iterable[_Change]
) -> tuple[list[str], list[str]]:
    """Write what differs; the values that somebody learned, and lost."""
    put: list[tuple[str, int, int]] = []
    gone: list[tuple[str, int]] = []
    learned: list[str] = []
    for person, entries, after in changes:
        before = dict(entries)
        put += [(v, person, rank) for v, rank in after if before.get(v) != rank]
        learned += [value for value, _ in after if value not in before]
        gone += [(value, person) for value in before.keys() - dict(after).keys()]
    _drop(connection, gone)
    connection.executemany(
        """insert into entries (value, person, rank) values (?, ?, ?)
           on conflict (value, person) do update set rank = excluded.rank""",
        put,
    )
    return learned, [value for value, _ in gone]


def _drop(connection: Connection, gone: Iterable[tuple[str, int]]) -> None:
    connection.executemany("delete from entries where value = ? and person = ?", gone)


def _tell(connection: Connection, values: Collection[str]) -> None:
    """Have looked up again what points to nobody: others have these values now."""
    if values:
        connection.execute("update generation set number = number + 1")
        wake(connection, values)


# ── striking them ──────────────────────────────────────────────────────────


def strike(connection: Connection, crm_ids: Collection[str]) -> int:
    """Forget these people; how many were known."""
    return _strike(
        connection,
        connection.execute(
            """select id, entries from people
               where crm_id in (select value from json_each(?))""",
            (json.dumps(list(crm_ids)),),
        ).fetchall(),
    )


def strike_older(connection: Connection, name: str, load: int) -> int:
    """Forget some whom no full load from ``load`` on has shown (see the port)."""
    return _strike(
        connection,
        connection.execute(
            """select id, entries from people
               where object = ? and load < ? limit ?""",
            (name, load, STRUCK_AT_ONCE),
        ).fetchall(),
    )


def _strike(connection: Connection, rows: Sequence[tuple[int, str]]) -> int:
    gone = [(value, number) for number, e in rows for value, _ in _entries_of(e)]
    _drop(connection, gone)
    connection.executemany(
        "delete from people where id = ?", [(number,) for number, _ in rows]
    )
    _tell(connection, {value for value, _ in gone})
    return len(rows)
