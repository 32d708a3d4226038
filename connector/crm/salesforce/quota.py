"""The org's daily API calls: one budget for all flows, threads and processes.

``Sforce-Limit-Info: api-usage=25/5000`` (REST API Developer Guide, "Limit Info
Header") comes with each answer, refusals included. What one process hears, the
others read in the book.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from connector.clock import Clock
from connector.errors import QuotaReachedError, RetryableError
from connector.model import Quota, Reading
from connector.ports import QuotaBook

Purpose = Literal["logging", "dialling"]
"""What a call is for: bringing records in, which can wait, or dialling for somebody."""

LOOK_AGAIN = timedelta(minutes=5)
"""How long a reading that stops us is believed, before the CRM is asked."""

_USAGE = re.compile(r"(?:^|[;,\s])api-usage=(\d+)/(\d+)")
_PATIENCE = 5.0
"""Seconds that a thread waits for another one's answer about the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How the daily calls are shared out, in percent: the rest is for logging."""

    reserve: float
    dial_share: float = 0

    def stops_at(self, purpose: Purpose) -> float:
        """Percent of the daily calls, used by anybody, at which ``purpose`` stops."""
        dialling = 100 - self.reserve
        return dialling if purpose == "dialling" else dialling - self.dial_share

    def kept(self, purpose: Purpose) -> str:
        """What ``purpose`` may not use, in words."""
        words = f"{self.reserve:g}% are kept in reserve"
        if purpose == "dialling" or not self.dial_share:
            return words
        return f"{words} and {self.dial_share:g}% for dialling"


class QuotaMeter:
    """Knows how much is used, and keeps calls out of what is not for them.

    Safe for many threads: calls that have left and were not answered yet count as
    used. Those of other processes count once the CRM has told of them.
    """

    def __init__(self, clock: Clock, budget: Budget, book: QuotaBook | None) -> None:
        """``book``: where other processes read what this one hears; None: nowhere."""
        self._clock = clock
        self._budget = budget
        self._book = book
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._own: Reading | None = None
        self._in_flight = 0

    @property
    def last(self) -> Quota | None:
        """The last reading of anybody, if there was one."""
        latest = self._latest()
        return latest.quota if latest else None

    @property
    def heard(self) -> Reading | None:
        """What this process has heard last; see `hear`."""
        return self._own

    def hear(self, headers: Mapping[str, str], before: Reading | None) -> None:
        """Take the reading from an answer's headers.

        ``before``: what had been heard when the request left. The usage falls as
        the day's window moves on; but of two answers that overtook each other the
        higher one is the later.
        """
        found = _USAGE.search(headers.get("Sforce-Limit-Info", ""))
        if not found or self._exhausted():
            return
        quota = Quota(used=int(found[1]), limit=int(found[2]))
        with self._lock:
            own = self._own
            if own and own is not before and quota.used < own.quota.used:
                return
            self._own = self._dated(quota)
        reached = quota.percent >= self._budget.stops_at("logging")
        self._tell(quota, at_once=reached)

    def note(self, quota: Quota) -> None:
        """Keep what the CRM answered when it was asked for its limits."""
        with self._lock:
            self._own = self._dated(quota)
        self._tell(quota, at_once=True)

    def exhaust(self) -> None:
        """Note that the CRM refuses calls, whatever its headers say.

        Everybody stops, until the CRM is asked for its limits.
        """
        last = self.last
        limit = last.limit if last else 0
        # Where nobody ever told the limit, one call of one stops everybody as well.
        self.note(Quota(used=limit or 1, limit=limit or 1))

    def look(self, purpose: Purpose, ask: Callable[[], object]) -> None:
        """Let one thread ``ask`` the CRM, where a reading has stopped us for long."""
        if not self._doubted(purpose) or not self._asking.acquire(timeout=_PATIENCE):
            return
        try:
            if self._doubted(purpose):
                ask()
        finally:
            self._asking.release()

    @contextmanager
    def spend(self, purpose: Purpose) -> Iterator[None]:
        """Make one call inside; QuotaReachedError where it is not ours to make."""
        shared = self._shared()
        with self._lock:
            latest = _later(self._own, shared)
            if latest and self._stops(latest.quota, self._in_flight, purpose):
                raise self._reached(latest.quota, purpose)
            self._in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def flush(self) -> None:
        """Tell the others what was heard last."""
        if self._book:
            with suppress(RetryableError):
                self._book.flush()

    def _latest(self) -> Reading | None:
        return _later(self._own, self._shared())

    def _shared(self) -> Reading | None:
        # An answer stands, and our own reading counts, where the state is in trouble.
        with suppress(RetryableError):
            return self._book.last() if self._book else None
        return None

    def _doubted(self, purpose: Purpose) -> bool:
        latest = self._latest()
        if latest is None or self._is_recent(latest):
            return False
        return self._stops(latest.quota, 0, purpose)

    def _exhausted(self) -> bool:
        latest = self._latest()
        if latest is None or not self._is_recent(latest):
            return False
        return latest.quota.used >= latest.quota.limit

    def _is_recent(self, reading: Reading) -> bool:
        # A reading of the future was dated by a clock that has since been set back.
        return timedelta() <= self._clock.now() - reading.at < LOOK_AGAIN

    def _stops(self, quota: Quota, in_flight: int, purpose: Purpose) -> bool:
        used = Quota(used=quota.used + in_flight, limit=quota.limit)
        return used.percent >= self._budget.stops_at(purpose)

    def _reached(self, quota: Quota, purpose: Purpose) -> QuotaReachedError:
        minutes = LOOK_AGAIN // timedelta(minutes=1)
        return QuotaReachedError(
            f"{quota.used:,} of {quota.limit:,} daily API calls are used; "
            f"{self._budget.kept(purpose)}. "
            f"Flows wait, and look again in {minutes} minutes",
            retry_after=LOOK_AGAIN.total_seconds(),
        )

    def _dated(self, quota: Quota) -> Reading:
        return Reading(quota=quota, at=self._clock.now())

    def _tell(self, quota: Quota, *, at_once: bool) -> None:
        if self._book:
            with suppress(RetryableError):
                self._book.note(quota, at_once=at_once)


def _later(*readings: Reading | None) -> Reading | None:
    """Choose the later one; within a second, which is all the book knows, the higher."""
    known = [reading for reading in readings if reading]
    return max(known, default=None, key=_rank)


def _rank(reading: Reading) -> tuple[int, int]:
    return int(reading.at.timestamp()), reading.quota.used
