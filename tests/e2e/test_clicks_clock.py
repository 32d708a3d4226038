"""Our clock jumps, is wrong, or stands still: the CRM's says whether it may ring."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, Literal

import pytest
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.engine.asking import BELIEVED
from connector.engine.guarding import AHEAD
from connector.sandbox.faults import Fault
from tests.e2e.clicks import ADITI, REQUESTS, assert_ended, at
from tests.e2e.gate import Passing
from tests.e2e.hotline import Hotline
from tests.e2e.mortal import Death, Fate, MortalStore
from tests.e2e.world import ShiftedClock

EXPIRES = timedelta(minutes=2)
JUMPS = {
    "an hour on": timedelta(hours=1),
    "an hour back": timedelta(hours=-1),
    "a day on": timedelta(days=1),
    "a day back": timedelta(days=-1),
}
When = Literal["before", "after"]


def _poll(hotline: Hotline, which: str, clock: ShiftedClock, **choices: Any) -> None:  # noqa: ANN401  passed on
    """Look in a process that has a clock of its own."""
    with hotline.app(which, **choices) as app:
        app.clock = clock
        app.poll()


def _ours(hotline: Hotline, wrong: timedelta = timedelta()) -> ShiftedClock:
    """A clock of our own, which is as the CRM's, but for so much."""
    return ShiftedClock(hotline.clock.ahead + wrong)


# ── jumps ──────────────────────────────────────────────────────────────────


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_our_clock_jumps_at_any_request_and_the_call_is_placed(
    hotline: Hotline, jump: timedelta, when: When
) -> None:
    for number in count(1):
        which, rang = f"round-{number}", len(hotline.phones.dials)
        request, clock = hotline.press(), _ours(hotline)
        hotline.asked.open()
        leap = at(number, partial(clock.shift, seconds=jump.total_seconds()))
        setattr(hotline.asked, when, leap)

        _poll(hotline, which, clock)
        reached = hotline.asked.count >= number
        for minutes in (3, 10):
            hotline.clock.shift(minutes=minutes)
            clock.shift(minutes=minutes)
            _poll(hotline, which, clock)

        assert assert_ended(hotline, request, rang=rang) == "Placed"
        if not reached:
            break
    assert number > REQUESTS


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_our_clock_jumps_while_it_is_dialled(hotline: Hotline, jump: timedelta) -> None:
    request, clock = hotline.press(), _ours(hotline)
    leap = partial(clock.shift, seconds=jump.total_seconds())
    hotline.calls.after = at(1, leap)
    _poll(hotline, "connector", clock)

    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


@pytest.mark.parametrize("wrong", JUMPS.values(), ids=JUMPS)
def test_our_clock_is_wrong_all_along(hotline: Hotline, wrong: timedelta) -> None:
    fresh, clock = hotline.press(), _ours(hotline, wrong)
    _poll(hotline, "connector", clock)
    hotline.clock.shift(minutes=1)
    late = hotline.press()
    hotline.clock.shift(minutes=3)

    _poll(hotline, "connector", clock)

    assert hotline.seen(fresh) == ("Placed", "")
    assert hotline.seen(late)[0] == "Expired"
    hotline.assert_dialled(ADITI)


@pytest.mark.timeout(60)
def test_what_the_dead_held_is_not_held_for_long_where_their_clock_was_ahead(
    hotline: Hotline,
) -> None:
    for commit in count(1):
        which, rang = f"round-{commit}", len(hotline.phones.dials)
        request = hotline.press()
        fate = Fate(commit=commit)
        wrong = _ours(hotline, timedelta(days=1))

        with suppress(Death):
            _poll(hotline, which, wrong, opens=_meeting(fate))
        for minutes in (3, 10):
            hotline.later(which, minutes=minutes)

        assert_ended(hotline, request, rang=rang)
        if not fate.dead:
            break


def _meeting(fate: Fate) -> Any:  # noqa: ANN401  what opens a state
    return lambda path, clock: MortalStore(path, clock, fate)


