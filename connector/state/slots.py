"""The shared timetable behind the pacer, in the state. Implements `Slots`."""

from dataclasses import dataclass

from connector.clock import Clock
from connector.state.store import Store

LOOKS = 4
"""Times an interval that somebody who is not urgent looks whether it is their turn."""

SAME_MOMENT = 0.001
"""Seconds too short to be worth another look."""


@dataclass(slots=True)
class Pace:
    """One system, in epoch seconds: when the next request may leave, until when
    nobody may ask, and until when somebody urgent is waiting."""

    next_at: float = 0.0
    blocked_until: float = 0.0
    wanted_until: float = 0.0


class StoreSlots:
    """One row a system. All processes share the machine's wall clock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep the timetable in ``store``."""
        self._store = store
        self._clock = clock

    def take(self, system: str, interval: float, *, urgent: bool) -> float:
        """Take the turn that is free now; else seconds until a look is worth it."""
        now = self._clock.now().timestamp()
        with self._store.writing() as tx:
            pace = Pace(*tx.pace(system))
            wait = _wait(pace, now, interval, urgent=urgent)
            if not wait:
                pace.next_at, pace.wanted_until = now + interval, 0.0
            elif urgent:
                pace.wanted_until = now + wait + interval
            tx.set_pace(system, pace.next_at, pace.blocked_until, pace.wanted_until)
        return wait

    def block(self, system: str, seconds: float) -> None:
        """Nobody asks this system for ``seconds``."""
        until = self._clock.now().timestamp() + seconds
        with self._store.writing() as tx:
            pace = Pace(*tx.pace(system))
            later = max(pace.blocked_until, until)
            tx.set_pace(system, pace.next_at, later, pace.wanted_until)

    def blocked(self, system: str) -> float:
        """Seconds that nobody asks this system for yet; 0: it may be asked."""
        sql = "select blocked_until until from pace where system = ?"
        found = self._store.read(sql, (system,))
        left = found[0]["until"] - self._clock.now().timestamp() if found else 0.0
        return left if left > SAME_MOMENT else 0.0


def _wait(pace: Pace, now: float, interval: float, *, urgent: bool) -> float:
    """Seconds until this caller may try; 0: now."""
    free = max(pace.next_at, pace.blocked_until)
    # A turn further away than an interval was noted before the clock was set back.
    if pace.next_at > now + interval:
        free = pace.blocked_until
    if free - now > SAME_MOMENT:
        return free - now
    if not urgent and pace.wanted_until > now:
        return interval / LOOKS
    return 0.0
