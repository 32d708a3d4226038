"""Fakes that ship with the package, for tests of what stands on the ports."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connector.clock import Clock
from connector.errors import SchemaMismatchError
from connector.model import (
    Condition,
    CrmObject,
    Estimate,
    Outcome,
    Page,
    Payload,
    Query,
    Quota,
    Record,
    Refused,
    Remedy,
    Scalar,
    Stream,
    Written,
)


@dataclass(slots=True)
class ManualClock:
    """A clock that moves only when it is told to, or when somebody waits."""

    time: datetime = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Move on by ``seconds`` at once."""
        self.time += timedelta(seconds=max(0.0, seconds))
        return stop.is_set()


Fault = Callable[[str, Sequence[Payload]], Exception | None]
"""Given the verb and the rows, what a call raises; ``None``: nothing."""


class Reticent:
    """A CRM that tells neither its quota nor who we are, and has calls left."""

    def quota(self, *, fresh: bool = False) -> Quota | None:
        """There is none."""
        del fresh
        return None

    def check_quota(self) -> None:
        """Nothing is used up."""

    def user(self) -> str | None:
        """Nobody knows."""
        return None


@dataclass(slots=True, kw_only=True)
class MemoryCrm(Reticent):
    """A CRM in memory, with one object and a unique key.

    ``before`` may raise before a call is applied, ``after`` once it is; ``refuse``
    may refuse single rows. ``calls``: verb and size of each write. ``date``: its clock.
    """

    described: CrmObject
    key: str
    records: dict[str, Payload] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    calls: list[tuple[str, int]] = field(default_factory=list)
    before: Fault = lambda _verb, _rows: None
    after: Fault = lambda _verb, _rows: None
    refuse: Callable[[Payload], Refused | None] = lambda _row: None
    date: datetime | None = None
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        """Describe the one object."""
        del name, fresh
        return self.described

    def now(self) -> datetime | None:
        """The time that the test set."""
        return self.date

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records that match."""
        for crm_id, record in list(self.records.items()):
            whole = {"Id": crm_id, "IsDeleted": False, **record}
            if all(_holds(each, whole.get(each.field)) for each in query.where):
                yield {name: whole.get(name) for name in query.fields}

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create records; a key that is taken is refused."""
        return self._write("create", name, rows, self._create)

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Update records by ``Id``."""
        return self._write("update", name, rows, self._update)

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create or update by key."""
        del key
        return self._write("upsert", name, rows, self._upsert)

    def by_key(self) -> dict[object, Payload]:
        """The records, by their key."""
        return {record.get(self.key): record for record in self.records.values()}

    def _write(
        self,
        verb: str,
        name: str,
        rows: Sequence[Payload],
        one: Callable[[Payload], Outcome],
    ) -> list[Outcome]:
        del name
        self.calls.append((verb, len(rows)))
        if error := self.before(verb, rows):
            raise error
        outcomes = [self.refuse(row) or one(row) for row in rows]
        if error := self.after(verb, rows):
            raise error
        return outcomes

    def _holder(self, row: Payload) -> str | None:
        wanted = row.get(self.key)
        holders = (i for i, r in self.records.items() if r.get(self.key) == wanted)
        return next(holders, None) if wanted else None

    def _create(self, row: Payload) -> Outcome:
        if holder := self._holder(row):
            return _taken(holder)
        crm_id = f"00T{next(self._ids):015}"
        self.records[crm_id] = dict(row)
        return Written(crm_id=crm_id, created=True)

    def _update(self, row: Payload) -> Outcome:
        crm_id = str(row["Id"])
        if crm_id not in self.records:
            return Refused(
                code="ENTITY_IS_DELETED",
                message="entity is deleted",
                remedy=Remedy.GONE,
            )
        if (holder := self._holder(row)) not in (None, crm_id):
            return _taken(holder)
        self.records[crm_id] |= {k: v for k, v in row.items() if k != "Id"}
        return Written(crm_id=crm_id, created=False)

    def _upsert(self, row: Payload) -> Outcome:
        holder = self._holder(row)
        return self._update({**row, "Id": holder}) if holder else self._create(row)


