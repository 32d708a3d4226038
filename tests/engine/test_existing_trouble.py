"""Records of others: whom they are on already, and what goes wrong on the way."""

from datetime import timedelta

import pytest

from connector.engine.existing import ExistingPlan
from connector.engine.hands import BY_HAND
from connector.engine.hold import LEASE
from connector.engine.linker import LinkPlan
from connector.errors import OutcomeUnknownError
from connector.model import Lane, Page, Payload, Refused, Remedy
from tests.engine.office import (
    FLOW,
    Office,
    call,
    finding,
    person,
    recipe,
)
from tests.engine.others import ENRICH, SKIP, all_one, calls, keys, theirs, with_id


@pytest.fixture
def office(office: Office) -> Office:
    office.existing, office.apply = ENRICH, with_id
    return office


# ── links ──────────────────────────────────────────────────────────────────


def test_a_link_that_it_has_stays_and_an_empty_one_is_set(office: Office) -> None:
    office.learn(person("003A"))
    theirs(office, "00T-a", "id-a", WhoId="003Theirs")
    theirs(office, "00T-b", "id-b")

    office.carry(call("a"), call("b"))

    links = [office.ledger(name).links or {} for name in ("a", "b")]
    assert [office.who("a"), office.who("b")] == ["003Theirs", "003A"]
    assert (links[0]["WhoId"].id, links[0]["WhoId"].why) == ("003Theirs", BY_HAND)
    assert links[1]["WhoId"].id == "003A"


def test_a_link_that_it_had_is_not_moved_by_a_relink(office: Office) -> None:
    theirs(office, "00T-a", "id-a", WhoId="003Theirs")
    office.carry(call("a"))
    office.learn(person("003A"))

    office.later()
    office.relink()

    assert office.who("a") == "003Theirs"


def test_one_that_points_to_nobody_is_linked_later(office: Office) -> None:
    theirs(office, "00T-a", "id-a")
    office.carry(call("a"))
    office.learn(person("003A"))

    office.later()

    assert office.who("a") == "003A"


def test_an_owner_whom_nobody_chose_gives_way(office: Office) -> None:
    office.learn(person("003A"))
    office.org.me = "005Us"
    theirs(office, "00T-a", "id-a", WhoId="005Us")

    office.carry(call("a"))

    assert office.who("a") == "003A"


def test_beside_what_it_is_about_it_gets_no_lead(office: Office) -> None:
    office.learn(person("00QA", "Lead"))
    record = theirs(office, "00T-a", "id-a", WhatId="500Case")

    office.carry(call("a"))

    assert (record.get("WhoId"), record["WhatId"]) == (None, "500Case")
    why = (office.ledger("a").links or {})["WhoId"].why
    assert why.endswith(
        "not linked, as WhatId is set, and beside a lead it must not be"
    )


@pytest.mark.parametrize(("mode", "who"), [(ENRICH, "003Theirs"), (SKIP, None)])
def test_nobody_is_made_for_a_call_that_has_somebody_or_is_skipped(
    office: Office, mode: ExistingPlan, who: str | None
) -> None:
    office.existing = mode
    office.links = LinkPlan(
        finds={"WhoId": finding(none="create")},
        read=("WhoId", "WhatId"),
        recipes={"WhoId": recipe()},
    )
    theirs(office, "00T-a", "id-a", WhoId=who)

    office.carry(call("a"), call("b", "+13125550199"))

    (lead,) = office.org.leads.records.values()
    assert lead["Phone"] == "+13125550199"


def test_a_call_that_has_somebody_is_not_set_aside_for_want_of_somebody(
    office: Office,
) -> None:
    office.links = LinkPlan(finds={"WhoId": finding(none="set aside")}, read=("WhoId",))
    theirs(office, "00T-a", "id-a", WhoId="003Theirs")

    counts = office.carry(call("a"))

    assert (counts.updated, counts.set_aside) == (1, 0)


# ── trouble ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("refusals", [0, 2])
def test_a_record_that_is_deleted_meanwhile_is_created(
    office: Office, refusals: int
) -> None:
    office.learn(person("003A"))
    theirs(office, "00T-theirs", "id-a", WhoId="003Theirs")
    busy = [Refused(code="LOCK", message="busy", remedy=Remedy.RETRY)] * refusals

    def delete(_: Payload) -> Refused | None:
        if busy:
            return busy.pop()
        office.org.tasks.records.pop("00T-theirs", None)
        return None

    office.org.tasks.refuse = delete

    counts = office.carry(call("a"))
    office.later()

    assert (counts.created, counts.deleted) == (1, 0)
    assert office.org.tasks.by_key()["phone:a"]["Subject"] == "Call"
    assert office.who("a") == "003A"


def test_where_ours_is_there_already_that_is_updated_and_theirs_left(
    office: Office,
) -> None:
    theirs(office, "00T-ours", "changed by hand", Call_Key__c="phone:a", Subject="Call")
    theirs(office, "00T-theirs", "id-a")

    counts = office.carry(call("a"))

    assert counts.updated == 1
    assert keys(office) == {"00T-ours": "phone:a", "00T-theirs": None}
    assert office.ledger("a").crm_id == "00T-ours"
    assert calls(office) == [("update", 1), ("update", 1)]


@pytest.mark.parametrize("lost", [1, 10])
def test_an_update_whose_answer_is_lost_makes_no_second_record(
    office: Office, lost: int
) -> None:
    office.learn(person("003A"))
    theirs(office, "00T-theirs", "id-a")
    left = [OutcomeUnknownError()] * lost
    office.org.tasks.after = lambda _verb, _rows: left.pop() if left else None

    if lost > 1:
        with pytest.raises(OutcomeUnknownError):
            office.carry(call("a"))
    left.clear()
    office.carry(call("a"))
    office.later()

    assert keys(office) == {"00T-theirs": "phone:a"}
    assert office.who("a") == "003A"
    assert {verb for verb, _ in calls(office)} == {"update"}


def test_two_writers_never_look_for_a_record_of_one_call_at_a_time(
    office: Office,
) -> None:
    theirs(office, "00T-theirs", "id-a")
    rival = office.store.acquire(FLOW, Lane.BACKFILL, "them", LEASE)
    assert rival
    with office.store.writing() as tx:
        tx.claim("Task", ["CallObject=id-a"], rival)
    began = office.clock.now()

    counts = office.carry(call("a"), call("b"))

    assert calls(office) == [("create", 1), ("update", 1)], "that of b comes first"
    assert (counts.created, counts.updated) == (1, 1)
    assert office.clock.now() - began >= timedelta(seconds=LEASE)


def test_what_was_looked_for_is_free_for_others_as_soon_as_it_is_sent(
    office: Office,
) -> None:
    office.apply = all_one
    theirs(office, "00T-theirs", "the one")
    push = office.push()
    push.carry(iter([Page(records=[call("a")])]))
    other = office.push(Lane.BACKFILL)
    began = office.clock.now()

    other.carry(iter([Page(records=[call("b")])]))

    assert office.clock.now() == began
    assert keys(office)["00T-theirs"] == "phone:a"
