"""Records that somebody else made of the same calls are enriched, or left alone."""

from dataclasses import replace

import pytest
import structlog

from connector.engine.existing import ExistingPlan
from connector.model import Refused, Remedy, Scalar
from tests.engine.office import (
    Office,
    call,
    row_of,
)
from tests.engine.others import ENRICH, SKIP, all_one, calls, keys, theirs, with_id


@pytest.fixture
def office(office: Office) -> Office:
    office.existing, office.apply = ENRICH, with_id
    return office


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
    theirs(office, "00T-theirs", "ID-A")

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
