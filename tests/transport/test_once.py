"""What must not be sent twice: whether it was done is known, or said not to be."""

from collections.abc import Callable

import httpx
import pytest

from connector.errors import (
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.sandbox.faults import Fault, Faults, with_faults
from connector.sandbox.server import Server
from connector.transport.http import Http
from connector.transport.request import Request
from tests.transport.rude import Rude, closes, resets, says

CALL = Request(method="POST", path="calls", json={"to": "1"}, once=True)


def asked(
    handler: Callable[[httpx.Request], httpx.Response], request: Request = CALL
) -> type[ConnectorError]:
    http = Http("http://calls.example", transport=httpx.MockTransport(handler))
    with pytest.raises(ConnectorError) as caught:
        http.ask(request)
    return type(caught.value)


def raising(error: type[httpx.TransportError]) -> type[ConnectorError]:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error("x", request=request)

    return asked(handler)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]
)
def test_a_connection_that_was_never_made_did_nothing(
    error: type[httpx.TransportError],
) -> None:
    assert raising(error) is UnavailableError


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
        httpx.LocalProtocolError,
    ],
)
def test_whatever_happens_after_that_leaves_it_unknown(
    error: type[httpx.TransportError],
) -> None:
    assert raising(error) is OutcomeUnknownError


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, UnauthorizedError),
        (429, RateLimitedError),
        (307, UnavailableError),
        (308, UnavailableError),
        (300, OutcomeUnknownError),
        (301, OutcomeUnknownError),
        (302, OutcomeUnknownError),
        (303, OutcomeUnknownError),
        (304, OutcomeUnknownError),
        (500, OutcomeUnknownError),
        (503, OutcomeUnknownError),
    ],
)
def test_an_answer_that_says_no_did_nothing_and_one_of_a_broken_server_is_unknown(
    status: int, kind: type[ConnectorError]
) -> None:
    assert asked(lambda _: httpx.Response(status)) is kind


@pytest.mark.parametrize("cut", ["after", "half"])
def test_an_answer_that_is_lost_on_the_way_leaves_it_unknown(cut: str) -> None:
    async def app(scope: object, receive: object, send: Callable[..., object]) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})  # type: ignore[misc]  # ASGI by hand
        await send({"type": "http.response.body", "body": b'{"id": "1"}'})  # type: ignore[misc]  # ASGI by hand

    faults = Faults()
    faults.add(Fault("calls", cut=cut))  # type: ignore[arg-type]  # one of the ways
    with Server(with_faults(app, faults)) as server:
        http = Http(server.url, kept=False)
        with pytest.raises(OutcomeUnknownError):
            http.ask(CALL)

        assert http.ask(CALL).json() == {"id": "1"}
        http.close()


def test_a_read_may_be_sent_again_so_nothing_of_it_is_unknown() -> None:
    read = Request(method="GET", path="calls")

    assert asked(lambda _: httpx.Response(500), read) is UnavailableError
    assert asked(lambda _: httpx.Response(303), read) is UnavailableError


# ── over real connections ──────────────────────────────────────────────────


BREAKS = {
    "closed": closes,
    "reset": resets,
    "half a head": says(b"HTTP/1.1 20"),
    "no HTTP": says(b"\x15\x03\x03"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_connection_that_breaks_after_the_request_leaves_it_unknown(
    how: str,
) -> None:
    with Rude(BREAKS[how]) as rude:
        http = Http(rude.url, kept=False)
        with pytest.raises(OutcomeUnknownError):
            http.ask(CALL)
        http.close()

    assert len(rude.heard) == 1
