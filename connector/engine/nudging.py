"""Fetches and pushes the records that something asked us to look at.

A record that the vendor does not answer for holds back no other: it goes to the end of
the queue, and after a day into quarantine, where a person sees it.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from connector.engine.push import BATCH, Push
from connector.errors import (
    ConnectorError,
    RecordError,
    RefusedError,
    UnavailableError,
)
from connector.log import get_logger
from connector.model import Nudge, Page, Reject
from connector.ports import Refetchable

BATCHES: Final = 25
"""Batches a run: the rest is for the next one, so that reading goes on."""
FAILURES: Final = 5
"""Records that failed alone, after which a run leaves the rest for the next one: each
was asked for several times, and it may be more than a matter of single records."""
GIVEN_UP: Final = timedelta(days=1)
"""How long a record is asked for that the vendor does not answer for."""
OF_A_RECORD: Final = (UnavailableError, RefusedError, RecordError)
"""What may be about one record of those that were asked for together."""

log = get_logger()


@dataclass(slots=True, kw_only=True)
class Nudged:
    """The nudges of one run of one flow."""

    push: Push
    source: Refetchable
    _fetched: list[Nudge] = field(default_factory=list)
    """Those of the batch at work that the vendor answered for."""
    _failed: dict[Nudge, ConnectorError] = field(default_factory=dict)

    def carry(self) -> None:
        """Bring the records into the CRM or into quarantine.

        Raises what `Push.carry` raises; what was not settled is asked for again.
        """
        after = 0
        for _ in range(BATCHES):
            nudges = self.push.state.nudges(self._flow, BATCH, after)
            if not nudges or self._ends:
                break
            after = nudges[-1].id
            self._batch(nudges)
        self._put_off()

    @property
    def _flow(self) -> str:
        return self.push.plan.flow

    @property
    def _stop(self) -> threading.Event:
        return self.push.stop

    @property
    def _ends(self) -> bool:
        return self._stop.is_set() or len(self._failed) >= FAILURES

    def _batch(self, nudges: Sequence[Nudge]) -> None:
        self._fetched = []
        self.push.carry(self._pages(nudges))
        if not self._stop.is_set():  # else some may have been left on the way
            with self.push.state.writing() as tx:
                tx.nudged(self._fetched)

    def _pages(self, nudges: Sequence[Nudge]) -> Iterator[Page]:
        """Fetch records, all at once; after a failure in halves, down to single ones."""
        groups = deque([nudges])
        while groups and not self._ends:
            group = groups.popleft()
            try:
                records = list(self.source.fetch([each.record_id for each in group]))
            except OF_A_RECORD as error:
                half = len(group) // 2
                if half:
                    groups.extendleft((group[half:], group[:half]))
                else:
                    self._failed[group[0]] = error
            else:
                self._fetched += group
                yield Page(records=records)

    # ── those that failed alone ────────────────────────────────────────────

    def _put_off(self) -> None:
        """Leave them for later runs, behind the others; or put them into quarantine."""
        if not self._failed or self._stop.is_set():
            return
        for nudge, error in self._failed.items():
            log.warning(
                "not_fetched",
                flow=self._flow,
                record_id=nudge.record_id,
                message=error.message,
            )
        now = self.push.clock.now()
        old = [nudge for nudge in self._failed if now - nudge.at >= GIVEN_UP]
        if old:
            self.push.carry(iter([Page(rejects=[*self._rejects(old)])]))
        with self.push.state.writing() as tx:
            tx.nudged(old)
            tx.put_off([nudge for nudge in self._failed if nudge not in old])

    def _rejects(self, nudges: Sequence[Nudge]) -> Iterator[Reject]:
        """Make entries of those that are not in quarantine with more than an id."""
        ids = [nudge.record_id for nudge in nudges]
        there = self.push.state.asides(self._flow, record_ids=ids)
        known = {entry.record_id for entry in there}
        for nudge in nudges:
            if nudge.record_id not in known:
                why = self._failed[nudge].message
                yield Reject(
                    id=nudge.record_id,
                    payload={"id": nudge.record_id},
                    code="UNREADABLE",
                    message=f"asked for by id for a day, it was not answered: {why}",
                )
