"""The push: nothing lost, nothing twice, nothing needless."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.errors import (
    BatchRefusedError,
    LeaseLostError,
    OutcomeUnknownError,
    QuotaReachedError,
    SchemaMismatchError,
    UnavailableError,
)
from connector.model import Lane, Page, Payload, Refused, Reject, Remedy
from tests.engine.world import FLOW, World, call, page


def _refusal(code: str, remedy: Remedy, fields: tuple[str, ...] = ()) -> Refused:
    return Refused(code=code, message="no, says the CRM", remedy=remedy, fields=fields)


# ── the happy way ──────────────────────────────────────────────────────────


def test_a_call_is_created_once_and_not_sent_again(world: World) -> None:
    first = world.carry(page(call("1"), cursor="c1"))
    second = world.carry(page(call("1"), cursor="c1"))

    assert (first.created, second.unchanged) == (1, 1)
    assert world.crm.calls == [("create", 1)]
    assert world.store.cursor(FLOW) == "c1"


def test_a_change_updates_by_id_without_what_is_written_once(world: World) -> None:
    world.carry(page(call("1")))
    (crm_id,) = world.crm.records
    world.crm.records[crm_id]["Subject"] = "edited by hand"

    counts = world.carry(page(call("1", "late note")))

    assert counts.updated == 1
    assert world.crm.calls[-1] == ("update", 1)
    assert world.crm.records[crm_id] == {
        "Call_Key__c": "phone:1",
        "Subject": "edited by hand",
        "Note__c": "late note",
    }


def test_pages_fill_batches_of_two_hundred(world: World) -> None:
    pages = [
        page(*(call(f"{n}-{i}") for i in range(90)), cursor=f"c{n}") for n in range(5)
    ]

    world.carry(*pages)

    assert world.crm.calls == [("create", 200), ("create", 200), ("create", 50)]
    assert world.store.cursor(FLOW) == "c4"


def test_a_mapping_without_create_only_fields_upserts(world: World) -> None:
    world.create_only = False

    world.carry(page(call("1")))

    assert world.crm.calls == [("upsert", 1)]


def test_two_readings_of_one_call_in_a_page_are_one_row(world: World) -> None:
    newer = call("1", "new", version="2")

    world.carry(page(newer, call("1", "old", version="1")))

    assert world.notes() == {"phone:1": "new"}
    assert world.crm.calls == [("create", 1)]


def test_a_call_shown_twice_does_not_flap_between_its_two_readings(
    world: World,
) -> None:
    twice = page(call("1", "lead a"), call("1", "lead b"))
    world.carry(twice)

    again = world.carry(twice)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert world.notes() == {"phone:1": "lead b"}
    assert world.crm.calls == [("create", 1)]


def test_what_was_read_before_a_source_failed_still_goes_in(world: World) -> None:
    def pages() -> Iterator[Page]:
        yield page(call("1"), cursor="c1")
        yield page(call("2"))
        raise UnavailableError("the vendor is down")

    push = world.push()
    with pytest.raises(UnavailableError, match="the vendor is down"):
        push.carry(pages())

    assert set(world.notes()) == {"phone:1", "phone:2"}
    assert world.store.cursor(FLOW) == "c1"


def test_an_older_version_never_overwrites_a_newer(world: World) -> None:
    world.carry(page(call("1", "new", version="2")))

    counts = world.carry(page(call("1", "old", version="1")))

    assert counts.unchanged == 1
    assert world.notes() == {"phone:1": "new"}


def test_what_the_mapping_does_not_want_is_skipped(world: World) -> None:
    counts = world.carry(page(call("1", "skip"), call("2"), cursor="c"))

    assert (counts.skipped, counts.created) == (1, 1)
    assert world.store.cursor(FLOW) == "c"


# ── state lost, agents at work ─────────────────────────────────────────────


def test_when_the_state_is_lost_a_record_is_updated_and_edits_survive(
    world: World,
) -> None:
    world.crm.create(
        "Task",
        [{"Call_Key__c": "phone:1", "Subject": "edited by hand", "Note__c": "old"}],
    )

    counts = world.carry(page(call("1", "new")))

    (record,) = world.crm.records.values()
    assert (record["Subject"], record["Note__c"]) == ("edited by hand", "new")
    assert counts.updated == 1


def test_a_record_that_an_agent_deleted_stays_deleted(world: World) -> None:
    world.carry(page(call("1")))
    world.crm.records.clear()

    second = world.carry(page(call("1", "late note")))
    same = world.carry(page(call("1", "late note")))
    third = world.carry(page(call("1", "later note")))

    assert (second.deleted, same.unchanged, third.deleted) == (1, 1, 1)
    assert world.crm.records == {}
    assert world.store.quarantined(FLOW) == 0


def test_a_record_taken_out_of_the_bin_is_kept_up_again(world: World) -> None:
    world.carry(page(call("1")))
    bin_ = dict(world.crm.records)
    world.crm.records.clear()
    world.carry(page(call("1", "late note")))
    world.crm.records.update(bin_)

    counts = world.carry(page(call("1", "later note")))

    assert counts.updated == 1
    assert world.notes() == {"phone:1": "later note"}


def test_a_deleted_record_is_made_again_where_the_mapping_says_so(
    world: World,
) -> None:
    world.recreate = True
    world.carry(page(call("1")))
    world.crm.records.clear()

    counts = world.carry(page(call("1", "late note")))

    assert counts.created == 1
    assert world.notes() == {"phone:1": "late note"}


def test_a_key_that_differs_only_by_case_does_not_take_over_a_record(
    world: World,
) -> None:
    world.carry(page(call("a")))
    (taken,) = world.crm.records

    def unique_whatever_the_case(row: Payload) -> Refused | None:
        refused = _refusal("DUPLICATE_VALUE", Remedy.EXISTS)
        return (
            replace(refused, crm_id=taken) if row["Call_Key__c"] == "phone:A" else None
        )

    world.crm.refuse = unique_whatever_the_case
    counts = world.carry(page(call("A", "another call")))

    assert counts.set_aside == 1
    assert world.notes() == {"phone:a": "hello"}


def test_a_key_of_another_flow_is_set_aside(world: World) -> None:
    with world.store.writing() as tx:
        tx.mark("Task", "another flow", ["phone:1"], "live:1")

    world.carry(page(call("1")))

    (entry,) = world.store.asides()
    assert entry.code == "KEY_TAKEN"
    assert "another flow" in entry.message
    assert world.crm.calls == []


# ── one bad record stops nothing ───────────────────────────────────────────


def test_a_refused_row_is_set_aside_and_the_rest_go_in(world: World) -> None:
    world.crm.refuse = lambda row: (
        _refusal("STRING_TOO_LONG", Remedy.SET_ASIDE, ("Note__c",))
        if row["Note__c"] == "bad"
        else None
    )

    counts = world.carry(page(call("1"), call("2", "bad"), call("3"), cursor="c"))

    (entry,) = world.store.asides()
    assert (counts.created, counts.set_aside) == (2, 1)
    assert (entry.record_id, entry.code, entry.fields) == (
        "2",
        "STRING_TOO_LONG",
        ("Note__c",),
    )
    assert entry.message == "no, says the CRM"
    assert entry.retry_at is None
    assert world.store.cursor(FLOW) == "c"


def test_a_row_set_aside_is_not_sent_again_until_it_changes(world: World) -> None:
    world.crm.refuse = lambda row: (
        _refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "bad" else None
    )
    world.carry(page(call("1", "bad")))

    same = world.carry(page(call("1", "bad")))
    calls = len(world.crm.calls)
    better = world.carry(page(call("1", "good")))

    assert (same.unchanged, calls) == (1, 1)
    assert (better.created, better.healed) == (1, 1)
    assert world.store.quarantined(FLOW) == 0


def test_a_record_that_cannot_be_mapped_is_set_aside(world: World) -> None:
    counts = world.carry(page(call("1", "broken"), call("2")))

    (entry,) = world.store.asides()
    assert (entry.code, entry.fields, entry.record["note"]) == (
        "BROKEN",
        ("Note__c",),
        "broken",
    )
    assert (counts.created, counts.set_aside) == (1, 1)


@pytest.mark.parametrize("note", ["broken", "refused"])
def test_a_discarded_record_stays_out_until_it_changes(world: World, note: str) -> None:
    world.crm.refuse = lambda row: (
        _refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "refused" else None
    )
    world.carry(page(call("1", note)))
    with world.store.writing() as tx:
        assert tx.discard(e.id for e in world.store.asides() if e.id) == 1

    same = world.carry(page(call("1", note)))
    left = world.store.quarantined(FLOW)
    changed = world.carry(page(call("1", "good")))

    assert (same.unchanged, same.set_aside, left) == (1, 0, 0)
    assert (changed.created, world.store.asides()) == (1, [])


def test_a_newer_reading_that_cannot_go_in_is_not_healed_by_an_older(
    world: World,
) -> None:
    good = page(call("1", "good", version="1"), cursor="c1")
    bad = page(call("1", "broken", version="2"), cursor="c2")

    counts = world.carry(good, bad)
    again = world.carry(good)

    (entry,) = world.store.asides()
    assert (entry.version, counts.set_aside, again.healed) == ("2", 1, 0)


def test_a_stale_reading_of_a_refused_record_changes_nothing(world: World) -> None:
    world.crm.refuse = lambda row: (
        _refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "bad" else None
    )
    world.carry(page(call("1", "bad", version="2")))

    stale = world.carry(page(call("1", "good", version="1")))

    assert (stale.unchanged, world.store.quarantined(FLOW)) == (1, 1)
    assert world.crm.records == {}


def test_a_lease_that_lapsed_is_lost_even_if_nobody_took_it(world: World) -> None:
    push = world.push()

    def slow(_: str, __: Sequence[Payload]) -> None:
        world.clock.time += timedelta(minutes=2)

    world.crm.after = slow
    with pytest.raises(LeaseLostError):
        push.carry(iter([page(call("1"), cursor="c")]))

    assert world.store.ledger("Task", ["phone:1"])["phone:1"].in_flight
    assert [n.record_id for n in world.store.nudges(FLOW, 10)] == ["1"]


def test_what_is_no_record_at_all_is_set_aside_as_it_came(world: World) -> None:
    reject = Reject(id="x", payload=["odd"], code="UNREADABLE", message="no object")

    world.carry(Page(rejects=[reject], cursor="c"))

    (entry,) = world.store.asides()
    assert (entry.record, entry.code) == ({"payload": ["odd"]}, "UNREADABLE")
    assert world.store.cursor(FLOW) == "c"


def test_a_record_that_the_mapping_now_skips_leaves_quarantine(world: World) -> None:
    world.carry(page(call("1", "broken")))

    counts = world.carry(page(call("1", "skip")))

    assert counts.healed == 1
    assert world.store.quarantined(FLOW) == 0


def test_a_locked_row_is_tried_again_in_the_run(world: World) -> None:
    locked = iter([True, True])
    world.crm.refuse = lambda _: (
        _refusal("UNABLE_TO_LOCK_ROW", Remedy.RETRY) if next(locked, False) else None
    )

    counts = world.carry(page(call("1")))

    assert (counts.created, counts.set_aside) == (1, 0)


def test_a_row_locked_for_long_is_retried_by_itself_ever_more_rarely(
    world: World,
) -> None:
    world.crm.refuse = lambda _: _refusal("UNABLE_TO_LOCK_ROW", Remedy.RETRY)
    waits = []
    world.carry(page(call("1")))
    for _ in range(8):
        (entry,) = world.store.asides()
        waits.append(entry.retry_at and entry.retry_at - world.clock.now())
        world.carry(page(call("1")), again=True)

    minutes = [w and round(w / timedelta(minutes=1)) for w in waits]
    assert minutes == [1, 5, 15, 60, 240, 720, 1440, None]


def test_a_broken_link_is_dropped_and_the_row_goes_in(world: World) -> None:
    world.crm.refuse = lambda row: (
        _refusal("INVALID_CROSS_REFERENCE_KEY", Remedy.UNLINK, ("Note__c",))
        if "Note__c" in row
        else None
    )

    counts = world.carry(page(call("1")))

    (record,) = world.crm.records.values()
    assert counts.created == 1
    assert record == {"Call_Key__c": "phone:1", "Subject": "Call"}


# ── a batch refused as a whole ─────────────────────────────────────────────


def _poisoned(*bad: str) -> object:
    def fault(_: str, rows: Sequence[Payload]) -> Exception | None:
        guilty = [row for row in rows if row["Note__c"] in bad]
        return (
            BatchRefusedError("bad value", code="JSON_PARSER_ERROR") if guilty else None
        )

    return fault


@pytest.mark.parametrize("bad", [{0}, {199}, {0, 1, 2}, {7, 93, 180}])
def test_a_refused_batch_is_halved_until_the_guilty_rows_are_found(
    world: World, bad: set[int]
) -> None:
    world.crm.before = _poisoned("bad")  # type: ignore[assignment]  # a fault is a callable
    calls = [call(str(i), "bad" if i in bad else "good") for i in range(200)]

    counts = world.carry(page(*calls, cursor="c"))

    assert counts.created == 200 - len(bad)
    assert {entry.record_id for entry in world.store.asides()} == set(map(str, bad))
    assert len(world.crm.calls) <= 2 * 9 * len(bad) + 1
    assert world.store.cursor(FLOW) == "c"


def test_many_bad_rows_in_a_batch_do_not_stop_the_good_ones(world: World) -> None:
    world.crm.before = _poisoned("bad")  # type: ignore[assignment]  # a fault is a callable
    calls = [call(str(i), "bad" if i % 5 == 0 else "good") for i in range(200)]

    counts = world.carry(page(*calls, cursor="c"))

    assert (counts.created, counts.set_aside) == (160, 40)
    assert world.store.cursor(FLOW) == "c"


def test_a_record_that_the_crm_still_has_is_not_taken_for_deleted(world: World) -> None:
    world.carry(page(call("1")))
    world.crm.refuse = lambda _: _refusal("INVALID_CROSS_REFERENCE_KEY", Remedy.GONE)

    counts = world.carry(page(call("1", "late note"), cursor="c"))

    assert (counts.set_aside, counts.deleted) == (1, 0)
    assert not world.store.ledger("Task", ["phone:1"])["phone:1"].deleted


def test_when_every_batch_is_refused_alike_the_flow_pauses(world: World) -> None:
    world.crm.before = _poisoned("bad")  # type: ignore[assignment]  # a fault is a callable

    with pytest.raises(SchemaMismatchError, match="JSON_PARSER_ERROR"):
        world.carry(page(*(call(str(i), "bad") for i in range(200)), cursor="c"))

    assert world.store.quarantined(FLOW) == 0
    assert world.store.cursor(FLOW) is None


def test_a_single_bad_call_does_not_pause_the_flow(world: World) -> None:
    world.crm.before = _poisoned("bad")  # type: ignore[assignment]  # a fault is a callable

    counts = world.carry(page(call("1", "bad"), cursor="c"))

    assert counts.set_aside == 1


@pytest.mark.parametrize(
    "error",
    [
        SchemaMismatchError("INVALID_FIELD: no such column"),
        QuotaReachedError(),
        UnavailableError("503"),
    ],
)
def test_trouble_that_is_not_a_rows_sets_nothing_aside(
    world: World, error: Exception
) -> None:
    world.crm.before = lambda _verb, _rows: error

    with pytest.raises(type(error)):
        world.carry(page(call("1"), cursor="c"))

    assert world.store.quarantined(FLOW) == 0
    assert world.store.cursor(FLOW) is None

    world.crm.before = lambda _verb, _rows: None
    assert world.carry(page(call("1"), cursor="c")).created == 1


def test_a_row_refused_because_of_a_field_pauses_and_the_others_stay_in(
    world: World,
) -> None:
    world.crm.refuse = lambda row: (
        _refusal("INVALID_FIELD_FOR_INSERT_UPDATE", Remedy.PAUSE)
        if row["Note__c"] == "bad"
        else None
    )

    with pytest.raises(SchemaMismatchError, match="no, says the CRM"):
        world.carry(page(call("1"), call("2", "bad"), cursor="c"))

    known = world.store.ledger("Task", ["phone:1", "phone:2"])
    assert known["phone:1"].hash
    assert known["phone:2"].in_flight
    assert world.store.cursor(FLOW) is None


# ── lost answers ───────────────────────────────────────────────────────────


def test_an_answer_lost_after_the_write_is_settled_without_a_second_record(
    world: World,
) -> None:
    lost = iter([OutcomeUnknownError()])
    world.crm.after = lambda _verb, _rows: next(lost, None)

    counts = world.carry(page(call("1")))

    assert (counts.updated, counts.set_aside) == (1, 0)
    assert world.notes() == {"phone:1": "hello"}


def test_answers_lost_for_good_leave_the_rows_unknown_and_the_cursor(
    world: World,
) -> None:
    world.carry(page(call("1", "v1")))
    world.crm.after = lambda _verb, _rows: OutcomeUnknownError()

    with pytest.raises(OutcomeUnknownError):
        world.carry(page(call("1", "v2"), cursor="c"))

    world.crm.after = lambda _verb, _rows: None
    back = world.carry(page(call("1", "v1"), cursor="c"))
    assert back.updated == 1, "what the CRM has was not known"
    assert world.notes() == {"phone:1": "v1"}


# ── two at once ────────────────────────────────────────────────────────────


def test_a_writer_that_lost_its_lease_confirms_nothing(world: World) -> None:
    push = world.push()

    def taken_over(_: str, __: Sequence[Payload]) -> None:
        world.clock.time += timedelta(minutes=2)
        assert world.store.acquire(FLOW, Lane.LIVE, "them", 45)

    world.crm.after = taken_over

    with pytest.raises(LeaseLostError):
        push.carry(iter([page(call("1"), cursor="c")]))

    known = world.store.ledger("Task", ["phone:1"])["phone:1"]
    assert known.in_flight == push.lease.token
    assert [n.record_id for n in world.store.nudges(FLOW, 10)] == ["1"]
    assert world.store.cursor(FLOW) is None


def test_a_writer_that_lost_its_lease_before_sending_sends_nothing(
    world: World,
) -> None:
    push = world.push()
    world.clock.time += timedelta(minutes=2)
    world.store.acquire(FLOW, Lane.LIVE, "them", 45)

    with pytest.raises(LeaseLostError):
        push.carry(iter([page(call("1"), cursor="c")]))

    assert world.crm.calls == []


def test_two_lanes_never_have_one_key_in_flight(world: World) -> None:
    live = world.push(Lane.LIVE)
    reread = world.push(Lane.REREAD, owner="them")
    sizes = []

    def while_sending(_: str, rows: Sequence[Payload]) -> None:
        sizes.append(len(rows))
        if len(sizes) == 1:
            world.clock.time += timedelta(seconds=1)
            with world.store.writing() as tx:
                known = tx.ledger("Task", ["phone:1"])["phone:1"]
                assert known.in_flight in tx.rivals(reread.lease)

    world.crm.before = while_sending
    live.carry(iter([page(call("1"))]))
    world.store.release(live.lease)
    reread.carry(iter([page(call("1"))]))

    assert sizes == [1]
    assert reread.counts.unchanged == 1


def test_a_key_in_flight_elsewhere_waits_until_that_writer_is_gone(
    world: World,
) -> None:
    other = world.push(Lane.REREAD, owner="them")
    with world.store.writing() as tx:
        tx.mark("Task", FLOW, ["phone:1"], other.lease.token)
    started = world.clock.now()

    counts = world.carry(page(call("1"), call("2"), cursor="c"))

    assert counts.created == 2
    assert world.clock.now() - started >= timedelta(seconds=45)
    assert world.store.cursor(FLOW) == "c"


def test_a_stop_ends_after_the_page_in_hand(world: World) -> None:
    push = world.push()
    push.stop.set()

    push.carry(iter([page(call("1"), cursor="c1"), page(call("2"), cursor="c2")]))

    assert world.notes() == {"phone:1": "hello"}
    assert world.store.cursor(FLOW) == "c1"


def test_a_stop_does_not_wait_for_a_vendor_that_keeps_silent(world: World) -> None:
    push = world.push()
    silent = threading.Event()

    def pages() -> Iterator[Page]:
        yield page(call("1"), cursor="c1")
        push.stop.set()
        silent.wait()

    push.carry(pages())
    silent.set()

    assert world.notes() == {"phone:1": "hello"}


def test_a_stop_ends_the_retries_of_a_write(world: World) -> None:
    push = world.push()
    tries = []

    def down(verb: str, _: Sequence[Payload]) -> Exception:
        tries.append(verb)
        push.stop.set()
        return UnavailableError("503")

    world.crm.before = down
    with pytest.raises(UnavailableError):
        push.carry(iter([page(call("1"), cursor="c1")]))

    assert tries == ["create"]
    assert world.store.cursor(FLOW) is None


def test_told_to_stop_it_leaves_what_another_lane_has_in_flight(world: World) -> None:
    other = world.push(Lane.REREAD, owner="them")
    with world.store.writing() as tx:
        tx.mark("Task", FLOW, ["phone:1"], other.lease.token)
    push = world.push()
    push.stop.set()

    push.carry(iter([page(call("1"), call("2"), cursor="c")]))

    assert world.notes() == {"phone:2": "hello"}
    assert world.store.cursor(FLOW) is None
