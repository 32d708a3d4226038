"""Records that somebody else made of the same calls are enriched, or left alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from connector.engine.existing import ExistingPlan
from connector.engine.hands import BY_HAND
from connector.engine.hold import LEASE
from connector.engine.linker import LinkPlan
from connector.engine.preview import Prediction, Preview
from connector.errors import OutcomeUnknownError, UnavailableError
from connector.model import (
    Counts,
    Lane,
    Page,
    Payload,
    Record,
    Refused,
    Remedy,
    Row,
    Scalar,
)
from connector.testing import ManualClock
from tests.engine.office import (
    NUMBER,
    TASK,
    Office,
    call,
    finding,
    opened,
    person,
    recipe,
    row_of,
)

ENRICH = ExistingPlan(match="CallObject", skips=False, longest=40, cased=False)
SKIP = replace(ENRICH, skips=True)


def with_id(record: Record) -> Row:
    """Map a call: its id goes into CallObject, and its subject is written once."""
    row = row_of(record)
    once: Payload = {"CallObject": f"id-{record.id}", "Subject": "Call"}
    return replace(row, create={**row.create, **once})


def all_one(record: Record) -> Row:
    row = row_of(record)
    return replace(row, create={**row.create, "CallObject": "the one"})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = opened(tmp_path, ManualClock())
    office.existing, office.apply = ENRICH, with_id
    with office.store:
        yield office


def theirs(
    office: Office, crm_id: str, value: Scalar, day: int = 1, **more: Scalar
) -> Payload:
    """Let somebody else make a record, on a day of the month."""
    record: Payload = {
        "Call_Key__c": None,
        "CallObject": value,
        "CreatedDate": f"2026-11-{day:02}T08:00:00.000+0000",
        "Subject": "theirs",
        **more,
    }
    office.org.tasks.records[crm_id] = record
    return record


def keys(office: Office) -> dict[str, Scalar]:
    records = office.org.tasks.records.items()
    return {crm_id: record["Call_Key__c"] for crm_id, record in records}


def calls(office: Office) -> list[tuple[str, int]]:
    return office.org.tasks.calls


# ── enriched ───────────────────────────────────────────────────────────────


def test_the_record_of_somebody_else_becomes_ours_with_the_key(office: Office) -> None:
    record = theirs(office, "00T-theirs", "id-a")

    counts = office.carry(call("a", None))

    assert calls(office) == [("update", 1)]
    assert (counts.created, counts.updated) == (0, 1)
    assert keys(office) == {"00T-theirs": "phone:a"}
    assert (record["Note__c"], record["Subject"]) == ("hello", "theirs")
    assert office.ledger("a").crm_id == "00T-theirs"


def test_it_is_updated_by_its_id_from_then_on(office: Office) -> None:
    record = theirs(office, "00T-theirs", "id-a")
    office.carry(call("a"))
    asked = len(office.org.selects)

    same = office.carry(call("a"))
    office.carry(call("a", note="more"))

    assert same.unchanged == 1
    assert record["Note__c"] == "more"
    assert calls(office) == [("update", 1), ("update", 1)]
    assert len(office.org.selects) == asked


def test_a_batch_is_asked_for_at_once_and_only_what_is_new(office: Office) -> None:
    office.carry(call("a"))
    before = len(office.org.selects)

    office.carry(call("a", note="more"), *(call(f"c{n}") for n in range(150)))

    (query,) = office.org.selects[before:]
    values = query.where[0].value
    assert isinstance(values, tuple)
    assert len(values) == 150
    assert query.deleted_too, "archived records are found as well"


def test_nobody_is_asked_where_the_mapping_does_not_say_so(office: Office) -> None:
    theirs(office, "00T-theirs", "id-a")
    office.existing = None

    counts = office.carry(call("a"))

    assert (counts.created, office.org.selects) == (1, [])


@pytest.mark.parametrize("value", [None, "", "  ", "x" * 41])
def test_a_call_without_a_value_that_fits_is_created_and_nobody_is_asked(
    office: Office, value: Scalar
) -> None:
    office.apply = lambda r: replace(row_of(r), create={"CallObject": value})
    theirs(office, "00T-theirs", value)

    counts = office.carry(call("a"))

    assert (counts.created, office.org.selects) == (1, [])


def test_a_record_with_another_key_is_not_ours(office: Office) -> None:
    theirs(office, "00T-other", "id-a", Call_Key__c="phone:other")

    counts = office.carry(call("a"))

    assert counts.created == 1
    assert keys(office)["00T-other"] == "phone:other"


def test_a_record_without_the_key_that_belongs_to_another_call_is_left(
    office: Office,
) -> None:
    office.apply = all_one
    theirs(office, "00T-theirs", "the one")
    office.carry(call("a"))
    office.by_hand("a", Call_Key__c=None)

    counts = office.carry(call("b"))

    assert counts.created == 1
    assert keys(office)["00T-theirs"] is None


@pytest.mark.parametrize(("cased", "updated"), [(False, 1), (True, 0)])
def test_letter_case_counts_where_it_does_in_the_crm(
    office: Office, *, cased: bool, updated: int
) -> None:
    office.existing = replace(ENRICH, cased=cased)
    theirs(office, "00T-theirs", "ID-A ")

    counts = office.carry(call("a"))

    assert counts.updated == updated


def test_of_several_the_oldest_is_taken_and_the_log_says_so(office: Office) -> None:
    theirs(office, "00T-late", "id-a", day=3)
    theirs(office, "00T-two", "id-a", day=2)
    theirs(office, "00T-one", "id-a", day=2)

    with structlog.testing.capture_logs() as events:
        office.carry(call("a"))

    assert keys(office) == {"00T-late": None, "00T-two": None, "00T-one": "phone:a"}
    (told,) = [event for event in events if event["event"] == "several_there"]
    assert (told["taken"], told["left"]) == ("00T-one", ["00T-two", "00T-late"])


def test_one_record_becomes_one_call_s_and_the_other_is_created(
    office: Office,
) -> None:
    office.apply = all_one
    theirs(office, "00T-theirs", "the one")

    counts = office.carry(call("a"), call("b"))

    assert (counts.updated, counts.created) == (1, 1)
    assert sorted(map(str, keys(office).values())) == ["phone:a", "phone:b"]
    assert keys(office)["00T-theirs"] == "phone:a"


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
    assert why.endswith("not linked, as WhatId is set, and beside a lead it must not be")


@pytest.mark.parametrize("mode", [ENRICH, SKIP])
def test_nobody_is_made_for_a_call_that_has_somebody_or_is_skipped(
    office: Office, mode: ExistingPlan
) -> None:
    office.existing = mode
    office.links = LinkPlan(
        finds={"WhoId": finding(none="create")},
        read=("WhoId", "WhatId"),
        recipes={"WhoId": recipe()},
    )
    theirs(office, "00T-a", "id-a", WhoId="003Theirs")

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


# ── skipped ────────────────────────────────────────────────────────────────


def test_a_call_that_others_have_is_skipped_and_not_looked_for_again(
    office: Office,
) -> None:
    office.existing = SKIP
    record = theirs(office, "00T-theirs", "id-a")
    before = dict(record)

    first = office.carry(call("a"))
    asked = len(office.org.selects)
    again = office.carry(call("a"))

    assert (first.skipped, again.unchanged) == (1, 1)
    assert (calls(office), record) == ([], before)
    assert len(office.org.selects) == asked


def test_a_skipped_call_that_changed_is_looked_for_again(office: Office) -> None:
    office.existing = SKIP
    theirs(office, "00T-theirs", "id-a")
    office.carry(call("a"))

    still = office.carry(call("a", note="more"))
    del office.org.tasks.records["00T-theirs"]
    gone = office.carry(call("a", note="much more"))

    assert (still.skipped, gone.created) == (1, 1)


@pytest.mark.parametrize("mode", [ENRICH, None])
def test_what_was_skipped_goes_in_once_the_mapping_says_so(
    office: Office, mode: ExistingPlan | None
) -> None:
    office.existing = SKIP
    theirs(office, "00T-theirs", "id-a")
    office.carry(call("a"))
    office.existing = mode

    counts = office.carry(call("a"))

    assert (counts.updated, counts.created) == ((1, 0) if mode else (0, 1))


def test_all_calls_that_others_have_are_skipped_whatever_their_batch(
    office: Office,
) -> None:
    office.existing, office.apply = SKIP, all_one
    theirs(office, "00T-theirs", "the one")

    together = office.carry(call("a"), call("b"))
    later = office.carry(call("c"))

    assert (together.skipped, later.skipped) == (2, 1)


def test_a_call_that_is_in_already_is_not_skipped_for_another_record(
    office: Office,
) -> None:
    office.existing = SKIP
    theirs(office, "00T-ours", "id-a", Call_Key__c="phone:a", Note__c="old")
    theirs(office, "00T-theirs", "id-a")

    counts = office.carry(call("a"))

    assert (counts.updated, counts.skipped) == (1, 0)
    assert office.org.tasks.records["00T-ours"]["Note__c"] == "hello"


def test_what_was_set_aside_and_is_skipped_now_leaves_quarantine(
    office: Office,
) -> None:
    office.existing = SKIP
    no = Refused(code="NO", message="no", remedy=Remedy.SET_ASIDE)
    office.org.tasks.refuse = lambda _: no
    office.carry(call("a"))
    theirs(office, "00T-theirs", "id-a")

    counts = office.carry(call("a", note="more"))

    assert (counts.skipped, counts.healed) == (1, 1)


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


def test_a_look_that_fails_writes_nothing_and_is_repeated(office: Office) -> None:
    theirs(office, "00T-theirs", "id-a")
    select, office.org.tasks.records = office.org.select, office.org.tasks.records

    def fail(_: object) -> Iterator[dict[str, Scalar]]:
        raise UnavailableError("not now")

    push = office.push()
    push._readying.seeker = None  # type: ignore[misc]
    del select, fail, push
