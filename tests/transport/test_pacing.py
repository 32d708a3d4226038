"""One rate limit for all who ask a system."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from connector.clock import Clock
from connector.errors import BusyError
from connector.testing import ManualClock
from connector.transport.pacing import MARGIN, SharedPacer

INTERVAL = 2.0
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC).timestamp()


@dataclass(slots=True)
class MemorySlots:
    """The timetable of one system, and who left when."""

    clock: Clock
    next_at: float = 0.0
    blocked_until: float = 0.0
    touched: int = 0
    left: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reserve(self, system: str, interval: float, *, urgent: bool) -> float | None:
        with self.lock:
            self.touched += 1
            now = self.clock.now().timestamp()
            start = max(now, self.next_at, self.blocked_until)
            if start > now and not urgent:
                return None
            self.next_at = start + interval
            return start - now

    def sent(self, system: str, interval: float) -> None:
        with self.lock:
            now = self.clock.now().timestamp()
            self.left.append(now - START)
            self.next_at = max(self.next_at, now + interval)

    def block(self, system: str, seconds: float) -> None:
        self.touched += 1
        self.blocked_until = self.clock.now().timestamp() + seconds


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


def pacer(slots: MemorySlots, *, urgent: bool = True, every: float = 2) -> SharedPacer:
    return SharedPacer(
        slots=slots,
        system="callyzer",
        interval=every,
        urgent=urgent,
        clock=slots.clock,
        stop=threading.Event(),
    )


def test_requests_leave_an_interval_and_a_margin_apart() -> None:
    slots = MemorySlots(ManualClock())
    one = pacer(slots)

    for _ in range(3):
        one.wait()

    gaps = [later - earlier for earlier, later in pairwise(slots.left)]
    assert gaps == pytest.approx([INTERVAL + MARGIN] * 2)


def test_without_a_limit_nothing_is_written_down() -> None:
    slots = MemorySlots(ManualClock())
    one = pacer(slots, every=0)

    one.wait()
    one.block(60)

    assert (slots.touched, slots.left) == (0, [])


@pytest.mark.parametrize(("every", "look"), [(2.0, 0.5), (0.1, 0.05)])
def test_one_that_is_not_urgent_looks_again_in_a_while(
    every: float, look: float
) -> None:
    slots = MemorySlots(ManualClock())
    waited: list[float] = []

    @dataclass
    class Noting(ManualClock):
        @override
        def wait(self, seconds: float, stop: threading.Event) -> bool:
            waited.append(seconds)
            return ManualClock.wait(self, seconds, stop)

    slots.clock = Noting()
    later = pacer(slots, urgent=False, every=every)

    later.wait()
    later.wait()

    assert waited == [0.0, *[look] * (len(waited) - 2), 0.0]
    assert len(waited) > 3


@pytest.mark.parametrize("urgent", [True, False])
def test_everybody_waits_as_long_as_the_system_asked_for(urgent: bool) -> None:  # noqa: FBT001  # a parameter
    slots = MemorySlots(ManualClock())
    pacer(slots).block(30)

    pacer(slots, urgent=urgent).wait()

    assert slots.left[0] >= 30


@pytest.mark.parametrize("urgent", [True, False])
def test_stopping_ends_the_wait(urgent: bool) -> None:  # noqa: FBT001  # a parameter
    slots = MemorySlots(ManualClock())
    one = pacer(slots, urgent=urgent)
    one.wait()
    one.stop.set()

    with pytest.raises(BusyError, match="stopping"):
        one.wait()

    assert len(slots.left) == 1


@dataclass(slots=True, kw_only=True)
class Turn:
    """One wait: who, since when, and when it was over."""

    urgent: bool
    since: float
    until: float


def run_callers(callers: list[tuple[bool, list[float]]]) -> list[Turn]:
    """Let each caller, urgent or not, idle and wait its turn, again and again."""
    time = SharedTime(len(callers))
    slots = MemorySlots(time)
    turns: list[Turn] = []

    def call(*, urgent: bool, idle: list[float]) -> None:
        one = pacer(slots, urgent=urgent)
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
    for thread in [started(*caller) for caller in callers]:
        join(thread)
    return turns


idle_times = st.lists(st.floats(0.01, 9), min_size=1, max_size=4)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.booleans(), idle_times), min_size=2, max_size=5))
def test_however_many_ask_the_limit_is_kept_and_the_urgent_go_first(
    callers: list[tuple[bool, list[float]]],
) -> None:
    turns = run_callers(callers)

    assert len(turns) == sum(len(idle) for _, idle in callers)
    left = sorted(turn.until for turn in turns)
    assert all(b - a >= INTERVAL for a, b in pairwise(left))
    waiting = [turn for turn in turns if turn.urgent]
    for turn in turns:
        passed_by = [u for u in waiting if u.since < turn.until < u.until]
        assert turn.urgent or not passed_by
