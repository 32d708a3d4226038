"""Reading call logs: windows, pages, cursors, and answers that can't be right."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil

import httpx
import pytest

from connector.errors import ConfigError, RateLimitedError, UnavailableError
from connector.model import Page
from connector.ports import Refetchable, Rereadable, Source
from connector.systems.callyzer.reading import read_windows
from connector.systems.callyzer.source import CALL_LOGS
from tests.systems.callyzer.fake import NOON, NOW, Body, FakeCallyzer, Spoiler

DAY = 86_400
SETTLED = NOON - 5


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def cursor_at(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ids(pages: Iterable[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def cursors(pages: Iterable[Page]) -> list[str | None]:
    return [page.cursor for page in pages]


def windows(fake: FakeCallyzer) -> list[tuple[int, int]]:
    """The windows asked for, each once, in order."""
    asked = [(body["synced_from"], body["synced_to"]) for body in fake.requests]
    return list(dict.fromkeys(asked))


def changed(**changes: object) -> Spoiler:
    return lambda _, answer: {**answer, **changes}


def status(code: int, **kwargs: object) -> Spoiler:
    return lambda _, __: httpx.Response(code, **kwargs)  # type: ignore[arg-type]  # httpx's own


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
    assert all(a[1] == b[0] for a, b in pairwise(asked))
    assert len(asked) == ceil((SETTLED - 1) / (180 * DAY - 1))
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
    assert all(size <= 5_000 for size in sizes[1:])
    pages_in_all = sum(max(1, ceil(size / 100)) for size in sizes[1:])
    assert len(fake.requests) == pages_in_all + 1
    assert len(fake.requests) < 205


def test_a_window_is_one_second_or_more_however_much_is_in_it() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(5_300, NOON - 100, 0)

    found = ids(fake.source().read(None, ago(200)))

    assert set(found) == set(expected)
    assert min(end - start for start, end in windows(fake)) == 1


def test_windows_share_their_second_so_that_none_falls_between() -> None:
    fake = FakeCallyzer()
    fake.put_many(5_100, NOON - 5_200)

    cursor = None
    for page in fake.source().read(None, ago(6_000)):
        cursor = page.cursor or cursor

    done = windows(fake)[1:]
    assert len(done) > 1
    assert all(a[1] == b[0] for a, b in pairwise(done))
    assert cursor == cursor_at(SETTLED)


def test_a_request_leaves_only_when_its_page_is_wanted() -> None:
    fake = FakeCallyzer()
    fake.put_many(250, NOON - DAY)

    pages = fake.source().read(None, ago(2 * DAY))
    sent = [len(fake.requests)]
    for _ in pages:
        sent.append(len(fake.requests))  # noqa: PERF401  # counted while it reads

    assert sent == [0, 1, 2, 3]


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
    assert pages[-1].cursor == cursor_at(NOON - 605)


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


# ── answers that can't be right ────────────────────────────────────────────


@pytest.mark.parametrize(
    "spoiler",
    [
        changed(page_no=7),
        changed(result=[{"id": "call-00000"}] * 40),
        changed(result=[]),
        changed(result=None),
        status(400, text="org.postgresql.util.PSQLException"),
        status(503),
        status(200, text="<!doctype html>"),
        status(429, headers={"retry-after": "1"}),
        status(200, text='{"result": [{"id"'),
    ],
    ids=["page", "short", "empty", "null", "jdbc", "503", "html", "429", "cut"],
)
@pytest.mark.parametrize("skipped", [0, 1, 2])
def test_a_page_that_cannot_be_right_is_asked_for_again(
    spoiler: Spoiler, skipped: int
) -> None:
    fake = FakeCallyzer(spoilers=[None] * skipped + [spoiler])
    expected = fake.put_many(250, NOON - DAY)

    pages = list(fake.source().read(None, ago(2 * DAY)))

    assert ids(pages) == expected
    assert [b["page_no"] for b in fake.requests].count(skipped + 1) == 2
    assert len(fake.requests) == 4


def test_the_page_before_is_not_taken_for_the_next_one() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(250, NOON - DAY)

    def repeat_page_1(body: Body, answer: Body) -> Body:
        return {**answer, "result": [fake.calls[i][1] for i in expected[:100]]}

    fake.spoilers = [None, repeat_page_1]

    assert ids(fake.source().read(None, ago(2 * DAY))) == expected


def test_one_call_may_be_shown_for_each_of_its_leads() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(101, NOON - DAY)
    last_of_page_1 = expected[99]
    fake.calls[expected[100]] = (
        NOON - DAY + 100,
        {"id": last_of_page_1, "lead_id": "another"},
    )

    assert ids(fake.source().read(None, ago(2 * DAY)))[-1] == last_of_page_1


def test_what_stays_wrong_ends_the_reading_before_the_cursor_moves() -> None:
    fake = FakeCallyzer(spoilers=[None, *[changed(page_no=1)] * 5])
    fake.put_many(250, NOON - DAY)
    pages: list[Page] = []

    with pytest.raises(UnavailableError):
        pages.extend(fake.source().read(None, ago(2 * DAY)))

    assert cursors(pages) == [None]


def test_a_long_wait_that_is_asked_for_ends_the_reading() -> None:
    fake = FakeCallyzer(spoilers=[status(429, headers={"retry-after": "90"})])

    with pytest.raises(RateLimitedError) as raised:
        list(fake.source().read(None, ago(DAY)))

    assert raised.value.retry_after == 90
    assert fake.pacer.blocked == [90]


def test_every_attempt_is_paced() -> None:
    fake = FakeCallyzer(spoilers=[status(503), status(503)])

    list(fake.source().read(None, ago(DAY)))

    assert fake.pacer.waited == len(fake.requests) == 3


# ── windows that change while they are read ────────────────────────────────


def test_a_window_whose_total_changes_is_read_again_from_its_first_page() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(250, NOON - DAY)

    def change(requests: int) -> None:
        if requests == 1:
            fake.put(expected[5], NOON - 1)

    fake.meanwhile = change

    pages = list(fake.source().read(None, ago(2 * DAY)))

    assert set(ids(pages)) == set(expected)
    assert [b["page_no"] for b in fake.requests] == [1, 2, 1, 2, 3]
    assert cursors(pages) == [None] * 3 + [cursor_at(SETTLED)]


def test_a_window_that_keeps_changing_is_made_smaller() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(1_000, NOON - 2_000)

    def change(requests: int) -> None:
        if requests < 40:
            fake.put(f"late-{requests}", NOON - 2_000)

    fake.meanwhile = change

    found = ids(fake.source().read(None, ago(3_000)))

    assert set(expected) < set(found)
    asked = [(b["synced_from"], b["synced_to"]) for b in fake.requests]
    assert asked.count(asked[0]) == 8
    assert asked[8][1] - asked[8][0] == (asked[0][1] - asked[0][0]) // 2


def test_a_second_that_keeps_changing_ends_the_reading() -> None:
    fake = FakeCallyzer()
    fake.put_many(300, NOON - 10, 0)
    fake.meanwhile = lambda n: fake.put(f"more-{n}", NOON - 10)
    pages: list[Page] = []

    with pytest.raises(UnavailableError, match="keep changing"):
        pages.extend(fake.source().read(None, ago(20)))

    assert all(
        page.cursor is None or page.cursor <= cursor_at(NOON - 10) for page in pages
    )


# ── totals that count the answer alone ─────────────────────────────────────


def count_alone(_: Body, answer: Body) -> Body:
    return {**answer, "total_records": len(answer["result"])}


def count_nothing(_: Body, answer: Body) -> Body:
    return {"result": answer["result"], "message": "Success"}


@pytest.mark.parametrize("counting", [count_alone, count_nothing])
@pytest.mark.parametrize("calls", [0, 99, 100, 101, 300])
def test_full_pages_are_turned_when_the_total_does_not_tell_how_many(
    counting: Spoiler, calls: int
) -> None:
    fake = FakeCallyzer(spoilers=[counting] * 9)
    expected = fake.put_many(calls, NOON - DAY)

    pages = list(fake.source().read(None, ago(2 * DAY)))

    assert ids(pages) == expected
    assert cursors(pages)[-1] == cursor_at(SETTLED)
    assert len(fake.requests) == calls // 100 + 1


def test_windows_are_kept_small_when_the_total_does_not_tell_how_many() -> None:
    fake = FakeCallyzer(spoilers=[count_alone] * 999)
    expected = fake.put_many(6_000, NOON - 6_100)

    found = ids(fake.source().read(None, ago(7_000)))

    assert set(found) == set(expected)
    assert max(b["page_no"] for b in fake.requests) <= 50


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
    fake = FakeCallyzer(spoilers=[status(503)])
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
