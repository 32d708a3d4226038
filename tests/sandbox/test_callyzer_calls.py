"""The sandbox's calls are lifelike, and the same for the same seed."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import phonenumbers

from connector.sandbox.arrivals import Arrivals, CallsWithNotes
from connector.sandbox.callyzer import CLIENTS, FIELDS, TEAM, CallyzerSandbox, new_call
from connector.sandbox.callyzer.calls import working_moments

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
Call = dict[str, object]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable, not secret


def made_up(count: int, *, seed: int, trouble: bool = False) -> list[Call]:
    rng = seeded(seed)
    return [new_call(rng, NOW, trouble=trouble) for _ in range(count)]


def long_notes(calls: list[Call]) -> int:
    return sum(len(str(call["note"])) > 2000 for call in calls)


def having(calls: list[Call], name: str, value: str) -> int:
    return sum(call[name] == value for call in calls)


def test_made_up_calls_are_the_same_for_the_same_seed() -> None:
    one, two = made_up(20, seed=7), made_up(20, seed=7)

    assert one == two
    assert len({str(call["id"]) for call in one}) == 20


def test_made_up_calls_have_the_documented_fields_and_types() -> None:
    for call in made_up(500, seed=1):
        assert tuple(call) == FIELDS
        assert isinstance(call["duration"], int)
        assert isinstance(call["emp_tags"], list)
        texts = {k: v for k, v in call.items() if k not in {"duration", "emp_tags"}}
        assert all(v is None or isinstance(v, str) for v in texts.values())
        if call["call_type"] in {"Missed", "Rejected"}:
            assert call["duration"] == 0
            assert call["call_recording_url"] == ""


def test_a_call_reaches_the_vendor_after_it_ended() -> None:
    zone = ZoneInfo("Asia/Kolkata")

    for call in made_up(200, seed=2):
        start = datetime.fromisoformat(f"{call['call_date']} {call['call_time']}")
        talked = timedelta(seconds=int(str(call["duration"])))
        assert start.replace(tzinfo=zone) + talked < NOW


def test_everybody_has_a_number_that_exists() -> None:
    numbers = [f"+{e.country_code}{e.number}" for e in TEAM]
    numbers += [f"+{c.country_code}{c.number}" for c in CLIENTS]

    assert len(set(numbers)) == len(TEAM) + len(CLIENTS)
    assert [n for n in numbers if not _valid(n)] == []
    assert [e.code for e in TEAM] == [str(code) for code in range(101, 109)]


def _valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_trouble_is_rare_and_only_where_it_is_asked_for() -> None:
    plain, troubled = made_up(1200, seed=3), made_up(1200, seed=3, trouble=True)

    assert long_notes(plain) == having(plain, "crm_status", "Escalated") == 0
    assert having(plain, "emp_code", "108") == 0
    assert 15 < long_notes(troubled) < 50
    assert 20 < having(troubled, "crm_status", "Escalated") < 60
    assert 35 < having(troubled, "emp_code", "108") < 90


def test_loaded_calls_are_spread_over_the_working_hours_of_the_days_before() -> None:
    zone = ZoneInfo("Asia/Kolkata")

    moments = working_moments(seeded(5), 2000, NOW, 30, zone)

    assert moments == sorted(moments)
    assert NOW - timedelta(days=30) <= moments[0] < NOW - timedelta(days=28)
    assert NOW - timedelta(days=2) < moments[-1] <= NOW
    hours = [at.astimezone(zone).hour for at in moments]
    assert sum(9 <= hour < 20 for hour in hours) > 1800


def test_calls_arrive_and_change_while_somebody_looks_on() -> None:
    events: list[datetime] = []
    enough = threading.Event()

    def now() -> datetime:
        events.append(NOW)
        if len(events) >= 20:
            enough.set()
        return NOW

    sandbox = CallyzerSandbox(now=now)
    with Arrivals(CallsWithNotes(sandbox, trouble=True), 0.01, seed=4):
        assert enough.wait(10)

    assert 0 < len(sandbox) < len(events)
