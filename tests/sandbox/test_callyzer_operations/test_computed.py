"""Whatever the calls are, the reports agree with them and with each other."""

from typing import cast
from zoneinfo import ZoneInfo

from hypothesis import given as over
from hypothesis import strategies as st

from connector.sandbox.callyzer import FIELDS
from connector.sandbox.callyzer.analytics import Slots, hourly
from connector.sandbox.callyzer.figures import totals, waiting
from connector.sandbox.callyzer.rules import Hours
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.wanted import Query
from tests.sandbox.test_callyzer_operations.given import Json

ZONE = ZoneInfo("Asia/Kolkata")
ALL = Query(called=(1, 2**40))
MINUTES = st.integers(0, 24 * 60 - 1)


@st.composite
def calls(draw: st.DrawFn) -> list[Json]:
    kinds = {"Incoming": 40, "Outgoing": 40, "Missed": 0, "Rejected": 0}
    times = draw(st.lists(MINUTES, max_size=12, unique=True))
    found = []
    for minute in times:
        kind = draw(st.sampled_from(sorted(kinds)))
        found.append(
            dict.fromkeys(FIELDS, "")
            | {
                "id": f"{minute}",
                "emp_number": draw(st.sampled_from(["101", "102"])),
                "client_number": draw(st.sampled_from(["901", "902"])),
                "emp_tags": [],
                "call_type": kind,
                "duration": draw(st.integers(0, kinds[kind])),
                "call_date": "2026-11-20",
                "call_time": f"{minute // 60:02}:{minute % 60:02}:00",
                "synced_at": "2026-11-20 12:00:00",
            }
        )
    return found


def stored(records: list[Json]) -> Store:
    store = Store(ZONE, ())
    store.load(records)
    return store


def never_reached(records: list[Json], attempt: Json) -> bool:
    """Whether the two of a call did not speak later on that day."""
    return not any(
        call["duration"] > 0
        and call["emp_number"] == attempt["emp_number"]
        and call["client_number"] == attempt["client_number"]
        and call["call_time"] > attempt["call_time"]
        for call in records
    )


def pairs(records: list[Json]) -> set[tuple[str, str]]:
    return {(call["emp_number"], call["client_number"]) for call in records}


@over(calls())
def test_who_waits_is_who_was_not_reached_later(records: list[Json]) -> None:
    store = stored(records)
    missed = [c for c in records if c["call_type"] == "Missed"]
    dialled = [
        c for c in records if c["call_type"] == "Outgoing" and c["duration"] == 0
    ]

    found = waiting(store.calls(ALL), store)

    for waits, attempts in (
        (found.never_attended, missed),
        (found.not_picked_up, dialled),
    ):
        expected = pairs([c for c in attempts if never_reached(records, c)])
        rows = [cast("Json", one.latest.record) for one in waits]
        assert pairs(rows) == expected
        assert len(rows) == len(expected)


@over(calls())
def test_the_kinds_of_calls_add_up(records: list[Json]) -> None:
    figures = cast("dict[str, int]", totals(stored(records).calls(ALL)))

    kinds = ("incoming", "outgoing", "missed", "rejected")
    assert sum(figures[f"total_{kind}_calls"] for kind in kinds) == len(records)
    assert figures["total_duration"] == sum(c["duration"] for c in records)
    assert figures["total_connected_calls"] == (
        figures["total_incoming_connected_calls"]
        + figures["total_outgoing_connected_calls"]
    )


@over(calls(), MINUTES, MINUTES)
def test_every_call_is_in_exactly_one_slot(
    records: list[Json], start: int, end: int
) -> None:
    found = stored(records).calls(ALL)
    hours = Hours(start=start, end=end)

    cut = Slots(hours=hours).cut(found)
    report = hourly(found, Query(synced=(1, 2)), hours, ZONE)

    assert sorted(call.sent for slot in cut for call in slot) == sorted(
        call.sent for call in found
    )
    slots = cast("list[Json]", report["time_slots"])
    assert len({slot["slot"] for slot in slots}) == len(cut)
    assert sum(slot["total_calls"] for slot in slots) == len(records)
    assert sum(slot["total_duration"] for slot in slots) == report["total_duration"]
