"""Run a flow once, now, in the lanes that it has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from connector.engine.run import Runner
from connector.errors import BusyError, ConfigError, ConnectorError, RetryableError
from connector.log import get_logger
from connector.mapping.flow import DialFlow, DirectoryFlow, Flow
from connector.model import Lane, Run
from connector.service.dialling import DialDesk
from connector.wiring import App

log = get_logger()

PATIENCE = 60
"""Seconds that a command waits for a flow that is being run elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of syncing one flow."""

    flow: str
    runs: tuple[Run, ...]
    left_aside: int
    """Records in quarantine after it."""
    trouble: str = ""
    fatal: bool = False
    """Whether the trouble is a wrong configuration or mapping."""

    @property
    def exit_code(self) -> int:
        """0 all in, 1 something set aside or failed, 2 wrong configuration."""
        if self.fatal or any(run.outcome == "paused" for run in self.runs):
            return 2
        waiting = any(run.outcome != "done" for run in self.runs)
        return 1 if self.trouble or waiting or self.left_aside else 0


def sync(app: App, runner: Runner, flow: Flow) -> Report:
    """Read on, then re-read what is older than this run; never raises for trouble.

    The directory is brought up to date.
    """
    runs: list[Run] = []
    try:
        _lanes(app, runner, flow, runs)
    except ConfigError as error:
        return _report(app, flow, runs, error.message, fatal=True)
    except ConnectorError as error:
        return _report(app, flow, runs, error.message)
    except Exception as bug:  # a bug in one flow must not stop the others
        log.exception("run_crashed", flow=flow.name)
        return _report(app, flow, runs, f"{type(bug).__name__}: see the log")
    return _report(app, flow, runs)


def _lanes(app: App, runner: Runner, flow: Flow, runs: list[Run]) -> None:
    if app.stop.is_set():
        raise RetryableError("not run: told to stop")
    if isinstance(flow, DirectoryFlow):
        runs.append(patiently(runner, partial(runner.refresh, flow)))
        return
    if isinstance(flow, DialFlow):
        runs.append(_dialled(app, runner, flow))
        return
    if missing := app.missing(flow):
        raise ConfigError(missing)

    def read(lane: Lane, end: str | None) -> None:
        once = partial(runner.run, flow, app.source(flow, lane), lane, end)
        runs.append(patiently(runner, once))

    start = app.store.cursor(flow.name)
    read(Lane.LIVE, None)
    if runs[-1].outcome == "done" and flow.reread and start:
        read(Lane.REREAD, start)


def _dialled(app: App, runner: Runner, flow: DialFlow) -> Run:
    """Look for requests once, and wait until they have their ends.

    One that can't be claimed yet, as while the quota is used up, is left for later.
    """
    desk = DialDesk(app=app)
    try:
        run = patiently(runner, partial(desk.poll, flow, runner))
        desk.wait()
        return run
    finally:
        desk.close()


def patiently(runner: Runner, run: Callable[[], Run]) -> Run:
    """Run a lane, waiting up to a minute while somebody else does.

    Raises BusyError after that, or when told to stop.
    """
    waited = 0
    while True:
        try:
            return run()
        except BusyError:
            waited += 1
            if waited > PATIENCE or runner.clock.wait(1, runner.stop):
                raise


def _report(
    app: App,
    flow: Flow,
    runs: list[Run],
    trouble: str = "",
    *,
    fatal: bool = False,
) -> Report:
    return Report(
        flow=flow.name,
        runs=tuple(runs),
        left_aside=app.store.quarantined(flow.name),
        trouble=trouble,
        fatal=fatal,
    )
