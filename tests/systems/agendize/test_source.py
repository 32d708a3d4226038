"""Reading calls: by token, by dates where there is none, and nothing lost between."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Literal, get_args

import pytest

from connector.errors import ConfigError, RefusedError
from connector.model import Page
from connector.sandbox.agendize.moods import Dates
from connector.sandbox.faults import Fault
from tests.systems.agendize.conftest import Account, opened

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
MONTH = timedelta(days=30)
EVERY_DATES = get_args(Dates)


def at(days_ago: float) -> dict[str, str]:
    moment = NOW - timedelta(days=days_ago)
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


def ids(pages: Iterable[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def run(account: Account, cursor: str | None = None) -> tuple[list[str], str]:
    """Read once, as a run does; the calls, and the cursor after them."""
    pages = list(account.source().read(cursor, account.clock.now() - MONTH))
    reached = [page.cursor for page in pages if page.cursor]
    return ids(pages), reached[-1]


@pytest.mark.parametrize("dates", EVERY_DATES)
def test_a_first_reading_has_the_calls_since_whatever_the_dates_mean(
    account: Account, dates: Dates
) -> None:
    account.sandbox.moods.dates = dates
    for name, days in (("old", 40), ("one", 29), ("two", 12), ("three", 0.1)):
        account.sandbox.add({"id": name, "start": at(days)})

    found, _ = run(account)

    assert found == ["one", "two", "three"]


@pytest.mark.parametrize("dates", EVERY_DATES)
def test_afterwards_only_what_changed_is_shown(account: Account, dates: Dates) -> None:
    account.sandbox.moods.dates = dates
    account.sandbox.add({"id": "one", "start": at(3)})
    account.sandbox.add({"id": "two", "start": at(2)})
    _, cursor = run(account)
    account.sandbox.change("one", status="busy")
    account.sandbox.add({"id": "three", "start": at(0)})

    found, cursor = run(account, cursor)

    assert sorted(found) == ["one", "three"]
    assert run(account, cursor)[0] == []


@pytest.mark.parametrize("dates", EVERY_DATES)
@pytest.mark.parametrize("lane", ["read", "reread", "between"])
def test_no_call_is_lost_where_one_list_ends_and_the_next_begins(
    account: Account, dates: Dates, lane: str
) -> None:
    """Lists are a week long; one call starts at the edge, one goes on across it."""
    account.sandbox.moods.dates = dates
    account.clock.time = NOW
    around = {"at": 0, "across": 5, "just": 1 / 60, "after": -60, "first": 7 * 24 * 60}
    for name, minutes in around.items():
        start = at(14 + minutes / 24 / 60)
        account.sandbox.add({"id": name, "start": start, "duration": 900})
    source, since = account.source(), NOW - timedelta(days=21)

    found = {
        "read": source.read(None, since),
        "reread": source.reread(since, None),
        "between": source.between(since, NOW, None),
    }[lane]

    assert sorted(ids(found)) == sorted(around)


@pytest.mark.parametrize("days", [400, None])
def test_an_odd_call_does_not_say_what_the_dates_mean(
    account: Account, days: float | None
) -> None:
    """One that every list shows: it is far from the window, or nobody knows when."""
    account.clock.time = NOW
    account.sandbox.moods.dates = "described"
    account.sandbox.add({"id": "one", "start": at(3)})
    start = at(days) if days else {"dateTime": "once"}
    odd = json.dumps({"items": [{"id": "odd", "start": start}], "nextSyncToken": "t"})
    account.sandbox.faults.add(Fault("/calls", body=odd))

    found, cursor = run(account)

    assert found == (["one"] if days else ["odd", "one"])
    assert json.loads(cursor)["token"]


def test_no_token_is_kept_where_only_odd_calls_were_shown(account: Account) -> None:
    odd = json.dumps({"items": [{"id": "odd", "start": at(400)}], "nextSyncToken": "t"})
    account.sandbox.faults.add(Fault("/calls", body=odd, times=-1))

    found, cursor = run(account)

    assert (found, json.loads(cursor)["token"]) == ([], None)


@pytest.mark.parametrize("status", [400, 410])
def test_a_token_that_is_refused_is_dropped_and_dates_are_used_again(
    account: Account, status: Literal[400, 410]
) -> None:
    account.sandbox.moods.token_status = status
    account.sandbox.add({"id": "one", "start": at(3)})
    _, cursor = run(account)
    account.sandbox.expire_tokens()
    account.sandbox.add({"id": "two", "start": at(0)})

    found, cursor = run(account, cursor)

    assert found == ["two"]
    assert json.loads(cursor)["token"]


def test_without_tokens_it_reads_by_dates_and_a_day_again(account: Account) -> None:
    account.sandbox.moods.sync_tokens = False
    account.sandbox.add({"id": "old", "start": at(3)})
    account.sandbox.add({"id": "late", "start": at(0.5)})
    _, cursor = run(account)
    account.sandbox.add({"id": "new", "start": at(0)})
    account.clock.time += timedelta(minutes=5)

    found, cursor = run(account, cursor)

    assert sorted(found) == ["late", "new"]
    assert json.loads(cursor)["token"] is None


def test_a_token_is_not_kept_where_it_is_not_known_what_the_dates_mean(
    account: Account,
) -> None:
    """It could be one of a list that no call can ever be in."""
    account.sandbox.moods.dates = "described"
    _, cursor = run(account)
    account.sandbox.add({"id": "first", "start": at(0)})
    account.clock.time += timedelta(minutes=5)

    assert run(account, cursor)[0] == ["first"]


def test_pages_are_read_to_the_last_also_while_calls_arrive() -> None:
    with opened(people=50) as account:
        account.sandbox.moods.page_size = 7
        account.sandbox.load(60, seed=3, days=20)
        rng, found = Random(5), []  # noqa: S311  repeatable, not secret
        pages = account.source().read(None, account.clock.now() - MONTH)
        cursor = ""
        for page in pages:
            found += ids([page])
            cursor = page.cursor or cursor
            account.sandbox.arrive(rng)
        found += run(account, cursor)[0]

        everything = {str(call["id"]) for call in account.sandbox.calls}
        assert set(found) == everything


@pytest.mark.parametrize("pages", range(1, 14))
def test_killed_after_any_page_nothing_is_lost(pages: int) -> None:
    with opened() as account:
        account.sandbox.moods.page_size = 5
        account.sandbox.load(40, seed=1, days=25)
        since = account.clock.now() - MONTH
        shown = list(islice(account.source().read(None, since), pages))
        committed = [page.cursor for page in shown if page.cursor]

        found = ids(shown) + run(account, committed[-1] if committed else None)[0]

        assert set(found) == {str(call["id"]) for call in account.sandbox.calls}


def test_a_list_that_fails_once_is_asked_for_again(account: Account) -> None:
    account.sandbox.add({"id": "one", "start": at(1)})
    account.sandbox.faults.add(
        Fault("/calls", status=503, headers={"retry-after": "0"})
    )

    assert run(account)[0] == ["one"]


def test_a_refusal_of_every_way_is_said(account: Account) -> None:
    account.sandbox.faults.add(Fault("/calls", status=400, body="{}", times=-1))

    with pytest.raises(RefusedError):
        run(account)


def test_what_cannot_be_read_is_shown_as_such(account: Account) -> None:
    body = json.dumps({"items": [{"id": "bad", "duration": "long"}, 5, {"id": "ok"}]})
    account.sandbox.faults.add(Fault("/calls", body=body, times=-1))

    (page, *_) = account.source().read(None, account.clock.now() - timedelta(days=1))

    assert ids([page]) == ["ok"]
    assert [reject.code for reject in page.rejects] == ["UNREADABLE"] * 2
    assert page.rejects[0].id == "bad"


def test_calls_are_fetched_by_id_and_those_that_are_gone_left_out(
    account: Account,
) -> None:
    account.sandbox.add({"id": "one"})

    found = account.source().fetch(["one", "gone", "one"])

    assert [record.id for record in found] == ["one"]


def test_looking_back_shows_calls_again(account: Account) -> None:
    account.sandbox.add({"id": "one", "start": at(1)})
    account.sandbox.add({"id": "old", "start": at(9)})

    found = ids(account.source().reread(NOW - timedelta(days=2), None))

    assert found == ["one"]


def test_a_backfill_has_the_calls_of_its_days_and_goes_on(account: Account) -> None:
    for name, days in (("a", 25), ("b", 18), ("c", 3), ("d", 0.5)):
        account.sandbox.add({"id": name, "start": at(days)})
    start, end = NOW - timedelta(days=26), NOW - timedelta(days=2)

    pages = list(account.source().between(start, end, None))
    done = next(page.cursor for page in pages if page.cursor)
    again = ids(account.source().between(start, end, done))

    assert ids(pages) == ["a", "b", "c"]
    assert again == ["b", "c"]
    assert account.source().expected(start, end).requests == 4


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("2026-11-20", "2026-11-19T18:30:00Z"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ('{"at": "2026-11-20T10:00:00Z", "token": null}', "2026-11-20T10:00:00Z"),
    ],
)
def test_a_date_of_a_person_becomes_a_cursor(
    account: Account, written: str, reached: str
) -> None:
    assert json.loads(account.source().checked(written))["at"] == reached


@pytest.mark.parametrize("written", ["tomorrow", "", "2027-01-01", "{}", '{"at": 5}'])
def test_what_is_no_past_date_is_none(account: Account, written: str) -> None:
    with pytest.raises(ConfigError):
        account.source().checked(written)
