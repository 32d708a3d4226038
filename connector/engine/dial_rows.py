"""What is on disk of a dial before each act, and who may change it.

Every change is committed through a power cut before what it allows is done. A request
is its worker's for a while; who finds it later takes it over, and the first worker
notices that at its next change, which is before its next act.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from connector.clock import Clock
from connector.engine.asking import Asked
from connector.engine.guarding import too_close
from connector.log import get_logger
from connector.mapping.flow import DialFlow
from connector.model import LONGEST_HOLD, Dial, DialState
from connector.ports import State
from connector.transport.retry import retrying

log = get_logger()

TO_CLAIM: Final = timedelta(seconds=40)
"""How long a request is its worker's while it is claimed; a write takes 30 s at most."""
TO_DIAL: Final = LONGEST_HOLD
"""How long it is while it is dialled; no dialer takes so long."""

DIED: Final = "the connector was ended while it was at it"


def lost(why: str = DIED) -> str:
    """Say to the agent that nobody knows what came of a call, and why."""
    known = f"It is not known whether the phone rang: {sentence(why)}"
    return f"{known} It is not dialled again by itself."


def sentence(words: str) -> str:
    """End words as a sentence, if they don't do so themselves."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


class TakenOverError(Exception):
    """Somebody else works on this request by now: leave it to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRows:
    """One flow's hand on the table of dials. ``now`` is the CRM's time.

    ``worker``: a name that nobody else has or had, whatever flow, process or start.
    """

    flow: DialFlow
    state: State
    clock: Clock
    now: Callable[[], datetime]
    worker: str

    def take(self, asked: Asked) -> Dial | None:
        """Make a request ours; as it was before, None where it is not to be had.

        Its ``worker`` is then who had it before; empty: nobody did.
        """
        with self.state.writing(durable=True) as tx:
            known = tx.dial(asked.request_id)
            if known is not None and not self._is_free(known):
                return None
            dial = known or Dial(
                request_id=asked.request_id,
                flow=self.flow.name,
                record_id=asked.record_id,
                requested_at=asked.requested_at,
            )
            tx.put_dial(self._ours(dial, TO_CLAIM))
        return dial

    def _is_free(self, known: Dial) -> bool:
        """Whether a request may be claimed by us: the CRM lets only one have it."""
        if known.state is not DialState.REQUESTED:
            return False
        return self.is_left(known) or known.worker == self.worker

    def is_left(self, dial: Dial) -> bool:
        """Whether its worker's time is over; one further away was noted by a clock
        that has since been set back."""
        now = self.clock.now()
        return dial.until is None or not now < dial.until <= now + TO_DIAL

    def _ours(self, dial: Dial, until: timedelta) -> Dial:
        return replace(dial, worker=self.worker, until=self.clock.now() + until)

    def put(self, dial: Dial, until: timedelta = TO_DIAL) -> Dial:
        """Write down how far it is; TakenOverError if it is not ours any more."""
        with self.state.writing(durable=True) as tx:
            self._check_ours(tx.dial(dial.request_id), dial)
            tx.put_dial(dial := self._ours(dial, until))
        return dial

    def _check_ours(self, kept: Dial | None, dial: Dial) -> None:
        ours = kept is not None and kept.worker == self.worker
        if not ours or (kept and kept.state is DialState.UNKNOWN):
            log.info("dial_taken_over", flow=dial.flow, record=dial.record_id)
            raise TakenOverError

    def begin(self, dial: Dial) -> Dial:
        """Write down that it is dialled now; blocked where another is too close."""
        now = self.now()
        with self.state.writing(durable=True) as tx:
            self._check_ours(tx.dial(dial.request_id), dial)
            near = tx.dials_near(dial.number, dial.agent)
            if not (reason := too_close(self.flow.guards, dial, near, now)):
                dial = replace(dial, state=DialState.DIALLING, dialled_at=now)
                tx.put_dial(dial := self._ours(dial, TO_DIAL))
        return self.end(dial, DialState.BLOCKED, reason) if reason else dial

    def end(self, dial: Dial, state: DialState, message: str = "") -> Dial:
        """Write an end down: the truth, even where others took it for unknown.

        TakenOverError where somebody else has it.
        """
        ended = retrying(partial(self._end, dial, state, message))
        log.info("dial_ended", flow=dial.flow, record=dial.record_id, state=state.value)
        return ended

    def _end(self, dial: Dial, state: DialState, message: str) -> Dial:
        with self.state.writing(durable=True) as tx:
            kept = tx.dial(dial.request_id)
            if kept is None or kept.worker != self.worker:
                raise TakenOverError
            dial = self._ours(dial, TO_DIAL)
            dial = replace(dial, state=state, message=message, answered_at=self.now())
            tx.put_dial(dial)
        return dial

    def leave(self, request_id: str) -> None:
        """Give a request up: whoever looks next claims it, or ends it if it was claimed."""
        with self.state.writing() as tx:
            kept = tx.dial(request_id)
            if kept and kept.worker == self.worker:
                tx.put_dial(replace(kept, until=None))

    def settle(self, left: Dial, ended: Dial) -> bool:
        """Write down the end of what somebody left; False if it is not left any more."""
        with self.state.writing(durable=True) as tx:
            kept = tx.dial(left.request_id)
            if kept is None or kept.state is not left.state or kept.until != left.until:
                return False
            tx.put_dial(replace(ended, until=None))
        told = {"state": ended.state.value, "message": ended.message}
        log.warning("dial_left", flow=left.flow, record=left.record_id, **told)
        return True

    def adopt(self, dial: Dial) -> None:
        """Write down the end of what another installation had claimed."""
        with self.state.writing(durable=True) as tx:
            tx.put_dial(self._ours(dial, TO_DIAL))
        log.warning("dial_adopted", flow=dial.flow, record=dial.record_id)

    def told(self, dial: Dial) -> None:
        """Write down what the CRM has of an end.

        Where the end is another by now, the CRM may have the old one: it is told anew.
        """
        with self.state.writing(durable=True) as tx:
            kept = tx.dial(dial.request_id)
            if kept and kept.state is not dial.state:
                dial = replace(kept, recorded=False, shown=False, show_at=None)
            tx.put_dial(replace(dial, until=None))
