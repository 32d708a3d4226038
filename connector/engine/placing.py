"""Dials a claimed request: once, and again only where surely nothing was placed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from connector.clock import Clock
from connector.engine.asking import Asked, asks
from connector.engine.dial_rows import TO_DIAL, DialRows, lost, sentence
from connector.engine.guarding import AGENT, NUMBER, forbidden, too_old
from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RecordError,
    RefusedError,
    RetryableError,
    UnavailableError,
)
from connector.log import get_logger
from connector.mapping.compile_dial import DialPlan
from connector.model import ENDS, Call, Dial, DialState
from connector.ports import Crm, Dialer

log = get_logger()

WAITS: Final = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between two attempts, where the other side names none."""

KEPT: Final = TO_DIAL.total_seconds() / 4
"""Seconds after which a request that waits is said to be ours still."""

AT_ONCE: Final = 0.1
"""Seconds to wait where nothing is wrong, but the record must be read again."""
HELD_UP = "the connector was held up"
STOPPED = "The connector was stopped before the call could be placed. Press Call again."
WITHDRAWN = "The request was withdrawn before it could be dialled."


@dataclass(slots=True, kw_only=True)
class Patience:
    """Seconds that may still be spent on waiting, and how often it was waited."""

    left: float
    waited: int = 0

    def wait_for(self, error: ConnectorError) -> float | None:
        """How long to wait before another attempt; None: it is not worth it."""
        asked = error.retry_after if isinstance(error, RetryableError) else None
        usual = min(WAITS[min(self.waited, len(WAITS) - 1)], self.left)
        seconds = asked or usual
        if not 0 < seconds <= self.left:
            return None
        self.left -= seconds
        self.waited += 1
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Dials for one plan. ``trouble`` is told why the dialer placed nothing."""

    plan: DialPlan
    rows: DialRows
    crm: Crm
    dialer: Dialer
    clock: Clock
    stop: threading.Event
    trouble: Callable[[ConnectorError], None]

    def placed(self, dial: Dial, asked: Asked) -> Dial:
        """Bring a claimed request to its end, and return it.

        ``asked``: its record; the CRM has told its time since. Raises TakenOverError.
        """
        patience = Patience(left=self.plan.flow.expires.total_seconds())
        trouble: ConnectorError | None = None
        while True:
            call, reason = called(self.plan, asked)
            if refusal := self._refusal(dial, asked, call, reason):
                state, words = refusal
                if trouble and state is DialState.EXPIRED:
                    words = _why_not(trouble)
                return self.rows.end(dial, state, words)
            dial = self.rows.begin(between(dial, call))
            if dial.state in ENDS:
                return dial
            dial, trouble = self._dialled(dial, call, asked)
            if trouble is None:
                return dial
            dial = self.rows.put(_not_placed(dial, trouble))
            again = self._read_again(dial, trouble, patience)
            if again is None:
                words = STOPPED if self.stop.is_set() else _why_not(trouble)
                return self.rows.end(dial, DialState.EXPIRED, words)
            asked = again

    def _refusal(
        self, dial: Dial, asked: Asked, call: Call, reason: str
    ) -> tuple[DialState, str] | None:
        """Say why it is not dialled, if it is not."""
        flow, now = self.plan.flow, self.rows.now()
        if asked.request_id != dial.request_id:
            return DialState.BLOCKED, WITHDRAWN
        if old := too_old(flow, _pressed(dial, asked), now):
            return DialState.EXPIRED, old
        if reason := reason or forbidden(self.plan, asked.fields, call, now):
            return DialState.BLOCKED, reason
        return None

    def _dialled(
        self, dial: Dial, call: Call, asked: Asked
    ) -> tuple[Dial, ConnectorError | None]:
        """Have it placed: its end; or why surely nothing was placed."""
        try:
            self.dialer.ready()
            if not asked.is_believed(self.clock.now()):
                return dial, UnavailableError(HELD_UP, retry_after=AT_ONCE)
            placed = self.dialer.dial(call)
        except RefusedError as error:
            return self.rows.end(dial, DialState.REFUSED, error.message), None
        except OutcomeUnknownError as error:
            words = lost(error.message)
            return self.rows.end(dial, DialState.UNKNOWN, words), None
        except (RetryableError, ConfigError) as error:
            log.warning("not_placed", flow=dial.flow, message=error.message)
            self.trouble(error)
            return dial, error
        except Exception as bug:
            words = lost(f"{type(bug).__name__}, see the connector's log")
            self.rows.end(dial, DialState.UNKNOWN, words)
            raise
        dial = replace(dial, call_id=placed.id, location=placed.location)
        return self.rows.end(dial, DialState.PLACED), None

    def _read_again(
        self, dial: Dial, trouble: ConnectorError, patience: Patience
    ) -> Asked | None:
        """Wait, and read the record again; None: it takes too long.

        The CRM must answer: its time says whether the request is still fresh.
        """
        while True:
            seconds = patience.wait_for(trouble)
            if seconds is None or self._waited(dial, seconds):
                return None
            try:
                found = asks(self.plan, self.crm, dial.record_id, self.clock.now())
            except ConnectorError as error:
                trouble = error
            else:
                return found or withdrawn(dial)

    def _waited(self, dial: Dial, seconds: float) -> bool:
        """Wait, and keep the request ours meanwhile; True where the service stops."""
        while seconds > 0:
            if self.clock.wait(min(seconds, KEPT), self.stop):
                return True
            self.rows.put(dial)
            seconds -= KEPT
        return False


def _not_placed(dial: Dial, trouble: ConnectorError) -> Dial:
    """Give a dial as it is when surely nothing was placed."""
    return replace(
        dial, state=DialState.CLAIMED, dialled_at=None, message=trouble.message
    )


def _why_not(trouble: ConnectorError) -> str:
    """Say to the agent why nothing could be placed, and what to do."""
    if isinstance(trouble, ConfigError):
        return f"{sentence(trouble.message)} Tell your administrator."
    return f"{sentence(trouble.message)} Press Call again."


def _pressed(dial: Dial, asked: Asked) -> datetime | None:
    """Say when it was asked for: nothing that edits the record makes it fresher."""
    if dial.requested_at is None or asked.requested_at is None:
        return asked.requested_at
    return min(dial.requested_at, asked.requested_at)


def called(plan: DialPlan, asked: Asked) -> tuple[Call, str]:
    """Say what a request has dialled; and why that can't be, empty: it can."""
    try:
        return plan.call(asked.fields), ""
    except RecordError as error:
        return {}, error.message


def between(dial: Dial, call: Call) -> Dial:
    """Name both ends of a dial, as its call has them."""
    number, agent = (call.get(name, "") for name in (NUMBER, AGENT))
    return replace(
        dial,
        number=number if isinstance(number, str) else "",
        agent=agent if isinstance(agent, str) else "",
    )


def withdrawn(dial: Dial) -> Asked:
    """Stand for the record of a request that nobody makes any more."""
    return Asked(record_id=dial.record_id, request_id="", requested_at=None, fields={})
