"""A sandbox system on a loopback port, in a thread of this process."""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Self

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SECONDS_BETWEEN_DATES = 0.5
"""How often the ``Date`` header is renewed; it counts whole seconds."""


class Server:
    """Serves ``app`` on 127.0.0.1 from the moment it is built until `stop`.

    ``port`` 0 takes a free one; OSError if the port is taken. Stopping is abrupt,
    like a lost machine: open connections are dropped, whatever they wait for.
    """

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        """Bind, listen and start answering."""
        self._socket = socket.create_server(("127.0.0.1", port))
        # Every connection inherits this; without it an answer can wait 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._uvicorn = _Uvicorn(app)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._uvicorn.ready.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Drop every connection and free the port; harmless when repeated."""
        self._uvicorn.stop()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._uvicorn.ready.set()


class _Uvicorn(uvicorn.Server):
    """Uvicorn that starts and ends at once instead of at the next tick."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            _quiet_when_lost(app),
            loop="asyncio",
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """End the loop, from any thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    @override
    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), SECONDS_BETWEEN_DATES)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Protocol(HttpToolsProtocol):
    """Lets an app reach the connection as ``scope["state"]["transport"]``."""

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


def _quiet_when_lost(app: ASGIApp) -> ASGIApp:
    """Let a request end without a log line when its client or `Server` is gone."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError, ClientDisconnect):
            await app(scope, receive, send)

    return wrapped


async def drop(scope: Scope, receive: Receive) -> None:
    """Cut the connection at once; what was not sent yet is lost."""
    scope["state"]["transport"].abort()
    await _lost(receive)


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Send what was written so far, then close in the middle of the answer."""
    scope["state"]["transport"].close()
    await _lost(receive)


async def _lost(receive: Receive) -> None:
    """Wait until the server knows: then it does not miss the rest of an answer."""
    while (await receive())["type"] != "http.disconnect":
        pass
