"""The clockwork: one APScheduler job a flow and lane, and the mapping files' watch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connector.engine.run import Runner
from connector.errors import BusyError, ConfigError, ConnectorError
from connector.log import get_logger
from connector.mapping.flow import PushFlow
from connector.mapping.load import Folder
from connector.model import Lane, Run
from connector.wiring import App

log = get_logger()

WATCH = timedelta(seconds=2)
"""How often the mapping files are looked at."""

RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long a paused flow rests before it looks again whether it was mended."""

WORKERS = 8
"""Flows that run at the same time; the others queue up."""


@dataclass(slots=True, kw_only=True)
class Rest:
    """A paused flow: how often it failed, and when it looks again."""

    until: datetime
    failures: int = 1


@dataclass(slots=True, kw_only=True)
class Schedule:
    """Runs the flows of the mapping folder until it is stopped."""

    app: App
    runner: Runner
    ended: Callable[[Run], None] = lambda _: None
    """Called with every run that ended."""
    at_most: timedelta | None = None
    """The longest that a flow waits, whatever its file says; for demonstrations."""
    flows: dict[str, PushFlow] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    _rests: dict[str, Rest] = field(default_factory=dict)
    _seen: object = None
    _clockwork: BackgroundScheduler = field(
        default_factory=lambda: BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(WORKERS)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,
            },
        )
    )

    def start(self) -> None:
        """Load the mapping files and start the clockwork."""
        self.look()
        self._clockwork.add_job(
            self.look, IntervalTrigger(seconds=int(WATCH.total_seconds())), id="watch"
        )
        self._clockwork.start()

    def stop(self) -> None:
        """Wait for the page in hand of every run, and stop."""
        self.app.stop.set()
        self._clockwork.shutdown(wait=True)

    @property
    def running(self) -> bool:
        """Whether the clockwork ticks."""
        return bool(self._clockwork.running)

    def look(self) -> None:
        """Take up mapping files that changed; keep the last good version of one
        that broke."""
        seen = _signature(self.app.settings.connector_mappings)
        if seen == self._seen:
            return
        self._seen = seen
        folder = self.app.flows()
        self.faults = tuple(str(f) for f in folder.faults if f.severity == "error")
        for fault in self.faults:
            log.error("mapping_broken", fault=fault)
        self._change(_kept(folder, self.flows))

    def _change(self, flows: dict[str, PushFlow]) -> None:
        for name in self.flows.keys() - flows.keys():
            self._unschedule(name)
        for name, flow in flows.items():
            if self.flows.get(name) != flow:
                self._unschedule(name)
                self._schedule(flow)
        self.flows = flows

    def _schedule(self, flow: PushFlow) -> None:
        log.info("flow_scheduled", flow=flow.name, every=str(flow.every or flow.cron))
        self._rests.pop(flow.name, None)
        self._add(flow, Lane.LIVE, self._trigger(flow), self.app.clock.now())
        if flow.reread:
            every = self._hastened(flow.reread.every)
            first = self.app.clock.now() + every
            self._add(flow, Lane.REREAD, _interval(every), first)

    def _trigger(self, flow: PushFlow) -> BaseTrigger:
        if flow.every is not None:
            return _interval(self._hastened(flow.every))
        trigger: BaseTrigger = CronTrigger.from_crontab(flow.cron, timezone=flow.zone)
        return trigger

    def _hastened(self, every: timedelta) -> timedelta:
        return min(every, self.at_most or every)

    def _add(
        self, flow: PushFlow, lane: Lane, trigger: BaseTrigger, first: datetime
    ) -> None:
        self._clockwork.add_job(
            self.tick,
            trigger,
            args=[flow.name, lane],
            id=f"{flow.name}/{lane}",
            next_run_time=first,
        )

    def _unschedule(self, name: str) -> None:
        for lane in Lane:
            if self._clockwork.get_job(f"{name}/{lane}"):
                self._clockwork.remove_job(f"{name}/{lane}")

    def tick(self, name: str, lane: Lane) -> None:
        """Run one flow in one lane, unless it rests. Never raises."""
        flow = self.flows.get(name)
        if flow is None or self._resting(name) or self.app.stop.is_set():
            return
        try:
            run = self._run(flow, lane)
        except BusyError:
            log.info("flow_busy", flow=name, lane=lane.value)
        except ConnectorError as error:
            log.error("run_failed", flow=name, message=error.message)  # noqa: TRY400  our own words are enough
        except Exception:  # a bug in one flow must not stop the others
            log.exception("run_crashed", flow=name, lane=lane.value)
        else:
            self._note(run)
            self.ended(run)

    def _run(self, flow: PushFlow, lane: Lane) -> Run:
        if missing := self.app.missing(flow):
            raise ConfigError(missing)
        end = self.app.store.cursor(flow.name) if lane is Lane.REREAD else None
        return self.runner.run(flow, self.app.source(flow, lane), lane, end)

    def _resting(self, name: str) -> bool:
        rest = self._rests.get(name)
        return rest is not None and self.app.clock.now() < rest.until

    def _note(self, run: Run) -> None:
        if run.outcome != "paused":
            self._rests.pop(run.flow, None)
            return
        before = self._rests.get(run.flow)
        failures = before.failures + 1 if before else 1
        wait = RESTS[min(failures, len(RESTS)) - 1]
        until = self.app.clock.now() + wait
        self._rests[run.flow] = Rest(until=until, failures=failures)
        log.warning("flow_paused", flow=run.flow, until=until.isoformat())


def _kept(folder: Folder, before: dict[str, PushFlow]) -> dict[str, PushFlow]:
    """The good flows, and the last good version of those whose file broke."""
    broken = {fault.file for fault in folder.faults if fault.severity == "error"}
    kept = {name: flow for name, flow in before.items() if flow.file in broken}
    return {flow.name: flow for flow in folder.flows} | kept


def _interval(every: timedelta) -> BaseTrigger:
    seconds = every.total_seconds()
    return IntervalTrigger(seconds=int(seconds), jitter=int(min(seconds / 10, 30)))


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return something that differs when a mapping file does."""
    seen = []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            stat = path.stat()
        except FileNotFoundError:  # removed since it was listed: it is not there
            continue
        seen.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(seen)
