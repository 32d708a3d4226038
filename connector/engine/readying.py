"""Makes the rows of a batch ready to be sent: found in the CRM, linked, or settled.

Only what is new is looked for and linked; most batches pass as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector.clock import Clock
from connector.engine import quarantine
from connector.engine.existing import Seeker, There
from connector.engine.hold import Hold
from connector.engine.job import Job
from connector.engine.linker import Linked, Linker
from connector.engine.matching import sought
from connector.engine.plan import Plan
from connector.engine.shelf import Shelf
from connector.engine.waiting import Waiting, Wanted
from connector.errors import RecordError
from connector.model import Aside, Counts, LedgerRow, Row
from connector.ports import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is of the rows of a batch, by key.

    ``busy``: another writer looks for a record of the same call right now. ``claims``
    are ours, until they are given back.
    """

    there: Mapping[str, There] = field(default_factory=dict)
    busy: Sequence[Row] = ()
    claims: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The rows of a batch that may be sent, and what goes with each.

    ``busy`` must wait for another writer. ``left_to``: keys of rows that are left to a
    record of somebody else.
    """

    rows: list[Wanted]
    linked: Linked = field(default_factory=Linked)
    found: Found = field(default_factory=Found)
    left_to: frozenset[str] = frozenset()

    @property
    def busy(self) -> list[Row]:
        """The rows that another writer is at."""
        return [*self.found.busy, *self.linked.busy]

    def job(self, row: Row, before: LedgerRow | None, *, recreate: bool) -> Job | None:
        """How a row is sent, given what the ledger knows; None: it is skipped."""
        links = self.linked.links.get(row.key, {})
        known = before is not None and not (before.deleted and recreate)
        crm_id = before.crm_id if before and known else None
        if crm_id is None and row.key in self.left_to:
            return None
        if crm_id is None and (there := self.found.there.get(row.key)):
            return there.job(row, links)
        kept = (before and before.links) or {}
        return Job(row=row, crm_id=crm_id, links=links or kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readying:
    """Makes batches ready, in one run of one flow."""

    state: State
    clock: Clock
    plan: Plan
    hold: Hold
    shelf: Shelf
    waiting: Waiting
    counts: Counts
    linker: Linker
    seeker: Seeker | None

    def ready(self, batch: list[Wanted]) -> Ready:
        """Make a batch ready; what is not wanted is settled. Raises what `Crm` does."""
        new = [wanted.row for wanted in batch if wanted.new]
        if not new or not (self.plan.links or self.seeker):
            return Ready(rows=batch)
        found = self._found(new)
        left_to = self._left_to(found)
        linked = self._linked(self._to_link(new, found, left_to))
        out = {row.key for row in (*linked.out, *linked.busy, *found.busy)}
        rows = [wanted for wanted in batch if wanted.row.key not in out]
        return Ready(
            rows=[wanted.as_logged(linked.logged) for wanted in rows],
            linked=linked,
            found=found,
            left_to=left_to,
        )

    def done(self, ready: Ready) -> None:
        """Give the claims of a batch back, once all of it that can be is sent."""
        if ready.found.claims:
            with self.state.writing() as tx:
                self.hold.inside(tx)
                tx.release_claims(self.plan.target.object, ready.found.claims)

    # ── what there is ──────────────────────────────────────────────────────

    def _found(self, rows: Sequence[Row]) -> Found:
        """Look for records of these calls; two writers never for one at a time.

        The claim comes first: whoever had it before is through with the CRM by then.
        """
        if self.seeker is None:
            return Found()
        plan, lease = self.seeker.plan, self.hold.lease
        values = {row.key: plan.same(plan.value(row)) for row in rows}
        claims = {
            key: f"{plan.match}={value}" for key, value in values.items() if value
        }
        if not claims:
            return Found()
        with self.state.writing() as tx:
            self.hold.inside(tx)
            each = tuple(dict.fromkeys(claims.values()))
            standing = tx.claim(self.plan.target.object, each, lease)
        taken = {value for value, why in standing.items() if why == "busy"}
        busy = [row for row in rows if claims.get(row.key) in taken]
        ours = [row for row in rows if claims.get(row.key) not in taken]
        return Found(
            there=self.seeker.look(ours, set()),
            busy=busy,
            claims=tuple(value for value in each if value not in taken),
        )

    def _left_to(self, found: Found) -> frozenset[str]:
        if not self.plan.skips:
            return frozenset()
        return frozenset(key for key, there in found.there.items() if not there.ours)

    # ── links ──────────────────────────────────────────────────────────────

    def _to_link(
        self, rows: Sequence[Row], found: Found, left_to: frozenset[str]
    ) -> list[Row]:
        """Return the rows with what is still to be looked for."""
        out = left_to | {row.key for row in found.busy}
        there = found.there
        return [
            there[row.key].unlinked(row) if row.key in there else row
            for row in rows
            if row.key not in out
        ]

    def _linked(self, rows: Sequence[Row]) -> Linked:
        """Link rows; those that are not wanted, or for whom nobody is, are settled."""
        if not rows or not self.plan.links:
            return Linked()
        done = self.linker.link(rows)
        self.shelf.store(
            self._nobody(done.aside),
            [row.record for row in done.skipped],
            done.generation,
        )
        self.counts.skipped += len(done.skipped)
        self.waiting.forget(done.out)
        return done

    def _nobody(self, rows: Sequence[tuple[Row, RecordError]]) -> list[Aside]:
        before = self.shelf.of([row.record.id for row, _ in rows])
        now = self.clock.now()
        found = [
            quarantine.nobody(self.plan.flow, row, why, before.get(row.record.id), now)
            for row, why in rows
        ]
        finds = self.plan.links.finds
        return [replace(e, awaits=tuple(sought(finds, e.awaits))) for e in found]
