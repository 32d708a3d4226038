"""The push: nothing lost, nothing twice, nothing needless."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.errors import (
    LeaseLostError,
    OutcomeUnknownError,
    UnavailableError,
)
from connector.model import Lane, Page, Payload, Refused, Remedy
from tests.engine.world import FLOW, World, call, page, refusal

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
        refused = refusal("DUPLICATE_VALUE", Remedy.EXISTS)
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
