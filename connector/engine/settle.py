"""What the CRM's verdicts mean for ledger, quarantine and counts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.engine.quarantine import refused
from connector.model import (
    Aside,
    Counts,
    LedgerRow,
    Outcome,
    Record,
    Refused,
    Remedy,
    Row,
    Written,
)


@dataclass(slots=True, kw_only=True)
class Settlement:
    """What one transaction will store about a batch."""

    flow: str
    now: datetime
    known: Mapping[str, LedgerRow]
    """What the ledger knew before the batch was sent, by key."""
    before: Mapping[str, Aside]
    """The quarantine entries that the rows had, by record id."""
    ledger: list[LedgerRow] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    healed: list[Record] = field(default_factory=list)

    def settle(self, rows: Iterable[Row], verdicts: Mapping[str, Outcome]) -> None:
        """Sort the rows that have a verdict; the others stay in flight."""
        for row in rows:
            match verdicts.get(row.key):
                case Written() as written:
                    self._written(row, written)
                case Refused(remedy=Remedy.GONE):
                    self._gone(row)
                case Refused() as why:
                    self._refused(row, why)
                case None:  # no verdict: it stays in flight, not known
                    pass

    @staticmethod
    def count(counts: Counts, verdicts: Mapping[str, Outcome]) -> None:
        """Add the verdicts to a run's counts."""
        for verdict in verdicts.values():
            match verdict:
                case Written(created=True):
                    counts.created += 1
                case Written():
                    counts.updated += 1
                case Refused(remedy=Remedy.GONE):
                    counts.deleted += 1
                case Refused():
                    counts.set_aside += 1

    def _written(self, row: Row, written: Written) -> None:
        before = self._before(row)
        self.ledger.append(
            LedgerRow(
                key=row.key,
                flow=self.flow,
                crm_id=written.crm_id,
                hash=row.hash,
                version=row.record.version or before.version,
            )
        )
        self.healed.append(row.record)

    def _gone(self, row: Row) -> None:
        before = self._before(row)
        self.ledger.append(
            LedgerRow(
                key=row.key,
                flow=self.flow,
                crm_id=before.crm_id,
                hash=row.hash,
                version=row.record.version or before.version,
                deleted=True,
            )
        )
        self.healed.append(row.record)

    def _refused(self, row: Row, why: Refused) -> None:
        """Set the row aside. What the CRM has for it now is not known."""
        before = self._before(row)
        self.ledger.append(
            LedgerRow(
                key=row.key,
                flow=self.flow,
                crm_id=before.crm_id,
                version=before.version,
            )
        )
        entry = self.before.get(row.record.id)
        self.asides.append(refused(self.flow, row, why, entry, self.now))

    def _before(self, row: Row) -> LedgerRow:
        return self.known.get(row.key) or LedgerRow(key=row.key, flow=self.flow)
