"""What is asked for in other words than the document's, too late, or too often."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RateLimitedError, RefusedError
from connector.systems.multisender.client import LONGEST_BLOCK
from connector.systems.multisender.operations.asked import as_documented, check_start
from tests.systems.multisender.conftest import THEN, Account, Line
from tests.systems.multisender.example import PHONE, Json
from tests.systems.multisender.examples_calls import BUTTONS, CLICK, RSVP, UPDATE

MADE = httpx.Response(201, json={"rsvpCallId": "1"})


# ── ids and names ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["create_rsvp_call", "update_rsvp_call"])
def test_an_int_among_the_voice_files_of_an_rsvp_call_is_sent_as_text(
    name: str,
) -> None:
    given = {**RSVP, "voiceFiles": [{"type": "start", "voiceFileId": 12}]}

    sent = as_documented(name, given)

    assert sent["voiceFiles"] == [{"type": "start", "voiceFileId": "12"}]
    assert given["voiceFiles"] == [{"type": "start", "voiceFileId": 12}]


def test_a_voice_file_is_shown_by_its_id_as_it_is() -> None:
    line = Line(httpx.Response(200, json={"voiceFileId": "007"}))

    line.client.get_voice_file("007")

    assert line.sent[0].url.path == "/v1/voice_files/007"


def test_buttons_in_both_spellings_are_refused() -> None:
    line = Line(MADE)

    with pytest.raises(RefusedError) as caught:
        line.client.update_rsvp_call(1, {**UPDATE, "actionbuttons": BUTTONS})

    assert caught.value.parameter == "actionbuttons"
    assert line.sent == []


@pytest.mark.parametrize("odd", ["", "٣", "1.0", "-1", " 1", "1" * 5000, True, [1]])
def test_what_is_no_id_of_a_voice_file_is_refused(odd: Json) -> None:
    with pytest.raises(RefusedError) as caught:
        Line(MADE).client.create_click_to_call({**CLICK, "voiceFileId": odd})

    assert caught.value.parameter == "voiceFileId"


def test_the_voice_file_that_was_just_made_can_be_played(account: Account) -> None:
    spoken = {"name": "Hi", "text": "Press five", "voiceCode": "en"}
    made = account.client.create_spoken_voice_file(spoken)["voiceFileId"]
    account.clock.time += timedelta(hours=1)  # it is ready by then
    receivers = [{"phone": PHONE}]
    wanted = {**CLICK, "voiceFileId": made, "receivers": receivers, "expiresAt": None}

    call = account.client.create_click_to_call({**wanted, "receiverWebhookUrl": None})

    assert isinstance(made, str)
    assert str(call["voiceFileId"]) == made


# ── too late ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["create_rsvp_call", "update_rsvp_call"])
def test_a_start_over_an_hour_past_is_refused_in_the_documents_words(name: str) -> None:
    line = Line(MADE)
    line.clock.time = THEN + timedelta(seconds=1)
    body = RSVP if name == "create_rsvp_call" else {"rsvpCallId": "1", **UPDATE}

    with pytest.raises(RefusedError) as caught:
        line.client.ask(name, body, lambda answer: answer)

    assert caught.value.message == "startTime over 1h in the past is not allowed"
    assert caught.value.parameter == "startTime"
    assert line.sent == []


@pytest.mark.parametrize(
    "start", ["2026-11-20 07:00:00", "2027-11-20 07:00:00", None, ""]
)
def test_a_start_an_hour_past_or_later_or_none_is_sent(start: str | None) -> None:
    line = Line(MADE)

    line.client.create_rsvp_call({**RSVP, "startTime": start})

    assert len(line.sent) == 1


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_a_start_that_is_no_time_is_left_to_its_own_rule(odd: Json) -> None:
    check_start({"startTime": odd}, THEN.replace(year=1))


# ── too often ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "blocks"),
    [
        ({"retry-after": "3"}, [3.0]),
        ({"retry-after": "999999999"}, [LONGEST_BLOCK]),
        ({"retry-after": "0"}, []),
        ({}, []),
    ],
)
def test_after_a_429_nobody_asks_for_as_long_as_it_says(
    header: dict[str, str], blocks: list[float]
) -> None:
    line = Line(httpx.Response(429, headers=header))

    with pytest.raises(RateLimitedError):
        line.client.list_rsvp_calls()

    assert line.pacer.blocks == blocks