def test_what_was_to_be_told_by_a_clock_that_was_ahead_is_told_soon(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    hotline.crm.faults.add(Fault("", method="PATCH", status=503, times=3))
    _poll(hotline, "connector", _ours(hotline, timedelta(days=1)))

    hotline.later(minutes=1)

    assert hotline.seen(request) == ("Placed", "")
    hotline.assert_dialled(ADITI)


# ── it stands still ────────────────────────────────────────────────────────


@pytest.mark.timeout(60)
@pytest.mark.parametrize("when", ["before", "after"])
def test_suspended_at_any_request_it_rings_nobody_late(
    hotline: Hotline, when: When
) -> None:
    """Five minutes pass for everybody, once an answer was given or before it is."""
    for number in count(1):
        which, pressed = f"round-{number}", hotline.clock.now()
        rang = len(hotline.phones.dials)
        request = hotline.press()
        hotline.asked.open()
        pause = at(number, lambda: hotline.clock.shift(minutes=5))
        setattr(hotline.asked, when, pause)

        hotline.poll(which)
        reached = hotline.asked.count >= number
        hotline.later(which)
        hotline.later(which, minutes=10)

        assert_ended(hotline, request, rang=rang)
        for dial in hotline.phones.dials[rang:]:
            assert dial.at - pressed < EXPIRES + BELIEVED
        if not reached:
            break
    assert number > REQUESTS


@pytest.mark.parametrize("status", [401, 429])
def test_suspended_between_two_attempts_it_rings_nobody_late(
    hotline: Hotline, status: int
) -> None:
    request = hotline.press()
    slow = iter([JSONResponse({"message": "not now"}, status)])

    def suspend(_: Passing) -> ASGIApp | None:
        hotline.clock.shift(minutes=5)
        return next(slow, None)

    hotline.calls.before = suspend
    hotline.poll()

    assert hotline.seen(request)[0] == "Expired"
    hotline.assert_dialled()


def test_suspended_while_a_token_is_asked_for_it_rings_nobody_late(
    hotline: Hotline,
) -> None:
    request = hotline.press()
    tokens = hotline.calls.app

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/token"):
            hotline.clock.shift(minutes=5)
        await tokens(scope, receive, send)

    hotline.calls.app = slow
    hotline.poll()

    assert hotline.seen(request)[0] == "Expired"
    hotline.assert_dialled()


# ── what the CRM's clock says, if anything ─────────────────────────────────


@pytest.mark.parametrize(
    ("ahead", "shown"),
    [(AHEAD / 2, "Placed"), (2 * AHEAD, "Expired"), (timedelta(days=9), "Expired")],
)
def test_a_press_that_lies_in_the_future_is_dialled_if_it_is_only_just(
    hotline: Hotline, ahead: timedelta, shown: str
) -> None:
    request = hotline.press()
    moment = (hotline.clock.now() + ahead).isoformat()
    hotline.crm.change(hotline.task(request)["Id"], Call_Requested_At__c=moment)

    hotline.poll()

    assert hotline.seen(request)[0] == shown


def test_a_press_without_a_time_is_not_dialled(hotline: Hotline) -> None:
    request = hotline.press()
    hotline.crm.change(hotline.task(request)["Id"], Call_Requested_At__c=None)

    hotline.poll()

    state, message = hotline.seen(request)
    assert (state, "does not tell when" in message) == ("Expired", True)
    hotline.assert_dialled()


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        (timedelta(), "Placed"),
        (timedelta(minutes=3), "Expired"),
        (timedelta(minutes=-3), "Expired"),
    ],
    ids=["right", "ahead", "behind"],
)
def test_where_the_crm_tells_no_time_ours_must_do(
    hotline: Hotline, wrong: timedelta, shown: str
) -> None:
    hotline.asked.app = _undated(hotline.asked.app)
    request = hotline.press()

    _poll(hotline, "connector", _ours(hotline, wrong))

    assert hotline.seen(request)[0] == shown
    assert len(hotline.phones.dials) == (shown == "Placed")


def _undated(app: ASGIApp) -> ASGIApp:
    """Leave the date out of every answer."""

    async def undated(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                del MutableHeaders(scope=message)["date"]
            await send(message)

        await app(scope, receive, sending)

    return undated
