"""A client against the sandbox's account, over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox
from connector.sandbox.server import Server
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The two ends of the line."""

    sandbox: NewVoiceMediaSandbox
    client: NewVoiceMediaClient
    clock: ManualClock


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = ManualClock()
    sandbox = NewVoiceMediaSandbox(examples=True, now=clock.now)
    with Server(sandbox.app) as server:
        http = Http(server.url, kept=False)
        credentials = Credentials(
            client_id=sandbox.client_id, client_secret=sandbox.client_secret
        )
        tokens = Tokens(
            http=http,
            path="/Auth/connect/token",
            credentials=credentials,
            clock=clock,
        )
        client = NewVoiceMediaClient(http, tokens, sandbox.account_key)
        yield Desk(sandbox=sandbox, client=client, clock=clock)
        http.close()
