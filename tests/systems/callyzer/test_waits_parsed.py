"""A row of a report of who waits, and the cursor, whatever they are."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import ConfigError, RecordError
from connector.systems.callyzer.waiting import Waits
from connector.systems.callyzer.waits import Known, parse_wait
from connector.testing import ManualClock
from tests.systems.callyzer.line import Line

INDIA = ZoneInfo("Asia/Kolkata")
SOURCE = Waits(client=Line(httpx.Response(500)).client, zone=INDIA, clock=ManualClock())
LOG = {
    "id": "XgnkwIIXrlKYMem-mDNhEogXFLU",
    "duration": 2849,
    "call_type": "Incoming",
    "call_date": "2023-12-18",
    "call_time": "22:06:25",
    "note": "this is note of the call log",
    "call_recording_url": "https://media.callyzer/78.mp3",
    "synced_at": "2023-11-30 22:42:53 IST",
    "modified_at": "2023-11-30 22:42:53 IST",
}
EXAMPLE = {
    "emp_name": "Smith Carry",
    "emp_code": "433",
    "emp_country_code": "91",
    "emp_number": "8888888888",
    "emp_tags": ["tag1", "tag2"],
    "client_name": "annie",
    "client_country_code": "91",
    "client_number": "9999999999",
    "call_logs": [LOG, LOG],
}
"""The document's first row."""


def test_the_documented_row_is_read_though_nobody_was_missed_in_it() -> None:
    wait = parse_wait(EXAMPLE, INDIA)

    (call,) = wait.since(0, ("Missed",))
    assert (wait.client, wait.employee) == ("919999999999", "+918888888888")
    assert call.id == LOG["id"]
    assert call.at == datetime(2023, 12, 18, 16, 36, 25, tzinfo=UTC).timestamp()
    assert wait.talk(("Missed",)) == 0


@pytest.mark.parametrize(
    "row",
    [None, [], {}, {"call_logs": []}, {**EXAMPLE, "call_logs": [{**LOG, "id": ""}]}],
    ids=["null", "list", "empty", "no calls", "no id"],
)
def test_a_row_without_a_call_is_set_aside(row: object) -> None:
    with pytest.raises(RecordError) as caught:
        parse_wait(row, INDIA)

    assert caught.value.code == "UNREADABLE"


def test_a_cursor_of_a_person_is_a_date_with_nothing_open() -> None:
    cursor = SOURCE.checked("2026-11-20 10:00")

    at = datetime(2026, 11, 20, 10, tzinfo=INDIA).timestamp()
    assert json.loads(cursor) == {"at": int(at), "open": {}, "done": {}}
    assert SOURCE.checked(cursor) == cursor


@pytest.mark.parametrize("cursor", ["soon", "{}", '{"at": 1}', '{"at": 1, "open": 2}'])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ConfigError, match="date or time"):
        SOURCE.checked(cursor)


def test_a_cursor_of_tomorrow_is_refused() -> None:
    with pytest.raises(ConfigError, match="not past yet"):
        SOURCE.checked("2026-11-22T10:00:00Z")


def test_who_called_without_a_number_is_never_called_back() -> None:
    known = Known(at=1)

    assert known.talked("unknown", 5) == {}
    assert known.done == {}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "call_logs", "duration"]), inner)
    ),
    max_leaves=6,
)
NAMES = [*LOG, *EXAMPLE]


@given(
    row=VALUES | st.dictionaries(st.sampled_from(NAMES), VALUES),
    logs=st.lists(st.dictionaries(st.sampled_from(sorted(LOG)), VALUES)),
)
def test_no_row_raises_anything_but_a_record_error(row: Any, logs: Any) -> None:  # noqa: ANN401  anything
    given_row = {**row, "call_logs": logs} if isinstance(row, dict) else row
    try:
        wait = parse_wait(given_row, INDIA)
    except RecordError:
        return
    assert wait.contacts
