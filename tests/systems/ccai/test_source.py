"""Reading calls over real HTTP: all that are over, each as it is, nothing lost."""

from datetime import timedelta
from itertools import islice
from random import Random
from typing import Literal

import pytest

from connector.errors import UnavailableError
from connector.model import Record
from connector.sandbox.ccai import TERMINAL
from connector.sandbox.ccai.moods import Times
from connector.sandbox.faults import Fault
from connector.systems.ccai.reading import LATE
from connector.systems.ccai.stream import OVER
from tests.systems.ccai.calls import MONTH, NOW, add, ids, over, run, stamp
from tests.systems.ccai.conftest import Account, opened

Paging = Literal["link", "total", "none"]


def test_a_first_reading_has_the_calls_that_changed_since(account: Account) -> None:
    add(account, 40)
    wanted = [add(account, days) for days in (29, 12, 0.1)]

    found, cursor = run(account)

    assert found == wanted
    assert cursor == "2026-11-21T05:36:00.001Z"


@pytest.mark.parametrize("paging", ["link", "total", "none"])
@pytest.mark.parametrize("size", [7, 100])
def test_all_pages_are_read_whatever_tells_of_them(paging: Paging, size: int) -> None:
    with opened() as account:
        account.sandbox.moods.paging = paging
        account.sandbox.moods.largest_page = size
        account.sandbox.load(250 if size == 100 else 40, seed=4, days=20)

        found, _ = run(account)

        assert len(found) == len(set(found))
        assert set(found) == over(account)


def test_afterwards_only_what_changed_is_shown(account: Account) -> None:
    first, second = add(account, 3), add(account, 2)
    _, cursor = run(account)
    account.clock.time += timedelta(hours=1)
    account.sandbox.change(int(first), rating=5)

    found, cursor = run(account, cursor)

    assert found == [first]
    account.clock.time += 2 * LATE
    _, cursor = run(account, cursor)
    assert run(account, cursor)[0] == []
    assert second not in found


def test_a_cursor_never_goes_back(account: Account) -> None:
    wanted = add(account, 0)
    cursor = account.source().checked(stamp(0))

    pages = list(account.source().read(cursor, NOW - MONTH))

    assert ids(pages) == [wanted]
    assert [page.cursor for page in pages] == [None]


def test_calls_are_shown_once_they_are_over(account: Account) -> None:
    call_id = int(str(account.sandbox.add({"status": "selecting"})["id"]))
    cursor, seen = "", []
    for _ in range(5):
        account.clock.time += timedelta(seconds=5)
        account.sandbox.advance(call_id)
        found, cursor = run(account, cursor or None)
        seen.append(bool(found))

    assert seen == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, {*OVER, "of_next_year"}),
        ({"statuses": ["finished", "failed"]}, {"finished", "failed"}),
        ({"statuses": ["queued"]}, {"queued"}),
    ],
)
def test_which_statuses_are_shown_can_be_chosen(
    account: Account, options: dict[str, object], shown: set[str]
) -> None:
    for status in (*OVER, "of_next_year", "queued", "connected", "voicemail"):
        add(account, 1, status=status)

    pages = account.source(options).read(None, NOW - MONTH)

    found = {str(r.fields["status"]) for page in pages for r in page.records}
    assert found == shown


@pytest.mark.parametrize("times", ["milliseconds", "seconds", "offset"])
@pytest.mark.parametrize("paging", ["link", "total", "none"])
def test_more_calls_of_one_moment_than_a_page_holds_are_all_shown(
    times: Times, paging: Paging
) -> None:
    with opened() as account:
        account.sandbox.moods.times = times
        account.sandbox.moods.paging = paging
        account.sandbox.load(230, seed=2)
        account.sandbox.touch()
        account.clock.time += timedelta(minutes=5)
        late = str(account.sandbox.add({"status": "finished"})["id"])

        found, cursor = run(account)

        assert len(found) == len(set(found)) == 231
        assert set(found) == over(account)
        account.clock.time += 2 * LATE
        _, cursor = run(account, cursor)
        before = account.pacer.waits
        assert run(account, cursor)[0] == []
        assert account.pacer.waits - before == 1
        assert found[-1] == late


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_call_that_moves_while_it_is_read_hides_no_other(page: int) -> None:
    with opened() as account:
        account.sandbox.load(330, seed=3)
        account.sandbox.touch(range(1, 280))
        account.clock.time += timedelta(minutes=5)
        account.sandbox.moods.moves[page] = 3

        found, cursor = run(account)
        account.clock.time += timedelta(minutes=5)
        found += run(account, cursor)[0]

        assert set(found) == over(account)


def test_calls_may_arrive_and_change_while_they_are_read() -> None:
    with opened() as account:
        account.sandbox.load(250, seed=3, days=20)
        rng, cursor = Random(5), ""  # noqa: S311  repeatable, not secret
        shown: dict[str, Record] = {}
        for page in account.source().read(None, NOW - MONTH):
            shown |= {record.id: record for record in page.records}
            cursor = page.cursor or cursor
            for _ in range(15):
                account.clock.time += timedelta(milliseconds=400)
                account.sandbox.arrive(rng)
        for page in account.source().read(cursor, NOW):
            shown |= {record.id: record for record in page.records}

        assert set(shown) == over(account)
        for call in account.sandbox.calls():
            if call["status"] in TERMINAL:
                record = shown[str(call["id"])]
                assert record.fields["status"] == call["status"]
                assert record.fields["ticket.id"] == call["out_ticket_id"]


@pytest.mark.parametrize("pages", range(1, 9))
def test_killed_after_any_page_nothing_is_lost(pages: int) -> None:
    with opened() as account:
        account.sandbox.moods.largest_page = 9
        account.sandbox.load(60, seed=1, days=25)
        shown = list(islice(account.source().read(None, NOW - MONTH), pages))
        committed = [page.cursor for page in shown if page.cursor]

        found = ids(shown) + run(account, committed[-1] if committed else None)[0]

        assert set(found) == over(account)


def test_a_ticket_that_comes_later_is_a_newer_reading(account: Account) -> None:
    call_id = add(account, 1)
    (before,) = account.source().fetch([call_id])
    account.sandbox.change(int(call_id), out_ticket_id="5000000000000AAA")

    (after,) = account.source().fetch([call_id])

    assert (before.fields["ticket.id"], after.fields["ticket.id"]) == (
        None,
        "5000000000000AAA",
    )
    assert str(before.version) < str(after.version)


def test_a_list_that_fails_once_is_asked_for_again(account: Account) -> None:
    wanted = add(account, 1)
    account.sandbox.faults.add(
        Fault("/calls", status=503, headers={"retry-after": "0"})
    )

    assert run(account)[0] == [wanted]


def test_a_list_that_keeps_failing_leaves_the_cursor_where_it_was(
    account: Account,
) -> None:
    add(account, 1)
    account.sandbox.faults.add(Fault("/calls", status=500, times=-1))

    with pytest.raises(UnavailableError):
        run(account)


def test_what_cannot_be_read_is_shown_as_such(account: Account) -> None:
    body = (
        '[{"id": 1, "call_duration": "long"}, 5, {"id": 3,'
        ' "updated_at": "2026-11-21T07:00:00Z"}]'
    )
    account.sandbox.faults.add(Fault("/calls", body=body, times=1))

    (page,) = account.source().read(None, NOW - MONTH)

    assert ids([page]) == ["3"]
    assert [reject.code for reject in page.rejects] == ["UNREADABLE"] * 2
    assert page.rejects[0].id == "1"
