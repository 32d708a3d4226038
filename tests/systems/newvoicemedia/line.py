"""A dialer, and the other end of its connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from connector.model import Call
from connector.ports import Dialer
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.dialer import NewVoiceMediaDialer
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens
from tests.transport.rude import Play, Rude

CALL: Final[Call] = {"from.agentId": "1234", "to.telephoneNumber": "02072068888"}
SHORT: Final = 0.5
"""Seconds that the dialer waits, where a test has it wait to the end."""
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
PAGE: Final = b"<!doctype html><title>Sorry</title>"
MADE: Final = b'{"id": "013d2063"}'
AT: Final = "https://cc.example/v0/a/calls/94e5928c"


def tokens(*statuses: int) -> Tokens:
    """Give tokens at once; first, these refusals."""
    left = list(statuses)

    def give(_: httpx.Request) -> httpx.Response:
        if left:
            return httpx.Response(left.pop(0))
        return httpx.Response(200, json={"access_token": "token"})

    return Tokens(
        http=Http("https://tokens.example", transport=httpx.MockTransport(give)),
        path="/token",
        credentials=Credentials(client_id="id", client_secret="s"),  # noqa: S106  opens nothing
        clock=ManualClock(),
    )


def dialer(url: str, waits: float = 30) -> NewVoiceMediaDialer:
    http = Http(url, kept=False, timeout=waits, deadline=waits)
    return NewVoiceMediaDialer(NewVoiceMediaClient(http, tokens(), "a1b2c3d4e5"))


@contextmanager
def line(play: Play, waits: float = 30) -> Iterator[tuple[Dialer, Rude]]:
    """A dialer, and the other end of its connection."""
    with Rude(play) as rude:
        built = dialer(rude.url, waits)
        yield built, rude
        built.close()