@dataclass(slots=True, kw_only=True)
class PeopleCrm(Reticent):
    """A CRM's people, who can be described and read by SystemModstamp.

    ``clock`` is its own; ``tells``: whether its answers have the time. ``during`` is
    called before each record of a reading: it may change records, or raise.
    """

    shapes: dict[str, CrmObject]
    clock: Clock
    tells: bool = True
    people: dict[str, dict[str, Payload]] = field(default_factory=dict)
    asked: list[Query] = field(default_factory=list)
    described: list[tuple[str, bool]] = field(default_factory=list)
    """The objects that were described, and whether afresh."""
    during: Callable[[], None] = lambda: None
    _date: datetime | None = None

    def put(
        self, name: str, crm_id: str, *, ago: timedelta = timedelta(), **fields: Scalar
    ) -> None:
        """Add a record, or change these fields of it; stamped a while ``ago``."""
        stamp = (self.clock.now() - ago).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        records = self.people.setdefault(name, {})
        new: Payload = {"Id": crm_id, "CreatedDate": stamp, "IsDeleted": False}
        before = records.get(crm_id, new)
        records[crm_id] = before | fields | {"SystemModstamp": stamp}

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        """Describe an object, or raise SchemaMismatchError."""
        self.described.append((name, fresh))
        if name not in self.shapes:
            raise SchemaMismatchError(f"sObject type '{name}' is not supported.")
        return self.shapes[name]

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records that match now, in order, each as it is when shown."""
        self.asked.append(query)
        missing = set(query.fields) - self.shapes[query.object].fields.keys()
        if missing:
            raise SchemaMismatchError(f"No such column '{min(missing)}'")
        records = self.people.get(query.object, {})
        found = [
            record
            for record in records.values()
            if (query.deleted_too or not record.get("IsDeleted"))
            and all(_holds(each, record.get(each.field)) for each in query.where)
        ]
        found.sort(key=lambda record: [str(record[name]) for name in query.order])
        self._date = self.clock.now() if self.tells else None
        for record in found:
            self.during()
            shown = records[str(record["Id"])]
            yield {name: shown.get(name) for name in query.fields}

    def now(self) -> datetime | None:
        """The time of the last answer."""
        return self._date

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Refuse: nothing writes people here."""
        raise NotImplementedError(name, rows)

    update = create

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Refuse as well."""
        raise NotImplementedError(name, key, rows)


def _taken(holder: str | None) -> Refused:
    return Refused(
        code="DUPLICATE_VALUE",
        message=f"duplicates value on record with id: {holder}",
        remedy=Remedy.EXISTS,
        crm_id=holder,
    )


def _holds(condition: Condition, value: Scalar) -> bool:
    """Compare as SOQL does."""
    wanted = condition.value
    if isinstance(wanted, datetime):
        return datetime.fromisoformat(str(value)) >= wanted
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    there = str(value).casefold() in {str(each).casefold() for each in several}
    return there is not (condition.operator == "not")


@dataclass(slots=True, kw_only=True)
class ListSource:
    """A stream of given pages, which can be read again, by call time, and by id."""

    stream: Stream
    pages: list[Page] = field(default_factory=list)
    read_from: list[str | None] = field(default_factory=list)
    """The cursors that were read from."""

    def checked(self, cursor: str) -> str:
        """Any cursor will do."""
        return cursor

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield the pages after ``cursor``."""
        del since
        self.read_from.append(cursor)
        yield from self._after(cursor)

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield every page again, without cursors."""
        del start, end
        for page in self.pages:
            yield Page(records=page.records, rejects=page.rejects)

    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        """Yield the pages after ``done``, whenever their calls began."""
        del start, end
        self.read_from.append(done)
        yield from self._after(done)

    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        """Count the pages after ``done``: a request and a second each."""
        del start, end
        left = list(self._after(done))
        records = sum(len(page.records) + len(page.rejects) for page in left)
        return Estimate(records=records, requests=len(left), seconds=len(left))

    def _after(self, cursor: str | None) -> Iterator[Page]:
        passed = cursor is None
        for page in self.pages:
            if passed:
                yield page
            passed = passed or page.cursor == cursor

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the latest reading of each of these records."""
        latest = {r.id: r for page in self.pages for r in page.records}
        yield from (latest[name] for name in ids if name in latest)
