"""Reading call logs by another clock than ours, and by totals of another kind."""

import pytest

from connector.systems.callyzer.reading import MOST, read_windows
from tests.systems.callyzer.fake import (
    DAY,
    NOON,
    SETTLED,
    Body,
    FakeCallyzer,
    Spoiler,
    ago,
    cursor_at,
    cursors,
    ids,
    windows,
)

# ── the vendor's clock ─────────────────────────────────────────────────────


def test_the_cursor_stays_behind_the_vendors_clock() -> None:
    fake = FakeCallyzer(skew=-600)
    fake.put("a", NOON - 700)

    pages = list(fake.source().read(None, ago(DAY)))

    assert cursors(pages) == [cursor_at(NOON - 605)]
    assert len(fake.requests) == 1


def test_pages_are_not_turned_where_the_vendors_clock_has_not_been() -> None:
    fake = FakeCallyzer(skew=-600)
    expected = fake.put_many(250, NOON - 900)

    pages = list(fake.source().read(None, ago(DAY)))

    assert set(ids(pages)) == set(expected)
    assert windows(fake)[1][1] == NOON - 605
    assert [c for c in cursors(pages) if c] == [cursor_at(NOON - 605)]


def test_nothing_is_read_beyond_the_vendors_clock() -> None:
    fake = FakeCallyzer(skew=-600, page=5)
    fake.put_many(69, NOON - 2_000, 20)
    ask = fake.source()._ask  # noqa: SLF001  # the request alone, without its windows

    parts = list(read_windows(ask, NOON - 2_000, SETTLED, most=5))

    (first, *_, last) = windows(fake)
    assert first[1] == SETTLED
    assert last[0] < NOON - 605 < last[1] < SETTLED
    assert parts[-1].through == NOON - 605


def test_without_a_date_our_own_clock_counts() -> None:
    fake = FakeCallyzer(skew=-600, dated=False)

    pages = list(fake.source().read(None, ago(DAY)))

    assert cursors(pages) == [cursor_at(SETTLED)]


# ── totals that count the answer alone ─────────────────────────────────────


def count_alone(_: Body, answer: Body) -> Body:
    return {**answer, "total_records": len(answer["result"])}


def count_nothing(_: Body, answer: Body) -> Body:
    return {"result": answer["result"], "message": "Success"}


@pytest.mark.parametrize("counting", [count_alone, count_nothing])
@pytest.mark.parametrize("calls", [0, 99, 100, 101, 300])
def test_windows_of_one_page_are_read_when_the_total_does_not_tell_how_many(
    counting: Spoiler, calls: int
) -> None:
    fake = FakeCallyzer(spoilers=[counting] * 99)
    expected = fake.put_many(calls, NOON - DAY)

    pages = list(fake.source().read(None, ago(2 * DAY)))

    assert set(ids(pages)) == set(expected)
    assert cursors(pages)[-1] == cursor_at(SETTLED)
    assert {request["page_no"] for request in fake.requests} == {1}
    assert len(fake.requests) < 30


def test_windows_are_kept_small_when_the_total_does_not_tell_how_many() -> None:
    fake = FakeCallyzer(spoilers=[count_alone] * 999)
    expected = fake.put_many(MOST + 1_000, NOON - MOST - 1_100)

    found = ids(fake.source().read(None, ago(MOST + 2_000)))

    assert set(found) == set(expected)
    assert max(b["page_no"] for b in fake.requests) <= MOST // 100


def test_smaller_pages_are_turned_by_their_own_size() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(120, NOON - DAY)

    def fifty(body: Body, answer: Body) -> Body:
        first = (body["page_no"] - 1) * 50
        rows = [fake.calls[i][1] for i in expected[first : first + 50]]
        return {**answer, "result": rows, "page_size": 50}

    fake.spoilers = [fifty] * 3

    assert ids(fake.source().read(None, ago(2 * DAY))) == expected
    assert len(fake.requests) == 3
