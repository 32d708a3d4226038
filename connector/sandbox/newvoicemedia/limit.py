"""The limit that all requests share.

Source: Vonage Contact Center, "Rate limiting": fair use, 429, no numbers, and the
limit "resets after a short period".
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Limit:
    """Counts requests in one period after the other; for use from any thread."""

    now: Callable[[], datetime]
    _began: datetime | None = None
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passed(self, most: int | None, seconds: float) -> bool:
        """Count one request; whether there were more than ``most`` in the period."""
        if most is None:
            return False
        now = self.now()
        with self._lock:
            if self._began is None or now - self._began >= timedelta(seconds=seconds):
                self._began, self._count = now, 0
            self._count += 1
            return self._count > most
