"""A flow of calls into a CRM in memory, with the real state."""

import threading
from dataclasses import dataclass, field
from hashlib import blake2b

from connector.engine.batch import Target
from connector.engine.hold import LEASE
from connector.engine.plan import Plan
from connector.engine.push import Push
from connector.errors import RecordError
from connector.model import (
    Counts,
    CrmField,
    CrmObject,
    Lane,
    Page,
    Payload,
    Record,
    Refused,
    Remedy,
    Row,
    Stream,
)
from connector.state.store import Store
from connector.testing import ListSource, ManualClock, MemoryCrm

FLOW = "calls"
STREAM = Stream(system="phone", name="calls", fields=())
TASK = CrmObject(
    name="Task",
    fields={
        name: CrmField(name=name, type="string", length=40)
        for name in ("Call_Key__c", "Subject", "Note__c")
    },
)


def call(name: str, note: object = "hello", version: str | None = None) -> Record:
    """One vendor record."""
    return Record(id=name, version=version, fields={"id": name, "note": note})


def page(*records: Record, cursor: str | None = None) -> Page:
    """One page of records."""
    return Page(records=records, cursor=cursor)


def row_of(record: Record) -> Row | None:
    """Map a call: ``skip`` is not wanted, ``broken`` cannot be mapped."""
    note = record.fields["note"]
    if note == "skip":
        return None
    if note == "broken":
        raise RecordError("note is broken", code="BROKEN", fields=["Note__c"])
    update: Payload = {"Note__c": str(note)}
    digest = blake2b(str(note).encode(), digest_size=16).digest()
    create = {"Subject": "Call", **update}
    return Row(
        key=f"phone:{record.id}",
        record=record,
        update=update,
        create=create,
        hash=digest,
    )


def refusal(code: str, remedy: Remedy, fields: tuple[str, ...] = ()) -> Refused:
    """What the CRM says of a row that it does not take."""
    return Refused(code=code, message="no, says the CRM", remedy=remedy, fields=fields)


@dataclass(slots=True, kw_only=True)
class World:
    """Everything a push needs, and ways to run one."""

    store: Store
    crm: MemoryCrm
    clock: ManualClock
    create_only: bool = True
    recreate: bool = False
    source: ListSource = field(default_factory=lambda: ListSource(stream=STREAM))

    def push(self, lane: Lane = Lane.LIVE, owner: str = "us") -> Push:
        """Take the lease, and make the push."""
        lease = self.store.acquire(FLOW, lane, owner, LEASE)
        assert lease
        target = Target(
            object="Task",
            key="Call_Key__c",
            create_only=self.create_only,
            recreate=self.recreate,
        )
        return Push(
            state=self.store,
            crm=self.crm,
            clock=self.clock,
            plan=Plan(flow=FLOW, target=target, apply=row_of),
            lease=lease,
            stop=threading.Event(),
            counts=Counts(),
        )

    def carry(self, *pages: Page, again: bool = False) -> Counts:
        """Push these pages in a run of their own."""
        push = self.push()
        try:
            push.carry(iter(pages), again=again)
        finally:
            self.store.release(push.lease)
        return push.counts

    def notes(self) -> dict[str, object]:
        """What the CRM has, by key."""
        return {str(key): r["Note__c"] for key, r in self.crm.by_key().items()}
