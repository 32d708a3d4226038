"""Links: which record a field was pointed at, and which fields point to nobody.

Each function works inside the caller's transaction.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from connector.model import INTERNAL, Lease, Link, Unlinked

Connection = sqlite3.Connection
Links = Mapping[str, Link]

_decode = msgspec.json.Decoder(dict[str, Link]).decode
_encode = msgspec.json.encode


def to_links(text: str | None) -> Links | None:
    """Read what `from_links` wrote."""
    return None if text is None else _decode(text)


def from_links(links: Links | None) -> str | None:
    """Write links as JSON text."""
    return None if links is None else _encode(links).decode()


def set_links(connection: Connection, name: str, links: Mapping[str, Links]) -> None:
    """Write down links by key; the other fields of a record keep theirs."""
    sql = "select key, links from ledger where object = ?1 and key in (%s)"
    before = dict(
        connection.execute(
            sql % "select value from json_each(?2)", (name, json.dumps(list(links)))
        )
    )
    connection.executemany(
        "update ledger set links = ? where object = ? and key = ?",
        [
            (from_links({**(to_links(before[key]) or {}), **new}), name, key)
            for key, new in links.items()
            if key in before
        ],
    )


# ── fields that point to nobody ────────────────────────────────────────────


def unlinked(
    connection: Connection,
    name: str,
    flow: str,
    rows: Iterable[Unlinked],
    *,
    late: bool,
) -> None:
    """Note fields that point to nobody; ``late``: the directory has changed since."""
    connection.executemany(
        """insert into unlinked (object, key, field, value, sought, flow, due)
           values (?, ?, ?, ?, ?, ?, ?)
           on conflict do update set due = max(due, excluded.due)""",
        [
            (name, r.key, r.field, r.value, r.sought or r.value, flow, r.due or late)
            for r in rows
        ],
    )


def settled(
    connection: Connection, name: str, links: Iterable[tuple[str, str]]
) -> None:
    """Forget that these fields (key and field) point to nobody."""
    connection.executemany(
        "delete from unlinked where object = ? and key = ? and field = ?",
        [(name, key, field) for key, field in links],
    )


def forget(connection: Connection, flow: str, fields: Iterable[str]) -> None:
    """Forget that these fields of a flow point to nobody."""
    connection.executemany(
        "delete from unlinked where flow = ? and field = ?",
        [(flow, field) for field in fields],
    )


def wake(connection: Connection, values: Iterable[str]) -> None:
    """Have looked up again what found nobody among those who have these values."""
    sought = json.dumps(list(values))
    if connection.execute("select 1 from unlinked limit 1").fetchone():
        connection.execute(
            """update unlinked set due = 1
               where sought in (select value from json_each(?)) and not due""",
            (sought,),
        )
    if connection.execute("select 1 from awaited limit 1").fetchone():
        connection.execute(
            """update quarantine set retry_at = last_at
               where not discarded and (flow, record_id) in (
                 select flow, record_id from awaited
                 where sought in (select value from json_each(?)))""",
            (sought,),
        )


_OTHERS = f"""
  select 1 from ledger l, json_each(l.links) other
  where l.object = u.object and l.key = u.key and other.key <> u.field
    and (other.key = '{INTERNAL}' or coalesce(json_extract(other.value, '$.object'), '') <> '')
"""  # noqa: S608  our own words
"""What else is known of whom a record is on, where somebody was found."""

UNMAPPED = f"""
  select value, json_group_array(distinct flow) flows,
    json_group_array(distinct field) fields, json_group_array(distinct sought) sought,
    count(distinct flow || ' ' || record) calls
  from (
    select flow, field, value, sought, key record from unlinked u
    where not due and not exists ({_OTHERS} and (other.key = '{INTERNAL}' or exists (
      select 1 from json_each(other.value, '$.values') v where v.value = u.value)))
    union all
    select flow, field, value, sought, record_id record
    from awaited a join quarantine q using (flow, record_id) where not q.discarded
  ) w
  where ?1 is null or exists (
    select 1 from json_each(?1) m where json_extract(m.value, '$[0]') = w.flow
      and json_extract(m.value, '$[1]') = w.field)
  group by value order by calls desc, value
"""  # noqa: S608  our own words
"""What was looked for in vain, by all that looked for it; with how many records did."""

ON_NOBODY = f"""
  select count(distinct u.object || ' ' || u.key) n from unlinked u
  where u.flow = ?1 and not u.due and u.field in (select value from json_each(?2))
    and not exists ({_OTHERS} and (
      other.key = '{INTERNAL}' or other.key in (select value from json_each(?2))))
"""  # noqa: S608  our own words
"""How many records are on nobody, of all the fields that say so."""


def due(
    connection: Connection, name: str, flow: str, after: str, limit: int
) -> list[Unlinked]:
    """Fields to look up again, of up to ``limit`` records, by key."""
    rows = connection.execute(
        """select distinct key, field, value from unlinked
           where object = ?1 and due and flow = ?2 and key in (
             select distinct key from unlinked
             where object = ?1 and due and flow = ?2 and key > ?3
             order by key limit ?4)
           order by key, field, value""",
        (name, flow, after, limit),
    )
    return [Unlinked(key=key, field=field, value=v, due=True) for key, field, v in rows]


# ── records that are being made ────────────────────────────────────────────


def claim(
    connection: Connection, name: str, values: Sequence[str], lease: Lease, now: float
) -> dict[str, str]:
    """Claim the making of records; what stands in the way (see the port)."""
    rows = connection.execute(
        """select m.value, m.flow, m.token, l.expires_at > ?3 from makings m
           left join leases l
             on l.flow = m.flow and l.lane || ':' || l.epoch = m.token
           where m.object = ?1 and m.value in (select value from json_each(?2))""",
        (name, json.dumps(values), now),
    ).fetchall()
    ours = (lease.flow, lease.token)
    found = {
        value: "busy" if alive and (flow, token) != ours else "doubt"
        for value, flow, token, alive in rows
    }
    connection.executemany(
        "insert or replace into makings (object, value, flow, token) values (?,?,?,?)",
        [(name, v, *ours) for v in values if found.get(v) != "busy"],
    )
    return found


def release_claims(connection: Connection, name: str, values: Iterable[str]) -> None:
    """These records are made, or will not be."""
    connection.executemany(
        "delete from makings where object = ? and value = ?",
        [(name, value) for value in values],
    )
