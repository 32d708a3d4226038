"""Calls that come in while somebody looks on."""

import threading
from collections import deque
from random import Random
from typing import Self

from connector.clock import Clock, SystemClock
from connector.sandbox.callyzer.app import CallyzerSandbox
from connector.sandbox.callyzer.calls import late_change

REMEMBERED = 30
"""How many of the latest calls may still get a note or a recording."""
CHANGES_ONE_IN = 4


class Arrivals:
    """Adds a call about every ``every`` seconds, in a thread, until `stop`.

    Now and then an earlier one gets its late note or recording instead.
    """

    def __init__(
        self,
        sandbox: CallyzerSandbox,
        every: float,
        *,
        seed: int = 1,
        trouble: bool = False,
    ) -> None:
        """Begin."""
        self._sandbox, self._every, self._trouble = sandbox, every, trouble
        self._rng = Random(seed)  # noqa: S311 - repeatable, not secret
        self._latest: deque[str] = deque(maxlen=REMEMBERED)
        self._clock: Clock = SystemClock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No call comes in any more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._clock.wait(self._pause(), self._stopping):
            if self._latest and self._rng.randrange(CHANGES_ONE_IN) == 0:
                call_id = self._rng.choice(self._latest)
                self._sandbox.change(call_id, **late_change(self._rng))
            else:
                call = self._sandbox.arrive(self._rng, trouble=self._trouble)
                self._latest.append(call)

    def _pause(self) -> float:
        return self._every * self._rng.uniform(0.5, 1.5)
