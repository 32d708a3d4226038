"""The ledger and the marks of what is in flight.

A writer's batch in flight is one small row, so marking 200 keys before a send
costs next to nothing; the ledger itself is touched once, when the CRM answered.
Each function works inside the caller's transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from connector.model import LedgerRow
from connector.state.links import from_links, to_links

Connection = sqlite3.Connection


def read(
    connection: Connection, name: str, keys: Sequence[str]
) -> dict[str, LedgerRow]:
    """Rows of one object by key, with who has them in flight; missing: not known."""
    rows = connection.execute(
        """select key, flow, crm_id, hash, version, deleted, links from ledger
           where object = ? and key in (select value from json_each(?))""",
        (name, json.dumps(keys)),
    )
    found = {row[0]: _row(row) for row in rows}
    wanted = set(keys)
    for flow, token, marked in _batches(connection, name):
        for key in wanted & marked:
            known = found.get(key) or LedgerRow(key=key, flow=flow)
            found[key] = replace(known, in_flight=token)
    return found


def decided(
    connection: Connection, name: str, flow: str, after: str, limit: int
) -> list[LedgerRow]:
    """Rows of a flow that have links, with keys above ``after``, by key."""
    rows = connection.execute(
        """select key, flow, crm_id, hash, version, deleted, links from ledger
           where object = ? and flow = ? and key > ? and links is not null
           order by key limit ?""",
        (name, flow, after, limit),
    )
    return [_row(row) for row in rows]


def added(
    connection: Connection, name: str, flow: str, after: int, limit: int
) -> list[tuple[int, LedgerRow]]:
    """Rows of a flow that were added behind the row ``after``, each with its number."""
    rows = connection.execute(
        """select rowid, key, flow, crm_id, hash, version, deleted, links from ledger
           where rowid > ? and object = ? and flow = ? order by rowid limit ?""",
        (after, name, flow, limit),
    )
    return [(number, _row(row)) for number, *row in rows]


def mark(
    connection: Connection, name: str, flow: str, keys: Sequence[str], token: str
) -> None:
    """Put ``keys`` in flight by ``token``; other marks on them are taken away.

    Whoever had them in flight is dead, or will find out that its mark is gone: of
    all its keys nothing is known any more.
    """
    taken = set(keys)
    for other, theirs, marked in _batches(connection, name):
        if marked & taken or (other, theirs) == (flow, token):
            _doubt(connection, name, marked)
            _set(connection, name, (other, theirs), ())
    _set(connection, name, (flow, token), keys)


def confirm(
    connection: Connection, name: str, rows: Sequence[LedgerRow], token: str
) -> None:
    """Store rows whose mark is still ``token``'s; the others stay not known."""
    flows = {row.flow for row in rows}
    for flow, theirs, marked in list(_batches(connection, name)):
        if theirs == token and flow in flows:
            done = [row for row in rows if row.key in marked]
            _store(connection, name, done)
            left = marked - {row.key for row in done}
            _set(connection, name, (flow, token), sorted(left))


def _batches(connection: Connection, name: str) -> Iterable[tuple[str, str, set[str]]]:
    rows = connection.execute(
        "select flow, token, keys from in_flight where object = ?", (name,)
    ).fetchall()
    return [(flow, token, set(json.loads(keys))) for flow, token, keys in rows]


def _set(
    connection: Connection, name: str, writer: tuple[str, str], keys: Sequence[str]
) -> None:
    if keys:
        connection.execute(
            "insert or replace into in_flight values (?, ?, ?, ?)",
            (name, *writer, json.dumps(keys)),
        )
    else:
        connection.execute(
            "delete from in_flight where object = ? and flow = ? and token = ?",
            (name, *writer),
        )


def _doubt(connection: Connection, name: str, keys: Iterable[str]) -> None:
    connection.execute(
        """update ledger set hash = null
           where object = ? and key in (select value from json_each(?))""",
        (name, json.dumps(list(keys))),
    )


def _store(connection: Connection, name: str, rows: Iterable[LedgerRow]) -> None:
    connection.executemany(
        """insert into ledger
             (object, key, flow, crm_id, hash, version, deleted, links)
           values (?, ?, ?, ?, ?, ?, ?, ?)
           on conflict (object, key) do update set
             crm_id = excluded.crm_id, hash = excluded.hash,
             version = excluded.version, deleted = excluded.deleted,
             links = coalesce(excluded.links, links)""",
        [
            (
                *(name, row.key, row.flow, row.crm_id),
                *(row.hash, row.version, row.deleted, from_links(row.links)),
            )
            for row in rows
        ],
    )


def _row(row: Sequence[Any]) -> LedgerRow:
    key, flow, crm_id, digest, version, deleted, links = row
    return LedgerRow(
        key=key,
        flow=flow,
        crm_id=crm_id,
        hash=digest,
        version=version,
        deleted=bool(deleted),
        links=to_links(links),
    )
