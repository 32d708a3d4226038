"""Reading calls by id, once more, and by when they began."""

from datetime import timedelta

import pytest

from connector.errors import ConfigError
from tests.systems.ccai.calls import MONTH, NOW, add, ids, stamp
from tests.systems.ccai.conftest import Account, opened


def test_calls_are_fetched_by_id_if_they_are_there_and_over(account: Account) -> None:
    wanted = add(account, 1)
    talking = add(account, 1, status="connected")

    found = account.source().fetch([wanted, "999", "no id", talking, wanted])

    assert [record.id for record in found] == [wanted]
    assert account.pacer.waits == 1


def test_many_calls_are_fetched_by_id(account: Account) -> None:
    account.sandbox.moods.largest_page = 40
    account.sandbox.load(150, seed=2)
    wanted = [str(call["id"]) for call in account.sandbox.calls()]

    found = account.source().fetch(wanted)

    assert sorted(record.id for record in found) == sorted(wanted)


def test_looking_back_shows_calls_again_and_moves_no_cursor(account: Account) -> None:
    add(account, 9)
    again = add(account, 1)
    later = add(account, 0.5)

    pages = list(account.source().reread(NOW - timedelta(days=2), None))

    assert ids(pages) == [again, later]
    assert all(page.cursor is None for page in pages)


def test_looking_back_ends_at_the_cursor() -> None:
    with opened() as account:
        account.sandbox.load(400, seed=6, days=10)
        end = stamp(5)

        found = ids(account.source().reread(NOW - timedelta(days=10), end))

        wanted = {
            str(call["id"])
            for call in account.sandbox.calls()
            if str(call["updated_at"]) <= end
        }
        assert wanted <= set(found)
        assert len(found) < 400


def test_a_backfill_has_the_calls_that_began_in_its_days_and_goes_on(
    account: Account,
) -> None:
    for days in (25, 18, 3, 0.5):
        add(account, days)
    changed = add(account, 0.1, created_at=stamp(17))
    start, end = NOW - timedelta(days=20), NOW - timedelta(days=2)

    pages = list(account.source().between(start, end, None))
    done = next(page.cursor for page in pages if page.cursor)
    again = ids(account.source().between(start, end, done))

    assert ids(pages) == ["2", "3", changed]
    assert again == []
    assert account.source().expected(start, end).requests == 1


def test_what_a_backfill_costs_is_asked_in_one_request() -> None:
    with opened() as account:
        account.pacer.interval = 1
        account.sandbox.load(450, seed=6, days=10)

        expected = account.source().expected(NOW - MONTH, NOW)

        assert (expected.records, expected.requests, expected.seconds) == (None, 5, 5)
        assert account.pacer.waits == 1


@pytest.mark.parametrize(
    ("typed", "reached"),
    [
        ("2026-11-20", "2026-11-20T00:00:00.000Z"),
        ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00.000Z"),
        (" 2026-11-20T10:00:00.123456Z ", "2026-11-20T10:00:00.123Z"),
        ("0001-01-01", "1970-01-02T00:00:00.000Z"),
    ],
)
def test_a_date_of_a_person_becomes_a_cursor(
    account: Account, typed: str, reached: str
) -> None:
    assert account.source().checked(typed) == reached


@pytest.mark.parametrize("typed", ["tomorrow", "", "2027-01-01", "{}", "5"])
def test_what_is_no_past_date_is_none(account: Account, typed: str) -> None:
    with pytest.raises(ConfigError):
        account.source().checked(typed)
