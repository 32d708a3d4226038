"""Whom records are on: found when they are created, or linked later, once."""

from collections.abc import Sequence

import pytest

from connector.engine.linker import LinkPlan
from connector.errors import QuotaReachedError
from connector.model import Payload, Refused, Remedy
from tests.engine.office import NUMBER, OTHER, Office, call, finding, person


def refused_once(code: str, remedy: Remedy) -> Refused:
    return Refused(
        code=code, message="entity is deleted", remedy=remedy, fields=("WhoId",)
    )


# ── when it is created ─────────────────────────────────────────────────────


def test_a_call_is_created_on_whoever_has_its_number(office: Office) -> None:
    office.learn(person("003A"))

    counts = office.carry(call("a"))

    assert office.who("a") == "003A"
    assert counts.unlinked == 0
    links = office.ledger("a").links
    assert links is not None
    assert links["WhoId"].why == f"the only Contact with {NUMBER}"


def test_matching_asks_the_crm_nothing(office: Office) -> None:
    office.learn(person("003A"))

    office.carry(*(call(f"c{n}") for n in range(300)))

    assert office.org.selects == []
    assert office.org.tasks.calls == [("create", 200), ("create", 100)]


def test_a_call_of_nobody_is_logged_all_the_same_and_counted(office: Office) -> None:
    counts = office.carry(call("a"), call("b", None))

    assert office.who("a") is None
    assert counts.created == 2
    assert counts.unlinked == 1
    assert [row["value"] for row in office.store.unmapped()] == [NUMBER]


def test_a_link_is_decided_once_whatever_is_learned_or_read_later(
    office: Office,
) -> None:
    office.learn(person("003A"))
    office.carry(call("a"))
    office.learn(person("003B", created=9.0))

    office.carry(call("a", note="changed"))
    office.later()

    assert office.who("a") == "003A"


def test_a_field_that_was_linked_is_never_sent_with_an_update(office: Office) -> None:
    office.learn(person("003A"))
    office.carry(call("a"))
    office.by_hand("a", WhoId="003Z")

    office.carry(call("a", note="changed"))

    assert office.who("a") == "003Z"


# ── later ──────────────────────────────────────────────────────────────────


def test_a_call_is_linked_when_its_number_is_learned(office: Office) -> None:
    office.carry(call("a"), call("b", OTHER))
    office.learn(person("003A"))

    counts = office.later()

    assert office.who("a") == "003A"
    assert office.who("b") is None
    assert counts.linked == 1
    assert [row["value"] for row in office.store.unmapped()] == [OTHER]


def test_what_is_linked_later_costs_one_read_and_one_write_for_all(
    office: Office,
) -> None:
    office.carry(*(call(f"c{n}") for n in range(150)))
    office.learn(person("003A"))
    office.org.tasks.calls.clear()

    office.later()
    office.later()

    assert office.org.tasks.calls == [("update", 150)]
    assert len(office.org.selects) == 1


def test_a_link_made_by_hand_meanwhile_stands(office: Office) -> None:
    office.carry(call("a"))
    office.by_hand("a", WhoId="003Z")
    office.learn(person("003A"))

    counts = office.later()

    assert office.who("a") == "003Z"
    assert counts.linked == 0
    assert office.store.unmapped() == []


def test_nothing_else_of_the_record_is_touched(office: Office) -> None:
    office.carry(call("a"))
    office.by_hand("a", Note__c="an agent's words")
    office.learn(person("003A"))

    office.later()

    assert office.org.tasks.by_key()["phone:a"]["Note__c"] == "an agent's words"


def test_a_lead_is_not_linked_beside_a_what_that_somebody_set(office: Office) -> None:
    office.carry(call("a"))
    office.by_hand("a", WhatId="001Z")
    office.learn(person("00QA", "Lead"))

    office.later()

    assert office.who("a") is None


def test_a_number_learned_between_the_look_and_the_commit_is_not_lost(
    office: Office,
) -> None:
    def learned_meanwhile(_: str, __: Sequence[Payload]) -> None:
        office.learn(person("003A"))

    office.org.tasks.after = learned_meanwhile
    office.carry(call("a"))
    assert office.who("a") is None

    office.later()

    assert office.who("a") == "003A"


def test_a_refused_link_waits_where_waiting_helps(office: Office) -> None:
    office.carry(call("a"))
    office.learn(person("003A"))
    office.org.tasks.refuse = lambda _: refused_once("UNABLE_TO_LOCK_ROW", Remedy.RETRY)
    assert office.later().linked == 0
    office.org.tasks.refuse = lambda _: None

    assert office.later().linked == 1
    assert office.who("a") == "003A"


def test_a_link_that_the_crm_refuses_for_good_is_not_tried_for_ever(
    office: Office,
) -> None:
    office.carry(call("a"))
    office.learn(person("003A"))
    office.org.tasks.refuse = lambda _: refused_once("CUSTOM", Remedy.SET_ASIDE)
    office.later()
    office.org.tasks.calls.clear()

    office.later()

    assert office.org.tasks.calls == []


def test_what_the_quota_holds_up_stays_due(office: Office) -> None:
    office.carry(call("a"))
    office.learn(person("003A"))
    office.org.tasks.before = lambda *_: QuotaReachedError()
    with pytest.raises(QuotaReachedError):
        office.later()
    office.org.tasks.before = lambda *_: None

    office.later()

    assert office.who("a") == "003A"


