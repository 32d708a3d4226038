"""Claims a request, however often that must be tried while it is fresh."""

import threading
from dataclasses import dataclass
from typing import Final

from connector.clock import Clock
from connector.engine.asking import Asked
from connector.engine.claiming import NotClaimable, Verdict, claim, look
from connector.engine.dial_rows import TO_CLAIM, DialRows, sentence
from connector.engine.guarding import too_old
from connector.engine.placing import WAITS
from connector.errors import ConfigError, RetryableError
from connector.mapping.compile_dial import DialPlan
from connector.model import Dial, DialState
from connector.ports import Crm

ATTEMPTS: Final = 4
"""To claim, before it is left to the next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Claims for one plan."""

    plan: DialPlan
    rows: DialRows
    crm: Crm
    clock: Clock
    stop: threading.Event

    def taken(self, dial: Dial, asked: Asked) -> Verdict:
        """Claim a request of ours. Raises what `claim` does, and TakenOverError.

        One that nobody has claimed, and that is too old for anybody to dial, has its
        end though the CRM takes no claim of it.
        """
        try:
            return self._claimed(dial)
        except (RetryableError, ConfigError) as error:
            old = too_old(self.plan.flow, asked.requested_at, self.rows.now())
            if not old or look(self.plan, self.crm, dial.request_id):
                raise
            words = f"{sentence(error.message)} {old}"
            return NotClaimable(message=words, state=DialState.EXPIRED)

    def _claimed(self, dial: Dial) -> Verdict:
        for seconds in WAITS[: ATTEMPTS - 1]:
            try:
                return claim(self.plan, self.crm, dial, self.rows.worker)
            except RetryableError as error:
                wait = error.retry_after or seconds
                if wait > max(WAITS) or self.clock.wait(wait, self.stop):
                    raise
            dial = self.rows.put(dial, TO_CLAIM)
        return claim(self.plan, self.crm, dial, self.rows.worker)
