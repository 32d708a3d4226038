"""The refresh: keeps the directory as the CRM has its people, at one call an object.

``records by SystemModstamp → who they are → one transaction with people and cursor``.
The first reading of an object takes all records that the file wants; each later one
what was changed, deleted or merged since, and a little more (see stamps.py). A crash
anywhere repeats a few thousand records, which does no harm.
"""

import threading
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice

from connector.clock import Clock
from connector.engine.ahead import pulled_ahead
from connector.engine.hold import Hold
from connector.engine.listing import STAMP, Fields, Listing, fingerprint, listing
from connector.engine.listing import covers as covered
from connector.engine.stamps import Stamps
from connector.errors import MappingError, SchemaMismatchError
from connector.mapping.check_directory import check_directory
from connector.mapping.faults import Fault
from connector.mapping.flow import DirectoryFlow, Indexed
from connector.model import (
    Condition,
    Counts,
    CrmObject,
    Lease,
    Listed,
    Loading,
    Query,
    Scalar,
)
from connector.ports import Crm, State
from connector.transport.retry import retrying

CHUNK = 2_000
"""Records a transaction: it is through in a fifth of a second, so that calls can be
logged in between."""

STALE = timedelta(days=14)
"""After so long everybody is read anew, however often what changed was read since: the
CRM's recycle bin, which tells of deleted people, forgets after 15 days, and of those
whom it purges or hides from us it never tells."""

LONGEST_WAIT = 30.0
"""Seconds that the CRM may have us wait without the lease running out."""

Described = MutableMapping[str, CrmObject | None]
"""Objects as the CRM describes them; None: they are to be asked for afresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some records, as the directory takes them.

    ``began``: when the reading began, by the CRM's clock. ``last``: there are no more.
    """

    began: datetime | None
    people: list[Listed] = field(default_factory=list)
    nobody: list[str] = field(default_factory=list)
    stamps: list[datetime] = field(default_factory=list)
    last: bool = False


