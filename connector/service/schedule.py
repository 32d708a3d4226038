"""The clockwork: one APScheduler job a flow and lane, and the mapping files' watch."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connector.engine.run import DIRECTORY_WAIT, Runner
from connector.errors import BusyError, ConfigError, ConnectorError
from connector.log import get_logger
from connector.mapping.between import missing_in, with_keys
from connector.mapping.clash import Clash, clashes
from connector.mapping.faults import Fault
from connector.mapping.flow import DirectoryFlow, Flow, PushFlow
from connector.mapping.load import Folder
from connector.model import Lane, Run
from connector.wiring import App

log = get_logger()

WATCH = timedelta(seconds=2)
"""How often the mapping files are looked at."""

RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long a paused flow rests before it looks again whether it was mended."""

CRON_JITTER = 30
"""Seconds by which cron runs are spread, so that flows don't all begin at once."""

SOON = timedelta(seconds=1)
"""How long news may gather before a flow looks."""

WORKERS = 8
"""Flows that run at the same time; the others queue up."""

Flows = dict[str, Flow]
"""Flows by name, the directory's among them."""

Signature = dict[str, tuple[int, int, int]]
"""What tells whether a mapping file changed, by path."""


@dataclass(slots=True, kw_only=True)
class Rest:
    """A flow that looks again later: when, and how often it was paused so far."""

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
    flows: Flows = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    _rests: dict[str, Rest] = field(default_factory=dict)
    _awaiting: set[str] = field(default_factory=set)
    """Flows that wait until the directory is loaded."""
    _seen: Signature | None = None
    _looking: threading.Lock = field(default_factory=threading.Lock)
    clockwork: BackgroundScheduler = field(
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

    @property
    def running(self) -> bool:
        """Whether the clockwork ticks."""
        return bool(self.clockwork.running)

    def look(self) -> None:
        """Take up mapping files that changed; keep the last good version of one
        that broke."""
        with self._looking:
            seen = _signature(self.app.settings.connector_mappings)
            if seen != self._seen and not self.app.stop.is_set():
                self._load(seen)

    def _load(self, seen: Signature) -> None:
        touched = {name for name, _ in seen.items() - (self._seen or {}).items()}
        flows, faults = _good(self.app.flows(), self.flows, seen.keys())
        self.faults = tuple(dict.fromkeys(map(str, faults)))
        for fault in self.faults:
            log.error("mapping_broken", fault=fault)
        self._change(flows, touched)
        self._seen = seen

    def _change(self, flows: Flows, touched: set[str]) -> None:
        """Run these flows from now on; a touched file ends its flow's rest."""
        before, self.flows = self.flows, flows
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
        self._rests.pop(flow.name, None)
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
        return min(every, self.at_most or every)

    def _add(
        self, flow: Flow, lane: Lane, trigger: BaseTrigger, first: datetime
    ) -> None:
        self.clockwork.add_job(
            self.tick,
            trigger,
            args=[flow.name, lane],
            id=f"{flow.name}/{lane}",
            next_run_time=first,
        )

    def hasten(self, name: str) -> None:
        """Run a flow very soon, as something told us that there is news."""
        soon = self.app.clock.now() + SOON
        job = self.clockwork.get_job(f"{name}/{Lane.LIVE}")
        if job and (job.next_run_time is None or job.next_run_time > soon):
            job.modify(next_run_time=soon)

    def _unschedule(self, name: str) -> None:
        for lane in Lane:
            if self.clockwork.get_job(f"{name}/{lane}"):
                self.clockwork.remove_job(f"{name}/{lane}")

    def tick(self, name: str, lane: Lane) -> None:
        """Run one flow in one lane, unless it rests. Never raises."""
        flow = self.flows.get(name)
        if flow is None or self._resting(name) or self.app.stop.is_set():
            return
        try:
            run = self._run(flow, lane)
        except BusyError:
            log.info("flow_busy", flow=name, lane=lane.value)
        except ConfigError as error:
            log.error("run_failed", flow=name, message=error.message)  # noqa: TRY400  our own words are enough
            self._rest(flow)
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
        if missing := self.app.missing(flow):
            raise ConfigError(missing)
        end = self.app.store.cursor(flow.name) if lane is Lane.REREAD else None
        return self.runner.run(flow, self.app.source(flow, lane), lane, end)

    def _resting(self, name: str) -> bool:
        rest = self._rests.get(name)
        return rest is not None and self.app.clock.now() < rest.until

    def _note(self, flow: Flow, run: Run) -> None:
        if run.outcome == "paused":
            self._rest(flow)
        elif run.outcome == "waiting" and run.retry_after == DIRECTORY_WAIT:
            self._awaiting.add(flow.name)
        elif run.outcome == "waiting" and run.retry_after:
            wait = min(timedelta(seconds=run.retry_after), RESTS[-1])
            self._rests[flow.name] = Rest(until=self.app.clock.now() + wait, failures=0)
        elif run.outcome == "done":
            self._rests.pop(flow.name, None)
            if isinstance(flow, DirectoryFlow):
                self._wake()

    def _wake(self) -> None:
        """Run at once what waited for the directory."""
        while self._awaiting:
            name = self._awaiting.pop()
            if job := self.clockwork.get_job(f"{name}/{Lane.LIVE}"):
                job.modify(next_run_time=self.app.clock.now())

    def _rest(self, flow: Flow) -> None:
        """Look again later whether it was mended, and later each time."""
        if self.flows.get(flow.name) is not flow or self._resting(flow.name):
            return  # the file was edited meanwhile, or the other lane said it already
        before = self._rests.get(flow.name)
        failures = before.failures + 1 if before else 1
        until = self.app.clock.now() + RESTS[min(failures, len(RESTS)) - 1]
        self._rests[flow.name] = Rest(until=until, failures=failures)
        log.warning("flow_paused", flow=flow.name, until=until.isoformat())


def _good(
    folder: Folder, before: Flows, files: Collection[str]
) -> tuple[Flows, list[Fault]]:
    """The flows to run, and the faults of files that can't be taken up.

    Of a file that is there and gives no flow now, the last good version is kept;
    a file that clashes with what is kept waits until that is mended. So does a
    directory that lacks whom a flow that is kept looks for.
    """
    good: list[Flow] = [*folder.flows, *filter(None, [folder.directory])]
    faults = [fault for fault in folder.faults if fault.severity == "error"]
    while True:
        kept = _kept(good, before, files)
        clashing = [*clashes([*kept, *good]), *_lacking(kept, good)]
        out = {file for clash in clashing for file in clash.files}
        if out.isdisjoint(flow.file for flow in good):
            return _by_name([*good, *kept]), faults
        good = [flow for flow in good if flow.file not in out]
        faults.extend(clash.fault for clash in clashing)


def _kept(good: Collection[Flow], before: Flows, files: Collection[str]) -> list[Flow]:
    """The last good versions that stay; the directory's as long as one needs it."""
    taken = {flow.file for flow in good}
    kept = [f for f in before.values() if f.file in files and f.file not in taken]
    if not _directory([*good, *kept]) and any(_lacking(kept, [])):
        kept += filter(None, [_directory(before.values())])
    return kept


def _lacking(kept: Collection[Flow], good: Collection[Flow]) -> Iterator[Clash]:
    """Yield each flow that needs what the directory beside it does not have."""
    directory = _directory([*good, *kept])
    file = directory.file if directory else ""
    for flow in (flow for flow in (*kept, *good) if isinstance(flow, PushFlow)):
        lacks = [*missing_in(directory, flow)]
        if lacks and flow in good:  # its file may have it, and not be what runs
            lacks = [*missing_in(None, flow, file)]
        yield from (Clash(files=(file, flow.file), fault=lack) for lack in lacks)


def _directory(flows: Iterable[Flow]) -> DirectoryFlow | None:
    return next((flow for flow in flows if isinstance(flow, DirectoryFlow)), None)


def _by_name(flows: Collection[Flow]) -> Flows:
    """Name the flows; the directory has the keys that these flows look people up by."""
    pushes = [flow for flow in flows if isinstance(flow, PushFlow)]
    return {
        flow.name: with_keys(flow, pushes) if isinstance(flow, DirectoryFlow) else flow
        for flow in flows
    }


def _interval(every: timedelta) -> BaseTrigger:
    seconds = every.total_seconds()
    return IntervalTrigger(seconds=int(seconds), jitter=int(min(seconds / 10, 30)))


def _signature(folder: Path) -> Signature:
    """What differs of each mapping file when it is written, replaced or readable."""
    seen: Signature = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            stat = path.stat()
        except OSError:  # removed since it was listed: it is not there
            continue
        seen[str(path)] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    return seen
