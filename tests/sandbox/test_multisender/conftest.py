"""A Multisender to ask, and somebody who listens to its webhooks."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_multisender.given import Clock, Json, greeted, headers


class Listener:
    """What a customer serves; ``status`` is its answer to a webhook."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.types: set[str] = set()
        self.status = 204
        self.app = Starlette(
            routes=[Route("/{path:path}", self._hear, methods=["POST"])]
        )

    async def _hear(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.types.add(request.headers["content-type"])
        return Response(status_code=self.status)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> MultisenderSandbox:
    return greeted(MultisenderSandbox(now=clock))


@pytest.fixture
def client(sandbox: MultisenderSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(
            base_url=f"{server.url}/v1", headers=headers(sandbox), trust_env=False
        ) as client,
    ):
        yield client


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def hook(listener: Listener) -> Iterator[str]:
    with Server(listener.app) as server:
        yield f"{server.url}/webhook/"
