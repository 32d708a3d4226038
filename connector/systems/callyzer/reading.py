"""Reads call-log/history window by window, so that no call slips between pages.

A window is read page by page. It is through only when every page was whole and
the total stood still meanwhile; else it is read again, or a smaller one.
Source: Callyzer API 2.1, call-log/history.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from connector.errors import UnavailableError
from connector.systems.callyzer.calls_asked import PAGE_SIZE, SECONDS_TOO_LONG
from connector.systems.callyzer.wire import By, ListPage, Window
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

Ask = Callable[[Window, int], ListPage]
"""Asks for one page of a window; pages count from 1."""

SETTLED = 5
"""Seconds behind now that a window ends: by then its last second is complete."""
LONGEST = SECONDS_TOO_LONG - 1
MOST = 8_000
"""Calls in a window, so that reading it again is cheap."""
MOST_PAST = 1_000
"""Calls in a window by call time: what a backfill that is broken off reads again."""
AIM = 0.8
"""How full a window should be, so that it is seldom too full."""
REREADS = 3
WIDENING = 4
"""How much wider the next window may be where no answer tells how full one is."""
UNSETTLED = 10
"""Times a window is read again while it still shows calls that it had not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows; ``through``: the second up to which all has now been shown."""

    rows: list[Json]
    through: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """The window is through; ``seconds`` is how wide the next one should be."""

    upto: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrower:
    """The window has to be read with so many seconds only."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The window changed while it was read.

    ``growing``: it showed fewer calls than there are, and some for the first time.
    """

    growing: bool = False


Verdict = Through | Narrower | Changed


def read_windows(
    ask: Ask, start: int, end: int, *, by: By = "synced", most: int = MOST
) -> Iterator[Part]:
    """Yield the calls from ``start`` to ``end`` (UNIX seconds), in windows.

    A window has at most ``most`` calls, unless it is one second. A request is sent
    only when its rows are wanted. Raises UnavailableError when Callyzer keeps
    answering what cannot be right.
    """
    seconds, changes = LONGEST, 0
    ever = Ever()
    while start < end:
        window = Window(start=start, end=min(end, start + seconds), by=by)
        ever.at(window)
        one = _Pass(window=window, ask=ask, most=most, ever=ever)
        match (yield from one.parts()):
            case Through() as done if done.upto < window.end or window.end == end:
                return
            case Through() as done:
                start, seconds, changes = _after(window), done.seconds, 0
            case Narrower() as narrower:
                seconds, changes = narrower.seconds, 0
            case Changed(growing=growing) if changes < (
                UNSETTLED if growing else REREADS
            ):
                changes += 1
            case Changed():
                seconds, changes = _halved(window), 0


def _after(window: Window) -> int:
    """Begin the next window in the last second of this one.

    Whether the ends belong to a window is not documented: so each is inside one.
    """
    return window.end - 1 if window.seconds > 1 else window.end


def _halved(window: Window) -> int:
    if window.seconds > 1:
        return window.seconds // 2
    raise UnavailableError("Callyzer's calls of one second keep changing while read")


@dataclass(slots=True, kw_only=True)
class Ever:
    """What earlier answers told.

    ``grand``: totals are of the window, not of the answer. ``seen``: the calls that
    the window has shown so far, in every pass.
    """

    grand: bool = False
    seen: set[str] = field(default_factory=set)
    _window: Window | None = None

    def at(self, window: Window) -> None:
        """Forget what another window has shown."""
        if window != self._window:
            self._window, self.seen = window, set()


@dataclass(slots=True, kw_only=True)
class _Pass:
    """One way through the pages of a window.

    ``total`` is what page 1 told. The document calls it the records *in the
    response*, while its example gives all there are: it is ``grand``, all of the
    window's, once an answer names more than it carries.
    """

    window: Window
    ask: Ask
    most: int
    ever: Ever
    total: int | None = None
    grand: bool = False
    size: int = PAGE_SIZE
    shown: frozenset[str] = field(default_factory=frozenset)
    at: datetime | None = None
    grown: bool = False

    def parts(self) -> Generator[Part, None, Verdict]:
        """Yield the rows page by page; return what became of the window."""
        number = 0
        while True:
            number += 1
            page = retrying(partial(self._asked, number))
            if self._changed(page):
                return Changed()
            last = self._last(page, number)
            if narrower := self._narrower(last=last):
                return narrower
            self.shown = _keys(page)
            self.grown |= not self.shown <= self.ever.seen
            self.ever.seen |= self.shown
            if last and self._short():
                yield Part(rows=page.rows)
                return Changed(growing=True)
            yield Part(rows=page.rows, through=self._upto() if last else None)
            if last:
                rows = (number - 1) * self.size + len(page.rows)
                return Through(upto=self._upto(), seconds=self._seconds_for(rows))

    # ── asking ─────────────────────────────────────────────────────────────

    def _asked(self, number: int) -> ListPage:
        """Ask for a page; UnavailableError if it can't be the page asked for."""
        page = self.ask(self.window, number)
        if page.page_no not in {None, number}:
            raise UnavailableError("Callyzer answered another page than was asked for")
        if number == 1:
            self._begin(page)
        if _more(page):
            self.grand, self.total = True, self.total or page.total
            self.ever.grand = True
        if not self._changed(page):
            self._check(page, number)
        return page

    def _begin(self, page: ListPage) -> None:
        self.total = page.total
        # A call may be synced long after it began: the vendor's clock settles nothing.
        self.at = page.at if self.window.by == "synced" else None
        self.grand = self.ever.grand and page.total is not None
        told = page.page_size or PAGE_SIZE
        self.size = max(min(told, PAGE_SIZE), len(page.rows))

    def _check(self, page: ListPage, number: int) -> None:
        if self.grand and len(page.rows) != self._expected(number):
            raise UnavailableError("Callyzer answered a page that is not whole")
        if page.rows and _keys(page) <= self.shown:
            raise UnavailableError("Callyzer answered the page before once more")

    # ── judging ────────────────────────────────────────────────────────────

    def _changed(self, page: ListPage) -> bool:
        known = self.grand and None not in {self.total, page.total}
        return known and page.total != self.total

    def _short(self) -> bool:
        """Say whether calls are missing that another pass may show.

        Pages are cut from an order that is not documented: calls may change places
        between two requests. Where a pass shows nothing new, rows repeat themselves.
        """
        return self.grand and self.grown and len(self.ever.seen) < (self.total or 0)

    def _expected(self, number: int) -> int:
        left = (self.total or 0) - (number - 1) * self.size
        return max(0, min(left, self.size))

    def _last(self, page: ListPage, number: int) -> bool:
        if self.grand:
            return number * self.size >= (self.total or 0)
        return len(page.rows) < self.size

    def _narrower(self, *, last: bool) -> Narrower | None:
        """Say whether there is too much in the window to go on with it."""
        wide = self.window.seconds
        if last or wide == 1:
            return None
        if not self.grand:
            # How many pages there are is not told: so there must be only one.
            return Narrower(seconds=wide // 2)
        if self.total is not None and self.total > self.most:
            return Narrower(seconds=self._seconds_for(self.total))
        settled = self._upto() - self.window.start
        return Narrower(seconds=settled) if self._ahead() and settled > 0 else None

    def _ahead(self) -> bool:
        """Say whether the window ends where calls are still being synced.

        One that changes then moves within the window, and no total tells.
        """
        return self.at is not None and self.at.timestamp() <= self.window.end

    def _seconds_for(self, rows: int) -> int:
        """Say how many seconds hold `AIM`, where this window has ``rows``."""
        wide = self.window.seconds
        if not self.ever.grand:
            fitting = wide * int(self.size * AIM) // rows if rows else LONGEST
            return max(1, min(LONGEST, WIDENING * wide, fitting))
        fitting = wide * int(self.most * AIM) // rows if rows else LONGEST
        return max(1, min(LONGEST, fitting))

    def _upto(self) -> int:
        """The end of the window, or what Callyzer's own clock has settled."""
        if self.at is None:
            return self.window.end
        return min(self.window.end, int(self.at.timestamp()) - SETTLED)


def _more(page: ListPage) -> bool:
    return page.total is not None and page.total > len(page.rows)


def _keys(page: ListPage) -> frozenset[str]:
    """What tells rows apart: one call can be shown for each of its leads."""
    return frozenset(
        f"{row.get('id')} {row.get('lead_id')}" if isinstance(row, dict) else repr(row)
        for row in page.rows
    )
