"""The desk: has every request for a call worked on, in threads of its own.

Polls and nudges only look; what they find is handed out, so that one slow call keeps
nobody else's waiting.
"""

import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from connector.engine.asking import Asked
from connector.engine.dial import Clicks
from connector.engine.dial_poll import Poll, Work
from connector.engine.run import Runner
from connector.errors import (
    BusyError,
    ConfigError,
    ConnectorError,
    SchemaMismatchError,
)
from connector.log import get_logger
from connector.mapping.flow import DialFlow, Flow
from connector.model import Run
from connector.transport.retry import retrying
from connector.wiring import App

log = get_logger()

WORKERS: Final = 128
"""Requests at a time that nudges brought, and as many that polls found: apart, so that
no backlog keeps an agent waiting. Nearly all of it is waiting for the CRM and the dialer,
up to a minute or two where that asks for it; a thread is only made where none is idle."""
MOST_LOOKS: Final = 500
"""Records that wait to be looked at; more are turned away."""


@dataclass(slots=True, kw_only=True)
class DialDesk:
    """Works for the dial flows it was told of. Safe for many threads."""

    app: App
    _flows: dict[str, DialFlow] = field(default_factory=dict)
    _clicks: dict[str, Clicks] = field(default_factory=dict)
    _looks: dict[str, bool] = field(default_factory=dict)
    """Records about to be read; whether they are to be read once more after that."""
    _trouble: dict[str, ConfigError] = field(default_factory=dict)
    """Why a flow's requests can't be worked on, until its next poll tells it."""
    _unbuilt: dict[str, ConnectorError] = field(default_factory=dict)
    """Why what works on a flow's requests could not be built, since its last poll."""
    _closed: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _building: threading.Lock = field(default_factory=threading.Lock)
    _work: set[Future[None]] = field(default_factory=set)
    _polled: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(WORKERS, thread_name_prefix="dial")
    )
    _nudged: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(WORKERS, thread_name_prefix="nudge")
    )

    def work_for(self, flows: Iterable[Flow]) -> None:
        """Work for these flows from now on; what is under way goes on."""
        with self._lock:
            self._flows = {f.name: f for f in flows if isinstance(f, DialFlow)}
            for name, clicks in list(self._clicks.items()):
                if self._flows.get(name) != clicks.plan.flow:
                    del self._clicks[name]

    # ── polls ──────────────────────────────────────────────────────────────

    def poll(self, flow: DialFlow, runner: Runner) -> Run:
        """Look for the requests of a flow; its run, once they are handed out.

        Raises BusyError while somebody else polls for it.
        """

        def look(run: Run) -> None:
            if missing := self.app.missing(flow):
                raise ConfigError(missing)
            try:
                clicks = self._clicks_of(flow, anew=True)
                self._adopt(clicks)
                hand_out = partial(self._hand_out, self._polled, flow.name)
                Poll(clicks=clicks, hand_out=hand_out).carry(run)
                self._tell_trouble(flow.name)
            except SchemaMismatchError:
                self._doubt(flow.name)
                raise

        return runner.poll(flow.name, look)

    def _adopt(self, clicks: Clicks) -> None:
        """Go on with what flows left that are no more, as one that was renamed."""
        with self._lock:
            there = [*(self._flows or {f.name: f for f in self.app.flows().dials})]
        flow, prefix = clicks.plan.flow.name, clicks.plan.target.prefix
        with self.app.store.writing() as tx:
            if count := tx.adopt_dials(flow, prefix, {flow, *there}):
                log.warning("dials_adopted", flow=flow, count=count)

    def _tell_trouble(self, name: str) -> None:
        with self._lock:
            trouble = self._trouble.pop(name, None)
        if trouble is not None:
            raise trouble

    def _note_trouble(self, name: str, error: ConnectorError) -> None:
        """Keep what only a person can mend for the flow's next poll to tell."""
        if isinstance(error, ConfigError):
            with self._lock:
                self._trouble[name] = error

    def _doubt(self, name: str) -> None:
        """Ask the CRM afresh what it has, before the flow is worked for again."""
        with self._lock:
            self._clicks.pop(name, None)

    def _clicks_of(self, flow: DialFlow, *, anew: bool = False) -> Clicks:
        """Give what works on the requests of a flow; the CRM is asked the first time.

        Where that failed it is asked again ``anew`` only, as by the next poll.
        """
        if found := self._built(flow):
            return found
        with self._building:
            if found := self._built(flow):
                return found
            if not anew and (error := self._unbuilt.get(flow.name)):
                raise error
            return self._build(flow)

    def _built(self, flow: DialFlow) -> Clicks | None:
        with self._lock:
            found = self._clicks.get(flow.name)
        return found if found and found.plan.flow == flow else None

    def _build(self, flow: DialFlow) -> Clicks:
        try:
            built = self.app.clicks(flow, partial(self._note_trouble, flow.name))
        except ConnectorError as error:
            self._unbuilt[flow.name] = error
            raise
        self._unbuilt.pop(flow.name, None)
        with self._lock:
            self._clicks[flow.name] = built
        return built

    # ── nudges ─────────────────────────────────────────────────────────────

    def nudge(self, record_id: str) -> bool:
        """Have a record (18 characters) read now, in the background.

        False: no flow reads such records. BusyError where too many wait, or none is
        read any more.
        """
        if self.app.stop.is_set():
            raise BusyError("the service is stopping")
        with self._lock:
            flows = [*self._flows.values()]
            if not any(self._may_read(flow, record_id) for flow in flows):
                return False
            if record_id in self._looks:
                self._looks[record_id] = True
                return True
            if len(self._looks) >= MOST_LOOKS:
                raise BusyError(f"{MOST_LOOKS} records wait to be looked at")
            self._looks[record_id] = False
            self._hand_out(self._nudged, "", partial(self._look, record_id))
        return True

    def _may_read(self, flow: DialFlow, record_id: str) -> bool:
        """Whether a flow reads records with such an id, as far as is known."""
        clicks = self._clicks.get(flow.name)
        return clicks is None or record_id.startswith(clicks.plan.target.prefix)

    def _look(self, record_id: str) -> None:
        """Read a record for every flow, and work on what it asks for."""
        with self._lock:
            flows = [*self._flows.values()]
        found: list[tuple[Clicks, Asked]] = []
        try:
            # What the CRM says to an id that anybody may send is no trouble of a flow.
            for flow in flows:
                _done(flow.name, partial(self._read, flow, record_id, found))
        finally:
            with self._lock:
                if self._looks.pop(record_id, False):
                    with suppress(BusyError):  # then its next poll finds it
                        self.nudge(record_id)
        for clicks, asked in found:
            self._carried(clicks.plan.flow.name, partial(clicks.handle, asked))

    def _read(
        self, flow: DialFlow, record_id: str, found: list[tuple[Clicks, Asked]]
    ) -> None:
        clicks = self._clicks_of(flow)
        if not record_id.startswith(clicks.plan.target.prefix):
            return
        if asked := retrying(partial(clicks.asks, record_id), stop=self.app.stop):
            found.append((clicks, asked))

    # ── threads ────────────────────────────────────────────────────────────

    def _hand_out(self, pool: ThreadPoolExecutor, name: str, work: Work) -> None:
        """Have something done by a thread, for the flow called ``name``."""
        with self._lock:
            if self._closed or self.app.stop.is_set():
                return
            future = pool.submit(self._carried, name, work)
            self._work.add(future)
        future.add_done_callback(self._forget)

    def _forget(self, future: Future[None]) -> None:
        with self._lock:
            self._work.discard(future)

    def _carried(self, name: str, work: Work) -> None:
        if error := _done(name, work):
            self._note_trouble(name, error)

    def wait(self) -> None:
        """Return when all that was handed out is done.

        Raises the ConfigError that kept requests from being worked on, if any did.
        """
        while work := self._under_way():
            for future in work:
                future.exception()
        with self._lock:
            trouble = next(iter(self._trouble.values()), None)
        if trouble is not None:
            raise trouble

    def _under_way(self) -> list[Future[None]]:
        with self._lock:
            return [*self._work]

    def close(self) -> None:
        """Wait for the calls in hand, and take no more."""
        with self._lock:
            self._closed = True
        for pool in (self._polled, self._nudged):
            pool.shutdown(wait=True, cancel_futures=True)


def _done(name: str, work: Work) -> ConnectorError | None:
    """Do something for the flow called ``name``; what went wrong, which is logged."""
    try:
        work()
    except ConfigError as error:
        log.error("dial_failed", flow=name, message=error.message)  # noqa: TRY400  our own words are enough
        return error
    except ConnectorError as error:
        log.warning("dial_failed", flow=name, message=error.message)
        return error
    except Exception:  # a bug in one click must not stop the others
        log.exception("dial_crashed", flow=name)
    return None
