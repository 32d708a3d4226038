"""The directory is as the CRM's people are, at one call an object."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector.engine import directory, stamps
from connector.engine.listing import fingerprint
from connector.errors import (
    BusyError,
    ConnectorError,
    LeaseLostError,
    QuotaReachedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.mapping.flow import Indexed
from connector.model import Listed, Person, Unlinked
from tests.engine.registry import (
    CONTACT,
    LEAD,
    USER,
    Registry,
    entries,
    flow,
    indexed,
    opened_registry,
    shape,
)

NUMBER, E164 = "099887 76655", "+919988776655"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with opened_registry(tmp_path) as opened:
        yield opened


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two records a transaction, three a page."""
    monkeypatch.setattr(directory, "CHUNK", 2)
    monkeypatch.setattr(stamps, "PAGE", 3)


def people(registry: Registry, count: int, *, hours: float = 50) -> None:
    """Let so many people have been in the CRM for long, one changed an hour."""
    for at in range(count):
        ago = timedelta(hours=hours + count - at)
        number = f"+9199000000{at:02}"
        registry.crm.put("Contact", f"{at:02}", Name=f"n{at}", Phone=number, ago=ago)


def ends(registry: Registry, after: int, error: Exception | None = None) -> None:
    """Let the next reading fail, or be told to stop, at its record number ``after``."""
    left = after

    def during() -> None:
        nonlocal left
        left -= 1
        if left == 0 and error:
            raise error
        if left == 0:
            registry.runner.stop.set()

    registry.crm.during = during


# ── the first load ─────────────────────────────────────────────────────────


def test_the_first_refresh_takes_everybody_in(registry: Registry) -> None:
    registry.flow = flow(CONTACT, LEAD, USER)
    crm = registry.crm
    crm.put("Contact", "1", Name="Ada", Phone=NUMBER, Email=" Ada@Example.com ")
    crm.put("Lead", "2", Name="Bob", MobilePhone=NUMBER, IsConverted=False)
    crm.put("Lead", "3", Name="Old", Phone=NUMBER, IsConverted=True)
    crm.put("User", "4", Name="Cy", Phone="415 555 0100", Country="US", IsActive=True)
    crm.put("User", "5", Name="Left", Phone=NUMBER, IsActive=False)

    run = registry.refresh()

    assert run.outcome == "done"
    assert entries(registry.store) == {
        (E164, "Contact", "Ada", 0),
        ("ada@example.com", "Contact", "Ada", 0),
        (E164, "Lead", "Bob", 1),
        ("+14155550100", "User", "Cy", 0),
    }
    assert (run.counts.read, run.counts.created) == (3, 3)


def test_the_where_is_part_of_the_first_query_only(registry: Registry) -> None:
    registry.flow = flow(LEAD)
    registry.crm.put("Lead", "1", Name="Bob", IsConverted=False)
    registry.refresh()
    registry.refresh()

    first, second = registry.crm.asked

    assert [each.field for each in first.where] == ["IsConverted"]
    assert [each.field for each in second.where] == ["SystemModstamp"]
    assert (first.deleted_too, second.deleted_too) == (False, True)
    assert "IsConverted" in second.fields


