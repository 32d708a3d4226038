"""Who is let in: whoever has the token, and nobody else; and what is logged of it."""

import json

import pytest
from structlog.typing import EventDict

from connector.wiring import App
from tests.service.phone import named
from tests.service.test_api.caller import (
    DIAL,
    LONG,
    TOKEN,
    Counter,
    bearer,
    dial,
    nudge,
    put,
)


@pytest.mark.parametrize(
    "authorization",
    [
        *(None, b"", b"Bearer", TOKEN.encode(), b"Bearer let-me-i"),
        *(b"Bearer let-me-in2", b"Bearer LET-ME-IN", b"Basic let-me-in"),
        *(b"Bearerlet-me-in", b"Token let-me-in", b"Bearer let-me-in let-me-in"),
        *(b"Bearer \xff\xfe", "Bearer let-më-in".encode(), b"Basic bGV0LW1lLWlu"),
    ],
)
def test_whoever_has_no_token_gets_one_answer_and_nothing_done(
    url: str, app: App, desk: Counter, authorization: bytes | None
) -> None:
    put(app, DIAL)
    headers = {} if authorization is None else {"Authorization": authorization}

    nudged = nudge(url, headers=headers)
    told = dial(url, headers=headers)

    for answer in (nudged, told):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json() == {"error": "the bearer token is missing or not right"}
    assert desk.asked == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "])
def test_the_scheme_is_written_in_any_case(url: str, scheme: str) -> None:
    answer = nudge(url, headers={"Authorization": f"{scheme} {TOKEN}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["clé-ünïque"])
@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_a_token_beyond_ascii_opens_however_it_comes(
    url: str, token: str, coding: str
) -> None:
    right = nudge(url, headers={"Authorization": f"Bearer {token}".encode(coding)})
    wrong = nudge(url, headers={"Authorization": "Bearer clé-unique".encode(coding)})

    assert (right.status_code, wrong.status_code) == (200, 401)


@pytest.mark.parametrize("token", [""])
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer None", "Bearer x", "Basic Og=="]
)
def test_without_a_token_set_nobody_is_let_in(
    url: str, desk: Counter, token: str, given: str
) -> None:
    answer = nudge(url, headers={"Authorization": given})

    assert answer.status_code == 401
    assert answer.json() == {"error": "the bearer token is missing or not right"}
    assert desk.asked == []


@pytest.mark.parametrize("token", [""])
def test_that_no_token_is_set_is_logged_once(
    url: str, logged: list[EventDict], token: str
) -> None:
    for _ in range(3):
        nudge(url)
        dial(url)

    (event,) = [each for each in logged if each["log_level"] == "warning"]
    assert event["event"] == "nudge_not_taken"
    assert "CONNECTOR_API_TOKEN is not set" in event["reason"]


def test_a_nudge_is_logged_and_so_is_why_one_was_not_taken(
    url: str, desk: Counter, logged: list[EventDict]
) -> None:
    nudge(url)
    nudge(url, b"{}")
    nudge(url, headers=bearer("guess"))

    (taken,) = named(logged, "nudge_taken")
    malformed, forged = named(logged, "nudge_not_taken")
    assert (taken["record"], taken["looking"]) == (LONG, True)
    assert (malformed["status"], forged["status"]) == (400, 401)
    assert malformed["reason"] == 'the body is not an object with a text as its "id"'


def test_neither_token_nor_number_are_logged(
    url: str, app: App, logged: list[EventDict]
) -> None:
    put(app, DIAL)

    for headers in (bearer(), bearer("a-guess")):
        nudge(url, headers=headers)
        nudge(url, json.dumps({"id": DIAL.number}).encode(), headers)
    dial(url)

    said = json.dumps(logged, default=str)
    for secret in (TOKEN, "a-guess", DIAL.number, DIAL.agent):
        assert secret not in said
