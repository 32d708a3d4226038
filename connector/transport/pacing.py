"""Keeps a system's rate limit across threads and processes. Implements `Pacer`."""

import threading
from dataclasses import dataclass

from connector.clock import Clock
from connector.errors import BusyError, RateLimitedError
from connector.ports import Slots

MARGIN = 0.025
"""Seconds added to the interval: the way there is not equally long every time."""

LONGEST = 60.0
"""Seconds that a run waits for its turn; asked to wait longer, it ends and says so."""


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
        """Return when it is this caller's turn.

        Raises BusyError once ``stop`` is set, and RateLimitedError where the system
        asked for more than a minute of silence.
        """
        while wait := self._take():
            if wait > LONGEST:
                raise RateLimitedError(
                    f"{self.system} asked us to wait {wait:.0f} s", retry_after=wait
                )
            if self.clock.wait(wait, self.stop):
                raise BusyError("stopping")

    def block(self, seconds: float) -> None:
        """The system asked everybody to wait this long."""
        self.slots.block(self.system, seconds)

    def _take(self) -> float:
        if not self.interval:  # no turn to write down: one look will do
            return self.slots.blocked(self.system)
        apart = self.interval + MARGIN
        return self.slots.take(self.system, apart, urgent=self.urgent)
