"""When a call is not placed, though an agent asked for it: in words for the agent."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as phone_zones

from connector.mapping.compile_dial import DialPlan
from connector.mapping.flow import DialFlow, Guards
from connector.model import LONGEST_HOLD, Call, Dial, DialState, Scalar

AHEAD: Final = timedelta(minutes=1)
"""How far the time of a press may lie after the CRM's: its servers' clocks differ."""

RINGS: Final = LONGEST_HOLD
"""No dial takes longer; what began before that was left by a process that died."""

NUMBER: Final = "to.telephoneNumber"
AGENT: Final = "from.agentId"


def too_old(flow: DialFlow, requested_at: datetime | None, now: datetime) -> str:
    """Say why a request is not dialled any more; empty: it is fresh.

    ``now`` is the CRM's time: our clock has no say.
    """
    if requested_at is None:
        return f"{flow.request_at} does not tell when the call was asked for."
    age = now - requested_at
    if age < -AHEAD:
        return f"{flow.request_at} lies in the future: it is not dialled."
    if age > flow.expires:
        return (
            f"It was asked for {_words(age)} ago, and is not dialled after"
            f" {_words(flow.expires)}. Press Call again."
        )
    return ""


def forbidden(
    plan: DialPlan, fields: Mapping[str, Scalar], call: Call, now: datetime
) -> str:
    """Say which guard forbids this call, whoever asked for it; empty: none does.

    Whom our user may not see is not called: nobody knows whether that is wanted.
    """
    flow = plan.flow
    for name in flow.guards.do_not_call:
        if fields.get(name) not in (None, False, ""):
            return f"Do not call: {name} is set."
    for name in plan.hidden(fields):
        return f"Do not call: it can't be seen whether {name} is set."
    number = call.get(NUMBER)
    if flow.guards.hours and isinstance(number, str):
        return _out_of_hours(flow.guards.hours, number, flow.zone, now)
    return ""


def _out_of_hours(
    hours: tuple[time, time], number: str, zone: ZoneInfo, now: datetime
) -> str:
    for place in _zones(number, zone):
        there = now.astimezone(place).time()
        if not _within(there, *hours):
            start, end = f"{hours[0]:%H:%M}", f"{hours[1]:%H:%M}"
            end = "24:00" if end == "00:00" else end
            return (
                f"It is {there:%H:%M} in {place.key}: calls are from {start} to {end}."
            )
    return ""


def _within(moment: time, start: time, end: time) -> bool:
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _zones(number: str, otherwise: ZoneInfo) -> list[ZoneInfo]:
    """Give every zone that a number can be in; the flow's where nobody knows."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return [otherwise]
    names = phone_zones.time_zones_for_number(parsed)
    known = [ZoneInfo(name) for name in names if name != phone_zones.UNKNOWN_TIMEZONE]
    return known or [otherwise]


def too_close(guards: Guards, dial: Dial, others: Iterable[Dial], now: datetime) -> str:
    """Say which other dial is too close to this one; empty: none is.

    ``others``: those near it, as `DialWriting.dials_near` finds them.
    """
    for other in others:
        if other.request_id == dial.request_id:
            continue
        if reason := _same_number(guards, dial, other, now):
            return reason
        if reason := _same_agent(guards, dial, other, now):
            return reason
    return ""


def _same_number(guards: Guards, dial: Dial, other: Dial, now: datetime) -> str:
    within, since = guards.same_number_within, now - (other.dialled_at or _LONG_AGO)
    if not within or not dial.number or other.number != dial.number:
        return ""
    near = _is_near(since, within)
    return f"The same number was dialled {_words(since)} ago." if near else ""


def _same_agent(guards: Guards, dial: Dial, other: Dial, now: datetime) -> str:
    within = guards.one_per_agent
    if within is None or not dial.agent or other.agent != dial.agent:
        return ""
    if other.state is DialState.DIALLING:
        at_it = _is_near(now - (other.dialled_at or _LONG_AGO), RINGS)
        return "Another call of this agent is being placed." if at_it else ""
    since = now - (other.answered_at or other.dialled_at or _LONG_AGO)
    near = _is_near(since, within)
    return f"Another call of this agent was placed {_words(since)} ago." if near else ""


def _is_near(since: timedelta, within: timedelta) -> bool:
    """Whether a dial was so short a while ago; one that is still to come was noted by
    a clock that has since been set back."""
    return -AHEAD <= since < within


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def _words(length: timedelta) -> str:
    """Say a length of time as a person would."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size or seconds == size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