def test_a_record_that_was_deleted_is_left_alone(office: Office) -> None:
    office.carry(call("a"))
    office.org.tasks.records.clear()
    office.learn(person("003A"))
    office.org.tasks.calls.clear()

    office.later()
    office.later()

    assert office.org.tasks.calls == []
    assert len(office.org.selects) == 1


def test_after_a_lost_state_a_record_that_is_on_nobody_is_linked(
    office: Office,
) -> None:
    office.org.tasks.records["00T1"] = {"Call_Key__c": "phone:a"}
    office.org.tasks.records["00T2"] = {"Call_Key__c": "phone:b", "WhoId": "003Z"}
    office.learn(person("003A"))

    office.carry(call("a"), call("b"))
    office.later()

    assert (office.who("a"), office.who("b")) == ("003A", "003Z")
    assert office.store.due("Task", "calls", "", 10) == []


def test_a_number_that_the_vendor_shows_late_is_looked_up_then(office: Office) -> None:
    office.learn(person("003A"))
    office.carry(call("a", None))

    office.carry(call("a", NUMBER))
    office.later()

    assert office.who("a") == "003A"


def test_a_ticket_that_the_vendor_moves_moves_the_link_unless_somebody_did(
    office: Office,
) -> None:
    rule = finding(by="id")
    office.links = LinkPlan(
        finds={"WhoId": rule}, read=("WhoId", "WhatId"), prefixes={"003": "Contact"}
    )
    first, second = "003000000000001AAA", "003000000000002AAA"
    office.carry(call("a", first), call("b", first))
    office.by_hand("b", WhoId="003000000000009AAA")

    office.carry(call("a", second), call("b", second))
    office.later()

    assert office.who("a") == second
    assert office.who("b") == "003000000000009AAA"


# ── broken links ───────────────────────────────────────────────────────────


def gone(office: Office, **fate: str | bool) -> None:
    """Let the CRM refuse links to the lead 00QA, and say what became of it."""
    office.org.leads.records["00QA"] = {"Id": "00QA", **fate}

    def refuse(row: Payload) -> Refused | None:
        broken = row.get("WhoId") == "00QA"
        return refused_once("ENTITY_IS_DELETED", Remedy.UNLINK) if broken else None

    office.org.tasks.refuse = refuse


def test_a_link_to_somebody_merged_is_followed_and_says_so(office: Office) -> None:
    office.learn(person("00QA", "Lead"))
    gone(office, IsDeleted=True, MasterRecordId="00QB")
    office.org.leads.records["00QB"] = {"Id": "00QB", "IsDeleted": False}

    counts = office.carry(call("a"))

    assert office.who("a") == "00QB"
    assert counts.created == 1
    links = office.ledger("a").links
    assert links is not None
    assert "merged into 00QB" in links["WhoId"].why


def test_a_link_to_a_lead_converted_meanwhile_is_followed(office: Office) -> None:
    office.learn(person("00QA", "Lead"))
    gone(office, IsDeleted=False, IsConverted=True, ConvertedContactId="003C")

    office.carry(call("a"))

    assert office.who("a") == "003C"


def test_a_link_to_somebody_deleted_is_dropped_sent_once_more_and_stays_open(
    office: Office,
) -> None:
    office.learn(person("00QA", "Lead"))
    gone(office, IsDeleted=True)

    counts = office.carry(call("a"))

    assert office.who("a") is None
    assert office.org.tasks.calls == [("create", 1), ("create", 1)]
    assert counts.unlinked == 1
    office.learn(person("003B"))
    office.later()
    assert office.who("a") == "003B"


def test_broken_links_of_a_whole_batch_are_asked_about_once(office: Office) -> None:
    office.learn(person("00QA", "Lead"))
    gone(office, IsDeleted=True)

    office.carry(*(call(f"c{n}") for n in range(200)))

    assert len(office.org.selects) == 1


def test_an_owner_who_cannot_own_is_replaced_by_the_default(office: Office) -> None:
    office.links = LinkPlan(finds={"WhoId": finding(none="default", default="005D")})
    office.learn(person("003A"))
    office.org.tasks.refuse = lambda row: (
        refused_once("INACTIVE_OWNER_OR_USER", Remedy.REOWN)
        if row.get("WhoId") == "003A"
        else None
    )

    office.carry(call("a"))

    assert office.who("a") == "005D"


# ── decided anew ───────────────────────────────────────────────────────────


def test_relinking_decides_anew_but_leaves_what_people_did(office: Office) -> None:
    office.learn(person("003A"))
    office.carry(call("a"), call("b"))
    office.by_hand("b", WhoId="003Z")
    office.learn(person("003B", created=9.0))

    counts = office.relink()

    assert (office.who("a"), office.who("b")) == ("003B", "003Z")
    assert (counts.read, counts.linked) == (2, 1)


def test_relinking_takes_nobody_off_a_record(office: Office) -> None:
    office.learn(person("003A"))
    office.carry(call("a"))
    with office.store.writing() as tx:
        tx.strike(["003A"])

    office.relink()

    assert office.who("a") == "003A"


def test_relinking_twice_writes_nothing_the_second_time(office: Office) -> None:
    office.learn(person("003A"))
    office.carry(call("a"))
    office.learn(person("003B", created=9.0))
    office.relink()
    office.org.tasks.calls.clear()

    office.relink()

    assert office.org.tasks.calls == []
