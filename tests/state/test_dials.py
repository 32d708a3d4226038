"""The dials in the state: what is written down, and what is found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.model import ENDS, LONGEST_HOLD, LONGEST_WAIT, Dial, DialState
from connector.state.store import Store
from connector.testing import ManualClock
from tests.state.dialled import (
    AGENT,
    FLOW,
    NOW,
    NUMBER,
    SECOND,
    dial,
    forget,
    ids,
    near,
    put,
)

OTHER_FLOW = "call-back"
RANG = {DialState.DIALLING, DialState.PLACED, DialState.UNKNOWN}
UNENDED = {DialState.REQUESTED, DialState.CLAIMED, DialState.DIALLING}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(tmp_path / "state.db", clock) as opened:
        yield opened


# ── writing and looking up ─────────────────────────────────────────────────


def test_a_dial_keeps_when_it_was_first_noted(store: Store, clock: ManualClock) -> None:
    put(store, dial())
    clock.time += timedelta(minutes=1)
    placed = dial(state=DialState.PLACED, flow=OTHER_FLOW, call_id="c", noted_at=NOW)
    put(store, replace(placed, noted_at=clock.now()))

    with store.writing() as tx:
        assert tx.dial("r1") == store.dial("r1") == placed


def test_requests_that_differ_in_case_or_in_spaces_are_different(store: Store) -> None:
    put(store, dial("aB"))

    same_but = ["Ab", "AB", "aB ", " aB", "aB\0", ""]
    assert store.dial("aB")
    assert [store.dial(each) for each in same_but] == [None] * len(same_but)


def test_the_latest_request_of_a_record_is_the_one_noted_last(store: Store) -> None:
    put(store, dial("first"), dial("second"), dial("another", record_id="00T2"))
    put(store, dial("first", state=DialState.PLACED, answered_at=NOW))

    latest = store.latest_dial("00T1")

    assert latest
    assert latest.request_id == "second"
    assert store.latest_dial("00T3") is None


def test_words_with_half_a_character_do_not_stop_an_outcome(store: Store) -> None:
    put(store, dial(state=DialState.REFUSED, message="busy \ud83d", trouble="\udc00"))

    found = store.dial("r1")

    assert found
    assert (found.message, found.trouble) == ("busy \\ud83d", "\\udc00")


def test_dials_are_listed_latest_first_by_flow_state_and_time(
    store: Store, clock: ManualClock
) -> None:
    put(store, dial("old", state=DialState.PLACED), dial("claimed"))
    clock.time += timedelta(minutes=1)
    put(store, dial("other", flow=OTHER_FLOW), dial("new", state=DialState.REFUSED))
    put(store, dial("claimed", state=DialState.CLAIMED))

    ended = [DialState.PLACED, DialState.REFUSED]
    assert ids(store.dials()) == ["new", "other", "claimed", "old"]
    assert ids(store.dials(OTHER_FLOW)) == ["other"]
    assert ids(store.dials(FLOW, states=ended)) == ["new", "old"]
    assert ids(store.dials(since=clock.now(), limit=1)) == ["new"]
    assert ids(store.dials(since=clock.now())) == ["new", "other"]


# ── what is near, left, to show, and done ──────────────────────────────────


def test_a_few_of_the_latest_near_are_found_however_they_were_noted(
    store: Store,
) -> None:
    times = [NOW - each * SECOND for each in range(20)]
    placed = dial(state=DialState.PLACED, number=NUMBER, agent=AGENT)
    put(
        store,
        *(replace(placed, request_id=f"{t}", dialled_at=t, agent="2") for t in times),
        replace(placed, request_id="late", dialled_at=times[9], answered_at=NOW),
        replace(placed, request_id="early", dialled_at=times[9], number="+1"),
    )
    put(store, replace(placed, request_id=f"{times[5]}", answered_at=NOW + SECOND))

    by_number = near(store, NUMBER)

    assert by_number == [f"{times[5]}", "late", *(f"{t}" for t in times[:3])]
    assert near(store, agent=AGENT) == [f"{times[5]}", "late", "early"]
    assert near(store, NUMBER, AGENT) == [*by_number, "early"]
    assert near(store) == near(store, "+2", "3") == []


def test_what_is_read_has_the_types_that_were_written(store: Store) -> None:
    written = dial(state=DialState.PLACED, shown=True, answered_at=NOW, noted_at=NOW)
    put(store, written)

    # Not as 1 and "placed", which are equal to True and to the state.
    assert repr(store.dial("r1")) == repr(written)


def test_what_a_worker_is_at_is_left_once_its_time_is_over(store: Store) -> None:
    times = {"nobody's": None, "over": NOW, "at work": NOW + SECOND}
    put(store, *(dial(name, until=until) for name, until in times.items()))
    put(store, dial("placed", state=DialState.PLACED), dial("other", flow=OTHER_FLOW))

    assert ids(store.dials_left(FLOW, NOW)) == ["nobody's", "over"]


def test_what_ended_is_to_be_shown_once_it_is_due_longest_due_first(
    store: Store,
) -> None:
    ended = dial(state=DialState.UNKNOWN)
    put(
        store,
        replace(ended, request_id="now", show_at=NOW),
        replace(ended, request_id="before", show_at=NOW - SECOND, until=NOW),
        replace(ended, request_id="later", show_at=NOW + SECOND),
        replace(ended, request_id="being told", until=NOW + SECOND),
        replace(ended, request_id="shown", shown=True),
        replace(ended, request_id="half told", recorded=True),
    )

    due = ["half told", "before", "now"]
    assert ids(store.dials_to_show(FLOW, NOW, -1)) == due
    assert ids(store.dials_to_show(FLOW, NOW, 2)) == due[:2]


def test_what_was_noted_by_a_clock_that_was_set_back_since_is_not_waited_for(
    store: Store,
) -> None:
    ended, day = dial(state=DialState.UNKNOWN), timedelta(days=1)
    put(
        store,
        dial("left", until=NOW + day),
        replace(ended, request_id="told", until=NOW + day),
        replace(ended, request_id="due", show_at=NOW + day),
    )

    assert ids(store.dials_left(FLOW, NOW)) == ["left"]
    assert sorted(ids(store.dials_to_show(FLOW, NOW, -1))) == ["due", "told"]


def test_what_is_forgotten_was_shown_or_is_elsewhere_a_batch_at_a_time(
    store: Store, clock: ManualClock
) -> None:
    shown = dial(state=DialState.PLACED, shown=True)
    done = [replace(shown, request_id=f"{each}") for each in range(2000)]
    put(store, dial("elsewhere", state=DialState.ELSEWHERE), *done)
    put(store, dial("told twice", shown=True), dial("untold", state=DialState.UNKNOWN))
    clock.time += SECOND
    put(store, replace(shown, request_id="new"))

    forgotten = [forget(store, clock.now()) for _ in range(3)]

    assert forgotten == [2000, 1, 0]
    assert ids(store.dials()) == ["new", "untold", "told twice"]


moments = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    timezones=st.just(UTC),
)
soon = st.none() | st.sampled_from([NOW - SECOND, NOW, NOW + SECOND]) | moments
any_dial = st.builds(
    Dial,
    request_id=st.sampled_from("abcdefgh") | st.text(),
    flow=st.sampled_from([FLOW, OTHER_FLOW]),
    record_id=st.sampled_from(["00T1", "00T2", "00T\0"]) | st.text(),
    state=st.sampled_from(DialState),
    message=st.text(),
    requested_at=soon,
    number=st.sampled_from(["", NUMBER]) | st.text(),
    agent=st.sampled_from(["", AGENT]) | st.text(),
    dialled_at=soon,
    answered_at=soon,
    call_id=st.text(),
    location=st.text(),
    claim_id=st.text(),
    worker=st.text(),
    until=soon,
    recorded=st.booleans(),
    shown=st.booleans(),
    attempts=st.integers(0, 2**31),
    show_at=soon,
    trouble=st.text(),
    noted_at=st.just(NOW),
)


def _over(moment: datetime | None, longest: timedelta) -> bool:
    return moment is None or not NOW < moment <= NOW + longest


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(any_dial, max_size=12))
def test_after_any_writes_each_dial_is_as_written_last_and_found_by_what_it_is(
    store: Store, writes: list[Dial]
) -> None:
    store.db.execute("delete from dials")
    put(store, *writes)

    book = {each.request_id: each for each in writes}
    assert {each: store.dial(each) for each in book} == book
    assert store.dials() == [*reversed(book.values())]
    assert {each.record_id: each for each in book.values()} == {
        each.record_id: store.latest_dial(each.record_id) for each in book.values()
    }
    ours = [
        each
        for each in book.values()
        if each.flow == FLOW and _over(each.until, LONGEST_HOLD)
    ]
    left = [each for each in ours if each.state in UNENDED]
    assert store.dials_left(FLOW, NOW) == left
    ended = [each for each in ours if each.state in ENDS and not each.shown]
    due = [each for each in ended if _over(each.show_at, LONGEST_WAIT)]
    due.sort(key=lambda each: each.show_at or datetime.min.replace(tzinfo=UTC))
    assert store.dials_to_show(FLOW, NOW, -1) == due
    assert store.dials_to_show(FLOW, NOW, 1) == due[:1]
    rang = [each for each in book.values() if each.state in RANG]
    to_it = {each.request_id for each in rang if each.number == NUMBER}
    from_it = {each.request_id for each in rang if each.agent == AGENT}
    for number, agent, wanted in ((NUMBER, "", to_it), ("", AGENT, from_it)):
        found = near(store, number, agent)
        assert set(found) <= wanted
        assert len(found) == min(5, len(wanted))
    assert set(near(store, NUMBER, AGENT)) == {
        *near(store, NUMBER),
        *near(store, agent=AGENT),
    }
    done = [
        each
        for each in book.values()
        if each.state is DialState.ELSEWHERE or (each.shown and each.state in ENDS)
    ]
    assert (forget(store, NOW), forget(store)) == (0, len(done))
    assert len(store.dials()) == len(book) - len(done)
