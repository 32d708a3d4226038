"""A runner on a desk: a source, a CRM in memory and the real state around it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from connector.engine.hold import LEASE
from connector.engine.run import Runner
from connector.mapping.flow import PushFlow
from connector.mapping.flow import World as Words
from connector.model import (
    CrmField,
    CrmObject,
    Lane,
    Page,
    Payload,
    Record,
    Refused,
    Remedy,
    Run,
    Stream,
    StreamField,
)
from connector.state.store import Store
from connector.testing import ListSource, ManualClock, MemoryCrm
from tests.mapping.loading import load_push

STREAM = Stream(
    system="phone",
    name="calls",
    fields=(
        StreamField(name="id", type="text", meaning="Id."),
        StreamField(name="note", type="text", meaning="Note."),
    ),
    rereadable=True,
)
MAPPING = """
flow: calls
from: {system: phone, stream: calls, since: 7 days}
every: 2 minutes
reread: 2 days
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "phone:{id}"}
  Note__c: {from: note}
"""
TASK = CrmObject(
    name="Task",
    fields={
        "Call_Key__c": CrmField(
            name="Call_Key__c",
            type="string",
            length=255,
            external_id=True,
            unique=True,
            case_sensitive=True,
        ),
        "Note__c": CrmField(name="Note__c", type="string", length=255),
    },
)


class DescribedCrm(MemoryCrm):
    """A CRM that remembers how it was asked for its fields."""

    fresh: list[bool]

    @override
    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        self.fresh.append(fresh)
        return super().describe(name, fresh=fresh)


@dataclass(slots=True, kw_only=True)
class Troubled(ListSource):
    """A source with trouble: ``fails`` after its pages, ``reading`` before them,
    ``chokes`` by id."""

    fails: Exception | None = None
    reading: Callable[[], None] = lambda: None
    fetched: list[list[str]] = field(default_factory=list)
    chokes: dict[str, Exception] = field(default_factory=dict)
    """Ids that the vendor does not answer for, alone or among others."""

    @override
    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        self.reading()
        yield from ListSource.read(self, cursor, since)
        if self.fails:
            raise self.fails

    @override
    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        self.fetched.append(list(ids))
        for bad in self.chokes.keys() & set(ids):
            raise self.chokes[bad]
        yield from ListSource.fetch(self, ids)


@dataclass(slots=True, kw_only=True)
class Desk:
    """A runner, and everything around it."""

    store: Store
    crm: DescribedCrm
    clock: ManualClock
    source: Troubled
    runner: Runner
    flow: PushFlow

    def run(self, lane: Lane = Lane.LIVE, end: str | None = None) -> Run:
        return self.runner.run(self.flow, self.source, lane, end)

    def last(self) -> Run:
        """The run as the state has it."""
        return self.store.runs(self.flow.name, 1)[0]

    def notes(self) -> dict[object, object]:
        return {key: row["Note__c"] for key, row in self.crm.by_key().items()}


@contextmanager
def opened_desk(folder: Path) -> Iterator[Desk]:
    """Make a desk whose state is in ``folder``."""
    clock = ManualClock()
    crm = DescribedCrm(described=TASK, key="Call_Key__c")
    crm.fresh = []
    words = Words(
        streams={"phone": {"calls": STREAM}}, zones={"phone": "UTC"}, regions=("IN",)
    )
    with Store(folder / "state.db", clock) as store:
        runner = Runner(
            state=store, crm=crm, clock=clock, owner="us", stop=threading.Event()
        )
        yield Desk(
            store=store,
            crm=crm,
            clock=clock,
            source=Troubled(stream=STREAM),
            runner=runner,
            flow=load_push(MAPPING, "calls.yaml", words),
        )


def call(name: str, note: str = "hello") -> Record:
    return Record(id=name, version=None, fields={"id": name, "note": note})


def locked(row: Payload) -> Refused | None:
    """Refuse the rows whose note is locked, for a while."""
    if row["Note__c"] != "locked":
        return None
    return Refused(code="UNABLE_TO_LOCK_ROW", message="no", remedy=Remedy.RETRY)


def is_free(desk: Desk, lane: Lane = Lane.LIVE) -> bool:
    return desk.store.acquire("calls", lane, "somebody", LEASE) is not None
