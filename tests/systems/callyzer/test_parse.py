"""A call as Callyzer writes it becomes a record, or is set aside."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.model import Record
from connector.systems.callyzer.parse import parse_call
from connector.systems.callyzer.source import CALL_LOGS
from connector.systems.callyzer.stream import VENDOR_FIELDS

INDIA = ZoneInfo("Asia/Kolkata")
EXAMPLE: Mapping[str, object] = {
    "id": "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU",
    "emp_name": "emilla",
    "emp_code": "111",
    "emp_number": "9823212312",
    "emp_country_code": "91",
    "emp_tags": [""],
    "client_name": "markel",
    "client_country_code": "91",
    "client_number": "8888888888",
    "duration": 10,
    "call_type": "Outgoing",
    "call_date": "2023-09-13",
    "call_time": "17:49:41",
    "note": "all about the call",
    "call_recording_url": "https://media.callyzer/78.mp3",
    "crm_status": "Not Interested",
    "reminder_date": "2023-09-15",
    "reminder_time": "16:50:34",
    "synced_at": "2023-11-30 22:42:53 IST",
    "modified_at": "2023-11-30 22:42:53 IST",
    "lead_id": "DLe37-2Kc2QoudFUsBudkw",
}
"""The call that the document shows for call-log/history."""

ENDLESS = pytest.param(10**5000, id="endless")
"""More digits than Python writes."""


def parsed(zone: ZoneInfo = INDIA, **changes: object) -> Mapping[str, object]:
    return parse_call({**EXAMPLE, **changes}, zone).fields


def without(*names: str) -> Mapping[str, object]:
    raw = {name: value for name, value in EXAMPLE.items() if name not in names}
    return parse_call(raw, INDIA).fields


def test_the_documents_example_is_read_whole() -> None:
    record = parse_call(dict(EXAMPLE), INDIA)

    assert record.id == EXAMPLE["id"]
    assert record.version == "2023-11-30 22:42:53"
    assert record.fields == {
        **EXAMPLE,
        "emp_tags": [],
        "call.id": EXAMPLE["id"],
        "call.direction": "outbound",
        "call.outcome": "answered",
        "call.started_at": datetime(2023, 9, 13, 12, 19, 41, tzinfo=UTC),
        "call.duration": 10,
        "call.recording_url": "https://media.callyzer/78.mp3",
        "customer.phone": "+918888888888",
        "customer.name": "markel",
        "agent.phone": "+919823212312",
        "agent.name": "emilla",
    }


def test_a_record_has_the_names_of_the_schema_and_no_others() -> None:
    fields = parsed(call_method="PhoneCall", unheard_of={"of": 1})

    assert list(fields.keys() ^ {field.name for field in CALL_LOGS.fields}) == []


@pytest.mark.parametrize("name", [field.name for field in VENDOR_FIELDS[1:]])
def test_a_field_that_a_reading_lacks_stays_away(name: str) -> None:
    fields = without(name)

    assert name not in fields
    assert len(fields) < len(CALL_LOGS.fields)


@pytest.mark.parametrize(
    ("missing", "derived"),
    [
        ("call_type", "call.direction"),
        ("call_type", "call.outcome"),
        ("duration", "call.outcome"),
        ("duration", "call.duration"),
        ("call_date", "call.started_at"),
        ("call_time", "call.started_at"),
        ("client_number", "customer.phone"),
        ("client_name", "customer.name"),
        ("emp_number", "agent.phone"),
        ("emp_name", "agent.name"),
        ("call_recording_url", "call.recording_url"),
    ],
)
def test_what_is_derived_goes_with_what_it_is_derived_from(
    missing: str, derived: str
) -> None:
    assert derived not in without(missing)


def test_a_value_that_was_emptied_is_there_and_empty() -> None:
    fields = parsed(note="", call_recording_url=None, client_number="", duration=None)

    assert fields["note"] == ""
    assert fields["call.recording_url"] is None
    assert fields["customer.phone"] is None
    assert fields["call.duration"] is None


@pytest.mark.parametrize(
    ("kind", "duration", "direction", "outcome"),
    [
        ("Incoming", 12, "inbound", "answered"),
        ("Outgoing", 12, "outbound", "answered"),
        ("Outgoing", 0, "outbound", "no answer"),
        ("Outgoing", "", "outbound", None),
        ("Missed", 0, "inbound", "missed"),
        ("Rejected", 0, "inbound", "rejected"),
        ("Video", 5, None, None),
        ([], 5, None, None),
    ],
)
def test_direction_and_outcome_come_from_the_type_and_the_duration(
    kind: object, duration: object, direction: str | None, outcome: str | None
) -> None:
    fields = parsed(call_type=kind, duration=duration)

    assert (fields["call.direction"], fields["call.outcome"]) == (direction, outcome)


@pytest.mark.parametrize(
    ("zone", "day", "time", "utc"),
    [
        ("Asia/Kolkata", "2026-11-21", "00:10:00", (2026, 11, 20, 18, 40)),
        ("Europe/Berlin", "2026-07-01", "12:00:00", (2026, 7, 1, 10, 0)),
        ("Europe/Berlin", "2026-12-01", "12:00", (2026, 12, 1, 11, 0)),
        ("UTC", "2026-12-01", "12:00:00", (2026, 12, 1, 12, 0)),
    ],
)
def test_the_start_is_read_in_the_accounts_zone_whatever_the_stamps_say(
    zone: str, day: str, time: str, utc: tuple[int, int, int, int, int]
) -> None:
    fields = parsed(ZoneInfo(zone), call_date=day, call_time=time)

    assert fields["call.started_at"] == datetime(*utc, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("", ""),
        (None, "10:00:00"),
        ("2026-02-30", "10:00:00"),
        ("2026-11-21", "24:30:00"),
        ("2026-11-21", "10:00:00+05:30"),
        ("21/11/2026", "10:00:00"),
        ("0001-01-01", "00:00:00"),
        (20261121, 100000),
    ],
)
def test_a_start_that_makes_no_sense_is_empty(day: object, time: object) -> None:
    assert parsed(call_date=day, call_time=time)["call.started_at"] is None


@pytest.mark.parametrize(
    ("country_code", "number", "phone"),
    [
        ("91", "8888888888", "+918888888888"),
        ("+91", "8888888888", "+918888888888"),
        (44, 7700900123, "+447700900123"),
        ("", "8888888888", "8888888888"),
        (None, "8888888888", "8888888888"),
        ("IN", "8888888888", "8888888888"),
        ("0091", "8888888888", "+918888888888"),
        ("91", "+918888888888", "+918888888888"),
        ("91", "\u200e+91 88888 88888", "+918888888888"),
        ("91", "08888888888", "+918888888888"),
        ("91", "918888888888", "+918888888888"),
        ("91", "00918888888888", "+918888888888"),
        (91, 919823212312, "+919823212312"),
        ("91", "9188888888", "+919188888888"),
        ("91", "14155552671", "+14155552671"),
        ("91", "0014155552671", "+14155552671"),
        ("1", "14155552671", "+14155552671"),
        ("1", "1 (555) 123-4567", "+15551234567"),
        ("91", "915551234567", "+915551234567"),
        ("39", "06 6982 1234", "+390669821234"),
        ("52", "1 55 1234 5678", "+525512345678"),
        ("1", "800-FLOWERS", "+18003569377"),
        ("800", "12345678", "+80012345678"),
        ("999", "8888888888", "+9998888888888"),
        ("1", "4012 3301", "+14012 3301"),
        ("91", "121", "121"),
        ("91", "-2", "-2"),
        ("91", "unknown", "unknown"),
        ("91", "", None),
        ("91", {"no": "number"}, None),
    ],
)
def test_a_number_gets_its_country_code_where_there_is_one(
    country_code: object, number: object, phone: str | None
) -> None:
    fields = parsed(client_country_code=country_code, client_number=number)

    assert fields["customer.phone"] == phone


@given(
    code=st.sampled_from(["1", "44", "49", "52", "91", "971"]),
    number=st.text("0123456789+- ()x", min_size=1),
)
def test_a_number_has_its_country_code_once(code: str, number: str) -> None:
    phone = parsed(client_country_code=code, client_number=number)["customer.phone"]
    again = parsed(client_country_code=code, client_number=phone)["customer.phone"]

    assert again == phone


@pytest.mark.parametrize(
    ("given_duration", "seconds"), [(30, 30), ("31", 31), (" 7 ", 7), (3.0, 3), (0, 0)]
)
def test_a_duration_is_whole_seconds_also_when_it_is_text(
    given_duration: object, seconds: int
) -> None:
    fields = parsed(duration=given_duration)

    assert (fields["duration"], fields["call.duration"]) == (seconds, seconds)
    assert type(fields["duration"]) is int


@pytest.mark.parametrize(
    "nonsense",
    [
        -1,
        1.5,
        "2.5",
        "-3",
        "ten",
        True,
        [],
        {},
        float("nan"),
        float("inf"),
        "9" * 5000,
        ENDLESS,
    ],
)
def test_a_nonsense_duration_sets_the_call_aside(nonsense: object) -> None:
    with pytest.raises(RecordError, match="duration") as raised:
        parsed(duration=nonsense)

    assert (raised.value.code, raised.value.fields) == ("UNREADABLE", ("duration",))


@pytest.mark.parametrize("bad", [None, "", "  ", True, [], {}, 1.5, ENDLESS])
def test_a_call_without_an_id_is_set_aside(bad: object) -> None:
    with pytest.raises(RecordError, match="no id"):
        parsed(id=bad)


@pytest.mark.parametrize("raw", [None, 7, "text", [dict(EXAMPLE)]])
def test_a_row_that_is_no_object_is_set_aside(raw: object) -> None:
    with pytest.raises(RecordError, match="not an object"):
        parse_call(raw, INDIA)


def test_an_id_that_is_a_number_is_its_digits() -> None:
    assert parse_call({"id": 42}, INDIA) == Record(
        id="42", version=None, fields={"id": "42", "call.id": "42"}
    )


@pytest.mark.parametrize(
    ("modified", "synced", "version"),
    [
        ("2026-11-21 10:00:00 IST", "2026-11-20 09:00:00 IST", "2026-11-21 10:00:00"),
        ("", "2026-11-20 09:00:00 IST", "2026-11-20 09:00:00"),
        (None, "2026-11-20 09:00:00", "2026-11-20 09:00:00"),
        ("21 Nov 2026", "today", None),
        (5, [], None),
    ],
)
def test_the_version_is_when_the_call_last_changed(
    modified: object, synced: object, version: str | None
) -> None:
    raw = {**EXAMPLE, "modified_at": modified, "synced_at": synced}

    assert parse_call(raw, INDIA).version == version


def test_blank_tags_are_left_out() -> None:
    assert parsed(emp_tags=["", "north", None])["emp_tags"] == ["north"]


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        ("2026-11-01 00:59:59", "2026-11-01 00:59:59"),
        ("2026-11-01 01:10:00", None),
        ("2026-11-01 02:00:00", "2026-11-01 02:00:00"),
    ],
)
def test_in_the_hour_that_clocks_repeat_no_reading_is_older(
    moment: str, version: str | None
) -> None:
    raw = {"id": "1", "modified_at": f"{moment} EDT"}

    assert parse_call(raw, ZoneInfo("America/New_York")).version == version
