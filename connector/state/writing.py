"""What can be done inside one write transaction. Implements the port `Writing`."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from connector.clock import Clock
from connector.errors import LeaseLostError
from connector.model import (
    Aside,
    Dial,
    Enlisted,
    Lane,
    Lease,
    LedgerRow,
    Link,
    Listed,
    Loading,
    Nudge,
    Person,
    Record,
    Run,
    Unlinked,
)
from connector.state import (
    dials,
    directory,
    enlisting,
    ledger,
    links,
    quarantine,
    runs,
)


class Transaction:
    """One open transaction; made by `Store.writing` only."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        """Work on ``connection``, which is in a transaction already."""
        self._connection = connection
        self._now = clock.now().timestamp()

    # ── leases ─────────────────────────────────────────────────────────────

    def acquire(
        self, flow: str, lane: Lane, owner: str, seconds: float
    ) -> Lease | None:
        """Take a lease that is free or expired, with an epoch higher by one."""
        row = self._connection.execute(
            """insert into leases (flow, lane, owner, epoch, expires_at)
               values (?1, ?2, ?3, 1, ?4)
               on conflict do update set
                 owner = ?3, epoch = epoch + 1, expires_at = ?4
               where expires_at <= ?5 or expires_at > ?6
               returning epoch""",
            # A lease that ends later than any lease could was written by a clock
            # that has since been set back: it is nobody's.
            (
                *(flow, lane, owner, self._now + seconds),
                *(self._now, self._now + 2 * seconds),
            ),
        ).fetchone()
        return row and Lease(flow=flow, lane=lane, owner=owner, epoch=row[0])

    def hold(self, lease: Lease, seconds: float) -> None:
        """Make sure ``lease`` is still ours and prolong it; or LeaseLostError."""
        done = self._connection.execute(
            """update leases set expires_at = ?
               where flow = ? and lane = ? and owner = ? and epoch = ?
                 and expires_at > ?""",
            (
                *(self._now + seconds, lease.flow, lease.lane),
                *(lease.owner, lease.epoch, self._now),
            ),
        )
        if not done.rowcount:
            raise LeaseLostError

    def release(self, lease: Lease) -> None:
        """Let the lease expire now, if it is still ours."""
        self._connection.execute(
            """update leases set expires_at = 0
               where flow = ? and lane = ? and owner = ? and epoch = ?""",
            (lease.flow, lease.lane, lease.owner, lease.epoch),
        )

    def rivals(self, lease: Lease) -> frozenset[str]:
        """Tokens of the other lanes of this flow that are running now."""
        rows = self._connection.execute(
            """select lane || ':' || epoch from leases
               where flow = ? and lane != ? and expires_at > ?""",
            (lease.flow, lease.lane, self._now),
        )
        return frozenset(token for (token,) in rows)

    # ── ledger: see ledger.py ──────────────────────────────────────────────

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys of an object; absent means not known."""
        return ledger.read(self._connection, name, keys)

    def owner(self, name: str, crm_id: str) -> str | None:
        """The key that a CRM record belongs to, if one is known."""
        row = self._connection.execute(
            "select key from ledger where crm_id = ? and object = ?", (crm_id, name)
        ).fetchone()
        return row and str(row[0])

    def mark(self, name: str, flow: str, keys: Sequence[str], token: str) -> None:
        """Note that these keys are about to be sent by the writer ``token``."""
        ledger.mark(self._connection, name, flow, keys, token)

    def confirm(self, name: str, rows: Sequence[LedgerRow], token: str) -> None:
        """Write what the CRM said, of keys still marked by ``token`` only.

        A key that another writer has marked since stays not known.
        """
        ledger.confirm(self._connection, name, rows, token)

    # ── who is who: see directory.py, enlisting.py ─────────────────────────

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        return directory.known(self._connection, values)

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        return directory.generation(self._connection)

    def enlist(self, load: int, people: Sequence[Listed]) -> Enlisted:
        """Take people in, each with all their values (see the port)."""
        return enlisting.enlist(self._connection, load, people)

    def strike(self, crm_ids: Collection[str]) -> int:
        """Forget these people; how many were known."""
        return enlisting.strike(self._connection, crm_ids)

    def strike_older(self, name: str, load: int) -> int:
        """Forget some whom no full load from ``load`` on has shown (see the port)."""
        return enlisting.strike_older(self._connection, name, load)

    def set_loading(self, loading: Loading) -> None:
        """Note how far the directory has read an object."""
        directory.set_loading(self._connection, loading)

    def forget_loading(self, name: str) -> None:
        """Note that the directory does not read an object any more."""
        directory.forget_loading(self._connection, name)

    # ── links: see links.py ────────────────────────────────────────────────

    def unlinked(
        self, name: str, flow: str, rows: Sequence[Unlinked], generation: int
    ) -> None:
        """Note fields that point to nobody (see the port)."""
        late = bool(rows) and self.generation() != generation
        links.unlinked(self._connection, name, flow, rows, late=late)

    def set_links(self, name: str, found: Mapping[str, Mapping[str, Link]]) -> None:
        """Write down the links of records by key, each field for itself."""
        links.set_links(self._connection, name, found)

    def settled(self, name: str, fields: Sequence[tuple[str, str]]) -> None:
        """Forget that these fields (key and field) point to nobody."""
        links.settled(self._connection, name, fields)

    def forget(self, flow: str, fields: Iterable[str]) -> None:
        """Forget that these fields of a flow point to nobody."""
        links.forget(self._connection, flow, fields)

    def claim(self, name: str, values: Sequence[str], lease: Lease) -> dict[str, str]:
        """Claim the making of records (see the port)."""
        return links.claim(self._connection, name, values, lease, self._now)

    def release_claims(self, name: str, values: Sequence[str]) -> None:
        """These records are made, or will not be."""
        links.release_claims(self._connection, name, values)

    # ── quarantine: see quarantine.py ──────────────────────────────────────

    def set_aside(
        self, entries: Sequence[Aside], generation: int | None = None
    ) -> None:
        """Put records in quarantine, or renew what is there (see the port)."""
        late = generation is not None and self.generation() != generation
        quarantine.set_aside(self._connection, entries, self._now, late=late)

    def heal(self, flow: str, records: Sequence[Record]) -> int:
        """Remove the entries of records that are in; how many there were."""
        return quarantine.heal(self._connection, flow, records)

    def discard(self, ids: Iterable[int]) -> int:
        """Forget quarantine entries until their records change; how many."""
        return quarantine.discard(self._connection, ids)

    def retry_now(self, ids: Iterable[int]) -> int:
        """Make quarantine entries due at once; how many there were."""
        return quarantine.retry_now(self._connection, ids, self._now)

    # ── cursor, nudges, runs ───────────────────────────────────────────────

    def set_cursor(self, flow: str, value: str) -> None:
        """Move the cursor of a flow."""
        self._connection.execute(
            "insert or replace into cursors (flow, value, at) values (?, ?, ?)",
            (flow, value, self._now),
        )

    def forget_cursor(self, flow: str) -> None:
        """Remove the cursor of a flow, if it has one."""
        self._connection.execute("delete from cursors where flow = ?", (flow,))

    def nudge(self, flow: str, record_ids: Iterable[str]) -> None:
        """Note records that must be fetched from the vendor and sent again."""
        self._connection.executemany(
            "insert or replace into nudges (flow, record_id, at) values (?, ?, ?)",
            [(flow, record_id, self._now) for record_id in record_ids],
        )

    def nudged(self, nudges: Iterable[Nudge]) -> None:
        """These are settled; a nudge of the same record that came since stays."""
        self._connection.executemany(
            "delete from nudges where id = ?", [(nudge.id,) for nudge in nudges]
        )

    def put_off(self, nudges: Iterable[Nudge]) -> None:
        """Put these behind all others, as of when they came."""
        self._connection.executemany(
            """insert or replace into nudges (flow, record_id, at)
               select flow, record_id, at from nudges where id = ?""",
            [(nudge.id,) for nudge in nudges],
        )

    def pace(self, system: str) -> tuple[float, float, float]:
        """Next request, silence and urgent waiting of a system, in epoch seconds."""
        row = self._connection.execute(
            "select next_at, blocked_until, wanted_until from pace where system = ?",
            (system,),
        ).fetchone()
        return row or (0.0, 0.0, 0.0)

    def set_pace(self, system: str, *moments: float) -> None:
        """Store what `pace` reads."""
        self._connection.execute(
            "insert or replace into pace values (?, ?, ?, ?)", (system, *moments)
        )

    def start_run(self, run: Run) -> int:
        """Insert a run; its id. An older one that never ended has died."""
        return runs.start(self._connection, run)

    def finish_run(self, run: Run, forget_before: datetime) -> None:
        """Store how a run ended; drop runs that started before ``forget_before``."""
        runs.finish(self._connection, run, forget_before)

    # ── dials: see dials.py ────────────────────────────────────────────────

    def dial(self, request_id: str) -> Dial | None:
        """Look a dial up by its request."""
        return dials.by_request(self._connection, request_id)

    def put_dial(self, dial: Dial) -> None:
        """Write a dial down as it is now; when it was first noted stays."""
        dials.put(self._connection, dial, self._now)

    def dials_near(self, number: str, agent: str) -> list[Dial]:
        """Find the latest that rang this number or this agent (see the port)."""
        return dials.near(self._connection, number, agent)

    def adopt_dials(self, flow: str, prefix: str, flows: Collection[str]) -> int:
        """Give ``flow`` what none of ``flows`` has and needs work yet (see the port)."""
        return dials.adopt(self._connection, flow, prefix, flows)

    def forget_dials(self, before: datetime) -> int:
        """Drop up to 2,000 that need no more work, noted before then; how many."""
        return dials.forget(self._connection, before)
