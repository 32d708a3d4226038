"""The state in one SQLite file, through sqlite-utils.

One connection a process, behind a lock: SQLite has one writer anyway, and a
transaction here takes milliseconds. Every write begins with ``BEGIN IMMEDIATE``, so
two processes queue up instead of failing with "database is locked". The file is in
WAL mode: a commit survives a killed process, and with ``synchronous=FULL`` a power
cut as well.
"""

import json
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from connector.clock import Clock
from connector.model import (
    Aside,
    Dial,
    DialState,
    Lane,
    Lease,
    LedgerRow,
    Loading,
    Nudge,
    Person,
    Run,
    Unlinked,
)
from connector.state import dials, directory, ledger, links, runs
from connector.state.codec import from_json, to_epoch
from connector.state.opening import opened, translated
from connector.state.quarantine import to_aside
from connector.state.writing import Transaction

RUNS_KEPT = timedelta(days=30)

HEALTH = "health"
"""The row of the timetable that is written to see whether it can be."""


class Store:
    """The state file. Implements the ports `State` and `Slots` (see slots.py)."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file at ``path``, creating and migrating it as needed."""
        self._clock = clock
        self._lock = threading.RLock()
        self._connection = opened(path)
        self.db = Database(self._connection)

    def __enter__(self) -> Self:
        """Use as a context manager that closes the file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Transaction]:
        """Open a write transaction; an exception rolls it back (see the port)."""
        level = "full" if durable else "normal"
        with self._lock, translated():
            self._connection.execute(f"pragma synchronous = {level}")
            self._connection.execute("begin immediate")
            try:
                yield Transaction(self._connection, self._clock)
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def check(self) -> None:
        """Make sure that it can be written; UnavailableError says why not."""
        with self.writing() as tx:
            tx.set_pace(HEALTH, self._clock.now().timestamp(), 0.0, 0.0)

    def read(self, sql: str, arguments: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Rows of a query, as dictionaries."""
        with self._lock, translated():
            return list(self.db.query(sql, list(arguments)))

    # ── leases ─────────────────────────────────────────────────────────────

    def acquire(
        self, flow: str, lane: Lane, owner: str, seconds: float
    ) -> Lease | None:
        """Take the lease of a flow and lane, or None while another holds it."""
        with self.writing() as tx:
            return tx.acquire(flow, lane, owner, seconds)

    def release(self, lease: Lease) -> None:
        """Give a lease back; nothing happens if it is not ours any more."""
        with self.writing() as tx:
            tx.release(lease)

    # ── reading ────────────────────────────────────────────────────────────

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys, outside a transaction."""
        with self._lock, translated():
            return ledger.read(self._connection, name, keys)

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        with self._lock, translated():
            return directory.known(self._connection, values)

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        with self._lock, translated():
            return directory.generation(self._connection)

    def loadings(self) -> dict[str, Loading]:
        """How far the directory has read each object."""
        with self._lock, translated():
            return directory.loadings(self._connection)

    def people(self) -> int:
        """How many people the directory knows."""
        with self._lock, translated():
            return directory.people(self._connection)

    def due(self, name: str, flow: str, after: str, limit: int) -> list[Unlinked]:
        """Fields of up to ``limit`` records to look up again, by key."""
        with self._lock, translated():
            return links.due(self._connection, name, flow, after, limit)

    def decided(self, name: str, flow: str, after: str, limit: int) -> list[LedgerRow]:
        """Rows of a flow that have links, with keys above ``after``, by key."""
        with self._lock, translated():
            return ledger.decided(self._connection, name, flow, after, limit)

    def added(
        self, name: str, flow: str, after: int, limit: int
    ) -> list[tuple[int, LedgerRow]]:
        """Up to ``limit`` rows that a flow added behind the row ``after``, numbered."""
        with self._lock, translated():
            return ledger.added(self._connection, name, flow, after, limit)

    def cursor(self, flow: str) -> str | None:
        """How far the flow has read."""
        rows = self.read("select value from cursors where flow = ?", [flow])
        return rows[0]["value"] if rows else None

    def nudges(self, flow: str, limit: int, after: int = 0) -> list[Nudge]:
        """Records to fetch again, with ids above ``after``, oldest first."""
        sql = """select id, record_id, at from nudges where flow = ? and id > ?
                 order by id limit ?"""
        found = self.read(sql, [flow, after, limit])
        return [
            Nudge(**{**row, "at": datetime.fromtimestamp(row["at"], UTC)})
            for row in found
        ]

    def asides(
        self,
        flow: str | None = None,
        *,
        due: datetime | None = None,
        record_ids: Sequence[str] | None = None,
        after: int = 0,
        limit: int = -1,
    ) -> list[Aside]:
        """Quarantine entries, oldest first (see the port)."""
        sql = """
          select * from quarantine
          where id > ?4 and (?1 is null or flow = ?1)
            and (?2 is null or retry_at <= ?2)
            and (?3 is null or record_id in (select value from json_each(?3)))
          order by id limit ?5"""
        chosen = None if record_ids is None else json.dumps(list(record_ids))
        arguments = [flow, to_epoch(due), chosen, after, limit]
        return [to_aside(row) for row in self.read(sql, arguments)]

    def quarantined(self, flow: str | None = None) -> int:
        """How many records are set aside."""
        sql = """select count(*) n from quarantine
                 where not discarded and (?1 is null or flow = ?1)"""
        return int(self.read(sql, [flow])[0]["n"])

    def linked(self, flow: str) -> int:
        """How many records of a flow are known to be in the CRM."""
        sql = """select count(*) n from ledger
                 where flow = ? and crm_id is not null and not deleted"""
        return int(self.read(sql, [flow])[0]["n"])

    def unmapped(
        self, mapped: Collection[tuple[str, str]] | None = None
    ) -> list[dict[str, Any]]:
        """What was looked for in vain: the value, by whom, and how many records.

        ``mapped``: the flows and fields that still look, None: whatever does.
        ``sought``: what the directory would have it under. What another field of the
        record found, and what is about to be looked up again, is left out.
        """
        pairs = None if mapped is None else json.dumps([*mapped])
        lists = ("flows", "fields", "sought")
        return [
            {**row, **{name: sorted(from_json(row[name])) for name in lists}}
            for row in self.read(links.UNMAPPED, [pairs])
        ]

    def unlinked_fields(self, flow: str) -> set[str]:
        """The fields of a flow that point to nobody, in any of its records."""
        sql = "select distinct field from unlinked where flow = ?"
        return {row["field"] for row in self.read(sql, [flow])}

    def on_nobody(self, flow: str, fields: Collection[str]) -> int:
        """How many records of a flow none of these fields points to anybody of."""
        return int(self.read(links.ON_NOBODY, [flow, json.dumps([*fields])])[0]["n"])

    # ── runs ───────────────────────────────────────────────────────────────

    def start_run(self, run: Run) -> Run:
        """Note that a run began; the same run with its ``id``."""
        with self.writing() as tx:
            return replace(run, id=tx.start_run(run))

    def finish_run(self, run: Run) -> None:
        """Note how a run ended, and forget runs older than a month."""
        with self.writing() as tx:
            tx.finish_run(run, self._clock.now() - RUNS_KEPT)

    def runs(
        self, flow: str | None = None, limit: int = 50, lane: Lane | None = None
    ) -> list[Run]:
        """The latest runs, newest first; one at work whose lease is over has died."""
        now = self._clock.now().timestamp()
        with self._lock, translated():
            return runs.latest(self._connection, flow, lane, limit, now)

    # ── dials: see dials.py ────────────────────────────────────────────────

    def dial(self, request_id: str) -> Dial | None:
        """Look a dial up by its request."""
        with self._lock, translated():
            return dials.by_request(self._connection, request_id)

    def latest_dial(self, record_id: str) -> Dial | None:
        """Find the latest request of a record."""
        with self._lock, translated():
            return dials.latest(self._connection, record_id)

    def dials(
        self,
        flow: str | None = None,
        *,
        states: Sequence[DialState] = (),
        since: datetime | None = None,
        limit: int = -1,
    ) -> list[Dial]:
        """List dials, those noted last first (see the port)."""
        with self._lock, translated():
            return dials.listed(self._connection, flow, states, since, limit)

    def dials_left(self, flow: str, now: datetime) -> list[Dial]:
        """Find those without an end whose worker's time is over, oldest first."""
        with self._lock, translated():
            return dials.left(self._connection, flow, now)

    def dials_to_show(self, flow: str, now: datetime, limit: int) -> list[Dial]:
        """Find those that ended, that the CRM was not told of, and that are due."""
        with self._lock, translated():
            return dials.to_show(self._connection, flow, now, limit)
