"""Which flows rest, until when, and which wait for the directory."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.clock import Clock
from connector.model import Lane

RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long a paused flow rests before it looks again whether it was mended."""

Place = tuple[str, Lane]
"""A flow and one of its lanes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A flow that looks again later: when, and how often it was paused so far."""

    until: datetime
    failures: int


class Rests:
    """Safe for many threads: flows end in any of the clockwork's."""

    def __init__(self, clock: Clock) -> None:
        """Nobody rests yet."""
        self._clock = clock
        self._lock = threading.Lock()
        self._rests: dict[str, Rest] = {}
        self._awaiting: set[Place] = set()
        self._loaded_at: datetime | None = None

    def __contains__(self, name: str) -> bool:
        """Whether a flow rests, or did when it ran last."""
        with self._lock:
            return name in self._rests

    def until(self, name: str) -> datetime | None:
        """Until when a flow rests; None: it does not."""
        with self._lock:
            return self._until(name)

    def _until(self, name: str) -> datetime | None:
        rest = self._rests.get(name)
        return rest.until if rest and self._clock.now() < rest.until else None

    def pause(self, name: str) -> datetime | None:
        """Rest, longer each time; until when, or None where it rests already."""
        with self._lock:
            if self._until(name):
                return None
            before = self._rests.get(name)
            failures = before.failures + 1 if before else 1
            until = self._clock.now() + RESTS[min(failures, len(RESTS)) - 1]
            self._rests[name] = Rest(until=until, failures=failures)
            return until

    def wait(self, name: str, seconds: float) -> None:
        """Rest for as long as somebody asked for, an hour at most."""
        rest = min(timedelta(seconds=seconds), RESTS[-1])
        with self._lock:
            self._rests[name] = Rest(until=self._clock.now() + rest, failures=0)

    def end(self, name: str) -> None:
        """Rest no more, and forget how often it was paused."""
        with self._lock:
            self._rests.pop(name, None)

    # ── the directory ──────────────────────────────────────────────────────

    def await_directory(self, place: Place, since: datetime) -> bool:
        """Wait until it is loaded; False where it was loaded since ``since``."""
        with self._lock:
            if self._loaded_at and self._loaded_at >= since:
                return False
            self._awaiting.add(place)
            return True

    def loaded(self) -> set[Place]:
        """Note that the directory is loaded; who waited for that."""
        with self._lock:
            self._loaded_at = self._clock.now()
            awaiting, self._awaiting = self._awaiting, set()
            return awaiting
