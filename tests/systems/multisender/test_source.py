"""Reading receivers: whole, by id, while calls are made, and in the vendor's moods."""

from collections.abc import Iterable
from random import Random
from typing import Any, Literal

import pytest

from connector.errors import RefusedError, UnavailableError
from connector.model import Page, Record
from connector.ports import Refetchable, Scannable
from connector.sandbox.faults import Fault
from connector.sandbox.multisender.dialling import Kind
from connector.systems.multisender.source import PAGE, STREAMS
from tests.systems.multisender.conftest import Account
from tests.systems.multisender.example import PHONE

SECOND = "+358409999999"
STREAM = pytest.mark.parametrize("stream", STREAMS)


def scanned(account: Account, stream: str) -> dict[str, Record]:
    pages = list(account.source(stream).scan())
    assert [reject for page in pages for reject in page.rejects] == []
    return by_id(pages)


def by_id(pages: Iterable[Page]) -> dict[str, Record]:
    return {record.id: record for page in pages for record in page.records}


def started(account: Account, stream: str, *phones: str, **about: object) -> str:
    """Have these called; the id of the call."""
    begin = account.clicked if stream == "click_to_calls" else account.invited
    return str(next(iter(begin(*phones, **about).values())))


def kind(stream: str) -> Kind:
    return "click_to_calls" if stream == "click_to_calls" else "rsvp_calls"


@STREAM
def test_a_source_can_be_scanned_and_asked_by_id(account: Account, stream: str) -> None:
    source = account.source(stream)

    assert isinstance(source, Scannable)
    assert isinstance(source, Refetchable)
    assert source.stream.name == stream


@STREAM
def test_a_scan_has_every_receiver_with_what_came_of_it(
    account: Account, stream: str
) -> None:
    call = started(account, stream, PHONE, SECOND)
    account.sandbox.ring((kind(stream), 1), 1)
    account.sandbox.ring((kind(stream), 1), 1, reply="accept", seconds=42)

    found = scanned(account, stream)

    assert list(found) == [f"{call}:1", f"{call}:2"]
    fields = found[f"{call}:1"].fields
    assert {
        "outcome": fields["call.outcome"],
        "reply": fields["receiver.reply"],
        "calls": fields["receiver.dialledCalls"],
        "seconds": fields["call.duration"],
        "at": fields["call.started_at"],
    } == {
        "outcome": "answered",
        "reply": "accept",
        "calls": 2,
        "seconds": 42,
        "at": account.clock.now(),
    }
    assert found[f"{call}:2"].fields["call.outcome"] is None


@STREAM
def test_a_scan_of_nothing_is_empty(account: Account, stream: str) -> None:
    assert scanned(account, stream) == {}


@STREAM
def test_a_scan_asks_once_and_hands_on_pages(account: Account, stream: str) -> None:
    phones = [f"+35840{number:07}" for number in range(PAGE + 5)]
    started(account, stream, *phones)
    started(account, stream, PHONE)

    pages = list(account.source(stream).scan())

    assert [len(page.records) for page in pages] == [PAGE, 6]
    assert all(page.cursor is None for page in pages)
    assert account.sandbox.requests == {f"GET /v1/{stream}": 1}


@STREAM
def test_every_call_made_up_is_read(account: Account, stream: str) -> None:
    account.sandbox.load(60, seed=3, days=5)
    rng = Random(5)  # noqa: S311  repeatable, not secret
    for _ in range(40):
        account.sandbox.arrive(rng)

    found = scanned(account, stream)

    shown = account.sandbox.records(stream)
    assert found
    assert len(found) == sum(len(call["receivers"]) for call in shown)
    answered = [r for call in shown for r in call["receivers"] if r["answered"]]
    outcomes = [record.fields["call.outcome"] for record in found.values()]
    assert outcomes.count("answered") == len(answered)


