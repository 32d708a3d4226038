"""A reading may be broken off after any page: nothing is lost, nothing is there twice.

A record is what has its id: shown again it is the same one, as it is by then.
"""

from itertools import islice

import pytest

from connector.ports import Backfillable, Readable
from tests.systems.standard.desk import Desk, Seen
from tests.systems.standard.registry import cases_with


def test_a_reading_goes_on_from_its_last_cursor_whichever_page_it_ended_after(
    desk: Desk,
) -> None:
    there = desk.fill()
    whole = desk.read()

    for pages in range(1, whole.pages + 1):
        seen = desk.read(pages=pages)
        desk.read(seen)

        assert seen.records == whole.records
        assert seen.records.keys() == there


def test_what_arrived_between_two_broken_readings_is_shown(desk: Desk) -> None:
    desk.fill()
    seen = Seen()

    for _ in range(4):
        desk.read(seen, pages=1)
        desk.arrive()
        desk.settle()
    desk.read(seen)

    truth = desk.truth()
    assert seen.records.keys() == truth.keys()
    assert desk.look_back(seen).records == truth


@pytest.mark.parametrize("case", cases_with(Readable), ids=str)
def test_a_cursor_that_was_written_down_is_taken_back_as_it_is(desk: Desk) -> None:
    desk.fill()
    seen, source = desk.read(), desk.source()
    assert isinstance(source, Readable)

    taken = source.checked(str(seen.cursor))

    new = desk.arrive()
    desk.settle()
    assert desk.read(Seen(cursor=taken)).records.keys() >= {new}


@pytest.mark.parametrize("case", cases_with(Backfillable), ids=str)
def test_a_backfill_goes_on_from_its_last_cursor_whichever_page_it_ended_after(
    desk: Desk,
) -> None:
    there = desk.fill()
    whole = _backfilled(desk, Seen())

    for pages in range(1, whole.pages + 1):
        seen = _backfilled(desk, Seen(), pages)
        _backfilled(desk, seen)

        assert seen.records == whole.records
        assert seen.records.keys() == there


def _backfilled(desk: Desk, seen: Seen, pages: int | None = None) -> Seen:
    source = desk.source()
    assert isinstance(source, Backfillable)
    found = source.between(desk.since, desk.clock.now(), seen.cursor)
    seen.take(islice(found, pages))
    return seen
