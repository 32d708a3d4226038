"""An exchange over a new connection ends in time, however slowly its bytes come."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from connector.errors import OutcomeUnknownError, UnavailableError
from connector.transport.http import Http
from connector.transport.request import Request
from tests.certificates import serving, signed_by_itself
from tests.transport.rude import Play, Rude, answer, hangs, says, trickles

PATIENCE = 0.25
LATE = "did not end its answer in time"
READ = Request(method="GET", path="calls")
CALL = Request(method="POST", path="calls", json={}, once=True)
HEAD = answer(200, b"{}")
NO_LENGTH = b"HTTP/1.1 200 OK\r\n\r\n"
SLOWLY: Mapping[str, Play] = {
    "the head": trickles(HEAD[:5], HEAD[5:]),
    "the body": trickles(answer(200, more=900), b" " * 900),
    "a body of no length": trickles(NO_LENGTH, b" " * 900),
    "nothing after the head": hangs,
}


@contextmanager
def asked(
    play: Play, *, kept: bool = False, deadline: float = PATIENCE
) -> Iterator[Http]:
    with Rude(play) as rude:
        http = Http(rude.url, kept=kept, deadline=deadline)
        yield http
        http.close()


@pytest.mark.parametrize("how", SLOWLY)
@pytest.mark.parametrize(
    ("request_", "kind"), [(READ, UnavailableError), (CALL, OutcomeUnknownError)]
)
def test_a_slow_answer_is_cut_when_its_time_is_over(
    how: str, request_: Request, kind: type[Exception]
) -> None:
    started = time.monotonic()

    with asked(SLOWLY[how]) as http, pytest.raises(kind, match=LATE):
        http.ask(request_)

    assert PATIENCE <= time.monotonic() - started < PATIENCE + 5


def test_an_answer_in_time_is_whole_and_nobody_waits_for_the_deadline() -> None:
    started = time.monotonic()

    with asked(says(answer(200, b"[1]")), deadline=30) as http:
        found = [http.ask(READ).json() for _ in range(3)]

    assert found == [[1]] * 3
    assert time.monotonic() - started < 30


def test_a_kept_connection_is_looked_at_when_bytes_come() -> None:
    slow = trickles(answer(200, more=900), b" " * 900)

    with asked(slow, kept=True) as http, pytest.raises(UnavailableError, match=LATE):
        http.ask(READ)


@pytest.mark.parametrize(
    ("how", "body"),
    [
        (says(answer(200, b"[1, ", more=9)), b"[1, "),
        (says(answer(200, b"[", Content_Encoding="gzip")), b""),
        (says(answer(200, b"[1]")), b"[1]"),
    ],
)
def test_where_the_head_is_enough_the_body_is_taken_as_far_as_it_came(
    how: Play, body: bytes
) -> None:
    enough = Request(method="POST", path="x", once=True, head_is_enough=True)

    with asked(how, deadline=30) as http:
        found = http.ask(enough)

    assert (found.status, found.body) == (200, body)


def test_where_the_head_is_enough_it_still_has_to_come() -> None:
    enough = Request(method="POST", path="x", once=True, head_is_enough=True)

    with asked(says(HEAD[:9]), deadline=30) as http, pytest.raises(OutcomeUnknownError):
        http.ask(enough)


def test_what_connects_when_the_time_is_over_is_not_sent_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve = socket.getaddrinfo

    def resolve_slowly(*asked: object, **more: object) -> object:
        threading.Event().wait(PATIENCE + 0.05)
        return resolve(*asked, **more)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(socket, "getaddrinfo", resolve_slowly)

    with (
        Rude(says(HEAD)) as rude,
        pytest.raises(UnavailableError, match="could not be reached in time"),
    ):
        Http(rude.url, kept=False, deadline=PATIENCE).ask(CALL)

    assert rude.heard == []


# ── over TLS ───────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed_by_itself(tmp_path_factory.mktemp("tls") / "calls.pem")


@pytest.mark.parametrize("how", SLOWLY)
def test_over_tls_it_is_cut_too(certificate: Path, how: str) -> None:
    trusts = ssl.create_default_context(cafile=str(certificate))
    over_tls = httpx.HTTPTransport(verify=trusts)

    with Rude(SLOWLY[how], serving(certificate)) as rude:
        http = Http(rude.url, kept=False, deadline=PATIENCE, transport=over_tls)
        with pytest.raises(OutcomeUnknownError, match=LATE):
            http.ask(CALL)
        http.close()

    assert len(rude.heard) == 1


def test_a_certificate_that_is_not_trusted_gets_no_request(certificate: Path) -> None:
    with Rude(says(HEAD), serving(certificate)) as rude:
        http = Http(rude.url, kept=False)
        with pytest.raises(UnavailableError, match="could not be reached"):
            http.ask(CALL)
        http.close()

    assert rude.heard == []
