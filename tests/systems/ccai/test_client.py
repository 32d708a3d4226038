"""The document's examples and its rules: what is sent, and what never is."""

import json
from typing import Any

import httpx
import pytest

from connector.errors import (
    RefusedError,
)
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.operations import OPERATIONS
from connector.systems.ccai.wire import Placing
from tests.sandbox.test_ccai.document import (
    INBOUND,
    INBOUND_ANSWER,
    INBOUND_BY_TICKET,
    INBOUND_BY_TICKET_ANSWER,
    OUTBOUND,
    OUTBOUND_ANSWER,
    OUTBOUND_BY_TICKET,
    OUTBOUND_BY_TICKET_ANSWER,
    SCHEDULED,
    SCHEDULED_ANSWER,
)
from tests.systems.ccai.line import (
    FOR_TICKET,
    LATER,
    PLAIN,
    QUEUED,
    TO_NUMBER,
    Line,
    call,
)

TAIL = "manager/api/v1/calls?page=1&per=100&sort_column=updated_at&sort_direction=ASC"
BY_CALL = {k: v for k, v in SCHEDULED.items() if k != "menu_id"} | {"call_id": 514}


# ── what is sent ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "body", "answer"),
    [
        (TO_NUMBER, OUTBOUND, OUTBOUND_ANSWER),
        (TO_NUMBER, PLAIN, OUTBOUND_ANSWER),
        (FOR_TICKET, OUTBOUND_BY_TICKET, OUTBOUND_BY_TICKET_ANSWER),
        (
            FOR_TICKET,
            {**OUTBOUND_BY_TICKET, "ticket_id": "123123"},
            OUTBOUND_BY_TICKET_ANSWER,
        ),
        (QUEUED, INBOUND, INBOUND_ANSWER),
        (QUEUED, INBOUND_BY_TICKET, INBOUND_BY_TICKET_ANSWER),
        (LATER, SCHEDULED, SCHEDULED_ANSWER),
        (LATER, {**SCHEDULED, "ticket_id": "76517"}, SCHEDULED_ANSWER),
        (LATER, BY_CALL, SCHEDULED_ANSWER),
    ],
)
def test_a_documented_call_is_asked_for_and_answered_as_documented(
    name: str, body: dict[str, Any], answer: dict[str, Any]
) -> None:
    line = Line(httpx.Response(201, json=answer))

    placed = call(line.client, name, body)

    (request,) = line.sent
    assert (request.method, request.url.raw_path) == (
        "POST",
        b"/prefix/apps/api/v1/calls",
    )
    assert json.loads(request.content) == body
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Basic dTpw"
    assert placed == Placing(created=True, call=answer)
    assert line.pacer.waits == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [(TO_NUMBER, OUTBOUND), (QUEUED, INBOUND), (LATER, SCHEDULED)],
)
def test_the_type_of_a_call_goes_without_saying(
    name: str, body: dict[str, Any]
) -> None:
    line = Line(httpx.Response(201, json=OUTBOUND_ANSWER))
    bare = {key: value for key, value in body.items() if key != "call_type"}

    call(line.client, name, bare)

    assert json.loads(line.sent[0].content) == body


@pytest.mark.parametrize(
    ("name", "args", "sent"),
    [
        ("get_customer_flag", (7,), ("GET", "apps/api/v1/calls/7/customer_flag", "")),
        (
            "update_customer_flag",
            (7, {"bad_actor": True}),
            ("PATCH", "apps/api/v1/calls/7/customer_flag", '{"bad_actor":true}'),
        ),
        (
            "list_calls",
            (
                {
                    "page": 1,
                    "per": 100,
                    "sort_column": "updated_at",
                    "sort_direction": "ASC",
                    "updated_at[from]": "2018-06-07T19:49:52.896Z",
                },
            ),
            (
                "GET",
                f"{TAIL}&updated_at%5Bfrom%5D=2018-06-07T19%3A49%3A52.896Z",
                "",
            ),
        ),
        (
            "list_calls",
            ({"id[]": ["5", "7"]},),
            ("GET", "manager/api/v1/calls?id%5B%5D=5&id%5B%5D=7", ""),
        ),
        (
            "list_agents",
            ({"id[]": ["21"], "per": 100},),
            ("GET", "manager/api/v1/agents?id%5B%5D=21&per=100", ""),
        ),
    ],
)
def test_any_other_operation_is_sent_as_documented(
    name: str, args: tuple[object, ...], sent: tuple[str, str, str]
) -> None:
    line = Line(httpx.Response(200, json=[]))

    call(line.client, name, *args)

    (request,) = line.sent
    path = request.url.raw_path.decode().removeprefix("/prefix/")
    assert (request.method, path, request.content.decode()) == sent


def test_every_documented_operation_is_a_method_of_the_client() -> None:
    assert all(callable(getattr(CcaiClient, name)) for name in OPERATIONS)


