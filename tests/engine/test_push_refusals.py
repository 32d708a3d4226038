"""The push: one bad record stops nothing, and what is not a row's fault pauses."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from connector.errors import (
    BatchRefusedError,
    LeaseLostError,
    QuotaReachedError,
    SchemaMismatchError,
    UnavailableError,
)
from connector.model import Page, Payload, Reject, Remedy
from tests.engine.world import FLOW, World, call, page, refusal

# ── one bad record stops nothing ───────────────────────────────────────────


def test_a_refused_row_is_set_aside_and_the_rest_go_in(world: World) -> None:
    world.crm.refuse = lambda row: (
        refusal("STRING_TOO_LONG", Remedy.SET_ASIDE, ("Note__c",))
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
        refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "bad" else None
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
        refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "refused" else None
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
        refusal("X", Remedy.SET_ASIDE) if row["Note__c"] == "bad" else None
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
        refusal("UNABLE_TO_LOCK_ROW", Remedy.RETRY) if next(locked, False) else None
    )

    counts = world.carry(page(call("1")))

    assert (counts.created, counts.set_aside) == (1, 0)


def test_a_row_locked_for_long_is_retried_by_itself_ever_more_rarely(
    world: World,
) -> None:
    world.crm.refuse = lambda _: refusal("UNABLE_TO_LOCK_ROW", Remedy.RETRY)
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
        refusal("INVALID_CROSS_REFERENCE_KEY", Remedy.UNLINK, ("Note__c",))
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
    world.crm.refuse = lambda _: refusal("INVALID_CROSS_REFERENCE_KEY", Remedy.GONE)

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
        refusal("INVALID_FIELD_FOR_INSERT_UPDATE", Remedy.PAUSE)
        if row["Note__c"] == "bad"
        else None
    )

    with pytest.raises(SchemaMismatchError, match="no, says the CRM"):
        world.carry(page(call("1"), call("2", "bad"), cursor="c"))

    known = world.store.ledger("Task", ["phone:1", "phone:2"])
    assert known["phone:1"].hash
    assert known["phone:2"].in_flight
    assert world.store.cursor(FLOW) is None
