"""How often something may be asked: a token bucket."""

from dataclasses import dataclass, field
from datetime import datetime

from connector.clock import Clock


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Lets ``rate`` a second through, and up to ``burst`` at once after a rest.

    For one thread.
    """

    clock: Clock
    rate: float
    burst: int
    _left: float = field(init=False)
    _at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Begin full."""
        self._left, self._at = self.burst, self.clock.now()

    def take(self) -> float:
        """Take one: 0, or in how many seconds there will be one.

        A clock that was set back gives nothing for that time, and counts on from there.
        """
        now = self.clock.now()
        passed = max(0.0, (now - self._at).total_seconds())
        self._at = now
        self._left = min(self.burst, self._left + passed * self.rate)
        if self._left < 1:
            return (1 - self._left) / self.rate
        self._left -= 1
        return 0
