"""The clockwork: one APScheduler job a flow and lane, and the mapping files' watch."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connector.engine.run import Runner
from connector.errors import BusyError, ConfigError, ConnectorError
from connector.log import get_logger
from connector.mapping.flow import DialFlow, DirectoryFlow, Flow, PushFlow
from connector.model import Lane, Run
from connector.service.dialling import DialDesk
from connector.service.resting import Place, Rests
from connector.service.watching import Flows, Signature, good_flows, signature
from connector.wiring import App

log = get_logger()

WATCH = timedelta(seconds=2)
"""How often the mapping files are looked at."""

CRON_JITTER = 30
"""Seconds by which cron runs are spread, so that flows don't all begin at once."""

SOON = timedelta(seconds=1)
"""How long news may gather before a flow looks, and its last tick may take to end."""

WORKERS = 8
"""Flows that run at the same time; the others queue up."""

DIALS, POLLS = "dials", 4
"""Where dial flows poll, so that no push keeps an agent waiting; and how many do."""


@dataclass(slots=True, kw_only=True)
class Schedule:
    """Runs the flows of the mapping folder until it is stopped."""

    app: App
    runner: Runner
    ended: Callable[[Run], None] = lambda _: None
    """Called with every run that ended."""
    faster: float = 1
    """How many times faster than the files say all flows run; for demonstrations."""
    flows: Flows = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    desk: DialDesk = field(init=False)
    """Works on the requests for calls, found by polls and by nudges."""
    _rests: Rests = field(init=False)
    _seen: Signature | None = None
    _looking: threading.Lock = field(default_factory=threading.Lock)
    clockwork: BackgroundScheduler = field(
        default_factory=lambda: BackgroundScheduler(
            timezone=UTC,
            executors={
                "default": ThreadPoolExecutor(WORKERS),
                DIALS: ThreadPoolExecutor(POLLS),
            },
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,
            },
        )
    )

    def __post_init__(self) -> None:
        """Nobody rests yet."""
        self.desk = DialDesk(app=self.app)
        self._rests = Rests(self.app.clock)

    def start(self) -> None:
        """Load the mapping files and start the clockwork."""
        self.look()
        self.clockwork.add_job(
            self.look, IntervalTrigger(seconds=int(WATCH.total_seconds())), id="watch"
        )
        self.clockwork.start()

    def stop(self) -> None:
        """Wait for the page in hand of every run, and stop."""
        self.app.stop.set()
        with self._looking:  # it needs the clockwork, which waits for it to end
            pass
        self.clockwork.shutdown(wait=True)
        self.desk.close()

    @property
    def looked(self) -> bool:
        """Whether the mapping files were read."""
        return self._seen is not None

    @property
    def running(self) -> bool:
        """Whether the clockwork ticks."""
        return bool(self.clockwork.running)

    def look(self) -> None:
        """Take up mapping files that changed; keep the last good version of one
        that broke."""
        with self._looking:
            seen = signature(self.app.settings.connector_mappings)
            if seen != self._seen and not self.app.stop.is_set():
                self._load(seen)

    def _load(self, seen: Signature) -> None:
        touched = {name for name, _ in seen.items() - (self._seen or {}).items()}
        flows, faults = good_flows(self.app.flows(), self.flows, seen.keys())
        self.faults = tuple(dict.fromkeys(map(str, faults)))
        for fault in self.faults:
            log.error("mapping_broken", fault=fault)
        self._change(flows, touched)
        self._seen = seen

    def _change(self, flows: Flows, touched: set[str]) -> None:
        """Run these flows from now on; a touched file ends its flow's rest."""
        before, self.flows = self.flows, flows
        self.app.dials = self.app.any_dials(flows.values())
        self.desk.work_for(flows.values())
        for name in before.keys() - flows.keys():
            log.info("flow_removed", flow=name)
            self._unschedule(name)
        for name, flow in flows.items():
            wakes = name in self._rests and flow.file in touched
            if wakes or before.get(name) != flow:
                self._unschedule(name)
                self._schedule(flow)

    def _schedule(self, flow: Flow) -> None:
        log.info("flow_scheduled", flow=flow.name, every=str(flow.every or flow.cron))
        self._rests.end(flow.name)
        self._add(flow, Lane.LIVE, self._trigger(flow), self.app.clock.now())
        if isinstance(flow, PushFlow) and flow.reread:
            every = self._hastened(flow.reread.every)
            first = self.app.clock.now() + every
            self._add(flow, Lane.REREAD, _interval(every), first)

    def _trigger(self, flow: Flow) -> BaseTrigger:
        if flow.every is not None:
            return _interval(self._hastened(flow.every))
        trigger: BaseTrigger = CronTrigger.from_crontab(flow.cron, timezone=flow.zone)
        trigger.jitter = CRON_JITTER
        return trigger

    def _hastened(self, every: timedelta) -> timedelta:
        return max(every / self.faster, timedelta(seconds=1))

    def _add(
        self, flow: Flow, lane: Lane, trigger: BaseTrigger, first: datetime
    ) -> None:
        self.clockwork.add_job(
            self.tick,
            trigger,
            args=[flow.name, lane],
            id=f"{flow.name}/{lane}",
            executor=DIALS if isinstance(flow, DialFlow) else "default",
            next_run_time=first,
        )

    def hasten(self, name: str) -> None:
        """Run a flow very soon, as something told us that there is news."""
        self._by(name, Lane.LIVE, self.app.clock.now())

    def _by(self, name: str, lane: Lane, moment: datetime) -> None:
        """Have a lane's next tick be at ``moment``, unless it comes before."""
        at = max(moment, self.app.clock.now() + SOON)
        job = self.clockwork.get_job(f"{name}/{lane}")
        if job and (job.next_run_time is None or job.next_run_time > at):
            with suppress(JobLookupError):  # it was removed meanwhile
                job.modify(next_run_time=at)

    def _unschedule(self, name: str) -> None:
        for lane in Lane:
            if self.clockwork.get_job(f"{name}/{lane}"):
                self.clockwork.remove_job(f"{name}/{lane}")

    def tick(self, name: str, lane: Lane) -> None:
        """Run one flow in one lane, unless it rests. Never raises."""
        flow = self.flows.get(name)
        if flow is None or self.app.stop.is_set():
            return
        if self._rests.until(name):
            self._look_again(name, lane)
            return
        try:
            run = self._run(flow, lane)
        except BusyError:
            log.info("flow_busy", flow=name, lane=lane.value)
        except ConfigError as error:
            log.error("run_failed", flow=name, message=error.message)  # noqa: TRY400  our own words are enough
            self._rest(flow, lane)
        except ConnectorError as error:
            log.warning("run_failed", flow=name, message=error.message)
        except Exception:  # a bug in one flow must not stop the others
            log.exception("run_crashed", flow=name, lane=lane.value)
        else:
            self._note(flow, run)
            self.ended(run)

    def _run(self, flow: Flow, lane: Lane) -> Run:
        if isinstance(flow, DirectoryFlow):
            return self.runner.refresh(flow)
        if isinstance(flow, DialFlow):
            return self.desk.poll(flow, self.runner)
        if missing := self.app.missing(flow):
            raise ConfigError(missing)
        end = self.app.store.cursor(flow.name) if lane is Lane.REREAD else None
        return self.runner.run(flow, self.app.source(flow, lane), lane, end)

    def _note(self, flow: Flow, run: Run) -> None:
        if run.outcome == "done":
            self._rests.end(flow.name)
            if isinstance(flow, DirectoryFlow):
                self._wake(self._rests.loaded())
        elif run.outcome == "paused":
            self._rest(flow, run.lane)
        elif run.needs_directory:
            place = flow.name, run.lane
            if not self._rests.await_directory(place, run.started_at):
                self._wake([place])
        elif run.outcome == "waiting" and run.retry_after:
            self._rests.wait(flow.name, run.retry_after)
            self._look_again(flow.name, run.lane)

    def _wake(self, places: Iterable[Place]) -> None:
        """Run soon what waited for the directory."""
        for name, lane in places:
            self._by(name, lane, self.app.clock.now())

    def _rest(self, flow: Flow, lane: Lane) -> None:
        """Look again later whether it was mended, and later each time."""
        if self.flows.get(flow.name) is not flow:
            return  # the file was edited meanwhile
        if isinstance(flow, DialFlow):
            return  # agents wait; looking whether it was mended is a call a poll
        if until := self._rests.pause(flow.name):
            log.warning("flow_paused", flow=flow.name, until=until.isoformat())
        self._look_again(flow.name, lane)

    def _look_again(self, name: str, lane: Lane) -> None:
        """Run a lane when its flow's rest is over, however late its next tick is."""
        if until := self._rests.until(name):
            self._by(name, lane, until)


def _interval(every: timedelta) -> BaseTrigger:
    seconds = every.total_seconds()
    return IntervalTrigger(seconds=int(seconds), jitter=int(min(seconds / 10, 30)))
