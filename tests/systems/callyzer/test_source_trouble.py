"""Reading call logs from a Callyzer that answers wrong, or changes meanwhile."""

from random import Random

import httpx
import pytest

from connector.errors import RateLimitedError, UnavailableError
from connector.model import Page
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
)


def changed(**changes: object) -> Spoiler:
    return lambda _, answer: {**answer, **changes}


def status(code: int, **kwargs: object) -> Spoiler:
    return lambda _, __: httpx.Response(code, **kwargs)  # type: ignore[arg-type]  # httpx's own


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


def test_an_order_that_differs_between_requests_loses_no_call() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(250, NOON - 3_600, 0)
    rng = Random(7)  # noqa: S311  repeatable, not secret

    def shuffled(body: Body, answer: Body) -> Body:
        order = rng.sample(expected, len(expected))
        first = (body["page_no"] - 1) * 100
        rows = [fake.calls[i][1] for i in order[first : first + 100]]
        return {**answer, "result": rows}

    fake.spoilers = [shuffled] * 200

    assert set(ids(fake.source().read(None, ago(DAY)))) == set(expected)


def test_rows_that_repeat_themselves_do_not_stop_the_reading() -> None:
    fake = FakeCallyzer()
    expected = fake.put_many(150, NOON - 3_600)

    def twice(body: Body, answer: Body) -> Body:
        if body["page_no"] == 1:
            return {**answer, "total_records": 151}
        rows = [*answer["result"], answer["result"][-1]]
        return {**answer, "result": rows, "total_records": 151}

    fake.spoilers = [twice] * 99

    assert set(ids(fake.source().read(None, ago(DAY)))) == set(expected)
    assert len(fake.requests) == 4
