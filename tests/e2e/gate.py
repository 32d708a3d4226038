"""Stands between a client and a sandbox, and lets a test act at a chosen request."""

import asyncio
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.server import drop

WRITES = re.compile(r"/composite/sobjects")
"""What writes records of a flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One request at the gate; ``number`` counts from 1, of those like it."""

    number: int
    method: str
    path: str
    body: bytes

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The records of a write."""
        found: list[dict[str, Any]] = json.loads(self.body)["records"]
        return found


Act = Callable[[Passing], ASGIApp | None]


def _nothing(_: Passing) -> None:
    return None


class Gate:
    """An ASGI app around another.

    ``before`` and ``after`` are called for the requests whose path is like
    ``watched``, before the sandbox sees them and when it has handled them. Where
    they return an app, that one answers instead.
    """

    def __init__(self, app: ASGIApp, watched: re.Pattern[str]) -> None:
        self.before: Act = _nothing
        self.after: Act = _nothing
        self.watched = watched
        self.count = 0
        self.app = app

    def open(self) -> None:
        """Let everything through, and count anew."""
        self.before = self.after = _nothing
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.watched.search(scope["path"]):
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        self.count += 1
        passing = Passing(
            number=self.count, method=scope["method"], path=scope["path"], body=body
        )
        again = _again(body, receive)
        if instead := self.before(passing):
            await instead(scope, again, send)
            return
        messages = await self._handled(scope, again)
        if instead := self.after(passing):
            await instead(scope, receive, send)
            return
        for message in messages:
            await send(message)

    async def _handled(self, scope: Scope, receive: Receive) -> list[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        return messages


def _again(body: bytes, receive: Receive) -> Receive:
    unread: list[Message] = [{"type": "http.request", "body": body}]

    async def received() -> Message:
        return unread.pop() if unread else await receive()

    return received


async def dropped(scope: Scope, receive: Receive, _: Send) -> None:
    """Answer nothing: the connection is cut."""
    await drop(scope, receive)


def refusing(code: str, status: int = 400) -> ASGIApp:
    """Answer as the CRM refuses a whole request."""
    body = json.dumps([{"errorCode": code, "message": f"{code}, says the org"}])
    return Response(body, status, media_type="application/json")


class Held:
    """Holds a request back until `release`; then ``app`` handles it."""

    def __init__(self, app: ASGIApp) -> None:
        self.arrived = threading.Event()
        self.handled = threading.Event()
        self._may_go = threading.Event()
        self._app = app

    def release(self) -> None:
        """Let the request through."""
        self._may_go.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.arrived.set()
        await asyncio.to_thread(self._may_go.wait, 20)
        await self._app(scope, receive, send)
        self.handled.set()
