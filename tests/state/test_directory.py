"""The directory in the state: who has what, who is gone, and what was learned."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec.structs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.model import Enlisted, Listed, Loading, Person, Unlinked
from connector.state import enlisting
from connector.state.store import Store
from connector.testing import ManualClock

INDIAN, AMERICAN, OTHER = "+919988776655", "+14155550100", "+442079460000"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "state.db", ManualClock()) as opened:
        yield opened


def renamed(listed: Listed, name: str) -> Listed:
    person = msgspec.structs.replace(listed.person, name=name)
    return replace(listed, person=person)


def listed(
    name: str, *values: str, became: Mapping[str, str] | None = None, rank: int = 0
) -> Listed:
    """Somebody with these values, each in a field of its own."""
    person = Person(
        crm_id=f"003{name:>015}",
        object="Contact",
        name=name,
        created=1_700_000_000.5,
        became=became or {},
    )
    ranked = ((value, at) for at, value in enumerate(values, rank))
    return Listed(person=person, entries=tuple(ranked))


def enlist(store: Store, *people: Listed, load: int = 1) -> Enlisted:
    with store.writing() as tx:
        return tx.enlist(load, people)


def strike(store: Store, *people: Listed) -> int:
    with store.writing() as tx:
        return tx.strike([one.person.crm_id for one in people])


def names(store: Store, value: str) -> list[str]:
    return sorted(person.name for person in store.known([value]).get(value, []))


# ── looking up ─────────────────────────────────────────────────────────────


def test_whoever_has_a_value_is_known_by_it_with_the_place_of_its_field(
    store: Store,
) -> None:
    ada = listed("ada", INDIAN, AMERICAN, became={"Account": "001"})
    enlist(store, ada)

    found = store.known([INDIAN, AMERICAN, OTHER])

    assert found.keys() == {INDIAN, AMERICAN}
    (first,), (second,) = found[INDIAN], found[AMERICAN]
    assert first == ada.person
    assert (second.crm_id, second.rank) == (ada.person.crm_id, 1)


def test_many_people_can_have_one_number(store: Store) -> None:
    enlist(store, *(listed(str(at), INDIAN) for at in range(300)))

    assert len(store.known([INDIAN])[INDIAN]) == 300


def test_nobody_is_known_by_nothing(store: Store) -> None:
    enlist(store, listed("ada", INDIAN))

    assert store.known([]) == {}


def test_a_value_is_found_whatever_is_in_it(store: Store) -> None:
    odd = 'Contact.Code__c=a"b\\c{},[] \N{SNOWMAN}'
    enlist(store, listed("ada", odd))

    assert names(store, odd) == ["ada"]


def test_a_transaction_sees_what_it_took_in(store: Store) -> None:
    with store.writing() as tx:
        tx.enlist(1, [listed("ada", INDIAN)])

        assert [person.name for person in tx.known([INDIAN])[INDIAN]] == ["ada"]
        assert tx.generation() == 1


# ── taking in ──────────────────────────────────────────────────────────────


def test_the_values_of_before_are_dropped(store: Store) -> None:
    enlist(store, listed("ada", INDIAN, AMERICAN))

    done = enlist(store, listed("ada", AMERICAN, OTHER))

    assert done == Enlisted(updated=1, learned=1)
    assert store.known([INDIAN]) == {}
    assert [store.known([v])[v][0].rank for v in (AMERICAN, OTHER)] == [0, 1]


def test_whoever_is_taken_in_again_as_they_are_changes_nothing(store: Store) -> None:
    enlist(store, listed("ada", INDIAN))

    assert enlist(store, listed("ada", INDIAN)) == Enlisted()
    assert store.generation() == 1


def test_a_new_name_is_a_change_that_teaches_no_value(store: Store) -> None:
    ada = listed("ada", INDIAN)
    enlist(store, ada)

    done = enlist(store, renamed(ada, "Ada L."))

    assert done == Enlisted(updated=1)
    assert names(store, INDIAN) == ["Ada L."]


def test_of_two_readings_of_one_person_the_last_counts(store: Store) -> None:
    done = enlist(store, listed("ada", INDIAN), listed("ada", OTHER))

    assert done == Enlisted(created=1, learned=1)
    assert store.known([INDIAN, OTHER]).keys() == {OTHER}


def test_whoever_has_no_value_is_known_all_the_same(store: Store) -> None:
    assert enlist(store, listed("ada")) == Enlisted(created=1)
    assert store.people() == 1
    assert store.generation() == 0


# ── striking ───────────────────────────────────────────────────────────────


def test_whoever_is_struck_is_found_no_more_and_others_stay(store: Store) -> None:
    ada, bob = listed("ada", INDIAN, OTHER), listed("bob", INDIAN)
    enlist(store, ada, bob)

    assert strike(store, ada, listed("stranger")) == 1

    assert names(store, INDIAN) == ["bob"]
    assert names(store, OTHER) == []
    assert store.people() == 1


def test_a_newcomer_gets_nothing_of_one_who_was_struck(store: Store) -> None:
    ada = listed("ada", INDIAN)
    enlist(store, ada)
    strike(store, ada)

    enlist(store, listed("bob", OTHER))

    assert names(store, INDIAN) == []


def test_those_whom_a_full_load_did_not_show_are_struck_a_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enlisting, "STRUCK_AT_ONCE", 2)
    enlist(store, *(listed(str(at), INDIAN) for at in range(5)))
    enlist(store, listed("3", INDIAN), listed("new", INDIAN), load=2)

    struck = []
    for _ in range(3):
        with store.writing() as tx:
            struck.append(tx.strike_older("Contact", 2))

    assert struck == [2, 2, 0]
    assert names(store, INDIAN) == ["3", "new"]


def test_a_load_that_is_over_does_not_age_anybody(store: Store) -> None:
    enlist(store, listed("ada", INDIAN), load=2)
    enlist(store, listed("ada", OTHER), load=1)

    with store.writing() as tx:
        assert tx.strike_older("Contact", 2) == 0


def test_another_objects_people_are_not_struck(store: Store) -> None:
    enlist(store, listed("ada", INDIAN))

    with store.writing() as tx:
        assert tx.strike_older("Lead", 9) == 0
    assert names(store, INDIAN) == ["ada"]


# ── what was learned ───────────────────────────────────────────────────────


def test_whatever_is_learned_or_lost_is_a_generation(store: Store) -> None:
    enlist(store, listed("ada", INDIAN, OTHER), listed("bob", INDIAN))
    enlist(store, listed("ada", INDIAN))
    strike(store, listed("bob"))
    enlist(store, listed("cy", INDIAN), listed("ada", INDIAN))
    strike(store, listed("nobody we know"))
    enlist(store, listed("cy", INDIAN))

    assert store.generation() == 4


def test_what_points_to_nobody_is_looked_up_again_once_its_value_is_learned(
    store: Store,
) -> None:
    with store.writing() as tx:
        rows = [Unlinked(key=v, field="WhoId", value=v) for v in (INDIAN, OTHER)]
        tx.unlinked("Task", "calls", rows, tx.generation())

    enlist(store, listed("ada", OTHER))

    due = store.due("Task", "calls", "", 10)
    assert [(each.key, each.value) for each in due] == [(OTHER, OTHER)]


def test_what_points_to_nobody_is_looked_up_again_once_one_of_several_is_gone(
    store: Store,
) -> None:
    enlist(store, listed("ada", INDIAN, OTHER), listed("bob", INDIAN, AMERICAN))
    with store.writing() as tx:
        values = (INDIAN, AMERICAN, OTHER)
        rows = [Unlinked(key=v, field="WhoId", value=v) for v in values]
        tx.unlinked("Task", "calls", rows, tx.generation())

    strike(store, listed("bob"))
    struck = {each.key for each in store.due("Task", "calls", "", 10)}
    enlist(store, listed("ada", INDIAN))
    taken_off = {each.key for each in store.due("Task", "calls", "", 10)}

    assert struck == {INDIAN, AMERICAN}
    assert taken_off == {INDIAN, AMERICAN, OTHER}


def test_a_value_is_waited_for_under_what_the_directory_has_it(store: Store) -> None:
    with store.writing() as tx:
        row = Unlinked(key="k", field="OwnerId", value="102", sought="User.No=102")
        tx.unlinked("Task", "calls", [row, row], tx.generation())

    enlist(store, listed("ada", "User.No=102"))

    due = store.due("Task", "calls", "", 10)
    assert [(each.key, each.value) for each in due] == [("k", "102")]


def test_what_is_noted_after_something_was_learned_is_due_at_once(
    store: Store,
) -> None:
    generation = store.generation()
    enlist(store, listed("ada", OTHER))

    with store.writing() as tx:
        row = Unlinked(key="k", field="WhoId", value=OTHER)
        tx.unlinked("Task", "calls", [row], generation)

    assert [each.key for each in store.due("Task", "calls", "", 10)] == ["k"]


def test_an_error_leaves_the_directory_and_its_generation_as_they_were(
    store: Store,
) -> None:
    def fail() -> None:
        with store.writing() as tx:
            tx.enlist(1, [listed("ada", INDIAN)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert store.known([INDIAN]) == {}
    assert store.generation() == 0


# ── how far it was read ────────────────────────────────────────────────────


def test_how_far_each_object_was_read_survives_opening_again(tmp_path: Path) -> None:
    clock = ManualClock()
    path = tmp_path / "state.db"
    lead = Loading(object="Lead", fingerprint="{}", load=2, begun_at=clock.time)
    contact = Loading(
        object="Contact",
        fingerprint="{}",
        load=1,
        cursor="2026-11-21T07:00:00+00:00",
        complete_at=clock.time,
    )
    with Store(path, clock) as store, store.writing() as tx:
        tx.set_loading(Loading(object="Lead", fingerprint="", load=1))
        tx.set_loading(lead)
        tx.set_loading(contact)

    with Store(path, clock) as store:
        assert store.loadings() == {"Lead": lead, "Contact": contact}
        with store.writing() as tx:
            tx.forget_loading("Lead")
        assert store.loadings() == {"Contact": contact}


# ── any order ──────────────────────────────────────────────────────────────

WHO = st.sampled_from("abcd")
VALUES = st.lists(st.sampled_from([INDIAN, AMERICAN, OTHER]), unique=True)
STEPS = st.lists(
    st.lists(st.tuples(WHO, VALUES | st.none(), st.integers(0, 2)), max_size=5),
    max_size=8,
)


@given(steps=STEPS)
def test_after_any_changes_each_value_leads_to_those_who_have_it(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[list[tuple[str, list[str] | None, int]]],
) -> None:
    """Each step is a commit that takes people in; ``None``: they are struck."""
    wanted: dict[str, dict[str, int]] = {}
    generations = 0
    path = tmp_path_factory.mktemp("state") / "state.db"
    with Store(path, ManualClock()) as store:
        for step in steps:
            last = {who: (values, rank) for who, values, rank in step}
            people = [
                listed(who, *values, rank=rank)
                for who, (values, rank) in last.items()
                if values is not None
            ]
            news = sum(
                value not in wanted.get(one.person.name, {})
                for one in people
                for value, _ in one.entries
            )
            lost = any(
                wanted.get(one.person.name, {}).keys() - dict(one.entries).keys()
                for one in people
            )
            gone = [listed(who) for who, (values, _) in last.items() if values is None]
            struck = any(wanted.get(one.person.name) for one in gone)
            with store.writing() as tx:
                done = tx.enlist(1, people)
                tx.strike([one.person.crm_id for one in gone])
            assert done.learned == news
            generations += (news > 0 or lost) + struck
            wanted |= {one.person.name: dict(one.entries) for one in people}
            for one in gone:
                wanted.pop(one.person.name, None)

        every = [INDIAN, AMERICAN, OTHER]
        found = {
            (person.name, value, person.rank)
            for value, people in store.known(every).items()
            for person in people
        }
        assert found == {(w, v, r) for w, e in wanted.items() for v, r in e.items()}
        assert store.people() == len(wanted)
        assert store.generation() == generations
