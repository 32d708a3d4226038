"""A flow of calls that are linked to people, into a CRM in memory."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from connector.engine.batch import Target
from connector.engine.existing import ExistingPlan
from connector.engine.hold import LEASE
from connector.engine.linker import LinkPlan, Recipe
from connector.engine.linking import Relinking
from connector.engine.plan import Plan
from connector.engine.push import Push
from connector.mapping.convert import MISSING
from connector.mapping.faults import Place
from connector.mapping.finding import Find
from connector.mapping.flow import FindRule, Making, Nobody, Ties
from connector.model import (
    Counts,
    CrmField,
    CrmObject,
    Lane,
    LedgerRow,
    Listed,
    Outcome,
    Page,
    Payload,
    Person,
    Query,
    Quota,
    Record,
    Row,
    Scalar,
    Want,
    Written,
)
from connector.state.store import Store
from connector.testing import ManualClock, MemoryCrm

FLOW, NUMBER, OTHER = "calls", "+919930042101", "+13125550101"
TASK = CrmObject(
    name="Task",
    fields={
        name: CrmField(name=name, type="string", length=40)
        for name in ("Call_Key__c", "Note__c", "WhoId", "WhatId")
    },
)
LEAD = CrmObject(
    name="Lead",
    fields={
        name: CrmField(name=name, type="string")
        for name in ("IsDeleted", "MasterRecordId", "IsConverted", "ConvertedContactId")
    },
)


@dataclass(slots=True)
class Leads:
    """The leads of the CRM: anything may be created, twice as well."""

    records: dict[str, Payload] = field(default_factory=dict)
    creates: int = 0
    after: Callable[[], None] = lambda: None
    refuse: Callable[[Payload], Outcome | None] = lambda _: None

    def create(self, rows: Sequence[Payload]) -> list[Outcome]:
        self.creates += 1
        outcomes = [self.refuse(row) or self._add(row) for row in rows]
        self.after()
        return outcomes

    def _add(self, row: Payload) -> Outcome:
        crm_id = f"00Q{len(self.records):015}"
        self.records[crm_id] = {"Id": crm_id, **row}
        return Written(crm_id=crm_id, created=True)


@dataclass(slots=True, kw_only=True)
class Org:
    """Tasks and leads behind the port ``Crm``."""

    tasks: MemoryCrm
    leads: Leads = field(default_factory=Leads)
    selects: list[Query] = field(default_factory=list)
    me: str | None = None

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        del fresh
        return TASK if name == "Task" else replace(LEAD, name=name)

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        self.selects.append(query)
        if query.object == "Task":
            yield from self.tasks.select(query)
            return
        (condition,) = query.where
        for record in self.leads.records.values():
            if record.get(condition.field) in condition.value:  # type: ignore[operator]  # a tuple
                yield {name: record.get(name) for name in query.fields}

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        if name == "Lead":
            return self.leads.create(rows)
        return self.tasks.create(name, rows)

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        return self.tasks.update(name, rows)

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        return self.tasks.upsert(name, key, rows)

    def quota(self, *, fresh: bool = False) -> Quota | None:
        del fresh
        return None

    def check_quota(self) -> None:
        return None

    def now(self) -> None:
        return None

    def user(self) -> str | None:
        return self.me


def person(crm_id: str, kind: str = "Contact", created: float = 0.0) -> Person:
    return Person(crm_id=crm_id, object=kind, name=f"Name of {crm_id}", created=created)


def call(name: str, number: str | None = NUMBER, note: str = "hello") -> Record:
    return Record(
        id=name, version=None, fields={"id": name, "number": number, "note": note}
    )


def row_of(record: Record) -> Row:
    number = record.fields["number"]
    note = str(record.fields["note"])
    return Row(
        key=f"phone:{record.id}",
        record=record,
        update={"Note__c": note},
        create={"Note__c": note},
        hash=note.encode(),
        wants=(Want(field="WhoId", values=(str(number),) if number else ()),),
    )


def finding(
    *,
    ties: Ties = "newest",
    none: Nobody = "leave",
    default: str | None = None,
    by: str = "phone",
) -> Find:
    rule = FindRule(
        field="WhoId",
        place=Place(1, 1),
        objects=("Contact", "Lead"),
        by="id" if by == "id" else "phone",
        names=("number",),
        ties=ties,
        none=none,
        default=MISSING if default is None else default,
    )
    return Find(rule=rule, read=lambda _: (), references=("Contact", "Lead"))


def recipe(key: str | None = None) -> Recipe:
    making = Making(object="Lead", place=Place(1, 1), key=key, fields=())
    return Recipe(
        making=making,
        phone="Phone",
        payload=lambda fields: {"LastName": "New", "Phone": str(fields["number"])},
    )


@dataclass(slots=True, kw_only=True)
class Office:
    """A state, a CRM, and pushes between them."""

    store: Store
    org: Org
    clock: ManualClock
    links: LinkPlan = field(
        default_factory=lambda: LinkPlan(
            finds={"WhoId": finding()}, read=("WhoId", "WhatId")
        )
    )
    recreate: bool = False
    apply: Callable[[Record], Row] = row_of
    existing: ExistingPlan | None = None

    @property
    def plan(self) -> Plan:
        return Plan(
            flow=FLOW,
            target=Target(
                object="Task",
                key="Call_Key__c",
                create_only=True,
                recreate=self.recreate,
            ),
            apply=self.apply,
            links=self.links,
            existing=self.existing,
        )

    def push(self, lane: Lane = Lane.LIVE, flow: str = FLOW) -> Push:
        lease = self.store.acquire(flow, lane, "us", LEASE)
        assert lease
        return Push(
            state=self.store,
            crm=self.org,
            clock=self.clock,
            plan=replace(self.plan, flow=flow),
            lease=lease,
            stop=threading.Event(),
            counts=Counts(),
        )

    def run(self, work: Callable[[Push], None]) -> Counts:
        push = self.push()
        try:
            work(push)
        finally:
            self.store.release(push.lease)
        return push.counts

    def carry(self, *records: Record) -> Counts:
        return self.run(lambda push: push.carry(iter([Page(records=records)])))

    def later(self) -> Counts:
        return self.run(lambda push: Relinking(push).later())

    def relink(self) -> Counts:
        return self.run(lambda push: Relinking(push).again())

    def learn(self, *people: Person, number: str = NUMBER) -> None:
        """Let the directory learn that these people have a number."""
        listed = [Listed(person=p, entries=((number, p.rank),)) for p in people]
        with self.store.writing() as tx:
            tx.enlist(0, listed)

    def who(self, name: str) -> object:
        return self.org.tasks.by_key()[f"phone:{name}"].get("WhoId")

    def ledger(self, name: str) -> LedgerRow:
        key = f"phone:{name}"
        return self.store.ledger("Task", [key])[key]

    def by_hand(self, name: str, **values: Scalar) -> None:
        """Let somebody change a record in the CRM."""
        self.org.tasks.by_key()[f"phone:{name}"].update(values)


def opened(folder: Path, clock: ManualClock) -> Office:
    org = Org(tasks=MemoryCrm(described=TASK, key="Call_Key__c"))
    return Office(store=Store(folder / "state.db", clock), org=org, clock=clock)


Fields = Mapping[str, object]
