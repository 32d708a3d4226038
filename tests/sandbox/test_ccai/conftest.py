"""An installation on loopback, and a client that is let in."""

from collections.abc import Iterator

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_ccai.document import Clock, at, settle_in


@pytest.fixture
def clock() -> Clock:
    return Clock(at("2019-09-10T00:19:14.000Z"))


@pytest.fixture
def sandbox(clock: Clock) -> CcaiSandbox:
    sandbox = CcaiSandbox(requests_per_second=0, now=clock)
    settle_in(sandbox)
    return sandbox


@pytest.fixture
def server(sandbox: CcaiSandbox) -> Iterator[Server]:
    with Server(sandbox.app) as server:
        yield server


@pytest.fixture
def client(sandbox: CcaiSandbox, server: Server) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.token)
    with httpx.Client(base_url=server.url, auth=auth, trust_env=False) as client:
        yield client


@pytest.fixture
def apps(sandbox: CcaiSandbox, server: Server) -> Iterator[httpx.Client]:
    auth, url = (sandbox.username, sandbox.token), f"{server.url}/apps/api/v1"
    with httpx.Client(base_url=url, auth=auth, trust_env=False) as client:
        yield client


@pytest.fixture
def manager(sandbox: CcaiSandbox, server: Server) -> Iterator[httpx.Client]:
    auth, url = (sandbox.username, sandbox.token), f"{server.url}/manager/api/v1"
    with httpx.Client(base_url=url, auth=auth, trust_env=False) as client:
        yield client
