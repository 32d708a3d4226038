"""A call object becomes a record."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.systems.ccai.parse import began, parse_call, parse_reject, updated
from connector.systems.ccai.stream import CALLS, OVER, UNDER_WAY, VENDOR
from tests.sandbox.test_ccai.document import (
    INBOUND_BY_TICKET_ANSWER,
    OUTBOUND_ANSWER,
    SCHEDULED_ANSWER,
)
from tests.systems.ccai.documented import AGENT_INFO, AT, DOCUMENTED, THEN


def fields(**changes: object) -> dict[str, Any]:
    return dict(parse_call(DOCUMENTED | changes).fields)


def test_everything_of_the_documented_object_is_in_the_record() -> None:
    assert fields() == {
        "id": "0",
        "parent_id": "0",
        "lang": "en",
        "call_type": "Voice Scheduled (API)",
        "status": "scheduled",
        "created_at": THEN,
        "queued_at": THEN,
        "assigned_at": THEN,
        "connected_at": THEN,
        "ends_at": THEN,
        "scheduled_at": THEN,
        "wait_duration": 0,
        "call_duration": 0,
        "hold_duration": 0,
        "rating": 0,
        "has_feedback": True,
        "voip_provider": "voip_provider_twilio",
        "out_ticket_id": "string",
        "out_ticket_url": "string",
        "verified": True,
        "recording_url": "string",
        "recording_permission": "not_asked",
        "voicemail_reason": "not_voicemail",
        "deflection": "no_deflection",
        "disconnected_by": "disconnected_by_unknown",
        "fail_details": "string",
        "fail_reason": "nothing",
        "support_number": "string",
        "selected_menu.id": "0",
        "selected_menu.name": "string",
        "selected_menu.parent_id": "0",
        "selected_menu.position": 0,
        "selected_menu.deleted": True,
        "selected_menu.hidden": None,
        "selected_menu.menu_type": "ivr_menu",
        "selected_menu.output_msg": "string",
        "menu_path.items_count": 0,
        "menu_path.name": "string",
        "menu_path.materialized_path": "string",
        **{f"agent_info.{name}": "string" for name in AGENT_INFO},
        "agent_info.id": "0",
        "end_user.id": "0",
        "end_user.identifier": "string",
        "end_user.out_contact_id": "string",
        "photos.count": 1,
        "videos.count": 1,
        "transfers.count": 1,
        "participants.count": 2,
        "call.id": "0",
        "call.direction": "outbound",
        "call.outcome": None,
        "call.started_at": THEN,
        "call.duration": 0,
        "call.recording_url": "string",
        "customer.phone": None,
        "agent.name": "string",
        "ticket.id": "string",
    }


@pytest.mark.parametrize(
    ("answer", "direction", "ticket", "agent", "contact"),
    [
        (OUTBOUND_ANSWER, "outbound", None, "Admin UJET", None),
        (INBOUND_BY_TICKET_ANSWER, "inbound", "76517", None, "389391400633"),
        (SCHEDULED_ANSWER, "inbound", None, None, "389391400633"),
    ],
)
def test_the_documented_answers_are_calls_as_well(
    answer: dict[str, Any],
    direction: str,
    ticket: str | None,
    agent: str | None,
    contact: str | None,
) -> None:
    found = parse_call(answer).fields

    assert found["call.direction"] == direction
    assert found["ticket.id"] == ticket
    assert found["agent.name"] == agent
    assert found["end_user.out_contact_id"] == contact


@pytest.mark.parametrize(
    ("status", "call_type", "outcome"),
    [
        ("finished", "Voice Inbound (API)", "answered"),
        ("recovered", "Voice Outbound (API)", "answered"),
        ("action_only_finished", "Voice Inbound (App)", "answered"),
        ("failed", "Voice Inbound (API)", "missed"),
        ("failed", "IncomingCall", "missed"),
        ("failed", "Voice Outbound (API)", "no answer"),
        ("failed", "ScheduledCall", "no answer"),
        ("failed", None, "failed"),
        ("deflected", "Voice Inbound (API)", "deflected"),
        ("voicemail_received", "Voice Inbound (API)", "voicemail"),
        ("Voicemail Read", "Voice Inbound (API)", "voicemail"),
        ("of_next_year", "Voice Inbound (API)", None),
        (None, "Voice Inbound (API)", None),
    ],
)
def test_how_a_call_ended_is_in_its_status(
    status: str | None, call_type: str | None, outcome: str | None
) -> None:
    found = fields(status=status, call_type=call_type)

    assert found["call.outcome"] == outcome


def test_every_status_of_the_documents_table_is_known() -> None:
    assert len({*OVER, *UNDER_WAY}) == 16
    assert all(fields(status=s, call_type="IncomingCall")["call.outcome"] for s in OVER)


@pytest.mark.parametrize("word", ["Action Only Finished", "action-only finished"])
def test_a_status_may_be_written_as_the_table_has_it(word: str) -> None:
    assert fields(status=word)["status"] == "action_only_finished"


@pytest.mark.parametrize(
    ("identifier", "phone"),
    [
        ("+1 859-657-9625", "+1 859-657-9625"),
        ("(859) 657-9625", "(859) 657-9625"),
        ("18596579625", "18596579625"),
        ("12345", None),
        ("customer-18596579625", None),
        ("a@b.example", None),
        (4915112345678, "4915112345678"),
        (None, None),
    ],
)
def test_a_customers_identifier_is_a_number_where_it_looks_like_one(
    identifier: object, phone: str | None
) -> None:
    found = fields(end_user={"id": 5, "identifier": identifier})

    assert found["customer.phone"] == phone


@pytest.mark.parametrize(
    ("scheduled", "made", "began_at"),
    [(None, AT, THEN), (AT, "2017-01-01T00:00:00Z", THEN), ("soon", "late", None)],
)
def test_a_call_begins_when_it_was_made_or_was_to_be(
    scheduled: str | None, made: str, began_at: datetime | None
) -> None:
    record = parse_call(DOCUMENTED | {"scheduled_at": scheduled, "created_at": made})

    assert began(record) == began_at


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2018-06-07T19:49:52.896Z", "2018-06-07T19:49:52.897Z"),
        ("2018-06-07T19:49:52Z", "2018-06-07T19:49:52.100Z"),
        ("2018-06-07T19:49:52Z", "2018-06-07T18:49:53-01:00"),
        ("2018-06-07T19:49:52.9Z", "2018-06-07T19:49:53"),
    ],
)
def test_the_later_of_two_readings_is_the_newer_however_its_time_is_written(
    earlier: str, later: str
) -> None:
    first, second = (
        parse_call({"id": 1, "updated_at": at}).version for at in (earlier, later)
    )

    assert first is not None
    assert second is not None
    assert first < second


@pytest.mark.parametrize("at", [None, "", "soon", 5, "9999-12-31T23:59:59-14:00"])
def test_without_a_time_of_a_change_there_is_no_version(at: object) -> None:
    raw = {"id": 1, "updated_at": at}

    assert parse_call(raw).version is None
    assert updated(raw) is None


@pytest.mark.parametrize(
    ("given_as", "seconds"),
    [
        (63, 63),
        (63.4, 63),
        ("64", 64),
        ("65.0", 65),
        ("", None),
        (None, None),
        (-1, -1),
    ],
)
def test_a_duration_may_be_text_or_have_fractions(
    given_as: object, seconds: int | None
) -> None:
    assert fields(call_duration=given_as)["call.duration"] == seconds


def test_what_a_reading_lacks_is_left_alone_and_what_is_null_is_emptied() -> None:
    assert parse_call({"id": 7}).fields == {"id": "7", "call.id": "7"}
    found = parse_call({"id": 7, "agent_info": None, "end_user": {"id": 5}}).fields
    assert found["agent.name"] is found["agent_info.id"] is None
    assert "end_user.identifier" not in found


@pytest.mark.parametrize(
    "raw",
    [
        None,
        5,
        [],
        {},
        {"id": ""},
        {"id": True},
        {"id": 1, "call_duration": "1m"},
        {"id": 1, "hold_duration": []},
        {"id": 1, "wait_duration": True},
    ],
)
def test_what_is_no_call_is_set_aside(raw: object) -> None:
    with pytest.raises(RecordError) as caught:
        parse_call(raw)

    reject = parse_reject(raw, caught.value)
    assert (reject.code, reject.payload, bool(reject.id)) == ("UNREADABLE", raw, True)


NAMES = [part for name, _, _ in VENDOR for part in name.split(".")]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(raw=JSON)
def test_no_call_whatever_raises_anything_else(raw: object) -> None:
    for each in (raw, DOCUMENTED | raw if isinstance(raw, dict) else raw):
        updated(each)
        try:
            record = parse_call(each)
        except RecordError as error:
            parse_reject(each, error)
        else:
            assert record.fields.keys() <= {field.name for field in CALLS.fields}
