"""Links records that exist: when somebody is learned of later, or by command.

What a person did in the CRM meanwhile stands: the record is read first, and only a
field that is empty, or as we left it, is written. Repeating it does no harm.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from connector.engine.batch import Delivery
from connector.engine.choosing import is_open
from connector.engine.hands import Case, Decided, Found, refused
from connector.engine.job import Job
from connector.engine.matching import sought
from connector.engine.push import BATCH, Push
from connector.log import get_logger
from connector.model import (
    INTERNAL,
    Condition,
    LedgerRow,
    Link,
    Query,
    Record,
    Refused,
    Remedy,
    Row,
    Unlinked,
    Want,
    Written,
)
from connector.transport.retry import retrying

log = get_logger()


@dataclass(frozen=True, slots=True)
class Relinking:
    """Links what a flow has in the CRM, in the run that ``push`` is."""

    push: Push

    def later(self) -> None:
        """Link the records for whom the directory has learned somebody since.

        Raises what `Crm` raises; what was not linked then stays due.
        """
        self._forget_others()
        if not self.push.plan.links.finds:
            return
        after = ""
        while not self.push.stop.is_set():
            due = self.push.state.due(self._object, self._flow, after, BATCH)
            if not due:
                return
            after = due[-1].key
            self._link(self._cases(due))

    def again(self) -> None:
        """Decide anew for every record that was decided on."""
        after = ""
        while not self.push.stop.is_set():
            rows = self.push.state.decided(self._object, self._flow, after, BATCH)
            if not rows:
                return
            after = rows[-1].key
            self._link([c for c in map(self._again, rows) if c.wants])
            self.push.counts.read += len(rows)
            self.push.progress(self.push.counts)

    def _forget_others(self) -> None:
        """Forget what fields lack that the file does not find any more."""
        fields = self.push.state.unlinked_fields(self._flow)
        if others := sorted(fields - self.push.plan.links.finds.keys()):
            with self.push.state.writing() as tx:
                self.push.hold.inside(tx)
                tx.forget(self._flow, others)

    @property
    def _object(self) -> str:
        return self.push.plan.target.object

    @property
    def _flow(self) -> str:
        return self.push.plan.flow

    # ── what to look for ───────────────────────────────────────────────────

    def _cases(self, due: Sequence[Unlinked]) -> list[Case]:
        wanted: dict[str, dict[str, list[str]]] = {}
        for each in due:
            wanted.setdefault(each.key, {}).setdefault(each.field, []).append(
                each.value
            )
        ledger = self.push.state.ledger(self._object, list(wanted))
        finds, us = self.push.plan.links.finds, self.push.crm.user()
        cases: list[Case] = []
        for key, fields in wanted.items():
            known = ledger.get(key) or LedgerRow(key=key, flow=self._flow)
            wants = [Want(field=n, values=tuple(v)) for n, v in fields.items()]
            ours = [_as_decided(want, known) for want in wants if want.field in finds]
            cases.append(Case(known=known, wants=tuple(ours), us=us))
        return cases

    def _again(self, known: LedgerRow) -> Case:
        finds = self.push.plan.links.finds
        wants = [
            Want(field=name, values=link.values)
            for name, link in (known.links or {}).items()
            if name in finds and link.values
        ]
        return Case(known=known, wants=tuple(wants), us=self.push.crm.user())

    # ── a batch ────────────────────────────────────────────────────────────

    def _link(self, cases: Sequence[Case]) -> None:
        generation = self.push.state.generation()
        there = [c for c in cases if c.known.crm_id and not c.known.deleted]
        found = self.push.linker.matcher.links([case.wants for case in there])
        current = self._current(there, found)
        done = Decided()
        for case, links in zip(there, found, strict=True):
            done.decide(case, links, current.get(str(case.known.crm_id)))
        self._write(there, done)
        self._keep(cases, done, generation)

    def _current(
        self, cases: Sequence[Case], found: Sequence[Mapping[str, Link]]
    ) -> dict[str, Found]:
        """Read the records for whom somebody was found, as they are now."""
        ids = [
            str(case.known.crm_id)
            for case, links in zip(cases, found, strict=True)
            if any(case.differs(n, link) for n, link in links.items())
        ]
        if not ids:
            return {}
        query = Query(
            object=self._object,
            fields=("Id", "IsDeleted", *self.push.plan.links.read),
            where=(Condition(field="Id", operator="in", value=tuple(ids)),),
            deleted_too=True,  # which is also what shows archived records
        )
        select = partial(self.push.crm.select, query)
        records = retrying(lambda: list(select()), stop=self.push.stop)
        return {str(r["Id"]): r for r in records if not r["IsDeleted"]}

    def _write(self, cases: Sequence[Case], done: Decided) -> None:
        """Send the links; those that the CRM refused are noted with its words."""
        known = {case.known.key: case.known for case in cases}
        delivery = Delivery(
            crm=self.push.crm,
            clock=self.push.clock,
            target=dataclasses.replace(self.push.plan.target, recreate=False),
            hold=self.push.hold.beat,
            stop=self.push.stop,
            owner=lambda _: None,
            healer=self.push.linker.healer,
        )
        if done.write:
            delivery.send(
                Job(row=_bare(key), crm_id=known[key].crm_id, links=links, late=True)
                for key, links in done.write.items()
            )
        for key, links in done.write.items():
            match delivery.verdicts.get(key):
                case Written():
                    sent = delivery.links[key].values()
                    self.push.counts.linked += any(link.id for link in sent)
                    done.note.setdefault(key, {}).update(delivery.links[key])
                case Refused(remedy=Remedy.RETRY):
                    done.note.pop(key, None)
                case Refused(message=words):
                    done.note.setdefault(key, {}).update(refused(links, words))
                case None:  # no verdict: it stays due
                    done.note.pop(key, None)

    def _keep(self, cases: Sequence[Case], done: Decided, generation: int) -> None:
        """Write down what was decided; what is still open waits for the directory."""
        gone = [c for c in cases if not c.known.crm_id or c.known.deleted]
        settled = [(c.known.key, want.field) for c in gone for want in c.wants]
        settled += [(key, name) for key, links in done.note.items() for name in links]
        internal = {c.known.key for c in cases if INTERNAL in (c.known.links or {})}
        still = [
            Unlinked(key=key, field=name, value=value)
            for key, links in done.note.items()
            for name, link in links.items()
            if is_open(link) and key not in internal
            for value in link.values
        ]
        with self.push.state.writing() as tx:
            self.push.hold.inside(tx)
            tx.set_links(self._object, done.note)
            tx.settled(self._object, settled)
            open_ = [*sought(self.push.plan.links.finds, still)]
            tx.unlinked(self._object, self._flow, open_, generation)


def _as_decided(want: Want, known: LedgerRow) -> Want:
    """Return what is looked for in the order in which it was, the last time."""
    link = (known.links or {}).get(want.field)
    same = link is not None and set(link.values) == set(want.values)
    return replace(want, values=link.values) if link and same else want


def _bare(key: str) -> Row:
    """Return a row with nothing but its links."""
    record = Record(id=key, version=None, fields={})
    return Row(key=key, record=record, update={}, create={}, hash=b"")
