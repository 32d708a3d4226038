"""The quarantine: records set aside, and what they wait for.

Each function works inside the caller's transaction. An entry that waits for somebody
has what they would be looked up by beside it (``awaited``); see `links.wake`.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.model import Aside, Record
from connector.state.codec import from_epoch, from_json, to_epoch, to_json

Connection = sqlite3.Connection


def set_aside(
    connection: Connection, entries: Sequence[Aside], now: float, *, late: bool
) -> None:
    """Put records in quarantine, or renew the entries that are there.

    ``late``: the directory has changed since they were looked up.
    """
    connection.executemany(
        """insert into quarantine
             (flow, record_id, key, record, version, fingerprint, code,
              message, fields, attempts, retry_at, first_at, last_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           on conflict (flow, record_id) do update set
             key = excluded.key, record = excluded.record,
             version = excluded.version, fingerprint = excluded.fingerprint,
             code = excluded.code, message = excluded.message,
             fields = excluded.fields, attempts = excluded.attempts,
             retry_at = excluded.retry_at, last_at = excluded.last_at,
             discarded = 0
           where excluded.version is null or version is null
              or excluded.version >= version""",
        [_values(entry, now, late=late) for entry in entries],
    )
    _await(connection, entries)


def _await(connection: Connection, entries: Sequence[Aside]) -> None:
    """Note what entries wait for, unless a newer reading is there."""
    connection.executemany(
        """delete from awaited where flow = ?1 and record_id = ?2 and exists (
             select 1 from quarantine
             where flow = ?1 and record_id = ?2 and fingerprint = ?3)""",
        [(each.flow, each.record_id, each.fingerprint) for each in entries],
    )
    connection.executemany(
        """insert or ignore into awaited select ?1, ?2, ?4, ?5, ?6 where exists (
             select 1 from quarantine
             where flow = ?1 and record_id = ?2 and fingerprint = ?3)""",
        [
            (
                *(entry.flow, entry.record_id, entry.fingerprint),
                *(each.field, each.value, each.sought or each.value),
            )
            for entry in entries
            for each in entry.awaits
        ],
    )


def _values(entry: Aside, now: float, *, late: bool) -> tuple[object, ...]:
    retry_at = now if late and entry.awaits else to_epoch(entry.retry_at)
    return (
        *(entry.flow, entry.record_id, entry.key),
        *(to_json(dict(entry.record)), entry.version, entry.fingerprint),
        *(entry.code, entry.message, to_json(list(entry.fields))),
        *(entry.attempts, retry_at, now, now),
    )


def heal(connection: Connection, flow: str, records: Sequence[Record]) -> int:
    """Remove the entries of records that are in; how many there were.

    An entry that holds a newer reading stays.
    """
    done = connection.executemany(
        """delete from quarantine where flow = ?1 and record_id = ?2
           and (version is null or ?3 is null or version <= ?3)""",
        [(flow, record.id, record.version) for record in records],
    )
    connection.executemany(
        """delete from awaited where flow = ?1 and record_id = ?2 and not exists (
             select 1 from quarantine where flow = ?1 and record_id = ?2)""",
        [(flow, record.id) for record in records],
    )
    return max(done.rowcount, 0)


def discard(connection: Connection, ids: Iterable[int]) -> int:
    """Forget entries until their records change; how many."""
    done = connection.executemany(
        "update quarantine set discarded = 1, retry_at = null where id = ?",
        [(entry,) for entry in ids],
    )
    return max(done.rowcount, 0)


def retry_now(connection: Connection, ids: Iterable[int], now: float) -> int:
    """Make entries due at once; how many there were."""
    done = connection.executemany(
        "update quarantine set retry_at = ? where id = ?",
        [(now, entry) for entry in ids],
    )
    return max(done.rowcount, 0)


def to_aside(row: Mapping[str, Any]) -> Aside:
    """Read an entry."""
    return Aside(
        id=row["id"],
        flow=row["flow"],
        record_id=row["record_id"],
        key=row["key"],
        record=from_json(row["record"]),
        version=row["version"],
        fingerprint=row["fingerprint"],
        code=row["code"],
        message=row["message"],
        fields=tuple(from_json(row["fields"])),
        attempts=row["attempts"],
        retry_at=from_epoch(row["retry_at"]),
        discarded=bool(row["discarded"]),
        first_at=from_epoch(row["first_at"]),
        last_at=from_epoch(row["last_at"]),
    )
