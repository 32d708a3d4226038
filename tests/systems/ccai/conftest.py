"""A client and a stream against the sandbox's account, over real HTTP."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import stamina

from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.salesforce.dating import dated
from connector.sandbox.server import Server
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.source import Calls
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer


@dataclass(slots=True, kw_only=True)
class Account:
    """Both ends, and the clock of both."""

    sandbox: CcaiSandbox
    client: CcaiClient
    clock: ManualClock
    pacer: FreePacer

    def source(self, options: Mapping[str, object] | None = None) -> Calls:
        """Open the stream anew, as each run does."""
        return Calls(
            client=self.client,
            zone=ZoneInfo("UTC"),
            clock=self.clock,
            options=options or {},
        )


@contextmanager
def opened(**about: Any) -> Iterator[Account]:  # noqa: ANN401  passed on
    """Open an account; ``about`` is its sandbox."""
    clock, pacer = ManualClock(), FreePacer()
    sandbox = CcaiSandbox(now=clock.now, requests_per_second=0, **about)
    pair = f"{sandbox.username}:{sandbox.token}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    with Server(dated(sandbox.app, clock.now)) as server:
        http = Http(server.url + sandbox.prefix, headers=headers)
        client = CcaiClient(http, pacer)
        yield Account(sandbox=sandbox, client=client, clock=clock, pacer=pacer)
        http.close()


@pytest.fixture
def account() -> Iterator[Account]:
    with opened() as found:
        yield found


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=5):
        yield
