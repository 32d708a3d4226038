"""The shared timetable behind the pacer, in the state. Implements `Slots`."""

from collections.abc import Iterator
from contextlib import contextmanager

from connector.clock import Clock
from connector.state.store import Store

FARTHEST = 50
"""Intervals ahead that a slot can be reserved; farther means the clock was set."""


class StoreSlots:
    """One row a system says when the next request may leave."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep the timetable in ``store``; all processes share its wall clock."""
        self._store = store
        self._clock = clock

    def reserve(self, system: str, interval: float, *, urgent: bool) -> float | None:
        """Reserve the next slot; seconds until it, or None (see the port)."""
        with self._slot(system) as slot:
            now = self._clock.now().timestamp()
            if slot["next_at"] > now + FARTHEST * interval:
                slot["next_at"] = now
            start = max(now, slot["next_at"], slot["blocked_until"])
            if start > now and not urgent:
                return None
            slot["next_at"] = start + interval
            return start - now

    def sent(self, system: str, interval: float) -> None:
        """A request leaves now: no other one within ``interval`` seconds."""
        with self._slot(system) as slot:
            now = self._clock.now().timestamp()
            slot["next_at"] = max(slot["next_at"], now + interval)

    def block(self, system: str, seconds: float) -> None:
        """Nobody asks this system for ``seconds``."""
        with self._slot(system) as slot:
            until = self._clock.now().timestamp() + seconds
            slot["blocked_until"] = max(slot["blocked_until"], until)

    @contextmanager
    def _slot(self, system: str) -> Iterator[dict[str, float]]:
        with self._store.writing() as tx:
            slot = tx.pace(system)
            yield slot
            tx.set_pace(system, slot["next_at"], slot["blocked_until"])
