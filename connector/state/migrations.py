"""The shape of the state, append-only: a migration that landed is never edited."""

from sqlite_utils import Database, Migrations

migrations = Migrations("connector")


@migrations()
def first_flow(db: Database) -> None:
    """Create ledger, quarantine, cursors, leases, nudges, pace and runs."""
    for statement in _FIRST.split(";"):
        if statement.strip():
            db.execute(statement)


_FIRST = """
create table ledger (
  object text not null, key text not null, flow text not null,
  crm_id text, hash blob, version text, deleted integer not null default 0
);
create unique index ledger_key on ledger (object, key);
create index ledger_crm_id on ledger (crm_id) where crm_id is not null;
create table in_flight (
  object text not null, flow text not null, token text not null, keys text not null,
  primary key (object, flow, token)
);
create table quarantine (
  id integer primary key autoincrement,
  flow text not null, record_id text not null, key text,
  record text not null, version text, fingerprint blob not null,
  code text not null, message text not null, fields text not null,
  attempts integer not null, retry_at real, discarded integer not null default 0,
  first_at real not null, last_at real not null,
  unique (flow, record_id)
);
create table cursors (flow text primary key, value text not null, at real not null);
create table leases (
  flow text not null, lane text not null, owner text not null,
  epoch integer not null, expires_at real not null,
  primary key (flow, lane)
);
create table nudges (
  id integer primary key autoincrement,
  flow text not null, record_id text not null, at real not null,
  unique (flow, record_id)
);
create table pace (
  system text primary key,
  next_at real not null, blocked_until real not null, wanted_until real not null
);
create table runs (
  id integer primary key autoincrement,
  flow text not null, lane text not null,
  started_at real not null, ended_at real, outcome text not null,
  message text not null default '', counts text not null
);
create index runs_by_flow on runs (flow, id);
"""


@migrations()
def right_record(db: Database) -> None:
    """Create the directory, the links, what is unlinked, and the quota's readings."""
    for statement in _RIGHT_RECORD.split(";"):
        if statement.strip():
            db.execute(statement)


_RIGHT_RECORD = """
alter table ledger add column links text;
create table people (
  id integer primary key,
  crm_id text not null unique, object text not null, name text not null,
  created real not null, became text, entries text not null, load integer not null
);
create index people_by_load on people (object, load);
create table entries (
  value text not null, person integer not null, rank integer not null,
  primary key (value, person)
) without rowid;
create table directory (
  object text primary key, fingerprint text not null, load integer not null,
  cursor text, begun_at real, full_at real, complete_at real
);
create table generation (number integer not null);
insert into generation values (0);
create table unlinked (
  object text not null, key text not null, field text not null, value text not null,
  sought text not null, flow text not null, due integer not null,
  primary key (object, key, field, value, sought)
) without rowid;
create index unlinked_by_sought on unlinked (sought);
create index unlinked_by_field on unlinked (flow, field);
create index unlinked_due on unlinked (flow) where due;
create table awaited (
  flow text not null, record_id text not null, field text not null,
  value text not null, sought text not null,
  primary key (flow, record_id, field, value, sought)
) without rowid;
create index awaited_by_sought on awaited (sought);
create table makings (
  object text not null, value text not null, flow text not null, token text not null,
  primary key (object, value)
) without rowid;
create table quota (at integer primary key, used integer not null, daily integer not null);
"""


@migrations()
def click_to_call(db: Database) -> None:
    """Create the table of dials."""
    for statement in _CLICK_TO_CALL.split(";"):
        if statement.strip():
            db.execute(statement)


_CLICK_TO_CALL = """
create table dials (
  id integer primary key,
  request_id text not null unique, flow text not null, record_id text not null,
  state text not null, message text not null, requested_at real,
  number text not null, agent text not null, dialled_at real, answered_at real,
  call_id text not null, location text not null, claim_id text not null,
  worker text not null, until real,
  recorded integer not null, shown integer not null,
  attempts integer not null, show_at real, trouble text not null,
  noted_at real not null,
  rang_at real as (max(coalesce(dialled_at, noted_at),
    coalesce(answered_at, dialled_at, noted_at)))
);
create index dials_by_record on dials (record_id);
create index dials_by_number on dials (number, rang_at)
  where state in ('dialling', 'placed', 'unknown') and number <> '';
create index dials_by_agent on dials (agent, rang_at)
  where state in ('dialling', 'placed', 'unknown') and agent <> '';
create index dials_left on dials (flow)
  where state in ('requested', 'claimed', 'dialling');
create index dials_to_show on dials (flow, show_at)
  where not shown
    and state in ('placed', 'refused', 'unknown', 'expired', 'blocked');
create index dials_done on dials (noted_at)
  where state = 'elsewhere'
    or shown and state in ('placed', 'refused', 'unknown', 'expired', 'blocked');
"""
