"""An org on loopback that plays what a test wrote down, over real HTTP.

``answers`` are played in turn. One is ``(status, body)`` or ``(status, body,
headers)``, where the body is JSON unless it is bytes; or a function that makes one
from the request, and stays; or a word for what goes wrong on the way. Each has the
header with the usage, `USAGE` unless it has another. Token requests are answered
from ``token_answers``, and granted where these are out.
"""

import http.client
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.request import Request

import pytest
from typing_extensions import override

from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105  # a path, not a token
BYTE_SECONDS = 0.02
USAGE = "api-usage=1/1000000"


class _Script(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answers: list[object] = []
        self.token_answers: list[object] = []
        self.sent: list[Request] = []
        self.tokens_given = 0
        self.connections: list[object] = []
        self.over = threading.Event()
        self.lock = threading.Lock()

    def next(self, request: Request) -> object:
        with self.lock:
            self.sent.append(request)
            if request.selector.endswith(TOKEN_PATH):
                return self._token()
            return self.answers[0] if callable(self.answers[0]) else self.answers.pop(0)

    def _token(self) -> object:
        if self.token_answers:
            return self.token_answers.pop(0)
        self.tokens_given += 1
        return 200, {"access_token": f"token-{self.tokens_given}"}


class _Handler(socketserver.StreamRequestHandler):
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Script

    @override
    def handle(self) -> None:
        self.server.connections.append(self.client_address)
        with suppress(ConnectionError):
            while line := self.rfile.readline():
                method, path, _ = line.decode().split()
                headers = http.client.parse_headers(self.rfile)
                body = self.rfile.read(int(headers.get("Content-Length", 0)))
                request = Request(  # noqa: S310  # a record of a request, never opened
                    self.server.url + path, body, dict(headers.items()), method=method
                )
                answer = self.server.next(request)
                if not self._play(answer(request) if callable(answer) else answer):
                    return

    def _play(self, answer: object) -> bool:
        if isinstance(answer, str):
            return self._go_wrong(answer)
        assert isinstance(answer, tuple)
        self.wfile.write(_http(*answer))
        self.wfile.flush()
        return True

    def _go_wrong(self, how: str) -> bool:
        if how == "hang":
            self.server.over.wait()
        if how == "cut in the middle":
            self.wfile.write(_http(200, [{"id": "001", "success": True}])[:-5])
        if how.startswith("trickle"):
            whole = _http(200, [{"id": "001", "success": True}] * 1000)
            at_once = 5 if how == "trickle the head" else 150
            self.wfile.write(whole[:at_once])
            self._trickle(whole[at_once:])
        return False

    def _trickle(self, rest: bytes) -> None:
        for place in range(len(rest)):
            self.wfile.write(rest[place : place + 1])
            self.wfile.flush()
            if self.server.over.wait(BYTE_SECONDS):
                return


def _http(status: int, body: object, headers: dict[str, str] | None = None) -> bytes:
    raw = isinstance(body, bytes)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = {
        "Content-Type": "text/html" if raw else "application/json",
        "Content-Length": str(len(content)),
        "Sforce-Limit-Info": USAGE,
        **(headers or {}),
    }
    lines = [f"HTTP/1.1 {status} -", *(f"{k}: {v}" for k, v in head.items()), "", ""]
    return "\r\n".join(lines).encode() + content


@pytest.fixture
def script() -> Iterator[_Script]:
    with _Script() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def url(script: _Script) -> str:
    """The org's URL."""
    return script.url


@pytest.fixture
def answers(script: _Script) -> list[object]:
    """What the org answers, in turn."""
    return script.answers


@pytest.fixture
def token_answers(script: _Script) -> list[object]:
    """What the token endpoint answers, before it grants everything."""
    return script.token_answers


@pytest.fixture
def sent(script: _Script) -> list[Request]:
    """What the org was asked, token requests included."""
    return script.sent


@pytest.fixture
def connections(script: _Script) -> list[object]:
    """Who connected to the org."""
    return script.connections


@pytest.fixture
def config(url: str) -> SalesforceConfig:
    """A right to the org that ends every request within two seconds."""
    return SalesforceConfig(
        url=url,
        client_id="our-app",
        client_secret="hush",  # noqa: S106  # opens nothing
        deadline_seconds=2,
    )


class _HandClock:
    def __init__(self, now: list[datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now[0]

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.is_set()


@pytest.fixture
def now() -> list[datetime]:
    """The time by the CRM's clock; it moves when a test changes it."""
    return [datetime(2026, 11, 21, tzinfo=UTC)]


@pytest.fixture
def crm(config: SalesforceConfig, now: list[datetime]) -> Iterator[SalesforceCrm]:
    """The CRM under test."""
    crm = SalesforceCrm(config, _HandClock(now))
    yield crm
    crm.close()
