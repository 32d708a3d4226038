"""Running a flow once: what it waits for, and what comes of it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from typing_extensions import override

from connector.engine.hold import LEASE
from connector.errors import BusyError
from connector.model import Lane, Lease
from connector.service.relink import relink
from connector.service.sync import PATIENCE, Report, sync
from connector.state.store import Store
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.office import Office


@dataclass(slots=True)
class WatchedClock(ManualClock):
    """A clock that jumps, and tells somebody at every jump."""

    waits: int = 0
    told: Callable[[int], None] = lambda _: None

    @override
    def wait(self, seconds: float, stop: threading.Event) -> bool:
        self.time += timedelta(seconds=seconds)
        self.waits += 1
        self.told(self.waits)
        return stop.is_set()


class Somebody:
    """Another process, which runs the flow as long as it likes."""

    def __init__(self, store: Store, lease: Lease) -> None:
        self.store = store
        self.lease = lease

    def goes_on(self) -> None:
        """Prolong the lease."""
        with self.store.writing() as tx:
            tx.hold(self.lease, LEASE)


@pytest.fixture
def clock() -> WatchedClock:
    return WatchedClock()


@pytest.fixture
def app(office: Office, clock: WatchedClock) -> Iterator[App]:
    with office.app(clock) as opened:
        yield opened


@pytest.fixture
def somebody(app: App) -> Somebody:
    lease = app.store.acquire("calls", Lane.LIVE, "somebody", LEASE)
    assert lease
    return Somebody(app.store, lease)


def synced(app: App) -> Report:
    (flow,) = app.flows().flows
    return sync(app, app.runner(), flow)


def test_a_flow_that_is_run_elsewhere_is_waited_for_a_minute(
    app: App, clock: WatchedClock, somebody: Somebody
) -> None:
    clock.told = lambda _: somebody.goes_on()
    started = clock.now()

    report = synced(app)

    assert clock.now() - started == timedelta(seconds=PATIENCE)
    assert report.exit_code == 1
    assert report.runs == ()
    assert report.trouble == "calls (live) is being run by another process"


def test_it_runs_as_soon_as_the_other_is_through(
    app: App, office: Office, clock: WatchedClock, somebody: Somebody
) -> None:
    office.call("one")

    def released(waits: int) -> None:
        if waits == 3:
            somebody.store.release(somebody.lease)

    clock.told = released

    report = synced(app)

    assert clock.waits == 3
    assert report.exit_code == 0
    assert report.runs[0].counts.created == 1


def test_relinking_waits_for_the_other_too(
    app: App, clock: WatchedClock, somebody: Somebody
) -> None:
    (flow,) = app.flows().flows

    def released(waits: int) -> None:
        if waits == 3:
            somebody.store.release(somebody.lease)

    clock.told = released

    report = relink(app, flow, lambda _: None)

    assert clock.waits == 3
    assert report.exit_code == 0


def test_relinking_waits_no_longer_than_a_minute(
    app: App, clock: WatchedClock, somebody: Somebody
) -> None:
    (flow,) = app.flows().flows
    clock.told = lambda _: somebody.goes_on()

    with pytest.raises(BusyError):
        relink(app, flow, lambda _: None)

    assert clock.waits == PATIENCE


def test_a_process_that_died_is_replaced_within_a_minute(
    app: App, somebody: Somebody
) -> None:
    assert synced(app).exit_code == 0


def test_waiting_ends_when_we_are_told_to_stop(
    app: App, clock: WatchedClock, somebody: Somebody
) -> None:
    clock.told = lambda _: app.stop.set()

    report = synced(app)

    assert clock.waits == 1
    assert report.exit_code == 1


def test_a_flow_that_read_nothing_before_has_nothing_to_look_back_for(
    app: App,
) -> None:
    first, second = synced(app), synced(app)

    assert [run.lane for run in first.runs] == ["live"]
    assert [run.lane for run in second.runs] == ["live", "reread"]


def test_a_run_that_was_paused_is_a_wrong_configuration(
    app: App, office: Office
) -> None:
    office.callyzer.moods.expired = True

    report = synced(app)

    assert report.exit_code == 2
    assert [run.outcome for run in report.runs] == ["paused"]
