"""A preview tells what would become of calls of which others made a record."""

from dataclasses import replace

import pytest

from connector.engine.comparing import Change
from connector.engine.linker import LinkPlan
from connector.engine.preview import THEIRS, Prediction, Preview
from connector.model import Page, Record, Refused, Remedy
from tests.engine.office import TASK, Office, call, finding, person, recipe
from tests.engine.others import ENRICH, SKIP, all_one, theirs, with_id


@pytest.fixture
def office(office: Office) -> Office:
    office.existing, office.apply = ENRICH, with_id
    return office


def predicted(office: Office, *records: Record) -> list[Prediction]:
    preview = Preview(
        crm=office.org,
        state=office.store,
        plan=office.plan,
        described=TASK,
        clock=office.clock,
    )
    return list(preview.of([Page(records=records)], 1_000))


def test_the_record_of_somebody_else_would_be_changed_as_a_run_does(
    office: Office,
) -> None:
    office.learn(person("003A"))
    record = theirs(office, "00T-theirs", "id-a", Note__c="agent's", WhatId="500A")
    before = dict(record)

    (told,) = predicted(office, call("a"))
    shown = dict(record)
    office.carry(call("a"))

    assert (told.action, told.crm_id) == ("change", "00T-theirs")
    assert told.changes == (
        Change(field="Call_Key__c", before=None, after="phone:a"),
        Change(field="Note__c", before="agent's", after="hello"),
        Change(field="WhoId", before=None, after="003A"),
    )
    assert told.links["WhoId"].id == "003A"
    assert shown == before
    after = {change.field: change.after for change in told.changes}
    assert record == {**before, **after}


def test_a_link_that_it_has_would_stay_and_nobody_be_made(office: Office) -> None:
    office.links = LinkPlan(
        finds={"WhoId": finding(none="create")},
        read=("WhoId",),
        recipes={"WhoId": recipe()},
    )
    theirs(office, "00T-theirs", "id-a", WhoId="003Theirs")

    (told,) = predicted(office, call("a"))

    assert "WhoId" not in {change.field for change in told.changes}
    assert told.links["WhoId"].id == "003Theirs"
    assert told.makes == ()


def test_only_one_call_would_take_a_record_even_in_another_batch(
    office: Office,
) -> None:
    office.apply = all_one
    theirs(office, "00T-theirs", "the one")

    told = predicted(office, *(call(f"c{n}") for n in range(150)))

    assert [each.action for each in told] == ["change", *["create"] * 149]


def test_a_call_that_others_have_would_be_skipped(office: Office) -> None:
    office.existing = SKIP
    theirs(office, "00T-theirs", "id-a")
    skipped = Prediction(
        record_id="a", action="skip", crm_id="00T-theirs", reason=THEIRS
    )

    before = predicted(office, call("a"))
    office.carry(call("a"))
    after = predicted(office, call("a"))
    changed = predicted(office, call("a", note="more"))

    assert (before, changed) == ([skipped], [skipped])
    assert after == [replace(skipped, crm_id=None)]


def test_nobody_would_be_made_for_what_was_skipped(office: Office) -> None:
    office.existing = SKIP
    office.links = LinkPlan(
        finds={"WhoId": finding(none="create")},
        read=("WhoId",),
        recipes={"WhoId": recipe()},
    )
    theirs(office, "00T-theirs", "id-a")
    office.carry(call("a"))

    (told,) = predicted(office, call("a"))

    assert (told.action, told.links, told.makes) == ("skip", {}, ())


def test_what_stays_in_quarantine_takes_no_record(office: Office) -> None:
    office.apply = all_one
    no = Refused(code="NO", message="no", remedy=Remedy.SET_ASIDE)
    office.org.tasks.refuse = lambda _: no
    office.carry(call("a"))
    office.org.tasks.refuse = lambda _: None
    theirs(office, "00T-theirs", "the one")

    told = predicted(office, call("a"), call("b"))

    assert [each.action for each in told] == ["set aside", "change"]