# ── what is refused before it leaves ───────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "body", "parameter", "words"),
    [
        (TO_NUMBER, PLAIN | {"call_type": "X"}, "call_type", "Invalid call type"),
        (
            TO_NUMBER,
            PLAIN | {"call_type": "ScheduledCall"},
            "call_type",
            "Invalid call type",
        ),
        (TO_NUMBER, PLAIN | {"call_type": ""}, "call_type", "Missing parameter"),
        (
            TO_NUMBER,
            PLAIN | {"end_user_number": None},
            "end_user_number",
            "ticket_id or end_user_number required",
        ),
        (
            FOR_TICKET,
            OUTBOUND_BY_TICKET | {"ticket_id": ""},
            "end_user_number",
            "ticket_id or end_user_number required",
        ),
        (
            TO_NUMBER,
            PLAIN | {"agent_email": None},
            "agent_email",
            "Agent email required",
        ),
        (
            TO_NUMBER,
            PLAIN | {"agent_email": "allen"},
            "agent_email",
            "Not a valid agent email",
        ),
        (
            TO_NUMBER,
            PLAIN | {"end_user_number": "123123"},
            "end_user_number",
            "end_user_number is not well-formed",
        ),
        (FOR_TICKET, OUTBOUND_BY_TICKET | {"ticket_id": 1}, "ticket_id", "text"),
        (TO_NUMBER, PLAIN | {"lang": "english"}, "lang", "Language 'english' is not"),
        (TO_NUMBER, PLAIN | {"menu_id": 9}, "menu_id", "has no parameter menu_id"),
        (TO_NUMBER, PLAIN | {"outbound_number": 5}, "outbound_number", "text"),
        (
            QUEUED,
            INBOUND | {"end_user_number": "+1 999-657-12"},
            "end_user_number",
            "end_user_number is not well formed",
        ),
        (
            QUEUED,
            INBOUND | {"call_type": "InvalidCallType"},
            "call_type",
            "Invalid call type",
        ),
        (QUEUED, INBOUND | {"menu_id": None}, "menu_id", "menu_id is required"),
        (
            QUEUED,
            INBOUND | {"menu_id": "menu_999"},
            "menu_id",
            "menu_id is not well formed",
        ),
        (
            QUEUED,
            INBOUND_BY_TICKET | {"end_user_number": None},
            "end_user_number",
            "end_user_number is required",
        ),
        (
            QUEUED,
            INBOUND | {"recording_permission": "granted"},
            "recording_permission",
            "must be one of recording_permission_not_asked",
        ),
        (
            LATER,
            SCHEDULED | {"end_user_number": "+1 999-657-12"},
            "end_user_number",
            "end_user_number is not well formed",
        ),
        (LATER, SCHEDULED | {"menu_id": None}, "menu_id", "menu_id is required"),
        (LATER, SCHEDULED | {"menu_id": "menu_999"}, "menu_id", "not well formed"),
        (
            LATER,
            SCHEDULED | {"end_user_number": ""},
            "end_user_number",
            "end_user_number is required",
        ),
        (
            LATER,
            SCHEDULED | {"scheduled_at": None},
            "scheduled_at",
            "scheduled_at is required",
        ),
        (LATER, SCHEDULED | {"scheduled_at": "tomorrow"}, "scheduled_at", "ISO 8601"),
        (LATER, SCHEDULED | {"call_id": "514"}, "call_id", "integer"),
        ("list_calls", {"per": 200}, "per", "1 to 100"),
        ("list_calls", {"page": 0}, "page", "at least 1"),
        ("list_calls", {"sort_direction": "UP"}, "sort_direction", "ASC, DESC"),
        ("list_calls", {"updated_at[from]": "2018"}, "updated_at[from]", "such as"),
        ("list_calls", {"id[]": ["menu"]}, "id[]", "not as documented"),
        ("list_agents", {"status_updated_at[to]": "x"}, "status_updated_at[to]", "a t"),
    ],
)
def test_what_the_document_refuses_is_refused_in_its_words_and_not_sent(
    name: str, body: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line(httpx.Response(201, json={}))

    with pytest.raises(RefusedError) as caught:
        call(line.client, name, body)

    assert words in caught.value.message
    assert (caught.value.parameter, caught.value.status) == (parameter, None)
    assert line.sent == []


def test_flags_are_of_a_call_and_yes_or_no() -> None:
    line = Line(httpx.Response(200, json={}))

    for args, parameter in (
        ((7, {"bad_actor": "yes"}), "bad_actor"),
        ((None, {}), "id"),
        ((7, {"repeat_customer": True}), "repeat_customer"),
    ):
        with pytest.raises(RefusedError) as caught:
            call(line.client, "update_customer_flag", *args)
        assert caught.value.parameter == parameter
    assert line.sent == []
