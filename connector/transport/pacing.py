"""Keeps a system's rate limit across threads and processes. Implements `Pacer`."""

import threading
from dataclasses import dataclass

from connector.clock import Clock
from connector.errors import BusyError
from connector.ports import Slots

MARGIN = 0.025
"""Seconds added to the interval: the way there is not equally long every time."""
SHORTEST_LOOK = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPacer:
    """Lets one request to ``system`` out every ``interval`` seconds (0: no limit).

    All that share ``slots`` share the limit; ``urgent`` ones go before the rest.
    """

    slots: Slots
    system: str
    interval: float
    urgent: bool
    clock: Clock
    stop: threading.Event

    def wait(self) -> None:
        """Return when it is this caller's turn; BusyError once ``stop`` is set."""
        if not self.interval:
            return
        apart = self.interval + MARGIN
        while (seconds := self._reserved(apart)) is None:
            self._pause(max(self.interval / 4, SHORTEST_LOOK))
        self._pause(seconds)
        self.slots.sent(self.system, apart)

    def block(self, seconds: float) -> None:
        """The system asked everybody to wait this long."""
        if self.interval:
            self.slots.block(self.system, seconds)

    def _reserved(self, apart: float) -> float | None:
        return self.slots.reserve(self.system, apart, urgent=self.urgent)

    def _pause(self, seconds: float) -> None:
        if self.clock.wait(seconds, self.stop):
            raise BusyError("stopping")
