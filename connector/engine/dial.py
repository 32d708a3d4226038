"""One click: take the request, claim it, dial once, show what became of it.

What is on disk before each act is what a crash leaves:

=========  ==================  ====================================================
on disk    the act it allows   found by somebody else, its worker's time over
=========  ==================  ====================================================
requested  claim it            claimed anew: the CRM lets only one have it
claimed    begin dialling      unknown: a backup may have been restored
dialling   dial, once          unknown: it may have been sent
an end     show it             shown
=========  ==================  ====================================================
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from connector.clock import Clock
from connector.engine.asking import Asked, asking, asks
from connector.engine.at_work import AtWork
from connector.engine.claiming import (
    Claimed,
    NotClaimable,
    Taken,
    Verdict,
    look,
    told,
)
from connector.engine.dial_rows import DialRows, TakenOverError, lost
from connector.engine.guarding import AHEAD
from connector.engine.placing import (
    WAITS,
    WITHDRAWN,
    Placing,
    between,
    called,
    withdrawn,
)
from connector.engine.showing import Showing, again, overwritten
from connector.engine.strays import stray, turn_away
from connector.engine.taking import Taking
from connector.errors import ConnectorError, RetryableError
from connector.log import get_logger
from connector.mapping.compile_dial import DialPlan
from connector.model import ENDS, Dial, DialState
from connector.ports import Crm, Dialer, State

log = get_logger()

SHOWS: Final = 3
"""Attempts to show an end at once, before it is left to the next poll."""
ANSWERS: Final = timedelta(minutes=5)
"""How long after its time another installation may still answer for what it claimed."""


@dataclass(slots=True, kw_only=True)
class Clicks:
    """Works on the requests of one flow. Safe for many threads.

    ``name``: what our claims are told by, beside a word that is new each time.
    ``trouble`` is told why the dialer placed nothing.
    """

    plan: DialPlan
    state: State
    crm: Crm
    dialer: Dialer
    clock: Clock
    stop: threading.Event
    name: str
    trouble: Callable[[ConnectorError], None] = lambda _: None
    worker: str = field(init=False)
    rows: DialRows = field(init=False)
    _at_work: AtWork = field(default_factory=AtWork)

    def __post_init__(self) -> None:
        """Take a name that nobody has."""
        self.worker = f"{self.name}:{uuid4().hex}"
        self.rows = DialRows(
            flow=self.plan.flow,
            state=self.state,
            clock=self.clock,
            now=self.now,
            worker=self.worker,
        )

    def now(self) -> datetime:
        """The CRM's time; ours only where it tells none, which is warned of."""
        if told := self.crm.now():
            return told
        log.warning("crm_tells_no_time", flow=self.plan.flow.name)
        return self.clock.now()

    # ── looking ────────────────────────────────────────────────────────────

    def asking(self) -> Iterator[Asked]:
        """Yield the records that ask for a call. Raises what `Crm.select` does."""
        return asking(self.plan, self.crm, self.clock.now())

    def asks(self, record_id: str) -> Asked | None:
        """Read one record; None where it asks for nothing."""
        return asks(self.plan, self.crm, record_id, self.clock.now())

    def is_settled(self, asked: Asked) -> bool:
        """Whether nothing is to be done for a record now, though it asks."""
        known = self.state.dial(asked.request_id)
        if known is None or stray(asked, known):
            return False
        if known.state is DialState.ELSEWHERE:
            return self._may_be_dialled(asked.requested_at)
        return known.state in ENDS and not overwritten(
            self.plan, known, asked, self.clock.now()
        )

    # ── one request ────────────────────────────────────────────────────────

    def handle(self, asked: Asked) -> None:
        """Bring one request to its end and show it, or as far as it gets now.

        Nothing is done where somebody is at it. Raises ConfigError where no request
        can be claimed, and what `State` does.
        """
        with self._at_work.at(asked.request_id or asked.record_id) as free:
            if not free:
                return
            known = self.state.dial(asked.request_id)
            if reason := stray(asked, known):
                self._turn_away(asked, reason)
            elif known and known.state in ENDS:
                self._show_again(known, asked)
            elif known and known.state is DialState.ELSEWHERE:
                self._answer_for(known, asked)
            elif known and known.state is not DialState.REQUESTED:
                self._settle(known)
            elif dial := self.rows.take(asked):
                self._carry(dial, asked)

    def _carry(self, dial: Dial, asked: Asked) -> None:
        try:
            ended = self._ended(dial, asked)
        except TakenOverError:
            return
        except RetryableError as error:
            self.rows.leave(asked.request_id)
            log.warning("dial_waits", flow=dial.flow, message=error.message)
        except BaseException:
            self.rows.leave(asked.request_id)
            raise
        else:
            self.show(ended)

    def _ended(self, dial: Dial, asked: Asked) -> Dial:
        """Claim a request and dial; its end. RetryableError: it is not claimed yet."""
        before = dial.worker
        if self.plan.flow.claim is None:  # then the CRM tells its time once more
            asked = self.asks(asked.record_id) or withdrawn(dial)
        call, _ = called(self.plan, asked)
        dial = between(dial, call)
        match self._taken(dial, asked):
            case Claimed(crm_id=crm_id):
                dial = replace(dial, state=DialState.CLAIMED, claim_id=crm_id)
                return self._placed(self.rows.put(dial), asked)
            case NotClaimable(state=state, message=message):
                return self.rows.end(dial, state, message)
            case Taken() as taken:
                dial = replace(dial, claim_id=taken.crm_id)
                if taken.ours or (before and taken.by == before):
                    dial = told(dial, taken, lost())
                    return self.rows.end(dial, dial.state, dial.message)
                self.rows.put(replace(dial, state=DialState.ELSEWHERE))
                raise TakenOverError

    def _taken(self, dial: Dial, asked: Asked) -> Verdict:
        taking = Taking(
            plan=self.plan,
            rows=self.rows,
            crm=self.crm,
            clock=self.clock,
            stop=self.stop,
        )
        return taking.taken(dial, asked)

    def _placed(self, dial: Dial, asked: Asked) -> Dial:
        placing = Placing(
            plan=self.plan,
            rows=self.rows,
            crm=self.crm,
            dialer=self.dialer,
            clock=self.clock,
            stop=self.stop,
            trouble=self.trouble,
        )
        return placing.placed(dial, asked)

    # ── requests that are not dialled ──────────────────────────────────────

    def _turn_away(self, asked: Asked, reason: str) -> None:
        """Say on a record why it is not dialled, without an entry of its own."""
        there = self.asks(asked.record_id)
        if there is not None and there.request_id == asked.request_id:
            turn_away(self._showing, there, reason)

    def _answer_for(self, dial: Dial, asked: Asked) -> None:
        """Show what became of another installation's request, if it does not itself."""
        if self._may_be_dialled(asked.requested_at):
            return
        found = look(self.plan, self.crm, dial.request_id)
        ended = replace(told(dial, found, lost()), claim_id="")
        self.rows.adopt(ended)
        self.show(ended)

    def _may_be_dialled(self, pressed: datetime | None) -> bool:
        """Whether another installation may still be at what it claimed."""
        late = self.plan.flow.expires + ANSWERS
        return pressed is not None and -AHEAD <= self.now() - pressed <= late

    # ── what somebody left ─────────────────────────────────────────────────

    def settle(self, dial: Dial) -> None:
        """End what somebody left who had claimed it, unless somebody is at it."""
        with self._at_work.at(dial.request_id) as free:
            if free:
                self._settle(dial)

    def _settle(self, dial: Dial) -> None:
        if self.rows.is_left(dial):
            ended = told(dial, look(self.plan, self.crm, dial.request_id), lost())
            if self.rows.settle(dial, ended):
                self.show(ended)

    def withdraw(self, dial: Dial) -> None:
        """End a request that nobody makes any more, unless somebody is at it."""
        with self._at_work.at(dial.request_id) as free:
            if free:
                self._withdraw(dial)

    def _withdraw(self, dial: Dial) -> None:
        there = self.asks(dial.record_id)
        if there is not None and there.request_id == dial.request_id:
            return
        found = look(self.plan, self.crm, dial.request_id)
        if found is None:
            ended = replace(dial, state=DialState.BLOCKED, message=WITHDRAWN)
        elif found.by != dial.worker and self._may_be_dialled(dial.requested_at):
            return
        else:
            ended = told(replace(dial, claim_id=found.crm_id), found, lost())
        if self.rows.settle(dial, ended):
            self.show(ended)

    # ── showing ────────────────────────────────────────────────────────────

    @property
    def _showing(self) -> Showing:
        return Showing(plan=self.plan, crm=self.crm)

    def show(self, dial: Dial) -> None:
        """Show an end in the CRM; what fails is tried again by a later poll.

        The record is read first: it may ask for another call by now.
        """
        for seconds in WAITS[: SHOWS - 1]:
            dial = self._showing.show(dial)
            if dial.shown or self.clock.wait(seconds, self.stop):
                break
        else:
            dial = self._showing.show(dial)
        if not dial.shown:
            dial = again(dial, self.clock.now())
            log.warning("dial_not_shown", flow=dial.flow, message=dial.trouble)
        self.rows.told(dial)

    def show_left(self, dial: Dial) -> None:
        """Show an end that a poll found, unless somebody is at it."""
        with self._at_work.at(dial.request_id) as free:
            if free:
                self.show(dial)

    def _show_again(self, dial: Dial, asked: Asked) -> None:
        """Show an end once more, as its record still asks for the call, or again."""
        if not overwritten(self.plan, dial, asked, self.clock.now()):
            return
        # It may have been shown since the record was read.
        there = self.asks(dial.record_id)
        if there is None or there.request_id != dial.request_id:
            return
        log.warning("dial_overwritten", flow=dial.flow, record=dial.record_id)
        shown = self._showing.show(
            replace(dial, recorded=False, shown=False), there.fields
        )
        self.rows.told(again(shown, self.clock.now()))
