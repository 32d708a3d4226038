"""The push: from a source's pages to confirmed CRM records.

``pages → mapping → ledger: changed? → mark in flight → write → one transaction
with outcomes, quarantine and cursor``. A crash anywhere repeats a page, and the
external id makes the repeat harmless.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from connector.clock import Clock
from connector.engine import quarantine
from connector.engine.ahead import pulled_ahead
from connector.engine.batch import Delivery, Job, Target
from connector.engine.decide import Decision, decide, older
from connector.engine.settle import Settlement
from connector.errors import ConnectorError, LeaseLostError, RecordError
from connector.model import Aside, Counts, Lease, LedgerRow, Page, Record, Row
from connector.ports import Crm, State, Writing

BATCH = 200
"""Rows a write, the most that the CRM takes."""

LEASE = 45.0
"""Seconds a lease lasts unless prolonged. Longer than any write may take (30 s),
short enough that a killed process is replaced within a minute."""

HELD = timedelta(seconds=5)
"""How old our knowledge that we hold the lease may be when we send."""

BUSY_WAIT = 0.5
"""Seconds until a key that another lane has in flight is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does with each record: ``apply`` maps, ``target`` says where to."""

    flow: str
    target: Target
    apply: Callable[[Record], Row | None]


@dataclass(slots=True, kw_only=True)
class Push:
    """One run of one flow in one lane, while it holds its lease."""

    state: State
    crm: Crm
    clock: Clock
    plan: Plan
    lease: Lease
    stop: threading.Event
    progress: Callable[[Counts], None] = lambda _: None
    counts: Counts = field(default_factory=Counts)
    _waiting: dict[str, tuple[int, Row]] = field(default_factory=dict)
    """Changed rows to be sent, numbered, the oldest first, one a key."""
    _cursors: deque[tuple[int, str]] = field(default_factory=deque)
    """(number of the first row that need not be settled before, cursor)."""
    _added: int = 0
    _entries: bool = True
    """Whether this flow may have records in quarantine."""
    _held_at: datetime | None = None

    def carry(self, pages: Iterator[Page], *, again: bool = False) -> None:
        """Bring everything on ``pages`` into the CRM or into quarantine.

        ``again``: these are quarantine entries being retried, so they are sent
        even if nothing about them changed. Raises what `Crm` and `Source` raise;
        the cursor then stands before the first row that is not settled. What was
        read before a source failed still goes in.
        """
        self._entries = self.state.quarantined(self.plan.flow) > 0
        failures: list[ConnectorError] = []
        for page in _until_failure(pulled_ahead(pages, self._beat), failures):
            self._take(page, again=again)
            while len(self._waiting) >= BATCH:
                self._flush()
            self._move_cursor()
            self.progress(self.counts)
            if self.stop.is_set():
                break
        while self._waiting:
            self._flush()
        self._move_cursor()
        self.progress(self.counts)
        for failure in failures:
            raise failure

    # ── a page: which rows must be sent ────────────────────────────────────

    def _take(self, page: Page, *, again: bool) -> None:
        self.counts.read += len(page.records) + len(page.rejects)
        asides = [quarantine.unreadable(self.plan.flow, r) for r in page.rejects]
        rows, settled = self._map(page.records, asides)
        if self._entries and not again:
            rows = self._unlike_entries(rows)
        known = self.state.ledger(self.plan.target.object, [row.key for row in rows])
        for row in rows:
            decision = self._decide(row, known.get(row.key))
            if decision in (Decision.SEND, Decision.BUSY) or row.key in self._waiting:
                self._wait(row)
            elif decision is Decision.FOREIGN:
                asides.append(_foreign(self.plan.flow, row, known[row.key]))
            else:
                self.counts.unchanged += 1
                settled.append(row.record.id)
        self._store(asides, settled if self._entries else [])
        if page.cursor is not None:
            self._cursors.append((self._added, page.cursor))

    def _map(
        self, records: Sequence[Record], asides: list[Aside]
    ) -> tuple[list[Row], list[str]]:
        """The rows, and the ids of the records that the mapping skips."""
        rows, skipped = [], []
        for record in records:
            try:
                row = self.plan.apply(record)
            except RecordError as error:
                asides.append(quarantine.unmapped(self.plan.flow, record, error))
                continue
            if row is None:
                skipped.append(record.id)
            else:
                rows.append(row)
        self.counts.skipped += len(skipped)
        return rows, skipped

    def _unlike_entries(self, rows: list[Row]) -> list[Row]:
        """Leave out the rows that are set aside just as they are now."""
        ids = [row.record.id for row in rows]
        prints = {
            entry.record_id: entry.fingerprint
            for entry in self.state.asides(self.plan.flow, record_ids=ids)
        }
        unlike = [
            row
            for row in rows
            if row.record.id not in prints
            or prints[row.record.id] != quarantine.fingerprint(row.create)
        ]
        self.counts.unchanged += len(rows) - len(unlike)
        return unlike

    def _decide(
        self, row: Row, known: LedgerRow | None, rivals: frozenset[str] = frozenset()
    ) -> Decision:
        return decide(
            row,
            known,
            flow=self.plan.flow,
            rivals=rivals,
            recreate=self.plan.target.recreate,
        )

    def _wait(self, row: Row) -> None:
        """Queue a row to be sent; of two with one key the newer stays."""
        number, before = self._waiting.get(row.key, (self._added, row))
        if not older(row.record.version, before.record.version):
            self._waiting[row.key] = (number, row)
            self._added += number == self._added

    def _store(self, asides: list[Aside], settled: list[str]) -> None:
        if not asides and not settled:
            return
        with self.state.writing() as tx:
            self._hold(tx)
            tx.set_aside(asides)
            self.counts.healed += tx.heal(self.plan.flow, settled)
        self.counts.set_aside += len(asides)
        self._entries = self._entries or bool(asides)

    # ── a batch: send and settle ───────────────────────────────────────────

    def _flush(self) -> None:
        """Send the oldest rows that wait, and settle them."""
        batch = [row for _, row in islice(self._waiting.values(), BATCH)]
        while batch:
            send, busy, known = self._claim(batch)
            self._send(send, known)
            batch = busy
            if busy:
                self.clock.wait(BUSY_WAIT, self.stop)

    def _claim(
        self, batch: Sequence[Row]
    ) -> tuple[list[Row], list[Row], dict[str, LedgerRow]]:
        """Mark as in flight what is to be sent; the rows busy elsewhere wait.

        The ledger is asked once more, as another lane may have written since.
        """
        name, keys = self.plan.target.object, [row.key for row in batch]
        with self.state.writing() as tx:
            self._hold(tx)
            known = tx.ledger(name, keys)
            rivals = tx.rivals(self.lease)
            said = {r.key: self._decide(r, known.get(r.key), rivals) for r in batch}
            send = [row for row in batch if said[row.key] is Decision.SEND]
            tx.mark(name, self.plan.flow, [r.key for r in send], self.lease.token)
        busy = [row for row in batch if said[row.key] is Decision.BUSY]
        done = [r for r in batch if said[r.key] not in (Decision.SEND, Decision.BUSY)]
        self.counts.unchanged += len(done)
        self._forget(done)
        return send, busy, known

    def _send(self, rows: Sequence[Row], known: dict[str, LedgerRow]) -> None:
        delivery = Delivery(
            crm=self.crm,
            clock=self.clock,
            target=self.plan.target,
            hold=self._beat,
            owner=self._owner,
        )
        try:
            if rows:
                delivery.send(_job(row, known.get(row.key)) for row in rows)
        finally:
            self._settle(rows, known, delivery)

    def _settle(
        self, rows: Sequence[Row], known: dict[str, LedgerRow], delivery: Delivery
    ) -> None:
        """Store verdicts, quarantine and cursor in one transaction."""
        settlement = self._settlement(rows, known, delivery)
        done = [row for row in rows if row.key in delivery.verdicts]
        self._forget(done)
        cursor = self._cursor()
        try:
            with self.state.writing() as tx:
                self._hold(tx)
                tx.confirm(self.plan.target.object, settlement.ledger, self.lease.token)
                tx.set_aside(settlement.asides)
                if self._entries:
                    self.counts.healed += tx.heal(self.plan.flow, settlement.healed)
                if cursor is not None:
                    tx.set_cursor(self.plan.flow, cursor)
        except LeaseLostError:
            self._unknown(rows)
            raise
        settlement.count(self.counts, delivery.verdicts)
        self._entries = self._entries or bool(settlement.asides)

    def _settlement(
        self, rows: Sequence[Row], known: dict[str, LedgerRow], delivery: Delivery
    ) -> Settlement:
        ids = [row.record.id for row in rows]
        asides = self.state.asides(self.plan.flow, record_ids=ids)
        settlement = Settlement(
            flow=self.plan.flow,
            now=self.clock.now(),
            known=known,
            before={entry.record_id: entry for entry in asides},
        )
        settlement.settle(rows, delivery.verdicts)
        return settlement

    def _unknown(self, rows: Sequence[Row]) -> None:
        """We wrote after losing the lease: nothing is known of these records."""
        with self.state.writing() as tx:
            keys = [row.key for row in rows]
            tx.mark(self.plan.target.object, self.plan.flow, keys, self.lease.token)
            tx.nudge(self.plan.flow, [row.record.id for row in rows])

    # ── the cursor and the lease ───────────────────────────────────────────

    def _forget(self, rows: Sequence[Row]) -> None:
        for row in rows:
            del self._waiting[row.key]

    def _cursor(self) -> str | None:
        """The farthest cursor that no row still waiting stands before."""
        oldest, _ = next(iter(self._waiting.values()), (self._added, None))
        reached = None
        while self._cursors and self._cursors[0][0] <= oldest:
            reached = self._cursors.popleft()[1]
        return reached

    def _move_cursor(self) -> None:
        if (cursor := self._cursor()) is not None:
            with self.state.writing() as tx:
                self._hold(tx)
                tx.set_cursor(self.plan.flow, cursor)

    def _hold(self, tx: Writing) -> None:
        tx.hold(self.lease, LEASE)
        self._held_at = self.clock.now()

    def _beat(self) -> None:
        """Make sure that a write sent now ends before the lease does."""
        fresh = self._held_at and self.clock.now() - self._held_at < HELD
        if not fresh:
            with self.state.writing() as tx:
                self._hold(tx)

    def _owner(self, crm_id: str) -> str | None:
        with self.state.writing() as tx:
            return tx.owner(self.plan.target.object, crm_id)


def _until_failure(
    pages: Iterator[Page], failures: list[ConnectorError]
) -> Iterator[Page]:
    """Yield pages until the source fails; note how, for after the last flush."""
    try:
        yield from pages
    except LeaseLostError:
        raise
    except ConnectorError as error:
        failures.append(error)


def _job(row: Row, known: LedgerRow | None) -> Job:
    crm_id = known.crm_id if known and not known.deleted else None
    return Job(row=row, crm_id=crm_id)


def _foreign(flow: str, row: Row, known: LedgerRow) -> Aside:
    why = RecordError(
        f"the key {row.key!r} belongs to the flow {known.flow!r}", code="KEY_TAKEN"
    )
    return quarantine.unmapped(flow, row.record, why)
