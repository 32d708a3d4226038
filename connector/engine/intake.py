"""Takes a page in: which of its rows must be sent, and what is settled as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector.engine import quarantine
from connector.engine.decide import Decision
from connector.engine.hold import Hold
from connector.engine.mapped import MappedPage
from connector.engine.matching import sought
from connector.engine.plan import Plan
from connector.engine.shelf import Shelf
from connector.engine.waiting import Waiting
from connector.model import Counts, LedgerRow, Row
from connector.ports import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Sorts the rows of pages; those that must be sent go to ``waiting``."""

    state: State
    plan: Plan
    hold: Hold
    shelf: Shelf
    waiting: Waiting
    counts: Counts

    def take(self, page: MappedPage, *, again: bool) -> None:
        """Take one page; ``again``: it is of entries of the quarantine."""
        self.counts.read += page.read
        self.counts.skipped += len(page.skipped)
        rows, asides, settled = page.rows, page.asides, page.skipped
        if self.shelf.used and not again:
            rows, asides = self.shelf.news(page)
        known = self.state.ledger(self.plan.target.object, [row.key for row in rows])
        self._note_undecided(rows, known)
        for row in self.plan.links.as_logged(rows, known):
            before = known.get(row.key)
            decision = self.plan.decide(row, before)
            if decision in (Decision.SEND, Decision.BUSY) or row.key in self.waiting:
                self.waiting.add(row, known=before is not None, new=_is_new(before))
            elif decision is Decision.FOREIGN and before:
                asides.append(quarantine.foreign(self.plan.flow, row, before))
            else:
                self.counts.unchanged += 1
                settled.append(row.record)
        self.waiting.drop_older({e.record_id: e.version for e in asides})
        self.shelf.store(asides, settled)
        if page.cursor is not None:
            self.waiting.cursor_after_all(page.cursor)

    def _note_undecided(
        self, rows: Sequence[Row], known: Mapping[str, LedgerRow]
    ) -> None:
        """Note what is to be found for records that exist: linking.py does it."""
        if found := self.plan.links.undecided(rows, known):
            with self.state.writing() as tx:
                self.hold.inside(tx)
                due = [*sought(self.plan.links.finds, found)]
                tx.unlinked(self.plan.target.object, self.plan.flow, due, 0)


def _is_new(known: LedgerRow | None) -> bool:
    """Whether a row would be created, as far as we know."""
    return known is None or known.crm_id is None