def test_a_load_that_dies_goes_on_at_what_is_settled(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    ends(registry, 6, UnavailableError("down", retry_after=999))

    run = registry.refresh()

    assert (run.outcome, run.counts.read) == ("waiting", 4)
    assert registry.store.loadings()["Contact"].complete_at is None
    registry.crm.during = lambda: None
    registry.restart()

    run = registry.refresh()

    # The last that was settled is read again: others may have its stamp.
    assert (run.outcome, run.counts.read, run.counts.created) == ("done", 6, 5)
    assert registry.store.people() == 9


def test_trouble_that_passes_within_a_load_is_gone_on_after_at_once(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    ends(registry, 6, UnavailableError())

    run = registry.refresh()

    assert (run.outcome, registry.store.people()) == ("done", 9)
    assert registry.read() == ["Contact!", "Contact"]


def test_a_load_that_is_told_to_stop_ends_after_the_records_in_hand(
    registry: Registry, small: None
) -> None:
    people(registry, 20)
    ends(registry, 3)

    run = registry.refresh()

    assert run.outcome == "stopped"
    assert 0 < registry.store.people() < 20
    assert registry.store.loadings()["Contact"].begun_at
    registry.crm.during = lambda: None
    registry.restart()
    assert registry.refresh().outcome == "done"
    assert registry.store.people() == 20


def test_what_was_deleted_while_a_load_was_down_is_not_there_after_it(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    ends(registry, 6, UnavailableError("down", retry_after=999))
    registry.refresh()
    registry.crm.during = lambda: None
    registry.crm.put("Contact", "01", IsDeleted=True)

    registry.refresh(minutes=30)

    assert registry.names("+919900000001") == []
    assert registry.store.people() == 8


def test_progress_is_told_while_it_loads(registry: Registry, small: None) -> None:
    people(registry, 5)
    seen: list[int] = []
    registry.runner.progress = lambda run: seen.append(run.counts.read)

    registry.refresh()

    assert seen == [2, 4, 5, 5]


# ── increments ─────────────────────────────────────────────────────────────


def test_a_refresh_with_nothing_new_is_one_call_an_object(registry: Registry) -> None:
    registry.flow = flow(CONTACT, LEAD, USER)
    people(registry, 3)
    registry.refresh()
    registry.read()
    described = len(registry.crm.described)

    for _ in range(3):
        run = registry.refresh(minutes=5)

        assert run.outcome == "done"
        assert registry.read() == ["Contact", "Lead", "User"]
    assert len(registry.crm.described) == described == 3


def test_changes_are_taken_up_and_old_numbers_dropped(registry: Registry) -> None:
    people(registry, 3)
    registry.refresh()

    registry.crm.put("Contact", "01", Phone=NUMBER)
    registry.crm.put("Contact", "02", Phone=None)
    registry.crm.put("Contact", "09", Name="new", MobilePhone=NUMBER)
    run = registry.refresh(minutes=5)

    assert registry.names(E164) == ["n1", "new"]
    assert registry.names("+919900000001") == []
    assert registry.names("+919900000002") == []
    counts = run.counts
    assert (counts.created, counts.updated, counts.unchanged) == (1, 2, 0)


def test_whoever_is_deleted_or_does_not_fit_any_more_is_struck(
    registry: Registry,
) -> None:
    registry.flow = flow(CONTACT, LEAD, USER)
    crm = registry.crm
    crm.put("Contact", "1", Name="Ada", Phone=NUMBER)
    crm.put("Lead", "2", Name="Bob", Phone=NUMBER, IsConverted=False)
    crm.put("User", "3", Name="Cy", Phone=NUMBER, IsActive=True)
    registry.refresh()

    crm.put("Contact", "1", IsDeleted=True)
    crm.put("Lead", "2", IsConverted=True, ConvertedContactId="9")
    crm.put("User", "3", IsActive=False)
    run = registry.refresh(minutes=5)

    assert registry.names(E164) == []
    assert (run.counts.deleted, registry.store.people()) == (3, 0)


def test_whoever_comes_back_is_known_again(registry: Registry) -> None:
    registry.crm.put("Contact", "1", Name="Ada", Phone=NUMBER)
    registry.refresh()
    registry.crm.put("Contact", "1", IsDeleted=True)
    registry.refresh(minutes=5)
    registry.crm.put("Contact", "1", IsDeleted=False)

    registry.refresh(minutes=5)

    assert registry.names(E164) == ["Ada"]


def test_a_converted_lead_leads_on_where_the_file_lets_it_in(
    registry: Registry,
) -> None:
    registry.flow = flow(replace(LEAD, where=()))
    registry.crm.put("Lead", "1", Name="Bob", Phone=NUMBER, IsConverted=False)
    registry.refresh()
    registry.crm.put(
        "Lead",
        "1",
        IsConverted=True,
        ConvertedContactId="0031",
        ConvertedAccountId="0011",
    )

    registry.refresh(minutes=5)

    (bob,) = registry.store.known([E164])[E164]
    assert bob.became == {"Contact": "0031", "Account": "0011"}


@pytest.mark.parametrize("minutes", [1, 5, 9])
def test_what_was_stamped_before_the_last_refresh_and_seen_after_it_is_found(
    registry: Registry, minutes: int
) -> None:
    people(registry, 3)
    registry.refresh()
    for _ in range(4):
        registry.refresh(minutes=5)
    late = timedelta(minutes=minutes)
    registry.crm.put("Contact", "late", Name="late", Phone=NUMBER, ago=late)

    registry.refresh()

    assert registry.names(E164) == ["late"]


def test_late_is_found_after_a_mass_import_too(registry: Registry, small: None) -> None:
    people(registry, 2)
    registry.refresh()
    for at in range(30):
        registry.crm.put("Contact", f"i{at}", Name="i", Phone=NUMBER)
    registry.refresh()
    registry.pass_by(minutes=5)
    late = timedelta(minutes=9)
    registry.crm.put("Contact", "late", Name="late", Email="late@x.com", ago=late)

    registry.refresh()

    assert registry.names("late@x.com") == ["late"]


def test_a_mass_import_is_not_read_for_ever(registry: Registry, small: None) -> None:
    registry.refresh()
    for at in range(30):
        registry.crm.put("Contact", f"{at}", Name="i", Phone=NUMBER)

    read = [registry.refresh(minutes=5).counts.read for _ in range(5)]

    assert read == [30, 30, 30, 0, 0]


def test_the_crms_clock_counts_not_ours(registry: Registry) -> None:
    registry.clock.time += timedelta(days=3)
    people(registry, 3)
    registry.refresh()

    registry.crm.put("Contact", "09", Name="new", Phone=NUMBER)
    registry.refresh(minutes=1)

    assert registry.names(E164) == ["new"]


def test_it_works_where_the_crm_does_not_tell_its_time(registry: Registry) -> None:
    registry.crm.tells = False
    people(registry, 3)
    registry.refresh()
    registry.crm.put("Contact", "09", Name="new", Phone=NUMBER)

    registry.refresh(minutes=5)

    assert registry.names(E164) == ["new"]
    assert registry.read() == ["Contact!", "Contact"]


def test_what_changes_while_it_is_read_is_not_missed(
    registry: Registry, small: None
) -> None:
    people(registry, 9)

    def during() -> None:
        registry.crm.during = lambda: None
        registry.crm.put("Contact", "08", Phone=NUMBER)
        registry.crm.put("Contact", "00", Phone=NUMBER)

    registry.crm.during = during
    registry.refresh()
    registry.refresh(minutes=5)

    assert registry.names(E164) == ["n0", "n8"]


def test_what_was_learned_has_unlinked_records_looked_at_again(
    registry: Registry,
) -> None:
    registry.refresh()
    with registry.store.writing() as tx:
        row = Unlinked(key="call", field="WhoId", value=E164)
        tx.unlinked("Task", "calls", [row], tx.generation())
    registry.crm.put("Contact", "1", Name="Ada", Phone=NUMBER)

    registry.refresh(minutes=5)

    assert [each.key for each in registry.store.due("Task", "calls", "", 9)] == ["call"]


# ── everybody anew ─────────────────────────────────────────────────────────


def test_a_field_that_the_file_has_now_is_read_of_everybody(
    registry: Registry,
) -> None:
    registry.flow = flow(indexed("Contact", phones=("Phone",)))
    registry.crm.put("Contact", "1", Name="Ada", MobilePhone=NUMBER)
    registry.refresh()
    registry.read()
    registry.flow = flow(CONTACT)

    registry.refresh(minutes=5)

    assert registry.read() == ["Contact!"]
    assert registry.names(E164) == ["Ada"]
    assert registry.store.loadings()["Contact"].load == 2


@pytest.mark.parametrize(
    ("other", "known"),
    [
        (indexed("Contact", country=None), True),
        (indexed("Contact", phones=("MobilePhone", "Phone")), True),
        (indexed("Contact", emails=()), True),
        (indexed("Contact", keys=("Code__c",)), False),
        (indexed("Contact", emails=("Email", "Country")), False),
    ],
    ids=["country", "order", "fewer", "key", "more"],
)
def test_while_everybody_is_read_anew_the_old_entries_do_if_they_are_all_that_is_asked(
    registry: Registry, small: None, other: Indexed, *, known: bool
) -> None:
    people(registry, 9)
    registry.refresh()
    registry.flow = flow(other)
    ends(registry, 6, UnavailableError("down", retry_after=999))

    registry.refresh(minutes=5)

    loading = registry.store.loadings()["Contact"]
    assert (loading.complete_at is not None) is known
    assert registry.store.people() == 9


def test_people_whom_a_new_load_does_not_show_are_struck_at_its_end(
    registry: Registry,
) -> None:
    people(registry, 3)
    registry.refresh()
    del registry.crm.people["Contact"]["01"]  # out of the recycle bin too
    registry.refresh(minutes=5)
    assert registry.store.people() == 3
    registry.flow = flow(indexed("Contact", phones=("Phone",)))

    run = registry.refresh(minutes=5)

    assert (run.counts.deleted, registry.store.people()) == (1, 2)


def test_after_a_fortnight_without_a_refresh_everybody_is_read_anew(
    registry: Registry,
) -> None:
    people(registry, 3)
    registry.refresh()
    registry.read()
    del registry.crm.people["Contact"]["01"]

    registry.refresh(days=13)
    assert registry.read() == ["Contact"]
    registry.refresh(days=15)

    assert registry.read() == ["Contact!"]
    assert registry.store.people() == 2


def test_everybody_is_read_anew_once_a_fortnight_however_often_it_is_refreshed(
    registry: Registry,
) -> None:
    people(registry, 3)
    registry.refresh()
    registry.read()
    del registry.crm.people["Contact"]["01"]  # purged: no query shows it any more

    for _ in range(13):
        registry.refresh(days=1)
    assert registry.read() == ["Contact"] * 13
    assert registry.store.people() == 3
    registry.refresh(days=1)

    assert registry.read() == ["Contact!"]
    assert registry.store.people() == 2
    registry.refresh(days=1)
    assert registry.read() == ["Contact"]


def test_whoever_is_made_while_everybody_is_read_anew_stays(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    registry.refresh()
    registry.flow = flow(indexed("Contact", phones=("Phone",)))

    def during() -> None:
        registry.crm.during = lambda: None
        made = Person(crm_id="made", object="Contact", name="Made", created=0)
        load = registry.store.loadings()["Contact"].load
        with registry.store.writing() as tx:
            tx.enlist(load, [Listed(person=made, entries=((E164, 0),))])

    registry.crm.during = during
    registry.refresh(minutes=5)

    assert registry.names(E164) == ["Made"]


def test_a_load_that_was_left_for_a_fortnight_begins_anew(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    ends(registry, 6, UnavailableError("down", retry_after=999))
    registry.refresh()
    registry.crm.during = lambda: None
    del registry.crm.people["Contact"]["01"]

    registry.refresh(days=15)

    assert registry.store.people() == 8


def test_an_object_that_left_the_file_is_forgotten(registry: Registry) -> None:
    registry.flow = flow(CONTACT, LEAD)
    people(registry, 3)
    registry.crm.put("Lead", "2", Name="Bob", Phone=NUMBER, IsConverted=False)
    registry.refresh()
    registry.flow = flow(CONTACT)

    run = registry.refresh(minutes=5)

    assert (run.counts.deleted, registry.names(E164)) == (1, [])
    assert registry.store.loadings().keys() == {"Contact"}
    registry.flow = flow(CONTACT, LEAD)
    registry.refresh(minutes=5)
    assert registry.names(E164) == ["Bob"]


# ── trouble ────────────────────────────────────────────────────────────────


def test_a_field_that_the_crm_lacks_pauses_with_its_line_and_the_rest_is_refreshed(
    registry: Registry,
) -> None:
    registry.flow = flow(CONTACT, LEAD)
    registry.crm.shapes["Contact"] = shape("Contact", "MobilePhone")
    registry.crm.put("Lead", "2", Name="Bob", Phone=NUMBER, IsConverted=False)

    run = registry.refresh()

    assert run.outcome == "paused"
    assert run.message.startswith("directory.yaml:3:3: Contact has no field 'Mobile")
    assert registry.names(E164) == ["Bob"]


def test_an_object_that_the_crm_lacks_pauses_with_its_line(registry: Registry) -> None:
    del registry.crm.shapes["Contact"]

    run = registry.refresh()

    assert run.outcome == "paused"
    assert run.message.startswith("directory.yaml:3:3: the CRM has no object 'Contact'")


def test_a_field_that_goes_away_pauses_with_the_crms_words_until_it_is_mended(
    registry: Registry,
) -> None:
    people(registry, 3)
    registry.refresh()
    registry.crm.shapes["Contact"] = shape("Contact", "Email")

    first = registry.refresh(minutes=5)
    second = registry.refresh(minutes=5)
    registry.flow = flow(indexed("Contact", emails=()))
    third = registry.refresh(minutes=5)

    assert first.message == "directory.yaml:3:3: No such column 'Email'"
    assert second.message.startswith("directory.yaml:3:3: Contact has no field 'Email'")
    assert [run.outcome for run in (first, second, third)] == [
        *("paused", "paused"),
        "done",
    ]
    assert [fresh for _, fresh in registry.crm.described] == [False, True, True]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (QuotaReachedError("no calls left"), "waiting"),
        (UnavailableError("down", retry_after=3600), "waiting"),
        (UnauthorizedError("who are you"), "paused"),
    ],
    ids=["quota", "down", "unauthorized"],
)
def test_other_trouble_ends_the_run_with_what_was_read_kept(
    registry: Registry, small: None, error: ConnectorError, outcome: str
) -> None:
    people(registry, 9)
    ends(registry, 6, error)

    run = registry.refresh()

    assert (run.outcome, run.message) == (outcome, error.message)
    assert registry.store.people() == 4
    assert registry.store.runs("directory", 1) == [replace(run, retry_after=None)]


def test_two_do_not_refresh_at_once(registry: Registry) -> None:
    assert registry.lease()

    with pytest.raises(BusyError):
        registry.refresh()


def test_who_lost_the_lease_commits_nothing_more(
    registry: Registry, small: None
) -> None:
    people(registry, 9)
    left = 6

    def slept() -> None:
        nonlocal left
        left -= 1
        if not left:
            registry.pass_by(minutes=5)
            assert registry.lease()

    registry.crm.during = slept

    run = registry.refresh()

    assert (run.outcome, run.message) == ("waiting", LeaseLostError().message)
    assert registry.store.people() < 9


def test_a_bug_is_raised_and_the_run_is_not_at_work_for_ever(
    registry: Registry,
) -> None:
    people(registry, 3)
    ends(registry, 2, ZeroDivisionError("none"))

    with pytest.raises(ZeroDivisionError):
        registry.refresh()

    assert registry.store.runs("directory", 1)[0].outcome == "died"
    assert registry.lease()


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    assert fingerprint(USER, ("IN",)) == fingerprint(replace(USER), ("IN",))
