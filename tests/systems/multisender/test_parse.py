"""A call becomes a record for each receiver, with the vendor's names and normalised."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.model import Record, Stream
from connector.systems.multisender.parse import parse_call
from connector.systems.multisender.stream import CLICK_TO_CALLS, RSVP_CALLS, STREAMS
from tests.systems.multisender.example import PHONE
from tests.systems.multisender.examples_calls import (
    CLICK_RECEIVER,
    CLICK_TO_CALL,
    RSVP_CALL,
)

ZONE = ZoneInfo("Europe/Helsinki")
WORKING = ["monday", "tuesday", "wednesday", "thursday", "friday"]
BOTH = {
    "activeFrom": "09:00:00",
    "activeTo": "18:00:00",
    "activeWeekdays": WORKING,
    "maxRedials": 3,
    "meta": '{"otherparam": "string", "someparam": "string"}',
    "updatedAt": datetime(2026, 11, 20, 6, 30, tzinfo=UTC),
    "createdAt": datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    "receiver.accountId": "2",
    "receiver.groupId": None,
    "receiver.phone": PHONE,
    "receiver.firstName": "Aino",
    "receiver.lastName": "Virtanen",
    "receiver.answered": True,
    "receiver.reply": "accept",
    "receiver.callDuration": 42,
    "receiver.dialledCalls": 2,
    "receiver.latestCallAt": datetime(2026, 11, 20, 6, 40, tzinfo=UTC),
    "call.id": "1:2",
    "call.direction": "outbound",
    "call.outcome": "answered",
    "call.started_at": datetime(2026, 11, 20, 6, 40, tzinfo=UTC),
    "call.duration": 42,
    "customer.phone": PHONE,
    "customer.name": "Aino Virtanen",
}


def read(raw: object, stream: Stream = CLICK_TO_CALLS) -> list[Record]:
    page = parse_call(raw, stream, ZONE)
    assert list(page.rejects) == []
    return list(page.records)


def receiver(**changes: object) -> dict[str, Any]:
    """What the record of one receiver has; a change to ... leaves it out."""
    row = {
        name: value
        for name, value in {**CLICK_RECEIVER, **changes}.items()
        if value is not ...
    }
    (record,) = read({**CLICK_TO_CALL, "receivers": [row]})
    return dict(record.fields)


def test_everything_that_is_documented_of_a_click_to_call_is_in_the_record() -> None:
    (record,) = read(CLICK_TO_CALL)

    assert (record.id, record.version) == ("1:2", None)
    assert record.fields == BOTH | {
        "clickToCallId": "1",
        "expiresAt": datetime(2026, 11, 21, 10, tzinfo=UTC),
        "voiceFileId": "1",
    }


def test_everything_that_is_documented_of_an_rsvp_call_is_in_the_record() -> None:
    (record,) = read(RSVP_CALL, RSVP_CALLS)

    assert record.fields == BOTH | {
        "rsvpCallId": "1",
        "state": "active",
        "startTime": datetime(2026, 11, 20, 7, tzinfo=UTC),
        "endTime": datetime(2026, 11, 20, 15, tzinfo=UTC),
        "acceptsWanted": 2,
    }


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_has_a_meaning_for_every_field_and_is_scanned(stream: Stream) -> None:
    assert all(field.meaning for field in stream.fields)
    assert len({field.name for field in stream.fields}) == len(stream.fields)
    assert (stream.system, stream.scanned) == ("multisender", True)


# ── who is who ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"accountId": "2", "groupId": "3", "phone": PHONE}, "1:2"),
        ({"accountId": 2}, "1:2"),
        ({"accountId": None, "groupId": "3", "phone": PHONE}, "1:group-3"),
        ({"accountId": "", "phone": "+358 40 123-4567"}, f"1:phone-{PHONE}"),
        ({"phoneNumber": PHONE}, f"1:phone-{PHONE}"),
        ({"phone": "anonymous"}, "1:phone-anonymous"),
    ],
)
def test_a_receiver_is_its_account_or_its_group_or_its_number(
    row: dict[str, object], expected: str
) -> None:
    (record,) = read({"clickToCallId": 1, "receivers": [row]})

    assert record.id == record.fields["call.id"] == expected


def test_an_account_and_a_group_of_one_number_are_two_receivers() -> None:
    rows = [{"accountId": "3"}, {"groupId": "3"}]

    found = read({"clickToCallId": "1", "receivers": rows})

    assert [record.id for record in found] == ["1:3", "1:group-3"]


def test_who_is_there_twice_stays_told_apart_by_the_order() -> None:
    rows = [{"accountId": "2", "reply": reply} for reply in ("accept", "decline")]
    other = [{"accountId": "9"}]

    found = read({"clickToCallId": "1", "receivers": [*rows, *other, rows[0]]})
    again = read({"clickToCallId": "1", "receivers": [*rows, *other]})

    assert [record.id for record in found] == ["1:2", "1:2:2", "1:9", "1:2:3"]
    assert [record.id for record in again] == ["1:2", "1:2:2", "1:9"]


def test_a_record_is_the_same_whatever_becomes_of_the_call() -> None:
    later = {"updatedAt": "2027-01-01 00:00:00", "latestCallAt": "2020-01-01 00:00:00"}

    (before,) = read(CLICK_TO_CALL)
    (after,) = read({**CLICK_TO_CALL, **later, "receivers": [{"accountId": "2"}]})

    assert (before.id, after.id) == ("1:2", "1:2")


# ── as it is spelt ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spelt", "field"),
    [
        ({"firsName": ..., "firstName": "Eino"}, "receiver.firstName"),
        ({"firsName": "", "firstName": "Eino"}, "receiver.firstName"),
        ({"reply": ..., "rsvpReply": "accept"}, "receiver.reply"),
        ({"dialledCalls": ..., "totalDialledCalls": 2}, "receiver.dialledCalls"),
        ({"dialledCalls": ..., "dialedCalls": "2"}, "receiver.dialledCalls"),
        ({"dialledCalls": ..., "totalDialedCalls": 2.0}, "receiver.dialledCalls"),
        ({"phone": ..., "phoneNumber": PHONE}, "receiver.phone"),
        ({"answered": "1", "callDuration": "42"}, "receiver.callDuration"),
        ({"latestCallAt": "2026-11-20T08:40:00"}, "receiver.latestCallAt"),
        ({"latestCallAt": "2026-11-20:08:40:00"}, "receiver.latestCallAt"),
        ({"latestCallAt": "2026-11-20 06:40:00Z"}, "receiver.latestCallAt"),
    ],
)
def test_each_spelling_of_the_document_is_read(
    spelt: dict[str, object], field: str
) -> None:
    expected = (
        {**BOTH, "receiver.firstName": "Eino"} if "Eino" in spelt.values() else BOTH
    )

    assert receiver(**spelt)[field] == expected[field]


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("accept", "accept"),
        ("Decline", "decline"),
        ("noAnswer", "noAnswer"),
        ("noReply", "noAnswer"),
        ("noreply", "noAnswer"),
        ("maybe", "maybe"),
        ("", None),
        (None, None),
    ],
)
def test_no_reply_and_no_answer_are_one(said: str | None, reply: str | None) -> None:
    assert receiver(reply=said)["receiver.reply"] == reply


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"answered": 1, "reply": "noAnswer"}, "answered"),
        ({"answered": 0, "reply": "accept"}, "answered"),
        ({"answered": ..., "reply": "decline"}, "answered"),
        ({"answered": 0, "reply": "noAnswer", "dialledCalls": 3}, "no answer"),
        ({"answered": 0, "reply": "noReply", "dialledCalls": ...}, "no answer"),
        ({"answered": "0", "reply": None, "dialledCalls": "1"}, "no answer"),
        ({"answered": 0, "reply": "noAnswer", "dialledCalls": 0}, None),
        (
            {
                "answered": 0,
                "reply": "noAnswer",
                "dialledCalls": ...,
                "latestCallAt": None,
            },
            None,
        ),
        ({"answered": None, "reply": None, "dialledCalls": 2}, None),
    ],
)
def test_who_was_called_has_an_outcome(
    row: dict[str, object], outcome: str | None
) -> None:
    assert receiver(**row)["call.outcome"] == outcome


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Aino", "Virtanen", "Aino Virtanen"),
        ("", "Virtanen", "Virtanen"),
        ("Aino", None, "Aino"),
        (None, "", None),
    ],
)
def test_a_name_is_what_there_is_of_it(
    first: str | None, last: str | None, name: str | None
) -> None:
    assert receiver(firsName=first, lastName=last)["customer.name"] == name


@pytest.mark.parametrize("none", [None, "", "0000-00-00 00:00:00"])
def test_who_was_never_called_has_no_time(none: str | None) -> None:
    found = receiver(latestCallAt=none)

    assert (found["receiver.latestCallAt"], found["call.started_at"]) == (None, None)


def test_a_time_is_that_of_the_accounts_zone_also_in_summer() -> None:
    found = receiver(latestCallAt="2026-07-01 12:00:00")

    assert found["call.started_at"] == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_what_a_reading_lacks_is_left_alone() -> None:
    (record,) = read({"clickToCallId": "1", "receivers": [{"accountId": "2"}]})

    assert record.fields == {
        "clickToCallId": "1",
        "receiver.accountId": "2",
        "call.id": "1:2",
        "call.direction": "outbound",
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"maxRedials": "many"},
        {"expiresAt": "soon"},
        {"activeWeekdays": "monday"},
        {"activeWeekdays": [{"weekday": "monday"}, 5]},
        {"meta": []},
        {"voiceFileId": {}},
    ],
)
def test_what_is_odd_about_a_call_is_blank_and_costs_no_receiver(
    odd: dict[str, object],
) -> None:
    (record,) = read({**CLICK_TO_CALL, **odd})

    (name,) = odd
    assert not record.fields[name]


def test_what_opens_our_webhook_is_nowhere() -> None:
    secret = {
        "meta": {"connectorToken": "s3cret", "note": "kept"},
        "receiverWebhookUrl": "https://us.example/webhooks/multisender/s3cret",
        "stateWebhookUrl": "https://us.example/webhooks/multisender/s3cret",
    }

    good = parse_call({**RSVP_CALL, **secret}, RSVP_CALLS, ZONE)
    bad = parse_call({**RSVP_CALL, **secret, "receivers": 5}, RSVP_CALLS, ZONE)
    odd = parse_call({**RSVP_CALL, **secret, "receivers": [5]}, RSVP_CALLS, ZONE)

    assert good.records[0].fields["meta"] == '{"note": "kept"}'
    assert len(bad.rejects) == len(odd.rejects) == 1
    for page in (good, bad, odd):
        assert "s3cret" not in json.dumps([repr(page.records), repr(page.rejects)])