@STREAM
def test_the_vendors_moods_change_nothing(account: Account, stream: str) -> None:
    started(account, stream, PHONE, SECOND)
    account.sandbox.ring((kind(stream), 1), 1, reply="accept", seconds=42)
    account.sandbox.ring((kind(stream), 1), 2)
    usual = scanned(account, stream)
    moods = account.sandbox.moods
    moods.spelling, moods.unanswered = "table", "noReply"
    moods.first_name, moods.text_numbers = "firstName", True

    assert scanned(account, stream) == usual


# ── by id ──────────────────────────────────────────────────────────────────


def fetched(account: Account, stream: str, *ids: str) -> list[str]:
    return [record.id for record in account.source(stream).fetch(ids)]


@STREAM
def test_a_receiver_is_fetched_by_its_id(account: Account, stream: str) -> None:
    started(account, stream, PHONE, SECOND)
    started(account, stream, PHONE)

    assert fetched(account, stream, "1:2") == ["1:2"]
    assert fetched(account, stream, "1:2", "2:1", "1:2", "1:1") == ["1:1", "1:2", "2:1"]


@STREAM
def test_what_is_fetched_is_what_a_scan_shows(account: Account, stream: str) -> None:
    started(account, stream, PHONE, SECOND)
    account.sandbox.ring((kind(stream), 1), 2, reply="decline", seconds=5)

    found = scanned(account, stream)

    records = list(account.source(stream).fetch([*found]))
    assert {record.id: record for record in records} == found


@STREAM
def test_a_calls_id_brings_all_its_receivers_in_one_request(
    account: Account, stream: str
) -> None:
    started(account, stream, PHONE, SECOND)

    assert fetched(account, stream, "1", "1:1") == ["1:1", "1:2"]
    assert account.sandbox.requests == {f"GET /v1/{stream}/1": 1}


@STREAM
def test_a_receiver_that_a_call_does_not_name_brings_all_of_them(
    account: Account, stream: str
) -> None:
    started(account, stream, PHONE, SECOND)

    assert fetched(account, stream, "1:77") == ["1:1", "1:2"]


@STREAM
@pytest.mark.parametrize("refusals", ["json", "text", "empty"])
def test_calls_that_are_gone_and_ids_that_are_none_are_left_out(
    account: Account, stream: str, refusals: Literal["json", "text", "empty"]
) -> None:
    account.sandbox.moods.refusals = refusals
    started(account, stream, PHONE)
    odd = ("7:1", "unreadable:0123456789abcdef", "..:1", "a b", "", ":")

    assert fetched(account, stream, *odd, "1:1") == ["1:1"]


@STREAM
def test_a_refusal_that_does_not_say_it_is_gone_is_not_taken_for_that(
    account: Account, stream: str
) -> None:
    started(account, stream, PHONE)
    account.sandbox.faults.add(Fault(rf"/{stream}/1$", times=-1, status=409, body="{}"))

    with pytest.raises(RefusedError):
        fetched(account, stream, "1:1")


# ── trouble ────────────────────────────────────────────────────────────────

FAULTS: dict[str, dict[str, Any]] = {
    "502": {"status": 502, "body": "bad gateway"},
    "429": {"status": 429, "headers": {"Retry-After": "1"}},
    "half an answer": {"cut": "half"},
    "no answer": {"cut": "after"},
    "a web page": {"body": "<html>"},
    "an object": {"body": '{"message": "later"}'},
}


@STREAM
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_bad_answer_is_asked_for_again(
    account: Account, stream: str, fault: dict[str, Any]
) -> None:
    started(account, stream, PHONE)
    account.sandbox.faults.add(Fault(rf"/{stream}$", times=2, **fault))

    assert list(scanned(account, stream)) == ["1:1"]


@STREAM
def test_a_vendor_that_stays_bad_ends_the_scan(account: Account, stream: str) -> None:
    account.sandbox.faults.add(Fault(rf"/{stream}$", times=-1, status=503))

    with pytest.raises(UnavailableError):
        list(account.source(stream).scan())
