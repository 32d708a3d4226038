"""A book of the quota that a test can look into."""

import threading
from datetime import datetime, timedelta

from connector.model import Quota, Reading
from connector.testing import ManualClock


class Book:
    """A book in memory; ``trouble`` is raised by whoever uses it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.readings: list[Reading] = []
        self.at_once: list[Quota] = []
        self.trouble: Exception | None = None
        self.looked = threading.Semaphore(0)
        self.turns: list[timedelta] = []
        self.paused: datetime | None = None

    def note(self, quota: Quota, *, at_once: bool = False) -> None:
        self._use()
        self.readings.append(Reading(quota=quota, at=self.clock.now()))
        if at_once:
            self.at_once.append(quota)

    def flush(self) -> None:
        self._use()

    def last(self) -> Reading | None:
        self._use()
        self.looked.release()
        return self.readings[-1] if self.readings else None

    def since(self, moment: datetime) -> list[Reading]:
        return [one for one in self.readings if one.at >= moment]

    def turn(self, every: timedelta) -> bool:
        self._use()
        self.turns.append(every)
        return True

    def pause(self, until: datetime | None) -> None:
        self._use()
        self.paused = until

    def paused_until(self) -> datetime | None:
        self._use()
        return self.paused

    def _use(self) -> None:
        if self.trouble:
            raise self.trouble
