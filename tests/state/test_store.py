"""The state file: transactions, leases, ledger, quarantine, runs."""

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.clock import SystemClock
from connector.errors import ConfigError, LeaseLostError
from connector.model import Aside, Counts, Lane, Lease, LedgerRow, Record, Run
from connector.state.codec import from_json, to_json
from connector.state.store import Store
from connector.testing import ManualClock

FLOW = "calls"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(tmp_path / "state.db", clock) as opened:
        yield opened


def _lease(store: Store, lane: Lane = Lane.LIVE, owner: str = "a") -> Lease:
    lease = store.acquire(FLOW, lane, owner, 45)
    assert lease
    return lease


def _aside(record_id: str = "1", **changes: object) -> Aside:
    entry = Aside(
        flow=FLOW,
        record_id=record_id,
        key=f"k{record_id}",
        record={"note": "hello", "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)},
        version="v1",
        fingerprint=b"f",
        code="STRING_TOO_LONG",
        message="too long",
        fields=("Subject",),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # the caller names fields


def test_what_was_committed_is_there_after_opening_again(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "deep" / "state.db"
    with Store(path, clock) as store, store.writing() as tx:
        tx.set_cursor(FLOW, "2026-01-01T00:00:00Z")

    with Store(path, clock) as store:
        assert store.cursor(FLOW) == "2026-01-01T00:00:00Z"


def test_an_error_rolls_the_whole_transaction_back(store: Store) -> None:
    def write_and_fail() -> None:
        with store.writing() as tx:
            tx.set_cursor(FLOW, "x")
            tx.nudge(FLOW, ["1"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    assert store.cursor(FLOW) is None
    assert store.nudges(FLOW, 10) == []


@pytest.mark.parametrize(("durable", "level"), [(False, 1), (True, 2)])
def test_a_durable_commit_survives_a_power_cut(
    store: Store, level: int, *, durable: bool
) -> None:
    with store.writing(durable=durable) as tx:
        tx.set_cursor(FLOW, "x")

    (row,) = store.read("pragma synchronous")
    (mode,) = store.read("pragma journal_mode")
    assert (row["synchronous"], mode["journal_mode"]) == (level, "wal")


def test_a_state_that_cannot_be_opened_is_a_configuration_error(
    tmp_path: Path, clock: ManualClock
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="CONNECTOR_STATE"):
        Store(tmp_path / "file" / "state.db", clock)


def test_a_file_that_is_no_database_is_a_configuration_error(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this is not a database, by any measure " * 100)
    with pytest.raises(ConfigError, match="CONNECTOR_STATE"):
        Store(path, clock)


# ── leases ─────────────────────────────────────────────────────────────────


def test_a_lease_is_held_by_one_owner_at_a_time(store: Store) -> None:
    _lease(store)

    assert store.acquire(FLOW, Lane.LIVE, "b", 45) is None
    assert store.acquire(FLOW, Lane.REREAD, "b", 45)


def test_a_lease_that_expired_is_taken_over_with_a_higher_epoch(
    store: Store, clock: ManualClock
) -> None:
    first = _lease(store)
    clock.time += timedelta(seconds=46)

    second = _lease(store, owner="b")

    assert second.epoch == first.epoch + 1
    with pytest.raises(LeaseLostError), store.writing() as tx:
        tx.hold(first, 45)


def test_holding_a_lease_prolongs_it(store: Store, clock: ManualClock) -> None:
    lease = _lease(store)
    clock.time += timedelta(seconds=40)
    with store.writing() as tx:
        tx.hold(lease, 45)
    clock.time += timedelta(seconds=40)

    assert store.acquire(FLOW, Lane.LIVE, "b", 45) is None


def test_a_lease_given_back_is_free_at_once(store: Store) -> None:
    store.release(_lease(store))

    assert store.acquire(FLOW, Lane.LIVE, "b", 45)


def test_a_lease_from_before_the_clock_was_set_back_is_nobodys(
    store: Store, clock: ManualClock
) -> None:
    _lease(store)
    clock.time -= timedelta(hours=3)

    assert store.acquire(FLOW, Lane.LIVE, "b", 45)


def test_the_rivals_of_a_lane_are_the_other_lanes_that_run(
    store: Store, clock: ManualClock
) -> None:
    live, reread = _lease(store), _lease(store, Lane.REREAD)
    with store.writing() as tx:
        assert tx.rivals(live) == {reread.token}
    clock.time += timedelta(seconds=46)
    with store.writing() as tx:
        assert tx.rivals(live) == set()


# ── ledger ─────────────────────────────────────────────────────────────────


def test_a_key_that_was_marked_is_not_known_until_it_is_confirmed(store: Store) -> None:
    with store.writing() as tx:
        tx.mark("Task", FLOW, ["k1"], "live:1")
    assert store.ledger("Task", ["k1"])["k1"].in_flight == "live:1"

    row = LedgerRow(key="k1", flow=FLOW, crm_id="00T1", hash=b"h", version="v")
    with store.writing() as tx:
        tx.confirm("Task", [row], "live:1")

    assert store.ledger("Task", ["k1", "k2"]) == {"k1": row}


def test_a_mark_of_another_writer_keeps_the_key_unknown(store: Store) -> None:
    row = LedgerRow(key="k1", flow=FLOW, crm_id="00T1", hash=b"h")
    with store.writing() as tx:
        tx.mark("Task", FLOW, ["k1"], "live:1")
        tx.mark("Task", FLOW, ["k1"], "live:2")
        tx.confirm("Task", [row], "live:1")

    known = store.ledger("Task", ["k1"])["k1"]
    assert (known.in_flight, known.hash) == ("live:2", None)


def test_marking_keeps_what_was_confirmed_before(store: Store) -> None:
    row = LedgerRow(key="k1", flow=FLOW, crm_id="00T1", hash=b"h", version="v")
    with store.writing() as tx:
        tx.mark("Task", FLOW, ["k1"], "live:1")
        tx.confirm("Task", [row], "live:1")
        tx.mark("Task", FLOW, ["k1"], "live:2")

    assert store.ledger("Task", ["k1"])["k1"] == replace(row, in_flight="live:2")


def test_the_owner_of_a_crm_record_is_found_by_its_id(store: Store) -> None:
    row = LedgerRow(key="k1", flow=FLOW, crm_id="00T1", hash=b"h")
    with store.writing() as tx:
        tx.mark("Task", FLOW, ["k1"], "t")
        tx.confirm("Task", [row], "t")
        assert tx.owner("Task", "00T1") == "k1"
        assert tx.owner("Lead", "00T1") is None


# ── quarantine, nudges, runs ───────────────────────────────────────────────


def test_an_entry_comes_back_as_it_went_in(store: Store, clock: ManualClock) -> None:
    with store.writing() as tx:
        tx.set_aside([_aside(retry_at=clock.now())])

    (found,) = store.asides(FLOW)

    now = clock.now()
    assert found == _aside(id=1, retry_at=now, first_at=now, last_at=now)


def test_a_record_has_one_entry_with_its_latest_payload(
    store: Store, clock: ManualClock
) -> None:
    with store.writing() as tx:
        tx.set_aside([_aside()])
    first_at = clock.now()
    clock.time += timedelta(hours=1)
    with store.writing() as tx:
        tx.set_aside([_aside(message="still too long", attempts=2)])

    (found,) = store.asides()
    assert (found.message, found.attempts) == ("still too long", 2)
    assert (found.first_at, found.last_at) == (first_at, clock.now())


def test_only_entries_whose_time_has_come_are_due(
    store: Store, clock: ManualClock
) -> None:
    now = clock.now()
    with store.writing() as tx:
        tx.set_aside(
            [
                _aside("1", retry_at=now + timedelta(seconds=1)),
                _aside("2", retry_at=now),
                _aside("3"),
            ]
        )

    assert [e.record_id for e in store.asides(FLOW, due=now)] == ["2"]
    assert [e.record_id for e in store.asides(record_ids=["3", "4"])] == ["3"]
    assert [e.record_id for e in store.asides(after=1, limit=1)] == ["2"]
    assert (store.quarantined(FLOW), store.quarantined("other")) == (3, 0)


def _record(record_id: str, version: str | None = None) -> Record:
    return Record(id=record_id, version=version, fields={})


def test_an_older_reading_neither_heals_nor_replaces_an_entry(store: Store) -> None:
    with store.writing() as tx:
        tx.set_aside([_aside(version="v2", message="newer")])
        tx.set_aside([_aside(version="v1", message="older")])
        healed = tx.heal(FLOW, [_record("1", "v1")])

    assert healed == 0
    assert [entry.message for entry in store.asides()] == ["newer"]


def test_healing_removes_the_entry_and_says_how_many(store: Store) -> None:
    with store.writing() as tx:
        tx.set_aside([_aside("1"), _aside("2")])
    with store.writing() as tx:
        healed = tx.heal(FLOW, [_record("1"), _record("nobody")])

    assert healed == 1
    assert [e.record_id for e in store.asides()] == ["2"]


def test_a_nudge_is_kept_once_until_it_is_settled(store: Store) -> None:
    with store.writing() as tx:
        tx.nudge(FLOW, ["a", "b"])
        tx.nudge(FLOW, ["a"])
    nudges = store.nudges(FLOW, 10)
    assert [nudge.record_id for nudge in nudges] == ["b", "a"]
    with store.writing() as tx:
        tx.nudged(nudges[:1])

    assert store.nudges(FLOW, 10) == nudges[1:]


def test_a_nudge_that_comes_while_its_record_is_fetched_stays(store: Store) -> None:
    with store.writing() as tx:
        tx.nudge(FLOW, ["a"])
    fetched = store.nudges(FLOW, 10)
    with store.writing() as tx:
        tx.nudge(FLOW, ["a"])
    with store.writing() as tx:
        tx.nudged(fetched)

    assert [nudge.record_id for nudge in store.nudges(FLOW, 10)] == ["a"]


def test_nudges_that_are_put_off_come_last_as_of_when_they_came(
    store: Store, clock: ManualClock
) -> None:
    came = clock.now()
    with store.writing() as tx:
        tx.nudge(FLOW, ["a", "b", "c"])
    first, second, _ = store.nudges(FLOW, 10)
    clock.time += timedelta(hours=1)
    with store.writing() as tx:
        tx.nudge(FLOW, ["b"])
        tx.put_off([first, second])

    left = store.nudges(FLOW, 10)

    assert [nudge.record_id for nudge in left] == ["c", "b", "a"]
    assert [nudge.at for nudge in left] == [came, clock.now(), came]
    assert store.nudges(FLOW, 10, left[1].id) == left[2:]


def test_a_run_that_never_ended_died_when_the_next_one_starts(
    store: Store, clock: ManualClock
) -> None:
    killed = store.start_run(Run(flow=FLOW, lane=Lane.LIVE, started_at=clock.now()))
    run = store.start_run(Run(flow=FLOW, lane=Lane.LIVE, started_at=clock.now()))
    done = replace(run, ended_at=clock.now(), outcome="done", counts=Counts(read=3))
    store.finish_run(done)

    latest, before = store.runs(FLOW)
    assert latest == done
    assert (before.id, before.outcome) == (killed.id, "died")


def test_runs_older_than_a_month_are_forgotten(
    store: Store, clock: ManualClock
) -> None:
    store.start_run(Run(flow=FLOW, lane=Lane.LIVE, started_at=clock.now()))
    clock.time += timedelta(days=31)
    run = store.start_run(Run(flow=FLOW, lane=Lane.LIVE, started_at=clock.now()))
    store.finish_run(replace(run, ended_at=clock.now(), outcome="done"))

    assert [r.id for r in store.runs()] == [run.id]


# ── many at once ───────────────────────────────────────────────────────────

TIMES = 50


def _count_up(path: Path) -> None:
    """Read, then write, which fails with a deferred BEGIN."""
    with Store(path, SystemClock()) as store:
        for _ in range(TIMES):
            with store.writing() as tx:
                now = store.cursor(FLOW)
                tx.set_cursor(FLOW, str(int(now or 0) + 1))


def test_processes_and_threads_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count_up, args=(path,)) for _ in range(2)]
    threads = [threading.Thread(target=_count_up, args=(path,)) for _ in range(2)]
    everybody: list[threading.Thread | BaseProcess] = [*workers, *threads]
    for worker in everybody:
        worker.start()
    for worker in everybody:
        worker.join()

    with Store(path, SystemClock()) as store:
        assert store.cursor(FLOW) == str(4 * TIMES)


def test_the_file_is_a_plain_sqlite_database(store: Store, tmp_path: Path) -> None:
    with store.writing() as tx:
        tx.set_cursor(FLOW, "x")
    connection = sqlite3.connect(tmp_path / "state.db")
    rows = connection.execute("select value from cursors").fetchall()
    connection.close()

    assert rows == [("x",)]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=2), inner),
    max_leaves=10,
)


@given(values)
def test_what_is_written_down_is_read_back(value: object) -> None:
    assert from_json(to_json(value)) == value


def test_a_date_is_not_taken_for_a_datetime() -> None:
    assert from_json('{"$datetime": "soon"}') == {"$datetime": "soon"}
    value = {"d": date(2026, 1, 2), "t": time(3, 4), "odd": b"bytes"}
    assert from_json(to_json(value)) == value | {"odd": "b'bytes'"}
