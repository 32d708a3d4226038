"""What dialling needs: a dialer, and the table of dials in the state."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from connector.model import Call, Dial, DialState, Placed


class Dialer(Protocol):
    """Makes an agent's phone ring, once a call."""

    def ready(self) -> None:
        """Do what takes its time before a call can leave, and places nothing.

        Raises ConfigError where we are not let in, and RetryableError.
        """
        ...

    def dial(self, call: Call) -> Placed:
        """Have a call placed.

        Raises RefusedError in the vendor's words: nothing rings. RetryableError,
        UnauthorizedError or any other ConfigError: nothing was placed, and it may be
        tried again. OutcomeUnknownError: a phone may ring.
        """
        ...


class DialWriting(Protocol):
    """What a write transaction on the state can do with dials."""

    def dial(self, request_id: str) -> Dial | None:
        """Look a dial up by its request."""
        ...

    def put_dial(self, dial: Dial) -> None:
        """Write a dial down as it is now."""
        ...

    def dials_near(self, number: str, agent: str) -> list[Dial]:
        """Find those to this number or from this agent that rang or may ring.

        That is: dialling, placed or unknown. Only the latest of each matter, so at
        most a few are returned, the latest first. Empty: neither is looked for.
        """
        ...

    def adopt_dials(self, flow: str, prefix: str, flows: Collection[str]) -> int:
        """Give ``flow`` what none of ``flows`` has and needs work yet; how many.

        That is of records whose ids begin with ``prefix``.
        """
        ...

    def forget_dials(self, before: datetime) -> int:
        """Drop some that need no more work and were noted before then; how many."""
        ...


class DialBook(Protocol):
    """What can be read of the dials outside a transaction."""

    def dial(self, request_id: str) -> Dial | None:
        """Look a dial up by its request."""
        ...

    def latest_dial(self, record_id: str) -> Dial | None:
        """Find the latest request of a record."""
        ...

    def dials(
        self,
        flow: str | None = None,
        *,
        states: Sequence[DialState] = (),
        since: datetime | None = None,
        limit: int = -1,
    ) -> list[Dial]:
        """List dials, the latest first. ``states`` empty: all; ``limit`` -1: all."""
        ...

    def dials_left(self, flow: str, now: datetime) -> list[Dial]:
        """Find those without an end whose worker's time is over (`LONGEST_HOLD`)."""
        ...

    def dials_to_show(self, flow: str, now: datetime, limit: int) -> list[Dial]:
        """Find those that ended, that the CRM was not told of, and that are due
        (`LONGEST_WAIT`)."""
        ...
