"""What happens on the way to a system becomes one of our errors."""

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import TypeVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import (
    ConfigError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.sandbox.faults import Fault, Faults, with_faults
from connector.sandbox.server import Server
from connector.transport.answer import Answer
from connector.transport.http import Http

URL = "https://calls.example/api/v2.1"
SECRET = "s3cr3t-token"  # noqa: S105  # looked for in messages
DATE = "Sat, 21 Nov 2026 08:00:00 GMT"
Handler = Callable[[httpx.Request], httpx.Response]
T = TypeVar("T")


def http(handler: Handler, *, deadline: float = 5) -> Http:
    return Http(
        URL,
        headers={"Authorization": f"Bearer {SECRET}"},
        deadline=deadline,
        transport=httpx.MockTransport(handler),
    )


def answering(status: int, body: str = "{}", **headers: str) -> Http:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return http(lambda _: httpx.Response(status, text=body, headers=named))


def answer(**headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(host="calls.example", status=429, headers=named, body=b"")


def leaves(kind: type[T]) -> Iterator[type[T]]:
    """The classes below ``kind`` that have none below them."""
    below = kind.__subclasses__()
    for each in below:
        yield from leaves(each)
    if not below:
        yield kind


# ── requests ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_path_in_the_address_is_kept_as_a_prefix(slash: str) -> None:
    asked: list[httpx.URL] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={})

    client = Http(URL + slash, transport=httpx.MockTransport(handle))
    client.post("call-log/history", {})
    client.get("/call-log/history")

    assert [str(url) for url in asked] == [f"{URL}/call-log/history"] * 2


def test_a_post_carries_json_and_the_headers() -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"ok": True})

    found = http(handle).post("x", {"page_no": 1})

    assert (found.status, found.json()) == (200, {"ok": True})
    assert asked[0].method == "POST"
    assert asked[0].headers["authorization"] == f"Bearer {SECRET}"
    assert asked[0].headers["content-type"] == "application/json"
    assert asked[0].content == b'{"page_no":1}'


@pytest.mark.parametrize(
    "url", ["", "calls.example", "ftp://calls.example", "http://", "http://a:b:c"]
)
def test_an_address_that_can_never_work_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigError, match="address"):
        Http(url)


@pytest.mark.parametrize("bad", [f"{SECRET}\n", f"{SECRET}\N{EM DASH}"])
def test_a_token_that_cannot_be_sent_is_named_but_not_shown(bad: str) -> None:
    with pytest.raises(ConfigError, match="Authorization") as raised:
        Http(URL, headers={"Authorization": bad})

    assert SECRET not in str(raised.value)


# ── what goes wrong on the way ─────────────────────────────────────────────


@pytest.mark.parametrize(
    "kind",
    [*leaves(httpx.TransportError), httpx.DecodingError, httpx.TooManyRedirects],
)
def test_whatever_httpx_raises_becomes_unavailable_with_its_cause(
    kind: type[httpx.RequestError],
) -> None:
    error = kind("[Errno 111] refused")

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(UnavailableError, match=r"^calls\.example \w+") as raised:
        http(fail).post("x", {})

    assert raised.value.__cause__ is error


@pytest.mark.parametrize("cut", ["before", "half", "after"])
def test_a_dropped_connection_is_unavailable(cut: str) -> None:
    faults = Faults()
    faults.add(Fault(path="/x", cut=cut, body="{}" * 50))  # type: ignore[arg-type]  # one of the three

    with (
        Server(with_faults(httpx_never, faults)) as server,
        pytest.raises(UnavailableError, match="dropped the connection"),
    ):
        Http(server.url).post("x", {})


async def httpx_never(*_: object) -> None:
    """An app that no request comes through to."""
    raise AssertionError


def test_a_closed_port_is_unavailable() -> None:
    with Server(httpx_never) as server:
        url = server.url

    with pytest.raises(UnavailableError, match="could not be reached"):
        Http(url).get("x")


def test_a_body_that_never_ends_is_given_up_at_the_deadline() -> None:
    endless = http(lambda _: httpx.Response(200, content=repeat(b" ")), deadline=0.01)

    with pytest.raises(UnavailableError, match="did not end its answer in time"):
        endless.get("x")


# ── statuses ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, UnavailableError),
        (401, UnauthorizedError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (503, UnavailableError),
        (599, UnavailableError),
    ],
)
def test_some_statuses_mean_the_same_everywhere(
    status: int, error: type[Exception]
) -> None:
    with pytest.raises(error, match=f"answered {status}") as raised:
        answering(status, f"{SECRET} of +919823212312").post("x", {})

    assert SECRET not in str(raised.value)
    assert "9823212312" not in str(raised.value)


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404, 409])
def test_the_other_statuses_are_left_to_the_client(status: int) -> None:
    assert answering(status, "raw").get("x").status == status


@pytest.mark.parametrize(
    ("status", "error"), [(429, RateLimitedError), (503, UnavailableError)]
)
def test_the_wait_that_is_asked_for_is_kept(
    status: int, error: type[RateLimitedError | UnavailableError]
) -> None:
    with pytest.raises(error) as raised:
        answering(status, retry_after="7").get("x")

    assert raised.value.retry_after == 7


# ── Retry-After ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given_wait", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("Sat, 21 Nov 2026 08:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("Sat, 99 Nov 2026", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(
    given_wait: str, seconds: float | None
) -> None:
    assert answer(date=DATE, retry_after=given_wait).retry_after == seconds


def test_a_retry_after_date_without_the_answers_own_date_says_nothing() -> None:
    assert answer(retry_after="Sat, 21 Nov 2026 08:00:30 GMT").retry_after is None


@given(wait=st.text(), date=st.text())
def test_no_header_makes_reading_an_answer_fail(wait: str, date: str) -> None:
    found = answer(retry_after=wait, date=date)

    assert found.retry_after is None or found.retry_after >= 0
    assert found.date is None or found.date.tzinfo is not None


# ── bodies ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!doctype html><p>We will be back shortly.",
        f'{{"result": [{{"id": "{SECRET}", "no',
        "[" * 100_000,
        "9" * 5_000,
    ],
)
def test_a_body_that_is_not_json_is_unavailable_and_not_shown(body: str) -> None:
    found = answering(200, body).get("x")

    with pytest.raises(UnavailableError, match="that is not JSON") as raised:
        found.json()

    assert SECRET not in f"{raised.value!r} {raised.value.__cause__!r}"


@given(st.binary())
def test_no_body_raises_anything_but_unavailable(body: bytes) -> None:
    found = Answer(host="calls.example", status=200, headers={}, body=body)

    try:
        parsed = found.json()
    except UnavailableError:
        return
    repr(parsed).encode()


def test_characters_that_nobody_can_store_are_replaced() -> None:
    body = rb'{"half": "\ud83d!", "whole": "\ud83d\ude00", "bytes": "' + b'\xff"}'

    found = http(lambda _: httpx.Response(200, content=body)).get("x").json()

    assert found == {"half": "?!", "whole": "\N{GRINNING FACE}", "bytes": "\ufffd"}


def test_a_bad_byte_costs_its_character_and_not_the_answer() -> None:
    found = http(lambda _: httpx.Response(200, content=b'{"note": "caf\xe9"}')).get("x")

    assert found.json() == {"note": "caf\ufffd"}
