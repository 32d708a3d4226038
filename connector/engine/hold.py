"""Holding a lease while working: it is checked before a send and at every commit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.clock import Clock
from connector.model import Lease
from connector.ports import State, Writing

LEASE = 45.0
"""Seconds a lease lasts unless prolonged. Longer than any write may take (30 s),
short enough that a killed process is replaced within a minute."""

FRESH = timedelta(seconds=5)
"""How old our knowledge that we hold the lease may be when we send."""


@dataclass(slots=True, kw_only=True)
class Hold:
    """One run's lease."""

    state: State
    clock: Clock
    lease: Lease
    _since: datetime | None = None

    def inside(self, tx: Writing) -> None:
        """Make sure in a transaction that the lease is ours; or LeaseLostError."""
        tx.hold(self.lease, LEASE)
        self._since = self.clock.now()

    def beat(self) -> None:
        """Make sure that a write sent now ends before the lease does."""
        if self._since is None or self.clock.now() - self._since >= FRESH:
            with self.state.writing() as tx:
                self.inside(tx)
