"""What comes back from the platform, and what is made of it."""

from typing import Any

import httpx
import pytest

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.systems.ccai.wire import Placing
from tests.sandbox.test_ccai.document import INBOUND, OUTBOUND_BY_TICKET, SCHEDULED
from tests.systems.ccai.line import (
    FOR_TICKET,
    LATER,
    PLAIN,
    QUEUED,
    TO_NUMBER,
    Line,
    call,
    says,
)

REFUSALS = [
    (TO_NUMBER, PLAIN, "Agent is not available to take this call", "agent_email"),
    (TO_NUMBER, PLAIN, "ticket_id or end_user_number required", "end_user_number"),
    (TO_NUMBER, PLAIN, "Not a valid agent email", "agent_email"),
    (TO_NUMBER, PLAIN, "Agent email required", "agent_email"),
    (TO_NUMBER, PLAIN, "Agent does not have access to make calls", "agent_email"),
    (TO_NUMBER, PLAIN, "end_user_number is not well-formed", "end_user_number"),
    (FOR_TICKET, OUTBOUND_BY_TICKET, "Contact not found", "ticket_id"),
    (TO_NUMBER, PLAIN, "Invalid call type", "call_type"),
    (QUEUED, INBOUND, "end_user_number is not well formed", "end_user_number"),
    (
        QUEUED,
        INBOUND,
        "Menu is in 'manual redirection' state, can't accept calls",
        "menu_id",
    ),
    (QUEUED, INBOUND, "menu_id is required", "menu_id"),
    (QUEUED, INBOUND, "Only IVR and mobile menu IDs are permitted", "menu_id"),
    (
        QUEUED,
        INBOUND,
        "Menu is in 'after hours' state, can't accept incoming calls",
        "menu_id",
    ),
    (QUEUED, INBOUND, "Language 'fr' is not available", "lang"),
    (QUEUED, INBOUND, "Language 'xy' is not found", "lang"),
    (QUEUED, INBOUND, "menu_id 9999 is not found", "menu_id"),
    (QUEUED, INBOUND, "menu_id is not well formed", "menu_id"),
    (QUEUED, INBOUND, "end_user_number is required", "end_user_number"),
    (LATER, SCHEDULED, "Only mobile and web menu IDs are permitted", "menu_id"),
    (LATER, SCHEDULED, "scheduled_at is required", "scheduled_at"),
    (
        LATER,
        SCHEDULED,
        "invalid call type - ensure call_type is supported",
        "call_type",
    ),
    (LATER, SCHEDULED, "Missing parameter", ""),
    (LATER, SCHEDULED, "something of next year", ""),
]


