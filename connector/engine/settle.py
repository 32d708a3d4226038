"""What the CRM's verdicts mean for ledger, quarantine and counts. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.engine.choosing import is_open
from connector.engine.quarantine import refused
from connector.model import (
    INTERNAL,
    Aside,
    Counts,
    LedgerRow,
    Link,
    Outcome,
    Record,
    Refused,
    Remedy,
    Row,
    Unlinked,
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
    links: Mapping[str, Mapping[str, Link]] = field(default_factory=dict)
    """What the CRM took with each row, by key."""
    by_id: frozenset[str] = frozenset()
    """The fields that are found by the id that the vendor gives."""
    on: frozenset[str] = frozenset()
    """The fields that say whom a record is on."""
    ledger: list[LedgerRow] = field(default_factory=list)
    unlinked: list[Unlinked] = field(default_factory=list)
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

    def skip(self, rows: Iterable[Row]) -> None:
        """Leave rows to records of others, until the vendor changes them."""
        for row in rows:
            before, version = self._before(row), row.record.version
            self.ledger.append(
                LedgerRow(
                    key=row.key,
                    flow=self.flow,
                    hash=row.hash,
                    version=version or before.version,
                )
            )
            self.healed.append(row.record)

    def count(self, counts: Counts, verdicts: Mapping[str, Outcome]) -> None:
        """Add the verdicts to a run's counts."""
        for key, verdict in verdicts.items():
            if isinstance(verdict, Written) and verdict.created:
                counts.unlinked += on_nobody(self.links.get(key, {}), self.on)
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
        before, sent = self.known.get(row.key), self.links.get(row.key) or {}
        decided = (before.links if before else None) or {}
        links = sent if written.created else {**decided, **sent}
        if INTERNAL not in sent:
            self.unlinked.extend(left_open(row.key, sent))
        self.unlinked.extend(undecided(row, links, self.by_id))
        self.ledger.append(
            LedgerRow(
                key=row.key,
                flow=self.flow,
                crm_id=written.crm_id,
                hash=row.hash,
                version=row.record.version or (before.version if before else None),
                links=links or None,
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


def left_open(key: str, links: Mapping[str, Link]) -> list[Unlinked]:
    """Return the fields that point to nobody, for when the directory learns more."""
    return [
        Unlinked(key=key, field=name, value=value)
        for name, link in links.items()
        if is_open(link)
        for value in link.values
    ]


def on_nobody(links: Mapping[str, Link], on: Iterable[str]) -> bool:
    """Whether somebody was looked for, and the record is on nobody at all."""
    there = [links[name] for name in on if name in links]
    found = INTERNAL in links or any(link.object for link in there)
    return not found and any(map(is_open, there))


def undecided(
    row: Row, links: Mapping[str, Link] | None, by_id: frozenset[str] = frozenset()
) -> Iterator[Unlinked]:
    """Yield the fields of a row that exists which are to be decided, given ``links``.

    Those that never were, and those for which the vendor gave nothing to look for,
    or another id, until now.
    """
    for want in row.wants:
        link = (links or {}).get(want.field)
        anew = link is None or not link.values
        if anew or (want.field in by_id and link and link.values != want.values):
            for value in want.values:
                yield Unlinked(key=row.key, field=want.field, value=value, due=True)
