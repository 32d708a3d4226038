"""One rate limit for all who ask a system."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.clock import Clock
from connector.errors import BusyError, RateLimitedError
from connector.state.slots import StoreSlots
from connector.state.store import Store
from connector.testing import ManualClock
from connector.transport.pacing import MARGIN, SharedPacer

INTERVAL = 2.0
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC).timestamp()


class SharedTime:
    """A clock for many threads: it moves on when all of them wait."""

    def __init__(self, threads: int) -> None:
        self._now = START
        self._awake = threads
        self._alarms: list[float] = []
        self._changed = threading.Condition()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        with self._changed:
            alarm = self._now + seconds
            self._alarms.append(alarm)
            self._rest()
            self._changed.wait_for(lambda: self._now >= alarm)
        return stop.is_set()

    def leave(self) -> None:
        with self._changed:
            self._rest()

    def _rest(self) -> None:
        """One thread less is awake; the last one moves the time on."""
        self._awake -= 1
        if self._awake or not self._alarms:
            return
        self._now = max(self._now, min(self._alarms))
        self._awake = sum(alarm <= self._now for alarm in self._alarms)
        self._alarms = [alarm for alarm in self._alarms if alarm > self._now]
        self._changed.notify_all()


@dataclass(slots=True, kw_only=True)
class Limit:
    """One system's timetable in a state of its own."""

    store: Store
    clock: Clock

    def pacer(self, *, urgent: bool = True, every: float = INTERVAL) -> SharedPacer:
        return SharedPacer(
            slots=StoreSlots(self.store, self.clock),
            system="callyzer",
            interval=every,
            urgent=urgent,
            clock=self.clock,
            stop=threading.Event(),
        )

    def seconds(self) -> float:
        return self.clock.now().timestamp() - START


@pytest.fixture
def limit(tmp_path: Path) -> Iterator[Limit]:
    clock = ManualClock()
    with Store(tmp_path / "state.db", clock) as store:
        yield Limit(store=store, clock=clock)


def test_requests_leave_an_interval_and_a_margin_apart(limit: Limit) -> None:
    one, left = limit.pacer(), []

    for _ in range(3):
        one.wait()
        left.append(limit.seconds())

    gaps = [later - earlier for earlier, later in pairwise(left)]
    assert gaps == pytest.approx([INTERVAL + MARGIN] * 2)


def test_one_that_overslept_still_keeps_its_distance(limit: Limit) -> None:
    clock = limit.clock
    assert isinstance(clock, ManualClock)
    one, other = limit.pacer(), limit.pacer()
    one.wait()
    clock.time += timedelta(seconds=3)
    other.wait()

    before = limit.seconds()
    one.wait()

    assert limit.seconds() - before == pytest.approx(INTERVAL + MARGIN)


def test_without_a_limit_nothing_is_written_down(limit: Limit) -> None:
    one = limit.pacer(every=0)

    one.wait()
    one.wait()

    assert limit.store.read("select * from pace") == []
    assert limit.seconds() == 0


def test_without_a_limit_everybody_still_waits_as_long_as_was_asked_for(
    limit: Limit,
) -> None:
    limit.pacer(every=0).block(30)

    limit.pacer(every=0).wait()
    limit.pacer(every=0, urgent=False).wait()

    assert limit.seconds() == pytest.approx(30)


def test_without_a_limit_a_long_silence_ends_the_run_and_a_stop_the_wait(
    limit: Limit,
) -> None:
    one = limit.pacer(every=0)
    one.block(60)
    one.stop.set()
    with pytest.raises(BusyError, match="stopping"):
        one.wait()
    one.block(3600)

    with pytest.raises(RateLimitedError, match="asked us to wait"):
        one.wait()