@pytest.mark.parametrize(("name", "body", "message", "parameter"), REFUSALS)
def test_a_refusal_is_told_in_its_own_words_and_names_the_parameter(
    name: str, body: dict[str, Any], message: str, parameter: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        call(Line(says(message)).client, name, body)

    refused = caught.value
    assert (refused.message, refused.parameter, refused.status) == (
        message,
        parameter,
        400,
    )


@pytest.mark.parametrize(
    ("answer", "placing"),
    [
        (httpx.Response(202), Placing(created=False, call=None)),
        (httpx.Response(202, json=PLAIN), Placing(created=False, call=PLAIN)),
        (httpx.Response(200, json=PLAIN), Placing(created=False, call=PLAIN)),
        (httpx.Response(201, text="<html>"), Placing(created=True, call=None)),
        (httpx.Response(200, json={"id": 5}), Placing(created=True, call={"id": 5})),
    ],
)
def test_accepted_means_that_an_agent_must_choose_first(
    answer: httpx.Response, placing: Placing
) -> None:
    line = Line(answer)

    assert line.client.create_outbound_call_to_number(PLAIN) == placing


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401), UnauthorizedError),
        (says("no", 403), UnauthorizedError),
        (says("Resource not found", 404), ConfigError),
        (httpx.Response(405), ConfigError),
        (httpx.Response(400, text="<html>"), UnavailableError),
        (httpx.Response(429), RateLimitedError),
        (httpx.ConnectError("no"), UnavailableError),
        (httpx.Response(408), OutcomeUnknownError),
        (httpx.Response(204), OutcomeUnknownError),
        (httpx.Response(500), OutcomeUnknownError),
        (httpx.ReadTimeout("slow"), OutcomeUnknownError),
    ],
)
@pytest.mark.parametrize(
    ("name", "body"),
    [
        (TO_NUMBER, PLAIN),
        (FOR_TICKET, OUTBOUND_BY_TICKET),
        (QUEUED, INBOUND),
        (LATER, SCHEDULED),
    ],
)
def test_a_call_that_may_have_been_made_is_told_from_one_that_was_not(
    name: str,
    body: dict[str, Any],
    answer: httpx.Response | Exception,
    kind: type[ConnectorError],
) -> None:
    line = Line(answer)

    with pytest.raises(kind) as caught:
        call(line.client, name, body)

    assert type(caught.value) is kind
    assert len(line.sent) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401), UnauthorizedError),
        (httpx.Response(403), UnauthorizedError),
        (httpx.Response(404), ConfigError),
        (says("sort_column is wrong"), UnavailableError),
        (httpx.Response(429), RateLimitedError),
        (httpx.Response(503), UnavailableError),
        (httpx.Response(200, text="<html>"), UnavailableError),
        (httpx.Response(200, text='[{"id":'), UnavailableError),
        (httpx.Response(200, json={"rows": []}), UnavailableError),
        (httpx.Response(200, json={"calls": {}}), UnavailableError),
        (httpx.ReadTimeout("slow"), UnavailableError),
    ],
)
def test_a_list_that_is_none_is_told_apart(
    answer: httpx.Response | Exception, kind: type[ConnectorError]
) -> None:
    with pytest.raises(kind) as caught:
        Line(answer).client.list_calls({})

    assert type(caught.value) is kind


def test_a_call_that_is_not_there_has_no_flags() -> None:
    with pytest.raises(RefusedError) as caught:
        Line(says("Resource not found", 404)).client.get_customer_flag(7)

    assert (caught.value.status, caught.value.parameter) == (404, "id")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 2), ({"retry-after": "3"}, 3), ({"retry-after": "900"}, 300)],
)
def test_when_asked_to_slow_down_everybody_does(
    headers: dict[str, str], seconds: float
) -> None:
    line = Line(httpx.Response(429, headers=headers))

    with pytest.raises(RateLimitedError):
        line.client.list_calls({})

    assert line.pacer.blocks == [seconds]


@pytest.mark.parametrize(
    ("rows", "headers", "more"),
    [
        (0, {"total": "9"}, False),
        (100, {"total": "100"}, True),
        (100, {}, True),
        (5, {}, None),
        (5, {"total": "5"}, None),
        (5, {"total": "0"}, None),
        (5, {"total": "5", "per-page": "5"}, None),
        (5, {"total": "5", "per-page": "100"}, False),
        (5, {"total": "6", "per-page": "100"}, True),
        (5, {"total": "6"}, True),
        (5, {"total": "many"}, None),
        (
            5,
            {"link": '<https://x/y?page=2>; rel="next", <https://x>; rel="last"'},
            True,
        ),
        (
            5,
            {"link": "<https://x/y?page=9>; rel=last, <https://x?a=b>; rel=next"},
            True,
        ),
        (
            5,
            {
                "link": '<https://x?rel="next">; rel="prev"',
                "total": "5",
                "per-page": "9",
            },
            False,
        ),
    ],
)
def test_what_the_headers_tell_of_more_pages(
    rows: int, headers: dict[str, str], *, more: bool | None
) -> None:
    answer = httpx.Response(200, json=[{}] * rows, headers=headers)

    assert Line(answer).client.list_calls({}).more is more


def test_a_list_may_have_a_name() -> None:
    answer = httpx.Response(200, json={"agents": [{"id": 1}]})

    assert Line(answer).client.list_agents({}).rows == [{"id": 1}]
