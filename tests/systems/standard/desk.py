"""A case at work: its sandbox, over real HTTP, and readings of its stream."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from connector.model import Page
from connector.ports import Pacer, Readable, Rereadable, Scannable, Source
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.server import Server
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer
from tests.systems.standard.case import AnyCase, Sandbox
from tests.systems.standard.line import Line

PAST = timedelta(days=20)
"""Over which time the records are spread."""
A_WHILE = timedelta(minutes=10)
"""After which every vendor has settled."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What readings have shown so far, each record as it was shown last."""

    records: dict[str, Mapping[str, object]] = field(default_factory=dict)
    rejects: set[str] = field(default_factory=set)
    cursor: str | None = None
    shown: list[str] = field(default_factory=list)
    pages: int = 0

    def take(self, pages: Iterable[Page]) -> None:
        """Take pages in, and their cursors last; what breaks off breaks off here."""
        for page in pages:
            self.records |= {record.id: record.fields for record in page.records}
            self.rejects |= {reject.id for reject in page.rejects}
            self.shown += [record.id for record in page.records]
            self.cursor = page.cursor or self.cursor
            self.pages += 1


@dataclass(slots=True, kw_only=True)
class Desk:
    """Both ends of a case, and the clock of both."""

    case: AnyCase
    sandbox: Sandbox
    line: Line
    clock: ManualClock
    http: Http
    since: datetime
    _rng: Random = field(default_factory=lambda: Random(7))  # noqa: S311  repeatable, not secret

    # ── the vendor's side ──────────────────────────────────────────────────

    def arrive(self) -> str:
        """Let one more record be there; return its id."""
        return str(self.case.arrive(self.sandbox, self._rng))

    def fill(self, count: int | None = None) -> set[str]:
        """Let so many records, or a few pages, arrive in the last days."""
        wanted = count or self.case.count
        ids: set[str] = set()
        while len(ids) < wanted:
            ids.add(self.arrive())
            self.clock.time += PAST / wanted
        self.settle()
        return ids

    def settle(self) -> None:
        """Let time pass in which nothing happens."""
        self.clock.time += A_WHILE

    def fault(self, fault: Fault) -> None:
        """Have something go wrong."""
        self.sandbox.faults.add(fault)

    def asked(self) -> int:
        """How many requests for the stream's own list there were."""
        return sum(bool(re.search(self.case.path, a.path)) for a in self.line.asked)

    # ── our side ───────────────────────────────────────────────────────────

    def source(self, pacer: Pacer | None = None) -> Source:
        """Open the stream anew, as each run does."""
        return self.case.source(self.http, pacer or FreePacer(), self.clock)

    def pages(
        self, cursor: str | None = None, pacer: Pacer | None = None
    ) -> Iterator[Page]:
        """Read on from a cursor; a stream that can't is read whole."""
        source = self.source(pacer)
        if isinstance(source, Readable):
            return source.read(cursor, self.since)
        assert isinstance(source, Scannable)
        return source.scan()

    def read(
        self,
        seen: Seen | None = None,
        pages: int | None = None,
        pacer: Pacer | None = None,
    ) -> Seen:
        """Read on after what was ``seen``, to the end or a few pages only."""
        seen = Seen() if seen is None else seen
        seen.take(islice(self.pages(seen.cursor, pacer), pages))
        return seen

    def look_back(self, seen: Seen) -> Seen:
        """Read again for late changes, as the lane of that name does where it can."""
        source = self.source()
        if isinstance(source, Rereadable):
            seen.take(source.reread(self.since, seen.cursor))
        return seen

    def truth(self) -> dict[str, Mapping[str, object]]:
        """Every record as it is now, by a reading from the beginning."""
        self.sandbox.faults.clear()
        self.line.meanwhile = None
        return self.read().records


@contextmanager
def opened(
    case: AnyCase, *, interval: float = 0, wrong: bool = False
) -> Iterator[Desk]:
    """Open a case. ``interval``: of its sandbox's limit; ``wrong``: credentials."""
    clock = ManualClock()
    sandbox = case.sandbox(clock.now, interval)
    line = Line(app=sandbox.app, now=clock.now)
    with Server(dated(line, clock.now)) as server:
        given = case.headers(sandbox)
        headers = dict.fromkeys(given, "wrong") if wrong else given
        http = Http(server.url + sandbox.prefix, headers=headers)
        yield Desk(
            case=case,
            sandbox=sandbox,
            line=line,
            clock=clock,
            http=http,
            since=clock.now() - timedelta(days=1),
        )
        http.close()
