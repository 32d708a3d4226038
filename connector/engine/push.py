"""The push: from a source's pages to confirmed CRM records.

``pages → mapping → ledger: changed? → mark in flight → write → one transaction
with outcomes, quarantine and cursor``. A crash anywhere repeats a page, and the
external id makes the repeat harmless.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from connector.clock import Clock
from connector.engine import quarantine
from connector.engine.ahead import pulled_ahead
from connector.engine.batch import Delivery
from connector.engine.decide import Decision
from connector.engine.hold import Hold
from connector.engine.intake import Intake
from connector.engine.linker import Linker, Outside
from connector.engine.mapped import MappedPage, mapped
from connector.engine.matching import sought
from connector.engine.plan import Plan
from connector.engine.readying import Ready, Readying
from connector.engine.settle import Settlement
from connector.engine.shelf import Shelf
from connector.engine.waiting import Waiting, Wanted
from connector.errors import ConnectorError, LeaseLostError
from connector.model import (
    Counts,
    Lease,
    LedgerRow,
    Page,
    Row,
)
from connector.ports import Crm, State

BATCH = 200
"""Rows a write, the most that the CRM takes."""

BUSY_WAIT = 0.5
"""Seconds until a key that another lane has in flight is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Rows of a batch that are ours to send, and rows that another lane is sending."""

    send: list[Row]
    busy: list[Row]
    known: dict[str, LedgerRow]


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
    _waiting: Waiting = field(default_factory=Waiting)
    _shelf: Shelf = field(init=False)
    _intake: Intake = field(init=False)
    _readying: Readying = field(init=False)
    hold: Hold = field(init=False)
    linker: Linker = field(init=False)

    def __post_init__(self) -> None:
        """Hold the lease that was taken."""
        self.hold = Hold(state=self.state, clock=self.clock, lease=self.lease)
        outside = Outside(
            state=self.state, crm=self.crm, clock=self.clock, stop=self.stop
        )
        self.linker = self.plan.links.linker(outside, self.hold)
        self._shelf = Shelf(
            state=self.state, flow=self.plan.flow, hold=self.hold, counts=self.counts
        )
        self._intake = Intake(
            state=self.state,
            plan=self.plan,
            hold=self.hold,
            shelf=self._shelf,
            waiting=self._waiting,
            counts=self.counts,
        )
        self._readying = Readying(
            state=self.state,
            clock=self.clock,
            plan=self.plan,
            hold=self.hold,
            shelf=self._shelf,
            waiting=self._waiting,
            counts=self.counts,
            linker=self.linker,
            seeker=self.plan.seeker(outside),
        )

    def carry(self, pages: Iterator[Page], *, again: bool = False) -> None:
        """Bring everything on ``pages`` into the CRM or into quarantine.

        ``again``: these are quarantine entries being retried, so they are sent
        even if nothing about them changed. Raises what `Crm` and `Source` raise;
        the cursor then stands before the first row that is not settled. What was
        read before a source failed still goes in.
        """
        self._shelf.look()
        failures: list[ConnectorError] = []
        fetched = pulled_ahead(pages)
        ready = mapped(self.plan.flow, self.plan.apply, fetched)
        ahead = pulled_ahead(ready, self.hold.beat, self.stop)
        for page in _until_failure(ahead, failures):
            self._intake.take(page, again=again)
            self._flush_until_fewer_than(BATCH)
            self._move_cursor()
            self.progress(self.counts)
            if self.stop.is_set():
                break
        self._flush_until_fewer_than(1)
        self._move_cursor()
        self.progress(self.counts)
        for failure in failures:
            raise failure

    # ── a batch: claim, send, settle ───────────────────────────────────────

    def _flush_until_fewer_than(self, rows: int) -> None:
        while len(self._waiting) >= rows and self._flush():
            pass

    def _flush(self) -> bool:
        """Send the oldest rows that wait, and settle them.

        False when we were told to stop while another lane has some in flight: they
        are left, and the cursor stays before them.
        """
        batch = self._waiting.oldest(BATCH)
        while batch:
            ready = self._readying.ready(batch)
            claim = self._claim(ready.rows)
            if claim.send:
                self._send(claim, ready)
            self._readying.done(ready)
            busy = {row.key for row in (*claim.busy, *ready.busy)}
            batch = [wanted for wanted in batch if wanted.row.key in busy]
            if batch and self.clock.wait(BUSY_WAIT, self.stop):
                return False
        return True

    def _claim(self, batch: Sequence[Wanted]) -> Claim:
        """Mark as in flight what is to be sent; the rows busy elsewhere wait.

        The ledger is asked once more, as another lane may have written since. The
        marks must survive a power cut where the CRM has a record already: its hash
        may come true again, while the CRM has something else. Of a record that is
        new, nothing is known after a power cut either way.
        """
        rows = [wanted.row for wanted in batch]
        name, keys = self.plan.target.object, [row.key for row in rows]
        durable = any(wanted.known for wanted in batch)
        with self.state.writing(durable=durable) as tx:
            self.hold.inside(tx)
            known = tx.ledger(name, keys)
            rivals = tx.rivals(self.lease)
            said = {r.key: self.plan.decide(r, known.get(r.key), rivals) for r in rows}
            send = [row for row in rows if said[row.key] is Decision.SEND]
            tx.mark(name, self.plan.flow, [r.key for r in send], self.lease.token)
        busy = [row for row in rows if said[row.key] is Decision.BUSY]
        self._leave(rows, said, known)
        return Claim(send=send, busy=busy, known=known)

    def _leave(
        self,
        rows: Sequence[Row],
        said: dict[str, Decision],
        known: dict[str, LedgerRow],
    ) -> None:
        """Settle the rows of a batch that need not, or must not, be sent after all."""
        foreign = [row for row in rows if said[row.key] is Decision.FOREIGN]
        self._shelf.store(
            [quarantine.foreign(self.plan.flow, r, known[r.key]) for r in foreign], []
        )
        still = (Decision.UNCHANGED, Decision.LEFT)
        unchanged = [row for row in rows if said[row.key] in still]
        self.counts.unchanged += len(unchanged)
        self._waiting.forget([*foreign, *unchanged])

    def _send(self, claim: Claim, ready: Ready) -> None:
        recreate = self.plan.target.recreate
        jobs = [
            ready.job(row, claim.known.get(row.key), recreate=recreate)
            for row in claim.send
        ]
        skipped = [row for row, job in zip(claim.send, jobs, strict=True) if not job]
        delivery = Delivery(
            crm=self.crm,
            clock=self.clock,
            target=self.plan.target,
            hold=self.hold.beat,
            stop=self.stop,
            owner=self._owner,
            healer=self.linker.healer,
        )
        try:
            delivery.send(job for job in jobs if job)
        finally:
            self._settle(claim, delivery, skipped, ready.linked.generation)

    def _settle(
        self,
        claim: Claim,
        delivery: Delivery,
        skipped: Sequence[Row],
        generation: int,
    ) -> None:
        """Store verdicts, quarantine and cursor in one transaction."""
        rows, name = claim.send, self.plan.target.object
        settlement = self._settlement(claim, delivery)
        settlement.skip(skipped)
        self._waiting.forget(skipped)
        self._waiting.forget(row for row in rows if row.key in delivery.verdicts)
        cursor = self._waiting.reached()
        unlinked = [*sought(self.plan.links.finds, settlement.unlinked)]
        try:
            with self.state.writing() as tx:
                self.hold.inside(tx)
                tx.confirm(name, settlement.ledger, self.lease.token)
                tx.set_aside(settlement.asides)
                tx.unlinked(name, self.plan.flow, unlinked, generation)
                self._shelf.heal(tx, settlement.healed)
                if cursor is not None:
                    tx.set_cursor(self.lease.cursor, cursor)
        except LeaseLostError:
            self._unknown(rows)
            raise
        settlement.count(self.counts, delivery.verdicts)
        self.counts.skipped += len(skipped)
        self._shelf.filled(settlement.asides)

    def _settlement(self, claim: Claim, delivery: Delivery) -> Settlement:
        settlement = Settlement(
            flow=self.plan.flow,
            now=self.clock.now(),
            known=claim.known,
            before=self._shelf.of([row.record.id for row in claim.send]),
            links=delivery.links,
            by_id=self.plan.links.by_id,
            on=self.plan.links.on,
        )
        settlement.settle(claim.send, delivery.verdicts)
        return settlement

    def _unknown(self, rows: Sequence[Row]) -> None:
        """We wrote after losing the lease: nothing is known of these records."""
        with self.state.writing(durable=True) as tx:
            keys = [row.key for row in rows]
            tx.mark(self.plan.target.object, self.plan.flow, keys, self.lease.token)
            tx.nudge(self.plan.flow, [row.record.id for row in rows])

    def _move_cursor(self) -> None:
        if (cursor := self._waiting.reached()) is not None:
            with self.state.writing() as tx:
                self.hold.inside(tx)
                tx.set_cursor(self.lease.cursor, cursor)

    def _owner(self, crm_id: str) -> str | None:
        with self.state.writing() as tx:
            return tx.owner(self.plan.target.object, crm_id)


def _until_failure(
    pages: Iterator[MappedPage], failures: list[ConnectorError]
) -> Iterator[MappedPage]:
    """Yield pages until the source fails; note how, for after the last flush."""
    try:
        yield from pages
    except LeaseLostError:
        raise
    except ConnectorError as error:
        failures.append(error)
