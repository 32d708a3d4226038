"""Reading call logs: windows, cursors, records, options."""

from datetime import UTC, datetime
from itertools import pairwise
from math import ceil

import httpx
import pytest

from connector.errors import ConfigError
from connector.model import Page
from connector.ports import Refetchable, Rereadable, Source
from connector.systems.callyzer.reading import MOST
from connector.systems.callyzer.source import CALL_LOGS
from tests.systems.callyzer.fake import (
    DAY,
    NOON,
    SETTLED,
    FakeCallyzer,
    ago,
    cursor_at,
    cursors,
    ids,
    windows,
)


def test_a_source_can_do_what_the_ports_ask() -> None:
    source = FakeCallyzer().source()

    assert isinstance(source, Rereadable)
    assert isinstance(source, Refetchable)
    port: Source = source
    assert port.stream is CALL_LOGS


# ── windows ────────────────────────────────────────────────────────────────


def test_a_first_reading_begins_at_since_and_ends_a_little_behind_now() -> None:
    fake = FakeCallyzer()
    fake.put("a", NOON - DAY)

    pages = list(fake.source().read(None, ago(7 * DAY)))

    assert ids(pages) == ["a"]
    assert windows(fake) == [(NOON - 7 * DAY, SETTLED)]
    assert cursors(pages) == ["2026-11-21T07:59:55Z"]


def test_a_reading_begins_a_little_before_its_cursor_for_what_came_late() -> None:
    fake = FakeCallyzer()
    fake.put("late", NOON - 3_600 - 290)

    pages = list(fake.source().read(cursor_at(NOON - 3_600), ago(7 * DAY)))

    assert ids(pages) == ["late"]
    assert windows(fake) == [(NOON - 3_900, SETTLED)]


def test_nothing_new_moves_the_cursor_with_one_request() -> None:
    fake = FakeCallyzer()

    pages = list(fake.source().read(cursor_at(NOON - 60), ago(DAY)))

    assert pages == [Page(records=[], rejects=[], cursor=cursor_at(SETTLED))]
    assert len(fake.requests) == 1


def test_a_cursor_never_moves_back() -> None:
    fake = FakeCallyzer()
    fake.put_many(6_000, NOON - 290, 0.03)
    cursor = cursor_at(NOON - 10)

    found = cursors(fake.source().read(cursor, ago(DAY)))

    assert cursor_at(SETTLED) in found
    assert all(c is None or c >= cursor for c in found)


def test_a_cursor_that_is_not_past_yet_reads_nothing() -> None:
    fake = FakeCallyzer()

    assert list(fake.source().read(cursor_at(NOON + DAY), ago(DAY))) == []
    assert fake.requests == []


def test_no_window_is_as_long_as_180_days() -> None:
    fake = FakeCallyzer()

    pages = list(fake.source().read(None, datetime(1900, 1, 1, tzinfo=UTC)))

    asked = windows(fake)
    assert asked[0][0] == 1
    assert all(end - start < 180 * DAY for start, end in asked)
    assert all(a[1] - 1 == b[0] for a, b in pairwise(asked))
    assert pages[-1].cursor == cursor_at(SETTLED)


@pytest.mark.parametrize(
    ("calls", "requests"), [(0, 1), (1, 1), (99, 1), (101, 2), (250, 3), (5_000, 50)]
)
def test_a_window_takes_as_many_requests_as_it_has_pages(
    calls: int, requests: int
) -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(calls, NOON - DAY)

    pages = list(fake.source().read(None, ago(2 * DAY)))

    assert ids(pages) == expected
    assert len(fake.requests) == requests
    assert cursors(pages) == [None] * (requests - 1) + [cursor_at(SETTLED)]


def test_a_backlog_is_read_in_windows_that_are_cheap_to_read_again() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(20_000, NOON - 40_010, 2)

    pages = list(fake.source().read(None, ago(40_020)))

    assert set(ids(pages)) == set(expected)
    sizes = [
        sum(start <= t <= end for t, _ in fake.calls.values())
        for start, end in windows(fake)
    ]
    assert all(size <= MOST for size in sizes[1:])
    pages_in_all = sum(max(1, ceil(size / 100)) for size in sizes[1:])
    assert len(fake.requests) == pages_in_all + 1
    assert len(fake.requests) < 205


def test_a_window_is_one_second_or_more_however_much_is_in_it() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(MOST + 300, NOON - 100, 0)

    found = ids(fake.source().read(None, ago(200)))

    assert set(found) == set(expected)
    assert min(end - start for start, end in windows(fake)) == 1


