"""What all threads and processes share: the CRM's quota, and a vendor's pace."""

from datetime import datetime, timedelta
from typing import Protocol

from connector.model import Quota, Reading


class QuotaBook(Protocol):
    """The CRM's quota as all who share the state have heard it."""

    def note(self, quota: Quota, *, at_once: bool = False) -> None:
        """Write a reading of now down, soon; ``at_once``: the others must know."""
        ...

    def flush(self) -> None:
        """Write down what `note` put off."""
        ...

    def last(self) -> Reading | None:
        """The latest reading of anybody, of the last 25 hours."""
        ...

    def since(self, moment: datetime) -> list[Reading]:
        """The readings from ``moment`` on, at most one a minute, oldest first."""
        ...

    def turn(self, every: timedelta) -> bool:
        """Take the turn to ask for the limits; False where somebody lately did."""
        ...

    def pause(self, until: datetime | None) -> None:
        """Note until when nobody asks the CRM for anything; None: it is over."""
        ...

    def paused_until(self) -> datetime | None:
        """Give what `pause` noted last; it may be over."""
        ...


class Slots(Protocol):
    """The shared timetable behind the pacer: one row a system, in the state."""

    def take(self, system: str, interval: float, *, urgent: bool) -> float:
        """Take the turn that is free now, and keep the next ``interval`` free.

        Returns 0.0 when the request may leave now, else the seconds after which to
        try again. Who is not ``urgent`` lets those who are pass.
        """
        ...

    def block(self, system: str, seconds: float) -> None:
        """Nobody asks this system for ``seconds`` (it answered 429)."""
        ...

    def blocked(self, system: str) -> float:
        """Seconds of that which are left; 0.0: the system may be asked. Only reads."""
        ...


class Pacer(Protocol):
    """Waits until one more request may be sent to a system."""

    @property
    def interval(self) -> float:
        """Seconds between two requests; 0: no limit."""
        ...

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        ...

    def block(self, seconds: float) -> None:
        """The system asked everybody to wait this long."""
        ...
