"""What records that were set aside wait for: somebody whom the directory learns of."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector.model import Aside, Listed, Person, Record, Unlinked
from connector.state.store import Store
from connector.testing import ManualClock

FLOW, NUMBER, OTHER = "calls", "+919988776655", "+14155550100"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(tmp_path / "state.db", clock) as opened:
        yield opened


def aside(name: str, *numbers: str, version: str = "v1", code: str = "NOBODY") -> Aside:
    key = f"k{name}"
    return Aside(
        flow=FLOW,
        record_id=name,
        key=key,
        record={},
        version=version,
        fingerprint=version.encode(),
        code=code,
        message="nobody",
        retry_at=ManualClock().time + timedelta(days=1),
        awaits=tuple(Unlinked(key=key, field="WhoId", value=n) for n in numbers),
    )


def set_aside(store: Store, *entries: Aside) -> None:
    with store.writing() as tx:
        tx.set_aside(entries, tx.generation())


def learn(store: Store, number: str) -> None:
    person = Person(crm_id="003A", object="Contact", name="Ada", created=0.0)
    with store.writing() as tx:
        tx.enlist(1, [Listed(person=person, entries=((number, 0),))])


def due(store: Store, clock: ManualClock) -> list[str]:
    return [entry.record_id for entry in store.asides(FLOW, due=clock.now())]


def test_a_record_is_due_once_what_it_waits_for_is_learned(
    store: Store, clock: ManualClock
) -> None:
    set_aside(store, aside("a", NUMBER), aside("b", OTHER), aside("c"))
    assert due(store, clock) == []

    learn(store, NUMBER)

    assert due(store, clock) == ["a"]


def test_what_was_looked_up_before_the_directory_changed_is_due_at_once(
    store: Store, clock: ManualClock
) -> None:
    generation = store.generation()
    learn(store, NUMBER)

    with store.writing() as tx:
        tx.set_aside([aside("a", NUMBER), aside("b")], generation)

    assert due(store, clock) == ["a"]


def test_a_record_that_was_discarded_stays_so(store: Store, clock: ManualClock) -> None:
    set_aside(store, aside("a", NUMBER))
    with store.writing() as tx:
        tx.discard([1])

    learn(store, NUMBER)

    assert due(store, clock) == []
    assert store.unmapped() == []


def test_a_record_that_is_set_aside_for_something_else_waits_for_nobody(
    store: Store, clock: ManualClock
) -> None:
    set_aside(store, aside("a", NUMBER))
    set_aside(store, aside("a", version="v2", code="STRING_TOO_LONG"))

    learn(store, NUMBER)

    assert due(store, clock) == []


def test_an_older_reading_does_not_change_what_is_waited_for(
    store: Store, clock: ManualClock
) -> None:
    set_aside(store, aside("a", NUMBER, version="v2"))
    set_aside(store, aside("a", OTHER, version="v1"))

    assert [row["value"] for row in store.unmapped()] == [NUMBER]


def test_a_record_that_is_in_waits_for_nobody(store: Store) -> None:
    set_aside(store, aside("a", NUMBER), aside("b", NUMBER, version="v2"))

    with store.writing() as tx:
        records = [Record(id=name, version="v1", fields={}) for name in "ab"]
        tx.heal(FLOW, records)

    assert [(row["value"], row["calls"]) for row in store.unmapped()] == [(NUMBER, 1)]


def test_what_nobody_has_is_counted_over_records_in_and_set_aside(store: Store) -> None:
    set_aside(store, aside("a", NUMBER, OTHER), aside("b", NUMBER))
    with store.writing() as tx:
        row = Unlinked(key="kc", field="WhoId", value=NUMBER)
        tx.unlinked("Task", FLOW, [row], tx.generation())

    counts = [(row["value"], row["calls"], row["sought"]) for row in store.unmapped()]
    assert counts == [(NUMBER, 3, [NUMBER]), (OTHER, 1, [OTHER])]
