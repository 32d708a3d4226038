"""The ``Date`` of answers, by the org's own clock."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def dated(app: ASGIApp, clock: Callable[[], datetime]) -> ASGIApp:
    """Put the date on every answer, instead of the server's where it has one."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        _silence_server(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = format_datetime(clock(), usegmt=True)
                MutableHeaders(scope=message)["date"] = now
            await send(message)

        await app(scope, receive, sending)

    return wrapped


def _silence_server(scope: Scope) -> None:
    """Keep uvicorn from adding its own date: two would be none."""
    transport = scope.get("state", {}).get("transport")
    cycle = getattr(transport and transport.get_protocol(), "cycle", None)
    if cycle is not None:
        cycle.default_headers = []
