"""Things that happen while somebody looks on."""

import threading
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Self

from connector.clock import Clock, SystemClock
from connector.sandbox.callyzer.app import CallyzerSandbox
from connector.sandbox.callyzer.calls import late_change

REMEMBERED = 30
"""How many of the latest calls may still get a note or a recording."""
CHANGES_ONE_IN = 4


class Arrivals:
    """Lets something happen about every ``every`` seconds, in a thread, until `stop`."""

    def __init__(
        self, happen: Callable[[Random], object], every: float, *, seed: int = 1
    ) -> None:
        """Begin."""
        self._happen, self._every = happen, every
        self._rng = Random(seed)  # noqa: S311 - repeatable, not secret
        self._clock: Clock = SystemClock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Nothing happens any more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._clock.wait(self._pause(), self._stopping):
            self._happen(self._rng)

    def _pause(self) -> float:
        return self._every * self._rng.uniform(0.5, 1.5)


class CallsWithNotes:
    """Lets a call come in; now and then an earlier one gets its late note instead."""

    def __init__(self, sandbox: CallyzerSandbox, *, trouble: bool = False) -> None:
        """``trouble``: some calls are made to be refused by the CRM."""
        self._sandbox, self._trouble = sandbox, trouble
        self._latest: deque[str] = deque(maxlen=REMEMBERED)

    def __call__(self, rng: Random) -> None:
        """Let one thing happen."""
        if self._latest and rng.randrange(CHANGES_ONE_IN) == 0:
            self._sandbox.change(rng.choice(self._latest), **late_change(rng))
        else:
            self._latest.append(self._sandbox.arrive(rng, trouble=self._trouble))
