"""The directory: who in the CRM has which number, address or key.

Each function works inside the caller's transaction; enlisting.py fills it.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from connector.model import Loading, Person
from connector.state.codec import from_epoch, to_epoch

Connection = sqlite3.Connection

_decode = msgspec.json.Decoder(list[tuple[str, Person]]).decode


# ── looking up ─────────────────────────────────────────────────────────────


def known(connection: Connection, values: Collection[str]) -> dict[str, list[Person]]:
    """Who has each of these values; one that nobody has is absent.

    It is one row of JSON: each row that is fetched would let another thread go on, and
    wait for it.
    """
    (text,) = connection.execute(
        # The order of the joins is given: by itself SQLite may begin with the people.
        """select json_group_array(json_array(e.value, json_array(
             p.crm_id, p.object, p.name, p.created,
             json(coalesce(p.became, '{}')), e.rank)))
           from json_each(?) wanted
           cross join entries e on e.value = wanted.value
           cross join people p on p.id = e.person""",
        (json.dumps(list(dict.fromkeys(values))),),
    ).fetchone()
    found: dict[str, list[Person]] = {}
    for value, person in _decode(text):
        found.setdefault(value, []).append(person)
    return found


def generation(connection: Connection) -> int:
    """Tell how many commits have learned a value so far."""
    (number,) = connection.execute("select number from generation").fetchone()
    return int(number)


def people(connection: Connection) -> int:
    """How many people are known."""
    (number,) = connection.execute("select count(*) from people").fetchone()
    return int(number)


# ── how far it was read ────────────────────────────────────────────────────


def loadings(connection: Connection) -> dict[str, Loading]:
    """How far each object was read."""
    rows = connection.execute(
        """select object, fingerprint, load, cursor, begun_at, full_at, complete_at
           from directory order by object"""
    )
    return {row[0]: _loading(row) for row in rows}


def _loading(row: Sequence[Any]) -> Loading:
    name, fingerprint, load, cursor, begun_at, full_at, complete_at = row
    return Loading(
        object=name,
        fingerprint=fingerprint,
        load=load,
        cursor=cursor,
        begun_at=from_epoch(begun_at),
        full_at=from_epoch(full_at),
        complete_at=from_epoch(complete_at),
    )


def set_loading(connection: Connection, loading: Loading) -> None:
    """Note how far an object was read."""
    connection.execute(
        """insert or replace into directory
             (object, fingerprint, load, cursor, begun_at, full_at, complete_at)
           values (?, ?, ?, ?, ?, ?, ?)""",
        (
            *(loading.object, loading.fingerprint, loading.load, loading.cursor),
            *map(to_epoch, (loading.begun_at, loading.full_at, loading.complete_at)),
        ),
    )


def forget_loading(connection: Connection, name: str) -> None:
    """Note that an object is not read any more."""
    connection.execute("delete from directory where object = ?", (name,))