def test_one_that_is_not_urgent_lets_the_urgent_pass(limit: Limit) -> None:
    slots = StoreSlots(limit.store, limit.clock)
    clock = limit.clock
    assert isinstance(clock, ManualClock)
    assert not slots.take("callyzer", INTERVAL, urgent=True)
    assert slots.take("callyzer", INTERVAL, urgent=True) == INTERVAL

    clock.time += timedelta(seconds=INTERVAL)

    assert slots.take("callyzer", INTERVAL, urgent=False) > 0
    assert slots.take("callyzer", INTERVAL, urgent=True) == 0


def test_nobody_waits_for_an_urgent_one_that_died(limit: Limit) -> None:
    slots = StoreSlots(limit.store, limit.clock)
    slots.take("callyzer", INTERVAL, urgent=True)
    slots.take("callyzer", INTERVAL, urgent=True)

    limit.pacer(urgent=False).wait()

    assert limit.seconds() <= 2 * INTERVAL + 1


@pytest.mark.parametrize("urgent", [True, False])
def test_everybody_waits_as_long_as_the_system_asked_for(
    limit: Limit,
    urgent: bool,  # noqa: FBT001  # a parameter
) -> None:
    limit.pacer().block(30)

    limit.pacer(urgent=urgent).wait()

    assert limit.seconds() == pytest.approx(30)


def test_a_wish_for_a_long_silence_ends_the_run_instead(limit: Limit) -> None:
    limit.pacer().block(3600)

    with pytest.raises(RateLimitedError, match="3600 s") as caught:
        limit.pacer().wait()

    assert caught.value.retry_after == pytest.approx(3600)


def test_a_clock_that_was_set_back_stops_nobody(limit: Limit) -> None:
    clock = limit.clock
    assert isinstance(clock, ManualClock)
    one = limit.pacer()
    one.wait()
    clock.time -= timedelta(hours=1)

    one.wait()

    assert limit.seconds() < 0


@pytest.mark.parametrize("urgent", [True, False])
def test_stopping_ends_the_wait(limit: Limit, urgent: bool) -> None:  # noqa: FBT001  # a parameter
    one = limit.pacer(urgent=urgent)
    one.wait()
    one.stop.set()

    with pytest.raises(BusyError, match="stopping"):
        one.wait()


@dataclass(slots=True, kw_only=True)
class Turn:
    """One wait: who, since when, and when it was over."""

    urgent: bool
    since: float
    until: float


def run_callers(folder: str, callers: list[tuple[bool, list[float]]]) -> list[Turn]:
    """Let each caller, urgent or not, idle and wait its turn, again and again."""
    time = SharedTime(len(callers))
    turns: list[Turn] = []

    def call(*, urgent: bool, idle: list[float]) -> None:
        one = shared.pacer(urgent=urgent)
        for seconds in idle:
            time.wait(seconds, one.stop)
            since = time.now().timestamp()
            one.wait()
            until = time.now().timestamp()
            turns.append(Turn(urgent=urgent, since=since, until=until))
        time.leave()

    def started(urgent: bool, idle: list[float]) -> threading.Thread:  # noqa: FBT001  # unpacked
        thread = threading.Thread(target=call, kwargs={"urgent": urgent, "idle": idle})
        thread.start()
        return thread

    join: Callable[[threading.Thread], None] = threading.Thread.join
    with Store(Path(folder) / "state.db", time) as store:
        shared = Limit(store=store, clock=time)
        for thread in [started(*caller) for caller in callers]:
            join(thread)
    return turns


idle_times = st.lists(st.floats(0.01, 9), min_size=1, max_size=4)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), idle_times), min_size=2, max_size=5))
def test_however_many_ask_the_limit_is_kept_and_the_urgent_go_first(
    callers: list[tuple[bool, list[float]]],
) -> None:
    with TemporaryDirectory() as folder:
        turns = run_callers(folder, callers)

    assert len(turns) == sum(len(idle) for _, idle in callers)
    left = sorted(turn.until for turn in turns)
    assert all(b - a >= INTERVAL for a, b in pairwise(left))
    waiting = [turn for turn in turns if turn.urgent]
    for turn in turns:
        passed_by = [u for u in waiting if u.since < turn.until < u.until]
        assert turn.urgent or not passed_by
