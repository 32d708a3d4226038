"""The org's daily API calls: one budget for all flows, threads and processes.

How much is used comes with each answer, refusals included. What one process hears,
the others read in the book.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import TypeVar

from connector.clock import Clock
from connector.crm.salesforce.budget import LOOK_AGAIN, PAUSE, Budget, Purpose, Wait
from connector.crm.salesforce.usage import in_headers
from connector.errors import QuotaReachedError, RetryableError
from connector.model import Quota, Reading
from connector.ports import QuotaBook

T = TypeVar("T")

_Known = tuple[Reading | None, datetime | None]
"""What the book says: the last reading, and until when nobody asks the CRM."""

_PATIENCE = 5.0
"""Seconds that a thread waits for another one's answer about the limits."""

_BETWEEN = LOOK_AGAIN - timedelta(seconds=1)
"""The least time between two looks. The book counts in seconds: who comes when a
reading is as old as `LOOK_AGAIN` there must not come too early."""


class QuotaMeter:
    """Knows how much is used, and keeps calls out of what is not for them.

    Safe for many threads: calls that have left and were not answered yet count as
    used. Those of other processes count once the CRM has told of them.
    """

    def __init__(
        self, clock: Clock, budget: Callable[[], Budget], book: QuotaBook | None
    ) -> None:
        """``book``: where other processes read what this one hears; None: nowhere.

        ``budget`` is asked each time.
        """
        self._clock = clock
        self._budget = budget
        self._book = book
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._own: Reading | None = None
        self._in_flight = 0
        self._untold = 0  # answers since our own reading that did not tell the usage
        self._asked_at: datetime | None = None
        self._paused_until: datetime | None = None

    @property
    def last(self) -> Quota | None:
        """The last reading of anybody, if there was one."""
        latest = _later(self._own, self._known()[0])
        return latest.quota if latest else None

    @property
    def heard(self) -> Reading | None:
        """What this process has heard last; see `hear`."""
        return self._own

    # ── what is told ───────────────────────────────────────────────────────

    def hear(self, headers: Mapping[str, str], before: Reading | None) -> None:
        """Take the reading from an answer's headers.

        ``before``: what had been heard when the request left. The usage falls as
        the day's window moves on; but of two answers that overtook each other the
        higher one is the later.
        """
        quota = in_headers(headers)
        with self._lock:
            own = self._own
            if quota is None:
                self._untold += 1
                return
            if own and own is not before and quota.used < own.quota.used:
                return
            self._take(quota)
        self._tell(quota, at_once=not self._budget().left(quota))

    def note(self, quota: Quota) -> None:
        """Keep what the CRM answered when it was asked for its limits.

        Where they have room, a pause is over.
        """
        with self._lock:
            self._take(quota)
        self._tell(quota, at_once=True)
        if quota.used < quota.limit:
            self._pause_until(None)

    def pause(self) -> None:
        """Note that the CRM refuses calls for the day: nobody asks it for a while.

        Whatever the headers say: only its limits, or the end, are the end of this.
        """
        self._pause_until(self._clock.now() + PAUSE)

    def flush(self) -> None:
        """Tell the others what was heard last."""
        self._shared(lambda book: book.flush(), None)

    # ── what may be sent ───────────────────────────────────────────────────

    def wait(self, purpose: Purpose) -> Wait | None:
        """Tell why and until when ``purpose`` has to wait; None: it goes on."""
        known = self._known()
        with self._lock:
            return self._wait(purpose, known)

    def look(self, purpose: Purpose, ask: Callable[[], object]) -> None:
        """Let one thread of one process ``ask`` the CRM, where that would be news.

        A reading has stopped us for `LOOK_AGAIN`, or answers have not told the usage
        for as long.
        """
        if not self._doubts(purpose) or not self._asking.acquire(timeout=_PATIENCE):
            return
        try:
            if self._doubts(purpose) and self._takes_turn():
                ask()
        finally:
            self._asking.release()

    @contextmanager
    def spend(self, purpose: Purpose) -> Iterator[None]:
        """Make one call inside; QuotaReachedError where it is not ours to make."""
        known = self._known()
        with self._lock:
            if wait := self._wait(purpose, known):
                raise self._reached(wait, known)
            self._in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    # ── inside ─────────────────────────────────────────────────────────────

    def _wait(self, purpose: Purpose, known: _Known) -> Wait | None:
        latest, paused_until = self._counted(known), known[1]
        return self._budget().wait(latest, paused_until, self._clock.now(), purpose)

    def _counted(self, known: _Known) -> Reading | None:
        """Give the latest reading, with our calls that it does not count."""
        latest = _later(self._own, known[0])
        if latest is None:
            return None
        more = self._in_flight + (self._untold if latest is self._own else 0)
        quota = replace(latest.quota, used=latest.quota.used + more)
        return replace(latest, quota=quota)

    def _doubts(self, purpose: Purpose) -> bool:
        known = self._known()
        with self._lock:
            latest = _later(self._own, known[0])
            if latest and self._is_recent(latest.at):
                return False
            if self._wait("looking", known):
                return False
            return bool(self._untold or self._wait(purpose, known))

    def _reached(self, wait: Wait, known: _Known) -> QuotaReachedError:
        now = self._clock.now()
        left = wait.until - now if wait.until > now else LOOK_AGAIN
        minutes = ceil(left / timedelta(minutes=1))
        again = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        return QuotaReachedError(
            f"{_figures(self._counted(known))}{wait.why}. The next look is {again}",
            retry_after=left.total_seconds(),
        )

    def _take(self, quota: Quota) -> None:
        self._own = Reading(quota=quota, at=self._clock.now())
        self._untold = 0

    def _is_recent(self, moment: datetime) -> bool:
        # What lies in the future was dated by a clock that has since been set back.
        return timedelta() <= self._clock.now() - moment < LOOK_AGAIN

    # ── shared ─────────────────────────────────────────────────────────────

    def _known(self) -> _Known:
        alone: _Known = (None, self._paused_until)
        return self._shared(lambda book: (book.last(), book.paused_until()), alone)

    def _takes_turn(self) -> bool:
        alone = self._asked_at is None or not self._is_recent(self._asked_at)
        ours = self._shared(lambda book: book.turn(_BETWEEN), alone)
        if ours:
            self._asked_at = self._clock.now()
        return ours

    def _pause_until(self, moment: datetime | None) -> None:
        self._paused_until = moment
        self._shared(lambda book: book.pause(moment), None)

    def _tell(self, quota: Quota, *, at_once: bool) -> None:
        self._shared(lambda book: book.note(quota, at_once=at_once), None)

    def _shared(self, use: Callable[[QuotaBook], T], alone: T) -> T:
        # An answer stands, and our own reading counts, where the state is in trouble.
        with suppress(RetryableError):
            return use(self._book) if self._book else alone
        return alone


def _figures(latest: Reading | None) -> str:
    if latest is None:
        return ""
    used, limit = latest.quota.used, latest.quota.limit
    return f"{used:,} of {limit:,} daily API calls are used; "


def _later(*readings: Reading | None) -> Reading | None:
    """Choose the later one; within a second, which is all the book knows, the higher."""
    known = [reading for reading in readings if reading]
    return max(known, default=None, key=_rank)


def _rank(reading: Reading) -> tuple[int, int]:
    return int(reading.at.timestamp()), reading.quota.used
