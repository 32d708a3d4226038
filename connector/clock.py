"""Time, passed in. The only place that asks the machine what time it is."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the rest of the project may ask about time."""

    def now(self) -> datetime:
        """The time now, UTC."""
        ...

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait ``seconds``, or less when ``stop`` is set; True if it was set."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time now, UTC."""
        return datetime.fromtimestamp(time.time(), UTC)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait ``seconds``, or less when ``stop`` is set; True if it was set."""
        return stop.wait(max(0.0, seconds))
