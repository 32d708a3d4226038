"""Connections: kept and shared; over TLS the same promises hold."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request

import pytest
import requests

from connector.clock import SystemClock
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.crm.salesforce.errors import never_connected
from connector.crm.salesforce.wire import OneRequest, OrgAdapter
from connector.errors import ConnectorError, OutcomeUnknownError, UnavailableError
from connector.model import Payload, Written
from tests.certificates import serving, signed_by_itself

TASK = "00T000000000001AAA"
DONE = (200, [{"id": TASK, "success": True, "errors": []}])
HEAD = b"HTTP/1.1 200 -\r\nContent-Length: 3\r\n\r\n"
ROWS: list[Payload] = [{"Subject": "one"}]


def test_a_connection_is_kept_for_the_next_call(
    crm: SalesforceCrm, answers: list[object], connections: list[object]
) -> None:
    answers.append(lambda _request: DONE)

    for _ in range(5):
        crm.create("Task", ROWS)

    token_and_org = 2
    assert len(connections) == token_and_org


def test_a_refusal_keeps_the_connection_too(
    crm: SalesforceCrm, answers: list[object], connections: list[object]
) -> None:
    answers += [(401, [{"errorCode": "INVALID_SESSION_ID", "message": "no"}]), DONE]

    crm.create("Task", ROWS)

    token_and_org = 2
    assert len(connections) == token_and_org


def test_threads_write_at_once_with_one_token(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    together = threading.Barrier(4)

    def when_all_are_here(_request: Request) -> object:
        together.wait(timeout=5)
        return DONE

    answers.append(when_all_are_here)

    with ThreadPoolExecutor(4) as threads:
        written = list(threads.map(lambda _: crm.create("Task", ROWS), range(8)))

    assert written == [[Written(crm_id=TASK, created=True)]] * 8
    assert len(sent) == 1 + 8


@pytest.mark.parametrize("how", ["hang", "trickle", "trickle the head"])
@pytest.mark.parametrize(
    ("writes", "kind"), [(False, UnavailableError), (True, OutcomeUnknownError)]
)
def test_no_answer_takes_longer_than_the_deadline(
    config: SalesforceConfig,
    answers: list[object],
    how: str,
    *,
    writes: bool,
    kind: type[ConnectorError],
) -> None:
    answers.append(how)
    crm = SalesforceCrm(replace(config, deadline_seconds=0.2), SystemClock())
    started = time.monotonic()

    with pytest.raises(ConnectorError) as raised:
        crm.create("Task", ROWS) if writes else crm.describe("Task")

    crm.close()
    took = time.monotonic() - started
    assert type(raised.value) is kind
    assert 0.15 < took < 1.5


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed_by_itself(tmp_path_factory.mktemp("tls") / "org.pem")


@contextmanager
def over_tls(
    certificate: Path, answer: Callable[[ssl.SSLSocket], object]
) -> Iterator[str]:
    """Serve one connection; yields the URL."""
    context = serving(certificate)

    def serve(listening: socket.socket) -> None:
        plain, _ = listening.accept()
        with suppress(OSError), context.wrap_socket(plain, server_side=True) as tls:
            tls.recv(65536)
            answer(tls)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def session_to(url: str, seconds: float, verify: Path | None) -> requests.Session:
    session = OneRequest(OrgAdapter(urlsplit(url), seconds))
    session.verify = str(verify) if verify else True
    return session


def test_an_org_is_asked_over_tls(certificate: Path) -> None:
    with (
        over_tls(certificate, lambda tls: tls.sendall(HEAD + b"yes")) as url,
        session_to(url, 5, verify=certificate) as session,
    ):
        answer = session.get("https://anywhere/services/data/")

    assert answer.content == b"yes"


def test_a_certificate_that_is_not_trusted_gets_no_request(certificate: Path) -> None:
    with (
        over_tls(certificate, lambda tls: tls.sendall(HEAD + b"yes")) as url,
        session_to(url, 5, verify=None) as session,
        pytest.raises(requests.ConnectionError) as raised,
    ):
        session.post("https://anywhere/services/data/", data=b"row")

    assert never_connected(raised.value)


def test_a_slow_answer_over_tls_ends_at_the_deadline(certificate: Path) -> None:
    over = threading.Event()

    def trickle(tls: ssl.SSLSocket) -> None:
        for place in range(len(HEAD)):
            tls.sendall(HEAD[place : place + 1])
            if over.wait(0.05):
                return

    started = time.monotonic()
    with (
        over_tls(certificate, trickle) as url,
        session_to(url, 0.3, verify=certificate) as session,
    ):
        with pytest.raises(requests.RequestException) as raised:
            session.post("https://anywhere/services/data/", data=b"row")
        took = time.monotonic() - started
        over.set()

    assert not never_connected(raised.value)
    assert took < 1.5


def test_a_handshake_that_never_ends_sends_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"https://127.0.0.1:{deaf.getsockname()[1]}"
        with (
            session_to(url, 0.2, verify=None) as session,
            pytest.raises(requests.RequestException) as raised,
        ):
            session.post("https://anywhere/services/data/", data=b"row")

    assert never_connected(raised.value)


def test_a_connection_that_comes_too_late_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, url: str, sent: list[Request]
) -> None:
    resolve = socket.getaddrinfo

    def resolve_slowly(*asked: object, **more: object) -> object:
        threading.Event().wait(0.3)
        return resolve(*asked, **more)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(socket, "getaddrinfo", resolve_slowly)

    with (
        session_to(url, 0.2, verify=None) as session,
        pytest.raises(requests.RequestException) as raised,
    ):
        session.post("https://anywhere/services/data/", data=b"row")

    assert never_connected(raised.value)
    assert sent == []


def test_a_host_that_does_not_take_the_connection_gets_no_request() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.create_connection(full.getsockname()),
        session_to(f"http://127.0.0.1:{full.getsockname()[1]}", 0.2, None) as session,
        pytest.raises(requests.ConnectTimeout) as raised,
    ):
        session.post("https://anywhere/services/data/", data=b"row")

    assert never_connected(raised.value)
