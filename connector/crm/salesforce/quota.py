"""The org's daily API calls, as every answer tells them.

``Sforce-Limit-Info: api-usage=25/5000`` (REST API Developer Guide, "Limit Info
Header") comes with each answer, refusals included.
"""

import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from connector.clock import Clock
from connector.errors import QuotaReachedError
from connector.model import Quota

_USAGE = re.compile(r"(?:^|[;,\s])api-usage=(\d+)/(\d+)")
_LOOK_AGAIN = timedelta(minutes=5)


class QuotaMeter:
    """Remembers the last reading, and keeps writes out of the reserve."""

    def __init__(self, clock: Clock, reserve_percent: float) -> None:
        """``reserve_percent`` of the daily calls are not for us."""
        self._clock = clock
        self._reserve = reserve_percent
        self._lock = threading.Lock()
        self._read: tuple[Quota, datetime] | None = None

    @property
    def last(self) -> Quota | None:
        """The last reading, if there was one."""
        with self._lock:
            return self._read[0] if self._read else None

    def hear(self, headers: Mapping[str, str]) -> None:
        """Take the reading from an answer's headers."""
        found = _USAGE.search(headers.get("Sforce-Limit-Info", ""))
        if found:
            self.note(Quota(used=int(found[1]), limit=int(found[2])))

    def note(self, quota: Quota) -> None:
        """Keep a reading, with the time of it."""
        with self._lock:
            self._read = (quota, self._clock.now())

    def guard(self, ask: Callable[[], object]) -> None:
        """Raise QuotaReachedError where the next call would touch the reserve.

        A reading that says so for five minutes is doubted: ``ask`` the CRM first.
        """
        if self._reached() and self._is_old():
            ask()
        quota = self._reached()
        if quota:
            raise QuotaReachedError(
                f"{quota.used} of {quota.limit} daily API calls are used, and "
                f"{self._reserve:g}% are kept in reserve",
                retry_after=_LOOK_AGAIN.total_seconds(),
            )

    def _reached(self) -> Quota | None:
        quota = self.last
        return quota if quota and quota.percent >= 100 - self._reserve else None

    def _is_old(self) -> bool:
        with self._lock:
            read = self._read
        return read is not None and self._clock.now() - read[1] >= _LOOK_AGAIN
