"""What cannot be read of a call is set aside, receiver by receiver; nothing raises."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.model import Stream
from connector.systems.multisender.parse import parse_call
from connector.systems.multisender.stream import CLICK_TO_CALLS, STREAMS
from tests.systems.multisender.examples_calls import (
    CLICK_RECEIVER,
    CLICK_TO_CALL,
    RSVP_CALL,
    RSVP_RECEIVER,
)

ZONE = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        5,
        [],
        {},
        {"clickToCallId": ""},
        {"clickToCallId": True},
        {"rsvpCallId": "1"},
        {"clickToCallId": "1", "receivers": {}},
    ],
)
def test_what_is_no_call_is_set_aside(raw: object) -> None:
    page = parse_call(raw, CLICK_TO_CALLS, ZONE)

    (reject,) = page.rejects
    assert (page.records, reject.code, reject.payload) == ((), "UNREADABLE", raw)
    assert reject.id.startswith("unreadable:")


@pytest.mark.parametrize("none", [None, []])
def test_a_call_without_receivers_yet_has_no_records(none: object) -> None:
    page = parse_call({**CLICK_TO_CALL, "receivers": none}, CLICK_TO_CALLS, ZONE)

    assert (list(page.records), list(page.rejects)) == ([], [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answered": "maybe"}, "answered of the receiver is not 1 or 0"),
        ({"callDuration": "1m"}, "callDuration of the receiver is not a whole number"),
        ({"dialledCalls": -1}, "dialledCalls of the receiver is not a whole number"),
        ({"dialledCalls": True}, "dialledCalls of the receiver is not a whole number"),
        ({"latestCallAt": "soon"}, "latestCallAt of the receiver is not a time"),
        ({"latestCallAt": "2026-13-01 08:00:00"}, "latestCallAt of the receiver"),
        ({"latestCallAt": "0001-01-01 00:00:00"}, "latestCallAt of the receiver"),
    ],
)
def test_a_receiver_that_cannot_be_read_is_set_aside_and_the_rest_are_read(
    change: dict[str, object], words: str
) -> None:
    rows = [{**CLICK_RECEIVER, **change}, {**CLICK_RECEIVER, "accountId": "9"}]

    page = parse_call({**CLICK_TO_CALL, "receivers": rows}, CLICK_TO_CALLS, ZONE)

    (reject,) = page.rejects
    assert [record.id for record in page.records] == ["1:9"]
    assert (reject.id, reject.code) == ("1:2", "UNREADABLE")
    assert words in reject.message
    assert reject.payload == {"clickToCallId": "1", "receivers": rows[:1]}


@pytest.mark.parametrize("row", [None, 5, {}, {"accountId": None, "phone": ""}])
def test_a_receiver_that_is_nobody_is_set_aside(row: object) -> None:
    page = parse_call({**CLICK_TO_CALL, "receivers": [row]}, CLICK_TO_CALLS, ZONE)

    (reject,) = page.rejects
    assert "no account, no group and no phone number" in reject.message
    assert reject.id.startswith("unreadable:")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*CLICK_TO_CALL, *CLICK_RECEIVER, *RSVP_RECEIVER, "weekday"]
            ),
            inner,
        )
    ),
    max_leaves=8,
)
RECEIVERS = st.lists(
    st.dictionaries(st.sampled_from([*CLICK_RECEIVER, "rsvpReply"]), JSON) | JSON,
    max_size=3,
)


@given(raw=JSON, rows=RECEIVERS, stream=st.sampled_from([*STREAMS.values()]))
def test_no_call_whatever_raises_anything(
    raw: object, rows: list[object], stream: Stream
) -> None:
    whole = {**RSVP_CALL, "clickToCallId": "1", "receivers": rows}
    for each in (raw, {**whole, **raw} if isinstance(raw, dict) else whole):
        page = parse_call(each, stream, ZONE)
        names = {field.name for field in stream.fields}
        assert all(record.fields.keys() <= names for record in page.records)
        shown = [record.id for record in page.records]
        assert len(set(shown)) == len(shown)
