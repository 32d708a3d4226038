"""A client and a stream against the sandbox's account, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.sandbox.agendize import AgendizeSandbox
from connector.sandbox.server import Server
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.source import Calls
from connector.testing import ManualClock
from connector.transport.http import Http
from tests.systems.pacer import FreePacer

ZONE = ZoneInfo("Asia/Kolkata")


@dataclass(slots=True, kw_only=True)
class Account:
    """Both ends, and the clock of both."""

    sandbox: AgendizeSandbox
    client: AgendizeClient
    clock: ManualClock

    def source(self) -> Calls:
        """Open the stream anew, as each run does."""
        return Calls(client=self.client, zone=ZONE, clock=self.clock)


@contextmanager
def opened(**about: Any) -> Iterator[Account]:  # noqa: ANN401  passed on
    """Open an account; ``about`` is its sandbox."""
    clock = ManualClock()
    sandbox = AgendizeSandbox(now=clock.now, **about)
    with Server(sandbox.app) as server:
        http = Http(
            server.url + sandbox.prefix,
            headers={"token": sandbox.token, "apiKey": sandbox.api_key},
        )
        yield Account(
            sandbox=sandbox, client=AgendizeClient(http, FreePacer()), clock=clock
        )
        http.close()


@pytest.fixture
def account() -> Iterator[Account]:
    with opened() as found:
        yield found