def test_windows_overlap_so_that_the_ends_of_each_are_inside_another() -> None:
    fake = FakeCallyzer()
    fake.put_many(MOST + 100, NOON - MOST - 200)

    cursor = None
    for page in fake.source().read(None, ago(MOST + 1_000)):
        cursor = page.cursor or cursor

    done = windows(fake)[1:]
    assert len(done) > 1
    assert all(a[1] - 1 == b[0] for a, b in pairwise(done))
    assert cursor == cursor_at(SETTLED)


def test_a_request_leaves_only_when_its_page_is_wanted() -> None:
    fake = FakeCallyzer()
    fake.put_many(250, NOON - DAY)

    pages = fake.source().read(None, ago(2 * DAY))
    sent = [len(fake.requests)]
    for _ in pages:
        sent.append(len(fake.requests))  # noqa: PERF401  # counted while it reads

    assert sent == [0, 1, 2, 3]


# ── records ────────────────────────────────────────────────────────────────


def test_a_row_that_cannot_be_read_is_set_aside_and_the_rest_are_records() -> None:
    fake = FakeCallyzer()
    fake.put("a", NOON - 60)
    fake.put("b", NOON - 59, duration="ten")
    fake.calls["c"] = (NOON - 58, "no call")
    fake.put("d", NOON - 57)

    (page,) = fake.source().read(None, ago(DAY))

    assert ids([page]) == ["a", "d"]
    assert page.rejects[0].id == "b"
    assert [reject.code for reject in page.rejects] == ["UNREADABLE"] * 2
    assert page.cursor == cursor_at(SETTLED)


def test_options_are_sent_with_every_request() -> None:
    fake = FakeCallyzer()
    source = fake.source(call_types=["Missed"], emp_tags=None, duration_grt_than=5)

    list(source.read(None, ago(DAY)))

    assert fake.requests[0]["call_types"] == ["Missed"]
    assert fake.requests[0]["duration_grt_than"] == 5
    assert "emp_tags" not in fake.requests[0]


# ── looking back, and fetching ─────────────────────────────────────────────


def test_reading_again_shows_everything_up_to_an_instant_without_cursors() -> None:
    fake = FakeCallyzer()
    fake.put_many(250, NOON - DAY)
    fake.put("after", NOON - 60)

    pages = list(fake.source().reread(ago(2 * DAY), cursor_at(NOON - 600)))

    assert len(ids(pages)) == 250
    assert cursors(pages) == [None] * 3
    assert windows(fake) == [(NOON - 2 * DAY, NOON - 600)]


@pytest.mark.parametrize("end", [None, cursor_at(NOON + DAY)])
def test_reading_again_ends_a_little_behind_now(end: str | None) -> None:
    fake = FakeCallyzer()

    list(fake.source().reread(ago(DAY), end))

    assert windows(fake) == [(NOON - DAY, SETTLED)]


def test_calls_are_fetched_by_id_twenty_at_a_time_each_once() -> None:
    fake = FakeCallyzer(spoilers=[lambda _, __: httpx.Response(503)])
    wanted = fake.put_many(45, NOON - DAY)
    fake.put("odd", NOON, duration="ten")

    found = list(fake.source().fetch([*wanted, "gone", "odd", wanted[0]]))

    assert [record.id for record in found] == wanted
    sent = [len(body["unique_ids"]) for body in fake.requests]
    assert sent == [20, 20, 20, 7]


# ── cursors by hand ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "cursor"),
    [
        ("2026-11-21T07:40:39Z", "2026-11-21T07:40:39Z"),
        (" 2026-11-21 07:40:39.9+00:00 ", "2026-11-21T07:40:39Z"),
        ("2026-11-21T12:00+05:30", "2026-11-21T06:30:00Z"),
        ("2026-11-21 12:00", "2026-11-21T06:30:00Z"),
        ("2026-11-21", "2026-11-20T18:30:00Z"),
        ("1900-01-01", "1970-01-01T00:00:01Z"),
    ],
)
def test_a_cursor_can_be_written_as_people_write_times(
    written: str, cursor: str
) -> None:
    source = FakeCallyzer().source()

    assert source.checked(written) == cursor
    assert source.checked(cursor) == cursor


@pytest.mark.parametrize("written", ["", "yesterday", "2026-11-31", "1795249239"])
def test_a_cursor_that_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="is not a date or time"):
        FakeCallyzer().source().checked(written)


def test_a_cursor_ahead_of_now_is_refused() -> None:
    with pytest.raises(ConfigError, match="not past yet"):
        FakeCallyzer().source().checked("2026-11-22")
