"""Tokens are asked for once, kept while they last, and renewed when refused."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from connector.errors import UnauthorizedError, UnavailableError
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens

WHO = Credentials(client_id="id", client_secret="s3cret", scope="calls")  # noqa: S106  opens nothing


class Desk:
    """A token endpoint that numbers its tokens."""

    def __init__(self, answer: Callable[[int], httpx.Response] | None = None) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self._answer = answer or (
            lambda n: httpx.Response(
                200, json={"access_token": f"t{n}", "expires_in": 7200}
            )
        )
        self.clock = ManualClock()
        self.tokens = Tokens(
            http=Http("http://auth.example", transport=httpx.MockTransport(self._ask)),
            path="/Auth/connect/token",
            credentials=WHO,
            clock=self.clock,
        )

    def _ask(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/Auth/connect/token"
        self.asked.append(parse_qs(request.content.decode()))
        return self._answer(len(self.asked))


def test_a_token_is_asked_for_once_and_kept() -> None:
    desk = Desk()

    assert [desk.tokens.token(), desk.tokens.token()] == ["t1", "t1"]
    assert desk.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["id"],
            "client_secret": ["s3cret"],
            "scope": ["calls"],
        }
    ]


def test_a_token_that_soon_ends_is_renewed() -> None:
    desk = Desk()
    desk.tokens.token()

    desk.clock.time += timedelta(seconds=7200 - 61)
    assert desk.tokens.token() == "t1"
    desk.clock.time += timedelta(seconds=1)

    assert desk.tokens.token() == "t2"


def test_a_token_that_was_refused_is_renewed_once_for_all_who_had_it() -> None:
    desk = Desk()
    desk.tokens.token()

    assert [desk.tokens.token("t1"), desk.tokens.token("t1")] == ["t2", "t2"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_refused_credentials_are_said_without_the_secret(status: int) -> None:
    body = {"error": "invalid_client"}
    desk = Desk(lambda _: httpx.Response(status, json=body))

    with pytest.raises(UnauthorizedError) as caught:
        desk.tokens.token()

    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"access_token": 5}', "<html>"])
def test_an_answer_without_a_token_is_tried_again_later(body: str) -> None:
    desk = Desk(lambda _: httpx.Response(200, text=body))

    with pytest.raises(UnavailableError):
        desk.tokens.token()


@pytest.mark.parametrize("lasts", [None, "soon", -5, 0, 1])
def test_an_end_that_makes_no_sense_does_not_matter(lasts: object) -> None:
    body = {"access_token": "t", "expires_in": lasts}
    desk = Desk(lambda _: httpx.Response(200, json=body))

    assert [desk.tokens.token(), desk.tokens.token()] == ["t", "t"]
    assert len(desk.asked) == 1


def test_a_server_that_takes_only_basic_gets_basic() -> None:
    """Every server must take that (RFC 6749, 2.3.1); many take only the other."""
    desk = Desk()
    seen: list[str | None] = []

    def only_basic(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization"))
        if seen[-1] is None:
            return httpx.Response(401, json={"error": "invalid_client"})
        return httpx.Response(200, json={"access_token": f"t{len(seen)}"})

    http = Http("http://auth.example", transport=httpx.MockTransport(only_basic))
    tokens = Tokens(http=http, path="/token", credentials=WHO, clock=desk.clock)

    assert tokens.token() == "t2"
    assert tokens.token("t2") == "t3"
    assert seen == [None, "Basic aWQ6czNjcmV0", "Basic aWQ6czNjcmV0"]


@pytest.mark.parametrize("lasts", [1e12, 1e16, float("inf"), 10**400, "7200", "1e400"])
def test_an_end_that_is_far_away_or_text_is_read(lasts: object) -> None:
    body = json.dumps({"access_token": "t", "expires_in": lasts})
    desk = Desk(lambda _: httpx.Response(200, text=body))

    assert desk.tokens.token() == "t"
    desk.clock.time += timedelta(days=2)
    desk.tokens.token()
    assert len(desk.asked) == 2


def test_who_waited_for_a_token_that_did_not_come_asks_for_no_other() -> None:
    asked, answered = threading.Event(), threading.Event()

    def silent(_: int) -> httpx.Response:
        asked.set()
        assert answered.wait(5)
        raise httpx.ReadTimeout("no answer")

    desk, everybody = Desk(silent), threading.Barrier(8)

    def wait() -> str:
        everybody.wait(5)
        return desk.tokens.token()

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(desk.tokens.token)
        assert asked.wait(5)
        waiting = [pool.submit(wait) for _ in range(7)]
        everybody.wait(5)
        answered.set()
        errors = [each.exception() for each in (first, *waiting)]

    assert all(isinstance(error, UnavailableError) for error in errors)
    assert len(desk.asked) < len(errors)
