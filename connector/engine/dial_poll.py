"""A poll: read who asks for a call, hand that out, and see to what others left."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import nlargest
from itertools import filterfalse, islice
from typing import Final

from connector.engine.asking import Asked
from connector.engine.dial import Clicks
from connector.model import DialState, Run
from connector.transport.retry import retrying

MOST: Final = 500
"""Requests that a poll hands out; there are more only where nobody looked for long."""
MOST_READ: Final = 10_000
"""Requests among which the latest are looked for."""
PAGE: Final = 200
"""Ends that a poll has shown."""
KEPT: Final = timedelta(days=90)
"""How long a dial is kept that has ended and was shown."""

Work = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Looks for the requests of one flow. ``hand_out`` has work done by a thread.

    ``most``: requests that are handed out at a time.
    """

    clicks: Clicks
    hand_out: Callable[[Work], None]
    most: int = MOST

    def carry(self, run: Run) -> None:
        """Read, and hand out; does not wait for what was handed out.

        Raises what `Crm.select` does.
        """
        clicks = self.clicks
        clicks.crm.check_quota()
        found = retrying(self._found, stop=clicks.stop)
        run.counts.read = len(found)
        for asked in found:
            self.hand_out(partial(clicks.handle, asked))
        self._sweep()
        self._forget()

    def _found(self) -> list[Asked]:
        """Read who asks for a call, the latest first: they may be in time yet.

        Those for whom nothing is to be done now are left out: they may be many, where
        a file has no answer for them.
        """
        clicks = self.clicks
        every = islice(filterfalse(clicks.is_settled, clicks.asking()), MOST_READ)
        return nlargest(self.most, every, key=_pressed)

    def _sweep(self) -> None:
        """End what was left, and show what was not."""
        clicks, flow = self.clicks, self.clicks.plan.flow.name
        now = clicks.clock.now()
        for dial in clicks.state.dials_left(flow, now):
            if dial.state is not DialState.REQUESTED:
                self.hand_out(partial(clicks.settle, dial))
            else:
                self.hand_out(partial(clicks.withdraw, dial))
        for dial in clicks.state.dials_to_show(flow, now, PAGE):
            self.hand_out(partial(clicks.show_left, dial))

    def _forget(self) -> None:
        before = self.clicks.clock.now() - KEPT
        with self.clicks.state.writing() as tx:
            tx.forget_dials(before)


def _pressed(asked: Asked) -> datetime:
    return asked.requested_at or datetime.min.replace(tzinfo=UTC)
