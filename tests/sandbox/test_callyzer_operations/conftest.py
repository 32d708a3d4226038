"""A Callyzer account of its own for each test, and somebody who asks it."""

from collections.abc import Iterator
from typing import Protocol

import httpx
import pytest

from connector.sandbox.callyzer import CallyzerSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_callyzer_operations.given import NOW


class Ask(Protocol):
    """Asks an operation with a body, by POST if not told otherwise."""

    def __call__(
        self, path: str, body: object = ..., method: str = ...
    ) -> httpx.Response: ...


@pytest.fixture
def account() -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=lambda: NOW)


@pytest.fixture
def client(account: CallyzerSandbox) -> Iterator[httpx.Client]:
    with (
        Server(account.app) as server,
        httpx.Client(
            base_url=server.url + account.prefix,
            headers={"authorization": f"Bearer {account.token}"},
            trust_env=False,
        ) as client,
    ):
        yield client


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    def asked(path: str, body: object = None, method: str = "POST") -> httpx.Response:
        return client.request(method, path, json=body)

    return asked
