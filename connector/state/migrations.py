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
