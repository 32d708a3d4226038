"""When a call is not placed, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.engine.guarding import AHEAD, RINGS, forbidden, too_close, too_old
from connector.mapping.compile_dial import DialPlan, compile_dial
from connector.mapping.flow import Guards
from connector.mapping.load import World
from connector.model import Dial, DialState, Scalar
from connector.wiring.dialers import PARAMETERS
from tests.mapping.examples import DIALS
from tests.mapping.loading import load_dial
from tests.mapping.org import described

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def _plan(*changes: tuple[str, str]) -> DialPlan:
    """The plan of the example, with some of its words changed."""
    text = DIALS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    world = World(streams={}, zones={}, regions=("IN",), dialers=PARAMETERS)
    flow = load_dial(text, "dials.yaml", world)
    return compile_dial(flow, described, PARAMETERS["newvoicemedia"])


PLAN = _plan()

# ── too old ────────────────────────────────────────────────────────────────

FRESH = {
    "at once": timedelta(),
    "a minute ago": MINUTE,
    "at the very last": 2 * MINUTE,
    "by a clock that is a little ahead": -AHEAD,
}


@pytest.mark.parametrize("age", FRESH.values(), ids=FRESH)
def test_a_fresh_request_is_dialled(age: timedelta) -> None:
    assert too_old(PLAN.flow, NOW - age, NOW) == ""


OLD = {
    2 * MINUTE + SECOND / 10: "It was asked for 2 minutes ago",
    2 * MINUTE + SECOND: "It was asked for 2 minutes ago",
    timedelta(hours=1): "It was asked for 1 hour ago",
    timedelta(hours=47): "It was asked for 47 hours ago",
    timedelta(days=2): "It was asked for 2 days ago",
}


@pytest.mark.parametrize(("age", "told"), OLD.items(), ids=map(str, OLD))
def test_an_old_request_is_not_dialled(age: timedelta, told: str) -> None:
    said = too_old(PLAN.flow, NOW - age, NOW)

    assert said == f"{told}, and is not dialled after 2 minutes. Press Call again."


def test_age_is_the_same_in_any_zone() -> None:
    pressed = datetime.fromisoformat("2026-11-21T17:29:00+05:30")

    assert too_old(PLAN.flow, pressed, NOW) == ""
    assert too_old(PLAN.flow, pressed, NOW + 2 * MINUTE) != ""


@pytest.mark.parametrize("ahead", [AHEAD + SECOND, timedelta(days=365)])
def test_a_request_of_the_future_is_not_dialled(ahead: timedelta) -> None:
    assert too_old(PLAN.flow, NOW + ahead, NOW) == (
        "Call_Requested_At__c lies in the future: it is not dialled."
    )


def test_a_request_without_a_time_is_not_dialled() -> None:
    assert too_old(PLAN.flow, None, NOW) == (
        "Call_Requested_At__c does not tell when the call was asked for."
    )


# ── whom not to call ───────────────────────────────────────────────────────


@pytest.mark.parametrize("value", [True, "true", 1])
def test_who_is_not_to_be_called_is_not(value: Scalar) -> None:
    said = forbidden(PLAN, {"Who.DoNotCall": value}, {}, NOW)

    assert said == "Do not call: Who.DoNotCall is set."


@pytest.mark.parametrize("value", [False, None, ""])
def test_who_may_be_called_is(value: Scalar) -> None:
    fields = {"Who.DoNotCall": value, "WhoId": None}

    assert forbidden(PLAN, fields, {}, NOW) == ""


# ── hours ──────────────────────────────────────────────────────────────────


def _said(plan: DialPlan, number: str, at: str) -> str:
    """What is said of a call to a number at this time of a November day, UTC."""
    moment = datetime.fromisoformat(f"2026-11-21T{at}:00+00:00")
    return forbidden(plan, {}, {"to.telephoneNumber": number}, moment)


HOURS = {
    # San Francisco, 8 hours behind
    ("+14155550100", "15:59"): "It is 07:59 in America/Los_Angeles",
    ("+14155550100", "16:00"): "",
    ("+14155550100", "03:59"): "",
    ("+14155550100", "04:00"): "It is 20:00 in America/Los_Angeles",
    # Mumbai, 5 1/2 hours ahead
    ("+912266550100", "02:29"): "It is 07:59 in Asia/Calcutta",
    ("+912266550100", "02:30"): "",
    ("+912266550100", "14:30"): "It is 20:00 in Asia/Calcutta",
    # London
    ("+442071838000", "07:59"): "It is 07:59 in Europe/London",
    ("+442071838000", "08:00"): "",
    # Russia's mobile phones may be anywhere from Kaliningrad to Kamchatka
    ("+79161234567", "06:30"): "",
    ("+79161234567", "12:00"): "It is ",
    # toll-free: anywhere between Newfoundland and Guam
    ("+18005550199", "21:59"): "It is 07:59 in Pacific/Guam",
    ("+18005550199", "22:00"): "",
    ("+18005550199", "23:30"): "It is 20:00 in America/St_Johns",
    # no country's: the flow's zone
    ("+80012345678", "07:59"): "It is 07:59 in UTC",
    ("+80012345678", "08:00"): "",
    ("02071838000", "20:00"): "It is 20:00 in UTC",
    ("nothing", "12:00"): "",
}


@pytest.mark.parametrize(("call", "told"), HOURS.items(), ids=map(str, HOURS))
def test_calls_are_placed_only_when_it_is_day_wherever_they_may_ring(
    call: tuple[str, str], told: str
) -> None:
    said = _said(PLAN, *call)

    assert said.startswith(told)
    assert bool(said) == bool(told)
    assert not told or said.endswith(": calls are from 08:00 to 20:00.")


def test_the_hours_of_a_number_of_no_zone_are_the_flows() -> None:
    plan = _plan(("expires:", "zone: Asia/Tokyo\nexpires:"))

    assert _said(plan, "+80012345678", "08:00") == ""
    assert _said(plan, "+80012345678", "12:00") == (
        "It is 21:00 in Asia/Tokyo: calls are from 08:00 to 20:00."
    )


@pytest.mark.parametrize(
    ("at", "free"),
    [
        *[("21:59", False), ("22:00", True), ("00:00", True)],
        *[("05:59", True), ("06:00", False), ("12:00", False)],
    ],
)
def test_hours_may_go_over_midnight(at: str, *, free: bool) -> None:
    plan = _plan(("08:00-20:00", "22:00-06:00"))

    assert (_said(plan, "+442071838000", at) == "") is free


def test_a_day_begins_later_where_clocks_were_set_back() -> None:
    summer = datetime.fromisoformat("2026-10-24T07:30:00+00:00")
    call = {"to.telephoneNumber": "+442071838000"}

    assert forbidden(PLAN, {}, call, summer) == ""
    assert forbidden(PLAN, {}, call, summer + timedelta(days=1)) == (
        "It is 07:30 in Europe/London: calls are from 08:00 to 20:00."
    )


def test_a_call_to_no_number_has_no_hours() -> None:
    night = NOW.replace(hour=2)

    assert forbidden(PLAN, {}, {"to.agentId": "7"}, night) == ""
    assert forbidden(PLAN, {}, {}, night) == ""


# ── too close ──────────────────────────────────────────────────────────────

GUARDS = Guards(same_number_within=30 * SECOND, one_per_agent=10 * SECOND)
DIAL = Dial(request_id="new", flow="f", record_id="r", number="+1", agent="7")
PLACED = DialState.PLACED


def _other(state: DialState, dialled: float, answered: float | None = None) -> Dial:
    """Another dial of both, begun and answered so many seconds ago."""
    return replace(
        DIAL,
        request_id="old",
        state=state,
        dialled_at=NOW - timedelta(seconds=dialled),
        answered_at=None if answered is None else NOW - timedelta(seconds=answered),
    )


def _number(state: DialState, dialled: float, answered: float | None = None) -> Dial:
    """Another dial to the same number, for another agent."""
    return replace(_other(state, dialled, answered), agent="8")


def _agent(state: DialState, dialled: float, answered: float | None = None) -> Dial:
    """Another dial of the same agent, to another number."""
    return replace(_other(state, dialled, answered), number="+2")


PASSES = {
    "long ago": _other(PLACED, 3600, 3599),
    "30 seconds ago, the same number": _number(PLACED, 30, 29),
    "10 seconds ago, the same agent": _agent(PLACED, 12, 10),
    "just now, neither": replace(_agent(PLACED, 1, 0), agent="8"),
    "itself": replace(_other(DialState.UNKNOWN, 1), request_id="new"),
    "stuck since 2 minutes, the same agent": _agent(
        DialState.DIALLING, RINGS.total_seconds()
    ),
    "a day from now, the same number": _number(PLACED, -86_400, -86_401),
    "a day from now, the same agent": _agent(PLACED, -86_400, -86_401),
    "dialling from an hour on": _agent(DialState.DIALLING, -3600),
    "without any time": replace(
        _other(DialState.UNKNOWN, 0), dialled_at=None, answered_at=None
    ),
}


@pytest.mark.parametrize("other", PASSES.values(), ids=PASSES)
def test_what_is_not_close_does_not_matter(other: Dial) -> None:
    assert too_close(GUARDS, DIAL, [other], NOW) == ""


CLOSE = {
    "the same number, 29 seconds ago": (
        _number(PLACED, 29, 0),
        "The same number was dialled 29 seconds ago.",
    ),
    "the same number, it may have rung": (
        _number(DialState.UNKNOWN, 2),
        "The same number was dialled 2 seconds ago.",
    ),
    "the same number, being dialled": (
        _number(DialState.DIALLING, 0),
        "The same number was dialled 0 seconds ago.",
    ),
    "the same number, a moment from now": (
        _number(PLACED, -5),
        "The same number was dialled 0 seconds ago.",
    ),
    "the same agent, answered 9 seconds ago": (
        _agent(PLACED, 25, 9),
        "Another call of this agent was placed 9 seconds ago.",
    ),
    "the same agent, it may have rung": (
        _agent(DialState.UNKNOWN, 1),
        "Another call of this agent was placed 1 second ago.",
    ),
    "the same agent, being dialled": (
        _agent(DialState.DIALLING, 119),
        "Another call of this agent is being placed.",
    ),
    "the same agent, a moment from now": (
        _agent(DialState.DIALLING, -30),
        "Another call of this agent is being placed.",
    ),
}


@pytest.mark.parametrize(("other", "told"), CLOSE.values(), ids=CLOSE)
def test_what_is_close_is_told(other: Dial, told: str) -> None:
    far = _other(PLACED, 3600, 3599)

    assert too_close(GUARDS, DIAL, [far, other], NOW) == told


@pytest.mark.parametrize("other", [each for each, _ in CLOSE.values()], ids=CLOSE)
def test_without_these_guards_nothing_is_close(other: Dial) -> None:
    assert too_close(Guards(), DIAL, [other], NOW) == ""


def test_a_dial_without_a_number_or_an_agent_is_close_to_none() -> None:
    nobody = replace(DIAL, number="", agent="")
    other = replace(nobody, request_id="old", state=DialState.DIALLING, dialled_at=NOW)

    assert too_close(GUARDS, nobody, [other], NOW) == ""
