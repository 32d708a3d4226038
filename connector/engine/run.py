"""One run of a flow: lease, describe, compile, retry what is due, read on, note it.

A run never raises for trouble outside: it ends with an outcome that says what
to do next, and the cursor stands where everything before it is settled.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from connector.clock import Clock
from connector.engine.compiling import compiled
from connector.engine.directory import Described, Refresh
from connector.engine.hold import LEASE
from connector.engine.linking import Relinking
from connector.engine.listing import not_read_yet
from connector.engine.nudging import Nudged
from connector.engine.plan import Plan
from connector.engine.push import BATCH, Push
from connector.errors import (
    BusyError,
    ConfigError,
    ConnectorError,
    RetryableError,
    UnavailableError,
)
from connector.log import get_logger
from connector.mapping.flow import DirectoryFlow, PushFlow
from connector.model import Counts, CrmObject, Lane, Lease, Page, Record, Run
from connector.ports import (
    Crm,
    Readable,
    Refetchable,
    Rereadable,
    Scannable,
    Source,
    State,
)
from connector.transport.retry import retrying

log = get_logger()


class _NotLoadedError(UnavailableError):
    """The directory is not loaded yet."""


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs flows. ``owner`` names this process among those that share the state."""

    state: State
    crm: Crm
    clock: Clock
    owner: str
    stop: threading.Event
    progress: Callable[[Run], None] = lambda _: None
    _doubted: set[str] = field(default_factory=set)
    """Objects whose describe is asked afresh, as a run found it wrong."""
    _people: Described = field(default_factory=dict)
    """The directory's objects as the CRM described them last."""

    def run(
        self, flow: PushFlow, source: Source, lane: Lane, end: str | None = None
    ) -> Run:
        """Run ``flow`` once, live or as a re-read, which ends at the cursor ``end``.

        See `working` for what comes of it. A backfill begins in backfill.py.
        """
        return self.working(flow, lane, partial(self._read, flow, source, end))

    def working(self, flow: PushFlow, lane: Lane, work: Callable[[Push], None]) -> Run:
        """Do ``work`` in a run of ``flow`` in ``lane``, with its lease and its plan.

        Returns the run with its outcome: done, stopped, waiting (it goes on by
        itself) or paused (``message`` says what to mend). Raises BusyError when
        the flow is being run in this lane by somebody else.
        """

        def push(lease: Lease, run: Run) -> None:
            try:
                self._await_directory(flow)
                work(self._push(flow, lease, run))
            except ConfigError:
                self._doubted.add(flow.object)
                raise

        return self._running(flow.name, lane, push)

    def refresh(self, flow: DirectoryFlow) -> Run:
        """Bring the directory up to date; returns and raises what `working` does."""

        def refresh(lease: Lease, run: Run) -> None:
            self.crm.check_quota()
            Refresh(
                state=self.state,
                crm=self.crm,
                clock=self.clock,
                lease=lease,
                stop=self.stop,
                described=self._people,
                progress=lambda _: self.progress(run),
                counts=run.counts,
            ).carry(flow)

        return self._running(flow.name, Lane.LIVE, refresh)

    def poll(self, name: str, look: Callable[[Run], None]) -> Run:
        """Have ``look`` poll for a dial flow; returns and raises what `working` does."""
        return self._running(name, Lane.LIVE, lambda _, run: look(run))

    def _running(
        self, name: str, lane: Lane, work: Callable[[Lease, Run], None]
    ) -> Run:
        lease = self.state.acquire(name, lane, self.owner, LEASE)
        if lease is None:
            raise BusyError(f"{name} ({lane}) is being run by another process")
        run = self.state.start_run(
            Run(flow=name, lane=lane, started_at=self.clock.now())
        )
        try:
            return self._end(self._attempt(run, partial(work, lease, run)))
        finally:
            self.state.release(lease)

    def _end(self, run: Run) -> Run:
        run = replace(run, ended_at=self.clock.now())
        self.state.finish_run(run)
        _log(run)
        return run

    def _attempt(self, run: Run, work: Callable[[], None]) -> Run:
        try:
            work()
        except ConfigError as error:
            return replace(run, outcome="paused", message=error.message)
        except ConnectorError as error:
            outcome = "stopped" if self.stop.is_set() else "waiting"
            wait = error.retry_after if isinstance(error, RetryableError) else None
            return replace(
                run,
                outcome=outcome,
                message=error.message,
                retry_after=wait,
                needs_directory=isinstance(error, _NotLoadedError),
            )
        except BaseException as bug:  # the row must not say for ever: at work
            message = f"{type(bug).__name__}: see the log"
            self._end(replace(run, outcome="died", message=message))
            raise
        return replace(run, outcome="stopped" if self.stop.is_set() else "done")

    def _await_directory(self, flow: PushFlow) -> None:
        """Raise _NotLoadedError where people it may look for are not known yet."""
        if not (flow.finds or flow.internal):
            return
        if lacking := not_read_yet(flow, self.state.loadings()):
            names = ", ".join(lacking)
            raise _NotLoadedError(f"the directory is not loaded yet: {names}")

    def _push(self, flow: PushFlow, lease: Lease, run: Run) -> Push:
        return Push(
            state=self.state,
            crm=self.crm,
            clock=self.clock,
            plan=self.plan(flow),
            lease=lease,
            stop=self.stop,
            progress=lambda _: self.progress(run),
            counts=run.counts,
        )

    def plan(self, flow: PushFlow) -> Plan:
        """Compile ``flow`` against the CRM's describe; MappingError if it can't be.

        QuotaReachedError, and nothing is asked, where nothing could be written.
        """
        self.crm.check_quota()
        fresh = flow.object in self._doubted
        plan = compiled(flow, lambda name: self._described(name, fresh=fresh))
        self._doubted.discard(flow.object)
        return plan

    def _described(self, name: str, *, fresh: bool) -> CrmObject:
        return retrying(partial(self.crm.describe, name, fresh=fresh))

    def _read(
        self, flow: PushFlow, source: Source, end: str | None, push: Push
    ) -> None:
        if push.lease.lane is Lane.LIVE:
            self._live(push, flow, source)
        elif isinstance(source, Rereadable) and flow.reread:
            start = self.clock.now() - flow.reread.back
            push.carry(source.reread(start, end))

    def _live(self, push: Push, flow: PushFlow, source: Source) -> None:
        push.carry(self._due(flow.name), again=True)
        if self.stop.is_set():
            return
        Relinking(push).later()
        push.carry(self._pages(flow, source))
        # Last, so that ids the vendor chokes on don't keep the flow from reading on.
        if isinstance(source, Refetchable):
            Nudged(push=push, source=source).carry()
        Relinking(push).later()

    def _pages(self, flow: PushFlow, source: Source) -> Iterator[Page]:
        """Read on from where the flow is, or everything where that can't be said."""
        if isinstance(source, Readable):
            cursor = self.state.cursor(flow.name)
            yield from source.read(cursor, flow.since_at(self.clock.now()))
        elif isinstance(source, Scannable):
            yield from source.scan()

    def _due(self, flow: str) -> Iterator[Page]:
        """Quarantine entries whose time has come, as pages."""
        after, due = 0, self.clock.now()
        while entries := self.state.asides(flow, due=due, after=after, limit=BATCH):
            after = entries[-1].id or after
            yield Page(
                records=[
                    Record(id=e.record_id, version=e.version, fields=e.record)
                    for e in entries
                ]
            )


def _log(run: Run) -> None:
    counts = {name: n for name, n in _numbers(run.counts).items() if n}
    write = log.info if run.outcome in ("done", "stopped") else log.warning
    write(
        "run_ended",
        flow=run.flow,
        lane=run.lane.value,
        outcome=run.outcome,
        message=run.message,
        **counts,
    )


def _numbers(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__slots__}
