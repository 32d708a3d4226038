"""A poll: read who asks for a call, hand that out, and see to what others left."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Final

from connector.engine.asking import Asked
from connector.engine.claiming import look
from connector.engine.dial import Clicks
from connector.engine.dial_rows import DIED
from connector.engine.placing import WITHDRAWN
from connector.model import Dial, DialState, Run
from connector.transport.retry import retrying

MOST: Final = 500
"""Requests that a poll hands out; there are more only where nobody looked for long."""
PAGE: Final = 200
"""Ends that a poll has shown."""
KEPT: Final = timedelta(days=90)
"""How long a dial is kept that has ended and was shown."""

Work = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Looks for the requests of one flow. ``hand_out`` has work done by a thread."""

    clicks: Clicks
    hand_out: Callable[[Work], None]

    def carry(self, run: Run) -> None:
        """Read, and hand out; does not wait for what was handed out.

        Raises what `Crm.select` does.
        """
        clicks = self.clicks
        clicks.crm.check_quota()
        found = retrying(lambda: list(islice(clicks.asking(), MOST + 1)))
        run.counts.read = len(found)
        for asked in found[:MOST]:
            self.hand_out(partial(clicks.handle, asked))
        ids = {asked.request_id for asked in found}
        self._sweep(None if len(found) > MOST else ids)
        self._forget()

    def _sweep(self, asking: Collection[str] | None) -> None:
        """End what was left, and show what was not; ``asking``: all requests now."""
        clicks, flow = self.clicks, self.clicks.plan.flow.name
        now = clicks.clock.now()
        for dial in clicks.state.dials_left(flow, now):
            if clicks.is_at(dial.request_id):
                continue
            if dial.state is not DialState.REQUESTED:
                clicks.rows.settle(dial)
            elif asking is not None and dial.request_id not in asking:
                self._withdraw(dial)
        for dial in clicks.state.dials_to_show(flow, now, PAGE):
            self.hand_out(partial(clicks.show_left, dial))

    def _withdraw(self, dial: Dial) -> None:
        """End a request that nobody makes any more; it may have been claimed."""
        asked = Asked(
            record_id=dial.record_id,
            request_id=dial.request_id,
            requested_at=dial.requested_at,
            fields={},
        )
        taken = look(self.clicks.plan, self.clicks.crm, dial.request_id)
        if self.clicks.rows.take(asked) is None:
            return
        state = DialState.UNKNOWN if taken else DialState.BLOCKED
        dial = replace(dial, claim_id=taken.crm_id if taken else "")
        self.clicks.rows.end(dial, state, DIED if taken else WITHDRAWN)

    def _forget(self) -> None:
        before = self.clicks.clock.now() - KEPT
        with self.clicks.state.writing() as tx:
            tx.forget_dials(before)
