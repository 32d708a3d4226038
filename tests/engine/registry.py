"""People in a CRM in memory, and a directory of them in the real state."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connector.engine.run import Runner
from connector.mapping.faults import Place
from connector.mapping.flow import DirectoryFlow, Indexed
from connector.model import Condition, CrmField, CrmObject, Lane, Lease, Run
from connector.state.store import Store
from connector.testing import ManualClock, PeopleCrm

KINDS = {
    "Id": "id",
    "Name": "string",
    "Phone": "phone",
    "MobilePhone": "phone",
    "Email": "email",
    "Country": "string",
    "Code__c": "string",
    "Status": "picklist",
    "IsActive": "boolean",
    "IsConverted": "boolean",
    "ConvertedContactId": "reference",
    "ConvertedAccountId": "reference",
    "IsDeleted": "boolean",
    "CreatedDate": "datetime",
    "SystemModstamp": "datetime",
}
LACKS = {
    "Contact": {"IsActive", "IsConverted", "ConvertedContactId", "ConvertedAccountId"},
    "Lead": {"IsActive"},
    "User": {"IsDeleted", "IsConverted", "ConvertedContactId", "ConvertedAccountId"},
}
PHONES = ("Phone", "MobilePhone")


def shape(name: str, *without: str) -> CrmObject:
    """An object as the CRM describes it."""
    fields = {
        each: CrmField(name=each, type=kind)
        for each, kind in KINDS.items()
        if each not in {*LACKS[name], *without}
    }
    return CrmObject(name=name, fields=fields)


def indexed(name: str, line: int = 3, **changes: Any) -> Indexed:  # noqa: ANN401  passed on
    """An object of the directory's file."""
    given = {"phones": PHONES, "emails": ("Email",), "country": "Country", **changes}
    return Indexed(name=name, place=Place(line, 3), **given)


CONTACT = indexed("Contact")
LEAD = indexed(
    "Lead",
    line=4,
    where=(Condition(field="IsConverted", operator="is", value=False),),
)
USER = indexed(
    "User",
    line=5,
    where=(Condition(field="IsActive", operator="is", value=True),),
)


def flow(*objects: Indexed, regions: tuple[str, ...] = ("IN", "US")) -> DirectoryFlow:
    """A directory's file with these objects."""
    return DirectoryFlow(
        name="directory",
        file="directory.yaml",
        every=timedelta(minutes=5),
        cron=None,
        zone=ZoneInfo("UTC"),
        objects=objects,
        regions=regions,
    )


Entry = tuple[str, str, str, int]
"""Value, object, name and rank."""


def entries(store: Store) -> set[Entry]:
    """Everything that anybody is known by."""
    rows = store.read(
        """select e.value, p.object, p.name, e.rank
           from entries e join people p on p.id = e.person"""
    )
    return {(r["value"], r["object"], r["name"], r["rank"]) for r in rows}


def content(store: Store) -> list[dict[str, Any]]:
    """All people and all that they are known by, whenever they were read."""
    return store.read(
        """select p.crm_id, p.object, p.name, p.created, p.became, p.entries,
             (select json_group_array(json_array(e.value, e.rank)) from
               (select value, rank from entries where person = p.id
                order by value) e) found
           from people p order by p.crm_id"""
    )


@dataclass(slots=True, kw_only=True)
class Registry:
    """A directory, and the CRM that it mirrors, whose clock is its own."""

    store: Store
    crm: PeopleCrm
    clock: ManualClock
    theirs: ManualClock
    flow: DirectoryFlow
    runner: Runner = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Be another process."""
        self.runner = Runner(
            state=self.store,
            crm=self.crm,
            clock=self.clock,
            owner="us",
            stop=threading.Event(),
        )

    def pass_by(self, **by: float) -> None:
        """Let time pass for everybody."""
        self.clock.time += timedelta(**by)
        self.theirs.time += timedelta(**by)

    def refresh(self, **later: float) -> Run:
        """Refresh, some time later."""
        self.pass_by(**later)
        return self.runner.refresh(self.flow)

    def lease(self) -> Lease | None:
        """Be somebody else who wants to refresh."""
        return self.store.acquire(self.flow.name, Lane.LIVE, "somebody", 45)

    def names(self, value: str) -> list[str]:
        """Who has a value."""
        found = self.store.known([value]).get(value, [])
        return sorted(person.name for person in found)

    def read(self) -> list[str]:
        """What was asked of the CRM since last time: objects, with ! for everybody."""
        said = [
            query.object + ("" if query.deleted_too else "!")
            for query in self.crm.asked
        ]
        self.crm.asked.clear()
        return said


@contextmanager
def opened_registry(folder: Path, *objects: Indexed) -> Iterator[Registry]:
    """Open a registry whose state is in ``folder``; the CRM's clock is 7 hours slow."""
    clock = ManualClock()
    theirs = ManualClock(clock.time - timedelta(hours=7))
    crm = PeopleCrm(shapes={name: shape(name) for name in LACKS}, clock=theirs)
    with Store(folder / "state.db", clock) as store:
        yield Registry(
            store=store,
            crm=crm,
            clock=clock,
            theirs=theirs,
            flow=flow(*(objects or (CONTACT,))),
        )
