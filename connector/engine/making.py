"""Makes the record of somebody whom nobody knows: once a number, whoever asks.

A number is claimed in the state before its record is made, and the record is in the
directory with the commit that gives the claim back. Where a writer died in between,
or an answer was lost, the CRM is asked whether the record is there before it is made
again; where the file names a unique key for it, the CRM itself refuses a second.
"""

import random
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connector.clock import Clock
from connector.engine.batch import LONGEST_WAIT, ROW_ATTEMPTS
from connector.engine.hold import Hold
from connector.errors import BatchRefusedError, RecordError
from connector.mapping.flow import Making
from connector.model import (
    Condition,
    Listed,
    Outcome,
    Payload,
    Person,
    Query,
    Refused,
    Remedy,
    Scalar,
    Written,
)
from connector.ports import Crm, State
from connector.transport.retry import retrying

Fields = Mapping[str, object]
"""A record, as its stream shows it."""

NAMES = ("FirstName", "LastName", "Name")


@dataclass(slots=True, kw_only=True)
class Made:
    """What came of it: people by number, the CRM's words where it refused, what it
    said where it may not refuse again, and the numbers for which another writer is
    making a record right now."""

    people: dict[str, Person] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    later: dict[str, Refused] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)


class Makes(Protocol):
    """What makes the records of people whom nobody knows."""

    def make(self, calls: Mapping[str, Fields]) -> Made:
        """Make a record for each number (E.164), from a call with it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes records as ``making`` says; ``phone``: its field that gets the number."""

    state: State
    crm: Crm
    clock: Clock
    hold: Hold
    stop: threading.Event
    making: Making
    phone: str | None
    payload: Callable[[Fields], Payload]

    def make(self, calls: Mapping[str, Fields]) -> Made:
        """Make a record for each number (E.164), from a call with it.

        Raises what `Crm.create` raises; what is in doubt then is looked up by
        whoever asks for the number next.
        """
        made = Made()
        wanted = self._payloads(calls, made)
        ours, doubt = self._claim(wanted, made)
        if doubt and (there := self._there(doubt, wanted)):
            self._note(there, made)
        missing = {v: wanted[v] for v in ours if v not in made.people}
        if missing:
            self._create(missing, made)
        for _ in range(ROW_ATTEMPTS - 1):
            if made.later:
                self.clock.wait(random.uniform(0.1, 0.5), self.stop)  # noqa: S311  jitter
                self._create({value: wanted[value] for value in made.later}, made)
        if made.later:
            self._give_back(made.later)
        return made

    def _payloads(self, calls: Mapping[str, Fields], made: Made) -> dict[str, Payload]:
        payloads: dict[str, Payload] = {}
        for value, fields in calls.items():
            try:
                payloads[value] = self.payload(fields)
            except RecordError as error:
                made.refused[value] = error.message
        return payloads

    def _claim(
        self, wanted: Mapping[str, Payload], made: Made
    ) -> tuple[list[str], list[str]]:
        """Claim what nobody knows by now; which of it may be there already.

        A claim must outlive a power cut: it is all that tells of a record that was
        made just before.
        """
        with self.state.writing(durable=True) as tx:
            self.hold.inside(tx)
            for value, people in tx.known(wanted).items():
                if found := [p for p in people if p.object == self.making.object]:
                    made.people[value] = found[0]
            left = [value for value in wanted if value not in made.people]
            standing = tx.claim(self.making.object, left, self.hold.lease)
        made.busy = {v for v, why in standing.items() if why == "busy"}
        doubt = [v for v, why in standing.items() if why == "doubt"]
        return [v for v in left if v not in made.busy], doubt

    # ── in doubt ───────────────────────────────────────────────────────────

    def _there(
        self, values: Sequence[str], wanted: Mapping[str, Payload]
    ) -> dict[str, str]:
        """Ask the CRM for the records that may have been made; ids by number."""
        name = self.making.key or self.phone
        if name is None:
            return {}
        sent = {str(self._key(v, wanted[v]).get(name)): v for v in values}
        query = Query(
            object=self.making.object,
            fields=("Id", name),
            where=(Condition(field=name, operator="in", value=tuple(sent)),),
            order=("CreatedDate", "Id"),
        )
        found = retrying(lambda: list(self.crm.select(query)), stop=self.stop)
        return {
            sent[str(r[name])]: str(r["Id"])
            for r in reversed(found)
            if str(r[name]) in sent
        }

    def _key(self, value: str, payload: Payload) -> Payload:
        key: Payload = {self.making.key: value} if self.making.key else {}
        return {**payload, **key}

    # ── making ─────────────────────────────────────────────────────────────

    def _create(self, wanted: Mapping[str, Payload], made: Made) -> None:
        outcomes = self._outcomes(wanted)
        made.later.clear()
        ids: dict[str, str] = {}
        for value, outcome in zip(wanted, outcomes, strict=True):
            match outcome:
                case Written(crm_id=crm_id):
                    ids[value] = crm_id
                case Refused(remedy=Remedy.EXISTS, crm_id=str(crm_id)) if crm_id:
                    ids[value] = crm_id
                case Refused(remedy=Remedy.RETRY):
                    made.later[value] = outcome
                case Refused(message=words):
                    made.refused[value] = words
        self._note(ids, made, wanted)

    def _outcomes(self, wanted: Mapping[str, Payload]) -> list[Outcome]:
        rows = [self._key(value, payload) for value, payload in wanted.items()]

        def once() -> list[Outcome]:
            self.hold.beat()
            return self.crm.create(self.making.object, rows)

        try:
            return retrying(once, longest=LONGEST_WAIT, stop=self.stop)
        except BatchRefusedError as refusal:
            if len(wanted) == 1:
                return [_refused(refusal)]
            return [each for half in _halves(wanted) for each in self._outcomes(half)]

    def _note(
        self,
        ids: Mapping[str, str],
        made: Made,
        wanted: Mapping[str, Payload] | None = None,
    ) -> None:
        """Take the people into the directory, and give the claims back."""
        now = self.clock.now().timestamp()
        for value, crm_id in ids.items():
            made.people[value] = Person(
                crm_id=crm_id,
                object=self.making.object,
                name=_name((wanted or {}).get(value, {})) or value,
                created=now,
            )
        people = [
            Listed(person=made.people[value], entries=((value, 0),)) for value in ids
        ]
        with self.state.writing() as tx:
            self.hold.inside(tx)
            loading = self.state.loadings().get(self.making.object)
            tx.enlist(loading.load if loading else 0, people)
            tx.release_claims(self.making.object, [*ids, *made.refused])

    def _give_back(self, values: Iterable[str]) -> None:
        with self.state.writing() as tx:
            self.hold.inside(tx)
            tx.release_claims(self.making.object, list(values))


def _halves(wanted: Mapping[str, Payload]) -> Iterable[dict[str, Payload]]:
    items = list(wanted.items())
    half = len(items) // 2
    return dict(items[:half]), dict(items[half:])


def _refused(refusal: BatchRefusedError) -> Refused:
    return Refused(
        code=refusal.code,
        message=refusal.message,
        remedy=Remedy.SET_ASIDE,
        fields=refusal.fields,
    )


def _name(payload: Mapping[str, Scalar]) -> str:
    return " ".join(str(payload[n]) for n in NAMES if payload.get(n))
