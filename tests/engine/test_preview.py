"""Previews: what would become of real records, and what is the same value."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from connector.engine.batch import Target
from connector.engine.comparing import Change
from connector.engine.plan import Plan
from connector.engine.preview import Prediction, Preview
from connector.model import CrmField, CrmObject, Page, Refused, Reject, Remedy
from tests.engine.world import FLOW, TASK, World, call, page, row_of


def predicted(world: World, *pages: Page, limit: int = 20) -> list[Prediction]:
    preview = Preview(
        crm=world.crm,
        state=world.store,
        plan=plan(recreate=world.recreate),
        described=world.crm.described,
        clock=world.clock,
    )
    return list(preview.of(pages, limit))


def plan(*, recreate: bool) -> Plan:
    target = Target(
        object="Task", key="Call_Key__c", create_only=True, recreate=recreate
    )
    return Plan(flow=FLOW, target=target, apply=row_of)


def described(**changes: CrmField) -> CrmObject:
    return replace(TASK, fields={**TASK.fields, **changes})


def text_field(name: str, **about: object) -> CrmField:
    return replace(TASK.fields[name], **about)  # type: ignore[arg-type]  # a test's shorthand


def only(world: World, *, note: object = "hello") -> Prediction:
    (prediction,) = predicted(world, page(call("1", note)))
    return prediction


# ── actions ────────────────────────────────────────────────────────────────


def test_a_new_record_would_be_created_with_all_its_fields(world: World) -> None:
    assert only(world) == Prediction(
        record_id="1",
        action="create",
        changes=(
            Change(field="Subject", before=None, after="Call"),
            Change(field="Note__c", before=None, after="hello"),
        ),
    )


def test_a_record_that_is_there_would_be_changed_where_it_differs(
    world: World,
) -> None:
    world.carry(page(call("1", "before")))
    (crm_id,) = world.crm.records

    prediction = only(world, note="after")

    assert (prediction.action, prediction.crm_id) == ("change", crm_id)
    assert prediction.changes == (
        Change(field="Note__c", before="before", after="after"),
    )


def test_a_record_that_the_crm_has_alike_would_be_left_though_we_know_nothing_of_it(
    world: World,
) -> None:
    world.crm.records["00T1"] = {"Call_Key__c": "phone:1", "Note__c": "hello"}

    assert only(world) == Prediction(record_id="1", action="leave", crm_id="00T1")


def test_what_an_agent_edited_stays_as_long_as_the_vendor_shows_nothing_new(
    world: World,
) -> None:
    world.carry(page(call("1")))
    (record,) = world.crm.records.values()
    record["Note__c"] = "the agent's"

    prediction = only(world)

    assert prediction.action == "leave"
    assert prediction.reason == "as it was sent; edited in the CRM: Note__c"


def test_a_record_that_was_sent_and_not_edited_has_nothing_to_be_said_of(
    world: World,
) -> None:
    world.carry(page(call("1")))

    assert (only(world).action, only(world).reason) == ("leave", "")


def test_an_older_reading_changes_nothing(world: World) -> None:
    world.carry(page(call("1", "new", version="2")))

    (prediction,) = predicted(world, page(call("1", "old", version="1")))

    assert prediction.action == "leave"


def test_a_record_that_the_mapping_does_not_want_is_skipped(world: World) -> None:
    assert only(world, note="skip") == Prediction(record_id="1", action="skip")


def test_a_record_that_cannot_be_mapped_is_set_aside(world: World) -> None:
    assert only(world, note="broken") == Prediction(
        record_id="1", action="set aside", reason="note is broken"
    )


def test_what_cannot_be_read_as_a_record_is_set_aside(world: World) -> None:
    reject = Reject(id="9", payload=[], code="UNREADABLE", message="it has no id")

    (prediction,) = predicted(world, Page(rejects=[reject]))

    assert prediction == Prediction(
        record_id="9", action="set aside", reason="it has no id"
    )


def test_what_is_in_quarantine_stays_there_until_it_is_retried(world: World) -> None:
    entry = set_aside(world, "3")

    (stays,) = predicted(world, page(call("3")))
    with world.store.writing() as tx:
        tx.retry_now([entry])
    (goes,) = predicted(world, page(call("3")))

    assert stays.action == "set aside"
    assert stays.reason == f"in quarantine ({entry}): no"
    assert goes.action == "create"


def test_what_was_discarded_is_left_until_it_changes(world: World) -> None:
    entry = set_aside(world, "3")
    with world.store.writing() as tx:
        tx.discard([entry])

    (stays,) = predicted(world, page(call("3")))
    (goes,) = predicted(world, page(call("3", "new")))

    assert (stays.action, stays.reason) == ("leave", "was discarded: no")
    assert goes.action == "create"


def set_aside(world: World, name: str) -> int:
    """Have the CRM refuse a call as it is; the number of its entry."""
    world.crm.refuse = lambda _: Refused(
        code="NO", message="no", remedy=Remedy.SET_ASIDE
    )
    world.carry(page(call(name)))
    world.crm.refuse = lambda _: None
    (entry,) = world.store.asides(FLOW)
    assert entry.id
    return entry.id


def test_what_is_in_quarantine_and_changed_would_be_sent(world: World) -> None:
    world.carry(page(call("1", "broken")))

    assert only(world, note="mended").action == "create"


def test_a_key_of_another_flow_is_set_aside(world: World) -> None:
    with world.store.writing() as tx:
        tx.mark("Task", "another", ["phone:1"], "live:1")

    assert only(world).reason == "another flow owns the key 'phone:1'"


def test_a_record_that_an_agent_deleted_would_be_left_away(world: World) -> None:
    world.carry(page(call("1")))
    world.crm.records.clear()

    before_we_know = only(world, note="new")
    world.carry(page(call("1", "new")))
    afterwards = only(world, note="new")

    assert (before_we_know.action, afterwards.action) == ("leave", "leave")
    assert before_we_know.reason == "its record is gone from the CRM"
    assert afterwards.reason == "an agent deleted it"
    assert only(world, note="newer") == before_we_know


def test_a_record_that_an_agent_deleted_is_made_again_where_the_mapping_says_so(
    world: World,
) -> None:
    world.carry(page(call("1")))
    world.crm.records.clear()
    world.recreate = True

    assert only(world, note="new").action == "create"


# ── what it costs ──────────────────────────────────────────────────────────


def test_nothing_is_written(world: World) -> None:
    world.carry(page(call("1"), call("2", "broken"), cursor="c1"))
    writes = list(world.crm.calls)
    dump = "\n".join(world.store.db.conn.iterdump())

    predicted(world, page(call("1", "new"), call("3"), call("4", "broken")))

    assert world.crm.calls == writes
    assert "\n".join(world.store.db.conn.iterdump()) == dump


def test_no_more_records_are_looked_at_than_asked_for(world: World) -> None:
    pages = [page(call("1"), call("2")), page(call("3"), call("4")), page(call("5"))]

    assert [p.record_id for p in predicted(world, *pages, limit=3)] == ["1", "2", "3"]
    assert predicted(world, *pages, limit=9)[-1].record_id == "5"


def test_predictions_come_in_the_order_of_the_records(world: World) -> None:
    records = [call("1"), call("2", "skip"), call("3", "broken"), call("4")]

    shown = predicted(world, page(*records))

    assert [prediction.record_id for prediction in shown] == ["1", "2", "3", "4"]


# ── what the CRM would refuse ──────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "note", "reason"),
    [
        ({"length": 3}, "hello", "Note__c: 5 characters, 3 fit"),
        (
            {"restricted": True, "choices": ("a", "b")},
            "c",
            "Note__c: the CRM has no choice 'c'",
        ),
        (
            {"type": "multipicklist", "restricted": True, "choices": ("a", "b")},
            "a;c",
            "Note__c: the CRM has no choice 'c'",
        ),
        ({"nillable": False}, "", "Note__c: is empty, and the CRM requires it"),
    ],
)
def test_what_the_crm_would_surely_refuse_is_set_aside(
    world: World, field: Mapping[str, object], note: str, reason: str
) -> None:
    world.crm.described = described(Note__c=text_field("Note__c", **field))

    prediction = only(world, note=note)

    assert (prediction.action, prediction.reason) == ("set aside", reason)


@pytest.mark.parametrize(
    ("field", "note"),
    [
        ({"length": 5}, "hello"),
        ({"length": 0}, "x" * 999),
        ({"choices": ("a",)}, "b"),
        ({"restricted": True, "choices": ("a", "b")}, "b"),
        ({"restricted": True, "choices": ("a", "b")}, ""),
        ({"type": "multipicklist", "restricted": True, "choices": ("a", "b")}, "b;a"),
        ({"nillable": False, "defaulted": True}, ""),
    ],
)
def test_what_the_crm_may_take_is_not_set_aside(
    world: World, field: Mapping[str, object], note: str
) -> None:
    world.crm.described = described(Note__c=text_field("Note__c", **field))

    assert only(world, note=note).action == "create"