@dataclass(slots=True, kw_only=True)
class Refresh:
    """One run of the directory's flow, while it holds its lease.

    ``described`` outlives the run, so that a refresh need not ask for it again.
    """

    state: State
    crm: Crm
    clock: Clock
    lease: Lease
    stop: threading.Event
    described: Described = field(default_factory=dict)
    progress: Callable[[Counts], None] = lambda _: None
    counts: Counts = field(default_factory=Counts)
    _hold: Hold = field(init=False)

    def __post_init__(self) -> None:
        """Hold the lease that was taken."""
        self._hold = Hold(state=self.state, clock=self.clock, lease=self.lease)

    def carry(self, flow: DirectoryFlow) -> None:
        """Bring every object of ``flow`` up to date, one after the other.

        Raises what `Crm.select` raises, and in the end MappingError for objects that
        the CRM does not have as the file says; the others are up to date by then.
        """
        self._forget_all_but({indexed.name for indexed in flow.objects})
        faults: list[Fault] = []
        for indexed in flow.objects:
            if not self.stop.is_set():
                faults += self._object(flow, indexed)
        if faults:
            raise MappingError(faults)

    def _object(self, flow: DirectoryFlow, indexed: Indexed) -> list[Fault]:
        described = self._describe(indexed.name)
        known = {} if described is None else {indexed.name: described}
        faults = list(check_directory(replace(flow, objects=(indexed,)), known))
        if described and not faults:
            how = listing(indexed, described, flow.regions, flow.zone)
            read = fingerprint(indexed, flow.regions)
            try:
                retrying(
                    partial(self._read, how, read),
                    longest=LONGEST_WAIT,
                    stop=self.stop,
                )
            except SchemaMismatchError as error:
                faults.append(_fault(flow, indexed, error))
        if faults:
            self.described[indexed.name] = None
        return faults

    def _describe(self, name: str) -> CrmObject | None:
        """Describe an object, None where the CRM has none that we may see."""
        if found := self.described.get(name):
            return found
        fresh = name in self.described
        try:
            found = retrying(partial(self.crm.describe, name, fresh=fresh))
        except SchemaMismatchError:
            return None
        self.described[name] = found
        return found

    # ── one object ─────────────────────────────────────────────────────────

    def _read(self, how: Listing, read: str) -> None:
        """Read on from where the last reading came to.

        A new full load is noted before it asks: whoever is made from then on is of it.
        """
        loading = self._loading(how.indexed.name, read)
        if loading != self.state.loadings().get(loading.object):
            self._note(loading)
        stamps = Stamps(start=_moment(loading.cursor))
        chunks = self._chunks(how, loading)
        for chunk in pulled_ahead(chunks, self._hold.beat, self.stop):
            stamps.began = chunk.began
            if chunk.last:
                self._through(loading, stamps)
            else:
                self._take(chunk, loading, stamps)
            self.progress(self.counts)
            if self.stop.is_set():
                break

    def _loading(self, name: str, read: str) -> Loading:
        """How far the object was read; from its start where that can't be used."""
        known, now = self.state.loadings().get(name), self.clock.now()
        if known is None:
            known = Loading(object=name, fingerprint="", load=0)
        since = known.full_at
        lately = since is not None and now - since < STALE
        # Without a cursor it starts over: whom only the attempt before has shown, and
        # who went meanwhile, is told by the number of the load alone.
        if known.fingerprint == read and lately and known.cursor is not None:
            return known
        return Loading(
            object=name,
            fingerprint=read,
            load=known.load + 1,
            begun_at=now,
            full_at=now,
            complete_at=known.complete_at if covered(known.fingerprint, read) else None,
        )

    def _chunks(self, how: Listing, loading: Loading) -> Iterator[Chunk]:
        asked = self.clock.now()
        records = self.crm.select(_query(how, loading.cursor))
        first = list(islice(records, 1))
        began = self._began(asked)
        rest = chain(first, records)
        while part := list(islice(rest, CHUNK)):
            yield _chunk(how, part, began)
        yield Chunk(began=began, last=True)

    def _began(self, asked: datetime) -> datetime | None:
        """Return when we asked by the CRM's clock: it told the time of its answer."""
        told = self.crm.now()
        since = max(self.clock.now() - asked, timedelta())
        return told and told - since

    def _take(self, chunk: Chunk, loading: Loading, stamps: Stamps) -> None:
        stamps.see(chunk.stamps)
        with self.state.writing() as tx:
            self._hold.inside(tx)
            done = tx.enlist(loading.load, chunk.people)
            struck = tx.strike(chunk.nobody) if chunk.nobody else 0
            tx.set_loading(replace(loading, cursor=_text(stamps.reached())))
        self.counts.read += len(chunk.stamps)
        self.counts.created += done.created
        self.counts.updated += done.updated
        self.counts.unchanged += len(chunk.people) - done.created - done.updated
        self.counts.deleted += struck
        self.counts.skipped += len(chunk.nobody) - struck

    def _through(self, loading: Loading, stamps: Stamps) -> None:
        if loading.begun_at and not self._struck(loading.object, loading.load):
            return
        through = replace(
            loading,
            cursor=_text(stamps.through()),
            begun_at=None,
            complete_at=self.clock.now(),
        )
        self._note(through)

    # ── who is gone ────────────────────────────────────────────────────────

    def _forget_all_but(self, names: set[str]) -> None:
        """Forget the people of objects that the file does not have any more."""
        for name, loading in self.state.loadings().items():
            if name not in names:
                # If the file has it again before we are through, it is read anew.
                self._note(replace(loading, fingerprint="", complete_at=None))
                if self._struck(name, loading.load + 1):
                    with self.state.writing() as tx:
                        self._hold.inside(tx)
                        tx.forget_loading(name)

    def _struck(self, name: str, load: int) -> bool:
        """Strike all whom no load from ``load`` on has shown; False if told to stop."""
        while not self.stop.is_set():
            with self.state.writing() as tx:
                self._hold.inside(tx)
                struck = tx.strike_older(name, load)
            self.counts.deleted += struck
            if not struck:
                return True
        return False

    def _note(self, loading: Loading) -> None:
        with self.state.writing() as tx:
            self._hold.inside(tx)
            tx.set_loading(loading)


def _query(how: Listing, cursor: str | None) -> Query:
    """Ask for all whom the file wants, or for whatever was changed since ``cursor``."""
    everybody = Query(
        object=how.indexed.name,
        fields=how.fields,
        where=how.asked,
        order=(STAMP, "Id"),
    )
    start = _moment(cursor)
    if start is None:
        return everybody
    since = Condition(field=STAMP, operator="at least", value=start)
    return replace(everybody, where=(since,), deleted_too=True)


def _chunk(
    how: Listing, records: list[dict[str, Scalar]], at: datetime | None
) -> Chunk:
    chunk = Chunk(began=at)
    for record in records:
        chunk.stamps.append(_stamp(record))
        person = how.of(record)
        if person is None:
            chunk.nobody.append(str(record["Id"]))
        else:
            chunk.people.append(person)
    return chunk


def _stamp(record: Fields) -> datetime:
    return datetime.fromisoformat(str(record[STAMP]))


def _moment(cursor: str | None) -> datetime | None:
    return None if cursor is None else datetime.fromisoformat(cursor)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _fault(flow: DirectoryFlow, indexed: Indexed, error: SchemaMismatchError) -> Fault:
    line, column = indexed.place
    return Fault(file=flow.file, line=line, column=column, message=error.message)
