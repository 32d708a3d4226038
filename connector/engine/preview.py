"""What a flow would do to real records. Reads, and writes nothing."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from connector.clock import Clock
from connector.engine import quarantine
from connector.engine.comparing import Change, changes, misfits
from connector.engine.decide import Decision, was_skipped
from connector.engine.existing import There
from connector.engine.linker import Links, Outside
from connector.engine.plan import Plan
from connector.engine.pretending import NEW, Newcomer, Pretender
from connector.errors import RecordError
from connector.model import (
    Aside,
    Condition,
    CrmObject,
    LedgerRow,
    Link,
    Page,
    Payload,
    Query,
    Record,
    Reject,
    Row,
    Scalar,
)
from connector.ports import Crm, State

Action = Literal["create", "change", "leave", "skip", "set aside"]
BETWEEN_US = "a call between colleagues"
THEIRS = "somebody else has made a record of it"
BATCH = 100
"""Records that are looked at together."""

Found = Mapping[str, Scalar]
"""A record of the CRM: the fields that were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What would become of one vendor record."""

    record_id: str
    action: Action
    crm_id: str | None = None
    changes: tuple[Change, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    """Whom it is on or would be on, by field, and why."""
    makes: tuple[Newcomer, ...] = ()
    """Who would be made with it: with the first record of their number."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What CRM and state know of the rows of a page: by key, and by record id."""

    found: Mapping[str, Found]
    ledger: Mapping[str, LedgerRow]
    asides: Mapping[str, Aside]
    links: dict[str, Links] = field(default_factory=dict)
    there: dict[str, There] = field(default_factory=dict)
    """Records of others that calls have which else would be created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Predicts a run; ``described`` is the object it writes to."""

    crm: Crm
    state: State
    plan: Plan
    described: CrmObject
    clock: Clock
    _makers: dict[str, Pretender] = field(init=False, default_factory=dict)
    _spent: set[str] = field(init=False, default_factory=set)
    """Records of others that calls would take, of those shown so far."""

    def __post_init__(self) -> None:
        """Make ready to say who would be made."""
        for name, recipe in self.plan.links.recipes.items():
            self._makers[name] = Pretender(recipe=recipe)

    def of(self, pages: Iterable[Page], limit: int) -> Iterator[Prediction]:
        """Predict for the first ``limit`` records; a CRM read or two a `BATCH`."""
        shown = islice(_shown(pages), limit)
        while batch := list(islice(shown, BATCH)):
            yield from self._page(batch)

    def _page(self, shown: Sequence[Record | Reject]) -> Iterator[Prediction]:
        mapped = [self._mapped(each) for each in shown]
        rows = [each for each in mapped if isinstance(each, Row)]
        known = self._known(rows)
        instead = self._instead(rows, known)
        for each in mapped:
            if not isinstance(each, Row):
                yield each
            else:
                row = instead[each.record.id]
                yield self._row(row, known) if isinstance(row, Row) else row

    def _instead(
        self, rows: Sequence[Row], known: _Known
    ) -> dict[str, Row | Prediction]:
        """The rows as they would be sent, or what becomes of them instead, by id."""
        outside = Outside(
            state=self.state, crm=self.crm, clock=self.clock, stop=threading.Event()
        )
        logged = self.plan.links.as_logged(rows, known.ledger)
        new = [row for row in logged if self._is_new(row, known)]
        known.there.update(self._there(new, known, outside))
        linker = replace(self.plan.links.linker(outside, None), makers=self._makers)
        done = linker.link([*self._to_link(new, known)])
        known.links.update(done.links)
        found: dict[str, Row | Prediction] = {
            row.record.id: done.logged.get(row.key, row) for row in logged
        }
        for row in done.skipped:
            found[row.record.id] = _skipped(row, BETWEEN_US)
        for row, error in done.aside:
            found[row.record.id] = _aside(row.record.id, error.message)
        return found

    def _there(
        self, new: Sequence[Row], known: _Known, outside: Outside
    ) -> dict[str, There]:
        """Find what others made of the calls that would be sent, with all its fields."""
        rows = [row for row in new if self._goes(row, known)]
        fields = dict.fromkeys(name for row in rows for name in row.update)
        seeker = self.plan.seeker(outside, fields)
        return seeker.look(rows, self._spent) if seeker else {}

    def _goes(self, row: Row, known: _Known) -> bool:
        entry, before = known.asides.get(row.record.id), known.ledger.get(row.key)
        stays = entry is not None and self._stays(entry, row)
        return not stays and self.plan.decide(row, before) is Decision.SEND

    def _to_link(self, new: Sequence[Row], known: _Known) -> Iterator[Row]:
        for row in new:
            if (there := known.there.get(row.key)) is None:
                yield row
            elif not self.plan.skips:
                yield there.unlinked(row)

    def _is_new(self, row: Row, known: _Known) -> bool:
        before = known.ledger.get(row.key)
        there = self._as_key(row.key) in known.found
        if there or (before and was_skipped(before) and not self._goes(row, known)):
            return False
        return before is None or before.crm_id is None

    def _mapped(self, shown: Record | Reject) -> Row | Prediction:
        """The row of a record, or what becomes of one that has none."""
        if isinstance(shown, Reject):
            return _aside(shown.id, shown.message)
        try:
            row = self.plan.apply(shown)
        except RecordError as error:
            return _aside(shown.id, error.message)
        return row or Prediction(record_id=shown.id, action="skip")

    def _known(self, rows: Sequence[Row]) -> _Known:
        keys = [row.key for row in rows]
        ids = [row.record.id for row in rows]
        entries = self.state.asides(self.plan.flow, record_ids=ids)
        return _Known(
            found=self._found(rows),
            ledger=self.state.ledger(self.plan.target.object, keys),
            asides={entry.record_id: entry for entry in entries},
        )

    def _found(self, rows: Sequence[Row]) -> dict[str, Found]:
        """The CRM's records of these rows, with the mapped fields."""
        if not rows:
            return {}
        key = self.plan.target.key
        fields = {name for row in rows for name in row.update}
        wanted = Condition(
            field=key, operator="in", value=tuple(row.key for row in rows)
        )
        query = Query(
            object=self.plan.target.object,
            fields=("Id", key, *sorted(fields - {key})),
            where=(wanted,),
        )
        return {self._as_key(str(r[key])): r for r in self.crm.select(query)}

    def _as_key(self, key: str) -> str:
        field = self.described.fields.get(self.plan.target.key)
        return key if field and field.case_sensitive else key.casefold()

    # ── one row ────────────────────────────────────────────────────────────

    def _row(self, row: Row, known: _Known) -> Prediction:
        found = known.found.get(self._as_key(row.key))
        entry = known.asides.get(row.record.id)
        if entry is None or not self._stays(entry, row):
            return self._decided(row, known, found)
        if entry.discarded:
            return _left(row, found, f"was discarded: {entry.message}")
        return _aside(row.record.id, f"in quarantine ({entry.id}): {entry.message}")

    def _decided(self, row: Row, known: _Known, found: Found | None) -> Prediction:
        before, links = known.ledger.get(row.key), known.links.get(row.key, {})
        if there := known.there.get(row.key):
            return self._onto(there, row, links)
        prediction = self._judged(row, before, found, links)
        on = (before and before.links) or links
        return replace(prediction, links=on, makes=tuple(self._newcomers(on)))

    def _newcomers(self, links: Mapping[str, Link]) -> Iterator[Newcomer]:
        """Who would be made with a record, and was not yet."""
        for name, link in links.items():
            if link.id == NEW and (who := self._makers[name].newcomer(link.values[0])):
                yield who

    def _judged(
        self, row: Row, before: LedgerRow | None, found: Found | None, links: Links
    ) -> Prediction:
        recreate = self.plan.target.recreate
        match self.plan.decide(row, before):
            case Decision.FOREIGN:
                return _aside(row.record.id, f"another flow owns the key {row.key!r}")
            case Decision.LEFT:
                return _left(row, found, "an agent deleted it")
            case Decision.UNCHANGED if before and was_skipped(before):
                return _skipped(row, THEIRS)
            case Decision.UNCHANGED:
                return _left(row, found, self._edited(row, found))
            case _ if found is None and before and before.crm_id and not recreate:
                return _left(row, found, "its record is gone from the CRM")
            case _:
                return self._sent(row, found, links)

    def _stays(self, entry: Aside, row: Row) -> bool:
        """Whether a row that was set aside is neither retried now nor another."""
        due = entry.retry_at is not None and entry.retry_at <= self.clock.now()
        return not due and entry.fingerprint == quarantine.fingerprint(row.create)

    def _edited(self, row: Row, found: Found | None) -> str:
        """Name what the CRM has otherwise: edited there, and left so."""
        changed = changes(row.update, found, self.described) if found else ()
        fields = [change.field for change in changed]
        return f"as it was sent; edited in the CRM: {', '.join(fields)}" * bool(fields)

    def _sent(self, row: Row, found: Found | None, links: Links) -> Prediction:
        ids = {name: link.id for name, link in links.items() if link.id}
        sent = {**row.create, **ids} if found is None else row.update
        return self._written(row, sent, found)

    def _onto(self, there: There, row: Row, links: Links) -> Prediction:
        """Tell what becomes of a call of which somebody else made a record."""
        if self.plan.skips:
            return replace(_skipped(row, THEIRS), crm_id=there.crm_id)
        job = there.job(row, links)
        told = self._written(row, job.payload(self.plan.target.key), there.record)
        makes = tuple(self._newcomers(job.kept))
        return replace(told, links=job.kept, makes=makes)

    def _written(self, row: Row, sent: Payload, found: Found | None) -> Prediction:
        changed = tuple(changes(sent, found or {}, self.described))
        reason = "; ".join(misfits(sent, self.described))
        action: Action = "create" if found is None else "change" if changed else "leave"
        return Prediction(
            record_id=row.record.id,
            action="set aside" if reason else action,
            crm_id=_id_of(found),
            changes=changed,
            reason=reason,
        )


def _shown(pages: Iterable[Page]) -> Iterator[Record | Reject]:
    for page in pages:
        yield from page.records
        yield from page.rejects


def _aside(record_id: str, reason: str) -> Prediction:
    return Prediction(record_id=record_id, action="set aside", reason=reason)


def _skipped(row: Row, reason: str) -> Prediction:
    return Prediction(record_id=row.record.id, action="skip", reason=reason)


def _left(row: Row, found: Found | None, reason: str) -> Prediction:
    return Prediction(
        record_id=row.record.id, action="leave", crm_id=_id_of(found), reason=reason
    )


def _id_of(found: Found | None) -> str | None:
    return None if found is None else str(found["Id"])
