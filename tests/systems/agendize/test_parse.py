"""A Call resource becomes a record with the vendor's names and the normalised ones."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.systems.agendize.parse import parse_call, parse_reject
from connector.systems.agendize.stream import CALLS

ZONE = ZoneInfo("Europe/Paris")
DOCUMENTED: dict[str, Any] = {
    "id": "c1",
    "buttonId": "b1",
    "clientId": "p1",
    "callerNumber": "+33612345678",
    "calledNumber": "+33123456789",
    "trackingNumber": "+33987654321",
    "start": {"dateTime": "2026-11-20T10:00:00", "timeZone": "America/New_York"},
    "duration": 63,
    "status": "completed",
    "externalId": "e1",
    "type": "clickToCall",
    "record": {"mimeType": "audio/mpeg", "url": "https://rec.example/1.mp3"},
}


def fields(**changes: object) -> dict[str, Any]:
    return dict(parse_call(DOCUMENTED | changes, ZONE).fields)


def test_everything_that_is_documented_is_in_the_record() -> None:
    assert fields() == {
        "id": "c1",
        "buttonId": "b1",
        "clientId": "p1",
        "callerNumber": "+33612345678",
        "calledNumber": "+33123456789",
        "trackingNumber": "+33987654321",
        "start.dateTime": "2026-11-20T10:00:00",
        "start.timeZone": "America/New_York",
        "duration": 63,
        "status": "completed",
        "externalId": "e1",
        "type": "clickToCall",
        "record.mimeType": "audio/mpeg",
        "record.url": "https://rec.example/1.mp3",
        "call.id": "c1",
        "call.direction": "inbound",
        "call.outcome": "answered",
        "call.started_at": datetime(2026, 11, 20, 15, tzinfo=UTC),
        "call.duration": 63,
        "call.recording_url": "https://rec.example/1.mp3",
        "customer.phone": "+33612345678",
        "agent.phone": "+33123456789",
    }


@pytest.mark.parametrize(
    ("start", "hour"),
    [
        ({"dateTime": "2026-11-20T10:00:00"}, 9),
        ({"dateTime": "2026-11-20T10:00:00", "timeZone": ""}, 9),
        ({"dateTime": "2026-11-20T10:00:00", "timeZone": "Nowhere/Land"}, 9),
        ({"dateTime": "2026-11-20T10:00:00", "timeZone": "../etc/passwd"}, 9),
        ({"dateTime": "2026-11-20T10:00:00Z", "timeZone": "Asia/Tokyo"}, 10),
        ({"dateTime": "2026-11-20T10:00:00+05:00"}, 5),
        ({"dateTime": "soon"}, None),
        ({"dateTime": None}, None),
        (None, None),
    ],
)
def test_a_start_is_in_its_zone_or_the_companys(
    start: object, hour: int | None
) -> None:
    moment = fields(start=start)["call.started_at"]

    assert (moment and moment.hour) == hour


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("completed", "answered"),
        ("noAnswered", "no answer"),
        ("message", "voicemail"),
        ("wrongNumber", "failed"),
        ("busy", "busy"),
        ("abandoned", "missed"),
        ("of next year", None),
        (None, None),
    ],
)
def test_every_documented_status_has_its_outcome(
    status: str | None, outcome: str | None
) -> None:
    assert fields(status=status)["call.outcome"] == outcome


@pytest.mark.parametrize(
    ("given", "seconds"), [("63", 63), (63.0, 63), ("", None), (None, None), (0, 0)]
)
def test_a_duration_may_be_text(given: object, seconds: int | None) -> None:
    assert fields(duration=given)["call.duration"] == seconds


def test_what_a_reading_lacks_is_left_alone() -> None:
    assert parse_call({"id": 7}, ZONE).fields == {"id": "7", "call.id": "7"}


def test_a_recording_may_be_spelt_as_the_table_has_it() -> None:
    record = {"mineType": "audio/mpeg", "url": "u"}

    assert fields(record=record)["record.mimeType"] == "audio/mpeg"


@pytest.mark.parametrize(
    "raw", [None, 5, [], {}, {"id": ""}, {"id": True}, {"id": "a", "duration": "1m"}]
)
def test_what_is_no_call_is_set_aside(raw: object) -> None:
    with pytest.raises(RecordError) as caught:
        parse_call(raw, ZONE)

    reject = parse_reject(raw, caught.value)
    assert (reject.code, reject.payload, bool(reject.id)) == ("UNREADABLE", raw, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*DOCUMENTED, "dateTime", "url"]), inner)
    ),
    max_leaves=8,
)


@given(raw=JSON)
def test_no_call_whatever_raises_anything_else(raw: object) -> None:
    for each in (raw, DOCUMENTED | raw if isinstance(raw, dict) else raw):
        try:
            record = parse_call(each, ZONE)
        except RecordError as error:
            parse_reject(each, error)
        else:
            assert record.fields.keys() <= {field.name for field in CALLS.fields}
