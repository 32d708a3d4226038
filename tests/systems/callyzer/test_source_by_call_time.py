"""Reading call logs by the time of the call: windows, resuming, what it will cost."""

from datetime import UTC, datetime
from itertools import islice, pairwise

import httpx
import pytest

from connector.errors import UnauthorizedError
from connector.model import Estimate
from connector.ports import Backfillable
from connector.systems.callyzer.reading import MOST_PAST
from tests.systems.callyzer.fake import (
    DAY,
    NOON,
    SETTLED,
    Body,
    FakeCallyzer,
    OpenPacer,
    Spoiler,
    ago,
    cursor_at,
    cursors,
    ids,
    windows,
)


def at(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def begun(fake: FakeCallyzer, count: int, start: int, step: float = 1) -> list[str]:
    """Add calls that began ``step`` seconds apart, and were all synced just now."""
    names = fake.put_many(count, NOON - 60, 0)
    fake.called |= {name: int(start + n * step) for n, name in enumerate(names)}
    return names


def test_a_source_can_be_read_by_call_time() -> None:
    assert isinstance(FakeCallyzer().source(), Backfillable)


# ── reading ────────────────────────────────────────────────────────────────


def test_calls_are_asked_for_by_when_they_began_not_by_when_they_were_synced() -> None:
    fake = FakeCallyzer()
    fake.put("old, synced today", NOON - 60)
    fake.called["old, synced today"] = NOON - 90 * DAY
    fake.put("began after, synced within", NOON - 90 * DAY)
    fake.called["began after, synced within"] = NOON - 70 * DAY

    pages = list(fake.source().between(ago(100 * DAY), ago(80 * DAY), None))

    assert ids(pages) == ["old, synced today"]
    assert cursors(pages) == [cursor_at(NOON - 80 * DAY)]
    assert all("synced_from" not in request for request in fake.requests)


def test_both_ends_are_inside_as_it_is_not_told_whether_they_belong() -> None:
    fake = FakeCallyzer()

    list(fake.source().between(at(NOON - 2 * DAY), at(NOON - DAY + 0.5), None))

    assert windows(fake, "call") == [(NOON - 2 * DAY - 1, NOON - DAY + 1)]


def test_the_calls_of_the_seconds_beyond_the_ends_are_left_out() -> None:
    fake = FakeCallyzer()
    for seconds in (-1, 0, DAY - 1, DAY, DAY + 1):
        fake.put(f"{seconds:+}", NOON - 2 * DAY + seconds)

    pages = list(fake.source().between(ago(2 * DAY), ago(DAY), None))

    assert ids(pages) == ["+0", f"+{DAY - 1}"]


@pytest.mark.parametrize(
    "fields",
    [
        {"call_date": None},
        {"call_time": "soon"},
        {"call_date": "2026-11-18", "call_time": "03:04:05"},
    ],
)
def test_a_call_is_kept_whose_own_words_do_not_say_that_it_is_beyond(
    fields: dict[str, object],
) -> None:
    fake = FakeCallyzer()
    fake.put("a handset of another zone, or without a time", NOON - 2 * DAY, **fields)

    assert ids(fake.source().between(ago(2 * DAY), ago(DAY), None)) == [*fake.calls]


def test_windows_are_under_180_days_and_share_a_second() -> None:
    fake = FakeCallyzer()
    expected = begun(fake, 400, NOON - 400 * DAY, DAY)

    pages = list(fake.source().between(ago(400 * DAY), ago(DAY), None))

    asked = windows(fake, "call")
    assert ids(pages) == expected
    assert len(asked) == 3
    assert all(one[1] - 1 == two[0] for one, two in pairwise(asked))
    assert all(end - start < 180 * DAY for start, end in asked)
    assert [c for c in cursors(pages) if c] == [cursor_at(end) for _, end in asked]


def test_a_window_with_too_much_in_it_is_narrowed_so_that_a_stop_costs_little() -> None:
    fake = FakeCallyzer()
    expected = begun(fake, MOST_PAST + 2_000, NOON - 100 * DAY, 600)

    found = ids(fake.source().between(ago(101 * DAY), ago(DAY), None))

    assert set(found) == set(expected)
    assert max(request["page_no"] for request in fake.requests) <= MOST_PAST // 100


@pytest.mark.parametrize("pages_read", [1, 2, 3, 4])
def test_what_was_broken_off_goes_on_from_its_last_cursor(pages_read: int) -> None:
    fake = FakeCallyzer()
    expected = begun(fake, 400, NOON - 400 * DAY, DAY)
    span = ago(400 * DAY), ago(DAY)
    first = list(islice(fake.source().between(*span, None), pages_read))
    done = next((c for c in reversed(cursors(first)) if c), None)
    fake.requests.clear()

    rest = list(fake.source().between(*span, done))

    begins = NOON - 400 * DAY if done is None else int(_second(done))
    assert windows(fake, "call")[0][0] == begins - 1
    assert set(ids(first)) | set(ids(rest)) == set(expected)


def _second(cursor: str) -> float:
    return datetime.fromisoformat(cursor).timestamp()


def test_it_ends_a_little_behind_now() -> None:
    fake = FakeCallyzer()

    list(fake.source().between(ago(DAY), ago(-DAY), None))

    assert windows(fake, "call") == [(NOON - DAY - 1, SETTLED)]


def test_what_ends_before_it_begins_asks_for_nothing() -> None:
    fake = FakeCallyzer()

    assert list(fake.source().between(ago(1), ago(-DAY), None)) == []
    assert fake.source().expected(ago(1), ago(-DAY)) == Estimate(
        records=0, requests=0, seconds=0
    )
    assert fake.requests == []


def test_a_clock_of_the_vendor_that_is_behind_cuts_nothing_off() -> None:
    fake = FakeCallyzer(skew=-20 * DAY)
    expected = begun(fake, 250, NOON - 10 * DAY)

    pages = list(fake.source().between(ago(11 * DAY), ago(DAY), None))

    assert ids(pages) == expected
    assert cursors(pages)[-1] == cursor_at(NOON - DAY)


def test_an_old_call_that_arrives_meanwhile_is_shown_with_all_the_others() -> None:
    fake = FakeCallyzer(newest_first=True)
    expected = begun(fake, 250, NOON - 10 * DAY)

    def arrives(requests: int) -> None:
        if requests == 1:
            fake.put("late", NOON)
            fake.called["late"] = NOON - 9 * DAY

    fake.meanwhile = arrives

    pages = list(fake.source().between(ago(11 * DAY), ago(DAY), None))

    assert set(ids(pages)) == {*expected, "late"}
    assert [c for c in cursors(pages) if c] == [cursor_at(NOON - DAY)]


def test_options_are_sent_by_call_time_too() -> None:
    fake = FakeCallyzer()

    list(fake.source(call_types=["Missed"]).between(ago(2 * DAY), ago(DAY), None))

    assert fake.requests[0]["call_types"] == ["Missed"]


# ── what it will cost ──────────────────────────────────────────────────────


@pytest.mark.parametrize("calls", [0, 1, 99, 101, 250, 1_000])
def test_the_estimate_is_what_reading_then_takes(calls: int) -> None:
    fake = FakeCallyzer()
    begun(fake, calls, NOON - 9 * DAY)
    span = ago(10 * DAY), ago(DAY)

    expected = fake.source().expected(*span)

    assert len(fake.requests) == 1
    list(fake.source().between(*span, None))
    assert len(fake.requests) - 1 == expected.requests
    assert (expected.records, expected.seconds) == (calls, 2 * expected.requests)


def test_the_estimate_of_many_windows_asks_for_one_page_of_each() -> None:
    fake = FakeCallyzer()
    begun(fake, 800, NOON - 400 * DAY, DAY / 2)
    span = ago(400 * DAY), ago(0)

    expected = fake.source().expected(*span)

    assert [request["page_no"] for request in fake.requests] == [1, 1, 1]
    assert expected.records == 800
    asked = len(fake.requests)
    list(fake.source().between(*span, None))
    assert len(fake.requests) - asked == expected.requests


def test_the_estimate_is_close_where_windows_have_to_be_narrower() -> None:
    fake = FakeCallyzer()
    begun(fake, 20_000, NOON - 100 * DAY, 400)
    span = ago(101 * DAY), ago(DAY)

    expected = fake.source().expected(*span)

    asked = len(fake.requests)
    list(fake.source().between(*span, None))
    assert asked == 1
    assert expected.requests == pytest.approx(len(fake.requests) - asked, rel=0.03)


def test_the_estimate_of_what_is_left_leaves_out_what_is_done() -> None:
    fake = FakeCallyzer()
    begun(fake, 300, NOON - 300 * DAY, DAY)
    done = cursor_at(NOON - 90 * DAY)

    expected = fake.source().expected(ago(300 * DAY), ago(0), done)

    assert expected.records == 90
    assert len(fake.requests) == 1


def test_the_rate_is_the_pacers() -> None:
    fake = FakeCallyzer(pacer=OpenPacer(interval=0.5))

    assert fake.source().expected(ago(2 * DAY), ago(DAY)).seconds == 0.5


def count_alone(_: Body, answer: Body) -> Body:
    return {**answer, "total_records": len(answer["result"])}


def count_nothing(_: Body, answer: Body) -> Body:
    return {"result": answer["result"], "message": "Success"}


@pytest.mark.parametrize("counting", [count_alone, count_nothing])
@pytest.mark.parametrize(("calls", "told"), [(99, 99), (300, None)])
def test_a_full_page_that_does_not_tell_the_total_leaves_it_unknown(
    counting: Spoiler, calls: int, told: int | None
) -> None:
    fake = FakeCallyzer(spoilers=[counting])
    begun(fake, calls, NOON - 9 * DAY)

    expected = fake.source().expected(ago(10 * DAY), ago(DAY))

    assert (expected.records, expected.requests) == (told, 1)


def test_a_page_that_is_just_full_may_be_all_there_is_or_not() -> None:
    fake = FakeCallyzer()
    begun(fake, 100, NOON - 9 * DAY)

    assert fake.source().expected(ago(10 * DAY), ago(DAY)).records is None


def test_a_page_that_is_just_full_is_believed_once_totals_are_known_to_be_of_all() -> (
    None
):
    fake = FakeCallyzer()
    names = begun(fake, 201, NOON - 300 * DAY)
    fake.called |= dict.fromkeys(names[:100], NOON - DAY)

    expected = fake.source().expected(ago(301 * DAY), ago(0))

    assert (expected.records, expected.requests) == (201, 3)


def unavailable(_: Body, __: Body) -> httpx.Response:
    return httpx.Response(503)


def expired(_: Body, __: Body) -> httpx.Response:
    return httpx.Response(403, json={"message": "Your subscription has expired."})


def test_while_estimating_no_answer_is_asked_again_and_a_refusal_is_told() -> None:
    fake = FakeCallyzer(spoilers=[unavailable, expired])

    with pytest.raises(UnauthorizedError, match="expired"):
        fake.source().expected(ago(2 * DAY), ago(DAY))

    assert len(fake.requests) == 2
