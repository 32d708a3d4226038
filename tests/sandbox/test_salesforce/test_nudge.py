"""The sandbox tells the connector of a press as the org's own code does."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.server import Server
from tests.sandbox.test_salesforce.ear import TOKEN, Ear


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def connector(ear: Ear) -> Iterator[str]:
    with Server(ear.app) as server:
        yield server.url


@pytest.fixture
def task(sandbox: SalesforceSandbox, aditi: Row) -> str:
    sandbox.press(str(aditi["Id"]))
    return str(sandbox.rows("Task")[0]["Id"])


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Who takes a nudge, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def address(of: socket.socket) -> str:
    return f"http://127.0.0.1:{of.getsockname()[1]}"


def nudged(client: httpx.Client, task: str) -> bool:
    answer = client.post(f"/sandbox/requests/{task}/nudge", json={})
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["heard"])


def test_the_connector_is_told_the_tasks_id_and_nothing_else(
    client: httpx.Client,
    sandbox: SalesforceSandbox,
    connector: str,
    ear: Ear,
    task: str,
) -> None:
    sandbox.nudges(connector, TOKEN)

    heard = nudged(client, task)

    nudge = ear.heard.get_nowait()
    assert heard
    assert nudge.path == "/v1/nudge"
    assert nudge.body == {"id": task}
    assert nudge.headers["authorization"] == f"Bearer {TOKEN}"
    assert nudge.headers["content-type"] == "application/json"
    assert ear.heard.empty()


def test_the_connector_may_live_below_a_path(
    sandbox: SalesforceSandbox, connector: str, ear: Ear, task: str
) -> None:
    sandbox.nudges(f"{connector}/calls/", TOKEN)

    assert sandbox.nudge(task)
    assert ear.heard.get_nowait().path == "/calls/v1/nudge"


@pytest.mark.parametrize("status", [307, 401, 404, 429, 500])
def test_a_nudge_that_is_not_accepted_is_not_heard_and_not_repeated(
    sandbox: SalesforceSandbox, connector: str, ear: Ear, task: str, status: int
) -> None:
    ear.status = status
    sandbox.nudges(connector, TOKEN)

    assert not sandbox.nudge(task)
    assert ear.heard.get_nowait().path == "/v1/nudge"
    assert ear.heard.empty()


def test_without_the_nudge_nobody_is_told(client: httpx.Client, task: str) -> None:
    assert not nudged(client, task)


def test_a_connector_that_is_down_is_no_error(
    client: httpx.Client, sandbox: SalesforceSandbox, silent: socket.socket, task: str
) -> None:
    sandbox.nudges(address(silent), TOKEN)
    silent.close()

    assert not nudged(client, task)


def test_an_answer_that_is_cut_is_no_error(
    client: httpx.Client,
    sandbox: SalesforceSandbox,
    connector: str,
    ear: Ear,
    task: str,
) -> None:
    ear.faults.add(Fault("/v1/nudge", cut="before"))
    sandbox.nudges(connector, TOKEN)

    assert not nudged(client, task)


def test_a_connector_that_does_not_answer_is_given_up(
    client: httpx.Client,
    sandbox: SalesforceSandbox,
    connector: str,
    ear: Ear,
    task: str,
) -> None:
    ear.faults.add(Fault("/v1/nudge", delay=60))
    sandbox.nudges(connector, TOKEN, patience=0.1)

    assert not nudged(client, task)


def test_the_org_answers_while_a_nudge_waits(
    client: httpx.Client, sandbox: SalesforceSandbox, silent: socket.socket, task: str
) -> None:
    sandbox.nudges(address(silent), TOKEN)
    nudge = threading.Thread(
        target=client.post, args=(f"/sandbox/requests/{task}/nudge",)
    )
    nudge.start()
    waiting, _ = silent.accept()

    asked = client.get(f"/sandbox/requests/{task}").json()
    waits = nudge.is_alive()
    waiting.close()
    nudge.join()

    assert asked["state"] == "Requested"
    assert waits


def test_the_sandbox_stops_while_a_nudge_waits(
    sandbox: SalesforceSandbox, silent: socket.socket, task: str
) -> None:
    sandbox.nudges(address(silent), TOKEN, patience=60)
    server = Server(sandbox.app)
    line = f"POST /sandbox/requests/{task}/nudge HTTP/1.1"
    port = urlsplit(server.url).port
    with socket.create_connection(("127.0.0.1", port or 0)) as page:
        page.sendall(f"{line}\r\nhost: x\r\ncontent-length: 0\r\n\r\n".encode())
        waiting, _ = silent.accept()

        server.stop()
        left = page.recv(1)
    waiting.close()

    assert left == b""


def test_an_address_that_is_none_is_told_at_once(sandbox: SalesforceSandbox) -> None:
    with pytest.raises(ValueError, match="no address by http"):
        sandbox.nudges("connector.example.com", TOKEN)
