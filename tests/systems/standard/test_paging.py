"""Pages hold still, whatever arrives and changes while they are read."""

from itertools import count

import pytest

from connector.ports import Refetchable
from tests.systems.standard.desk import Desk
from tests.systems.standard.registry import cases_with


def test_a_reading_of_what_holds_still_shows_every_record_once(desk: Desk) -> None:
    there = desk.fill()

    seen = desk.read()

    assert seen.records.keys() == there
    assert len(seen.shown) == len(there)
    assert not seen.rejects
    assert desk.asked() > 1 or not desk.case.paged


def test_what_was_there_is_shown_while_more_arrives_with_every_request(
    desk: Desk,
) -> None:
    there = desk.fill()
    desk.line.meanwhile = desk.arrive

    seen = desk.read()

    assert there <= seen.records.keys()


def test_in_the_end_everything_was_shown_as_it_is_whatever_happened_meanwhile(
    desk: Desk,
) -> None:
    there = sorted(desk.fill())
    turns = count()

    def happen() -> None:
        turn = next(turns)
        if turn < 5:
            changed = there[turn * 7 % len(there)]
            desk.case.change(desk.sandbox, changed, f"turn {turn}")
        if turn < 40:
            desk.arrive()

    desk.line.meanwhile = happen
    seen = desk.read()
    desk.line.meanwhile = None
    desk.settle()
    desk.read(seen)

    truth = desk.truth()
    assert seen.records.keys() == truth.keys()
    assert desk.look_back(seen).records == truth
    assert next(turns) > 0


def test_the_next_reading_shows_what_is_new_and_what_was_changed(desk: Desk) -> None:
    there = desk.fill()
    seen = desk.read()
    changed, new = min(there), desk.arrive()
    desk.case.change(desk.sandbox, changed, "said later")
    desk.settle()
    before = dict(seen.records)

    desk.read(seen)

    assert seen.records.keys() == {*there, new}
    assert seen.records[changed] != before[changed]
    assert "said later" in seen.records[changed].values()


def test_where_there_is_nothing_nothing_is_shown(desk: Desk) -> None:
    seen = desk.read()

    assert not seen.records
    assert not seen.rejects


@pytest.mark.parametrize("case", cases_with(Refetchable), ids=str)
def test_records_that_are_fetched_by_id_are_those_that_were_read(desk: Desk) -> None:
    desk.fill()
    read, source = desk.read().records, desk.source()
    assert isinstance(source, Refetchable)
    wanted = sorted(read)[:25]

    fetched = {record.id: record.fields for record in source.fetch([*wanted, "gone"])}

    assert fetched == {name: read[name] for name in wanted}
