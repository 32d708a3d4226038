"""Reads calls by when they were last changed, so that none slips between requests.

The list is in the order of ``updated_at``; a call that changes meanwhile moves to its
end, and the ones after it move up. So the first page is asked for again and again, from
where the last one ended, and never the page after it: except where more calls than a
page holds changed in one moment, and then these pages until nothing is new on them.
A call that changes while a page is made may show its new time in its old place: such
a time, which is of just now, is never where reading goes on from.
Source: Manager API, pagination and tailing.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from connector.errors import UnavailableError
from connector.systems.ccai.parse import text, updated
from connector.systems.ccai.wire import ListPage
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

Ask = Callable[[datetime, int], ListPage]
"""Asks for a page (from 1) of what changed at or after a moment."""
Seen = tuple[str, datetime]
"""The id of a call, and when it was changed."""

LATE: Final = timedelta(seconds=60)
"""How late a change may show, and is still read. It is stamped by the machine that makes
it, before it is committed, and lists may be answered from a copy that lags behind."""
STEP: Final = timedelta(milliseconds=1)
"""What times are written in; whether they are rounded or cut is not documented."""
COARSEST: Final = timedelta(seconds=1)
"""How much earlier than asked for a time may look that is written without fractions."""
PASSES: Final = 10
"""Times the pages of one moment are read again while they show what they had not."""
FOREVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows not shown before; ``through``: all that changed before it has been shown."""

    rows: Sequence[Json]
    through: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Tail:
    """One reading: from ``at`` on, to the end, or a page beyond ``until``.

    ``until`` None: when it began, so that it ends however much changes meanwhile.
    ``clock`` is ours; the vendor's own goes before it where that is behind.
    """

    ask: Ask
    at: datetime
    clock: Callable[[], datetime]
    until: datetime | None = None
    _shown: set[Seen] = field(default_factory=set)
    _settled: datetime = FOREVER
    """All that changed up to then could be seen when the last page was made."""
    _limit: datetime = FOREVER
    """That of the first page that had later changes: the next reading begins there."""

    def parts(self) -> Iterator[Part]:
        """Yield what changed. Raises UnavailableError where the list can't be right."""
        top: datetime | None = None
        while True:
            page = retrying(partial(self._asked, 1))
            rows = self._new(page.rows)
            if not self._more(page):
                yield self._last(rows, page)
                return
            last = self._reached(page.rows, top)
            if last is None or (top and last <= top):
                yield Part(rows=rows)
                rows, last = [], (yield from self._crowd(top or self.at))
                if last is None:
                    return
            else:
                self._begin(last - STEP)
            yield self._part(rows, self.at)
            if last > self._until(page):
                return
            top = last

    # ── more calls of one moment than a page holds ─────────────────────────

    def _crowd(self, at: datetime) -> Generator[Part, None, datetime | None]:
        """Show all that changed ``at`` one moment; return the next one, if any.

        A call that changes meanwhile moves one from a page that is still to be read to
        one that was: so the pages are read again until they show nothing new.
        """
        before: datetime | None = at
        for again in range(PASSES):
            fresh, beyond = yield from self._pass(at, 1 if again else 2)
            if not fresh and beyond == before:
                self._begin(beyond or at + STEP)
                if beyond is None:
                    yield self._part([], self.at)
                return beyond
            before = beyond
        message = "CCAI Platform: the calls of one moment keep changing while read"
        raise UnavailableError(message)

    def _pass(
        self, at: datetime, first: int
    ) -> Generator[Part, None, tuple[bool, datetime | None]]:
        """Read pages until one has what changed later, or there are no more."""
        fresh, number, previous = False, first, None
        while True:
            page = retrying(partial(self._asked, number))
            if page.rows == previous:
                raise UnavailableError("CCAI Platform answers every page alike")
            rows = self._new(page.rows)
            fresh |= any((moment := updated(row)) and moment <= at for row in rows)
            yield Part(rows=rows)
            later = [each for each in self._steady(page.rows) if each > at]
            if later or not page.rows:
                return fresh, min(later, default=None)
            number, previous = number + 1, page.rows

    # ── asking ─────────────────────────────────────────────────────────────

    def _asked(self, number: int) -> ListPage:
        """Ask for a page; UnavailableError if it can't be what was asked for."""
        now = self.clock()
        page = self.ask(self.at, number)
        self._settled = min(now, page.at or now) - LATE
        steady, first = self._steady(page.rows), self.at - COARSEST
        if steady != sorted(steady) or min(_moments(page.rows), default=first) < first:
            message = "CCAI Platform answered another list of calls than was asked for"
            raise UnavailableError(message)
        if len(steady) < len(page.rows):
            self._limit = min(self._limit, self._settled)
        return page

    def _more(self, page: ListPage) -> bool:
        """Whether there is more after the first page; asks for the next one if no
        header tells, or if reading would go on behind a moment that several calls have.
        """
        moments = _moments(page.rows)
        crowd = moments and moments.count(max(moments)) > 1
        if page.more is not None and not (crowd and page.more is False):
            return page.more
        return bool(retrying(partial(self._asked, 2)).rows)

    def _until(self, page: ListPage) -> datetime:
        if self.until is None:
            now = self.clock()
            self.until = max(now, page.at or now)
        return self.until

    def _steady(self, rows: Sequence[Json]) -> list[datetime]:
        """When rows changed, without what may just be moving."""
        return [moment for moment in _moments(rows) if moment <= self._settled]

    def _reached(self, rows: Sequence[Json], top: datetime | None) -> datetime | None:
        """Where to read on from after a page; None if none of its rows tells.

        Where there is only what may just be moving, the next reading begins here.
        """
        steady = [each for each in self._steady(rows) if top is None or each > top]
        if steady:
            return max(steady)
        latest = max(_moments(rows), default=None)
        if latest and latest > self._settled:
            self._limit = min(self._limit, self.at)
        return latest

    # ── what was shown ─────────────────────────────────────────────────────

    def _new(self, rows: Sequence[Json]) -> list[Json]:
        """Return the rows that were not shown, and note them; what can't be told
        apart counts as new."""
        found: list[Json] = []
        for row in rows:
            seen = _seen(row)
            if seen is None or seen not in self._shown:
                found.append(row)
            if seen is not None:
                self._shown.add(seen)
        return found

    def _begin(self, at: datetime) -> None:
        """Ask from ``at`` on, and forget what can't come again."""
        self.at = at
        self._shown = {seen for seen in self._shown if seen[1] >= at}

    def _last(self, rows: Sequence[Json], page: ListPage) -> Part:
        end = max(_moments(page.rows), default=None)
        return self._part(rows, end and end + STEP)

    def _part(self, rows: Sequence[Json], through: datetime | None) -> Part:
        limit = min(self._limit, self._settled)
        return Part(rows=rows, through=through and min(through, limit))


def _seen(row: Json) -> Seen | None:
    at = updated(row)
    call_id = text(row.get("id")) if at else None
    return (call_id, at) if call_id and at else None


def _moments(rows: Sequence[Json]) -> list[datetime]:
    return [moment for moment in map(updated, rows) if moment]
