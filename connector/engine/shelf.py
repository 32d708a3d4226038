"""The quarantine of one flow, as a run sees it: asked only if there is anything in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.engine import quarantine
from connector.engine.hold import Hold
from connector.engine.mapped import MappedPage
from connector.model import Aside, Counts, Record, Row
from connector.ports import State, Writing


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Records set aside. ``used``: whether this flow may have any."""

    state: State
    flow: str
    hold: Hold
    counts: Counts
    used: bool = field(default=True)

    def look(self) -> None:
        """See whether there is anything."""
        self.used = bool(self.state.asides(self.flow, limit=1))

    def of(self, ids: Sequence[str]) -> dict[str, Aside]:
        """The entries of these records, by record id."""
        if not self.used or not ids:
            return {}
        found = self.state.asides(self.flow, record_ids=ids)
        return {entry.record_id: entry for entry in found}

    def news(self, page: MappedPage) -> tuple[list[Row], list[Aside]]:
        """Leave out what is in quarantine, or was discarded, just as it is now."""
        ids = [row.record.id for row in page.rows]
        ids += [entry.record_id for entry in page.asides]
        entries = self.of(ids)
        rows = [r for r in page.rows if quarantine.news(r, entries.get(r.record.id))]
        asides = [
            entry
            for entry in page.asides
            if entry.record_id not in entries
            or entries[entry.record_id].fingerprint != entry.fingerprint
        ]
        self.counts.unchanged += len(ids) - len(rows) - len(asides)
        return rows, asides

    def store(
        self,
        asides: Sequence[Aside],
        settled: Sequence[Record],
        generation: int | None = None,
    ) -> None:
        """Set records aside, and heal those that are settled.

        ``generation``: of the directory, where some wait for somebody.
        """
        settled = settled if self.used else ()
        if not asides and not settled:
            return
        with self.state.writing() as tx:
            self.hold.inside(tx)
            tx.set_aside(asides, generation)
            self.heal(tx, settled)
        self.counts.set_aside += len(asides)
        self.filled(asides)

    def heal(self, tx: Writing, settled: Sequence[Record]) -> None:
        """Take the entries of records that are settled away."""
        if self.used:
            self.counts.healed += tx.heal(self.flow, settled)

    def filled(self, asides: Sequence[Aside]) -> None:
        """Remember that something was set aside."""
        self.used = self.used or bool(asides)
