"""The line between a client and a sandbox: watched, and spoilt on purpose."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.transport.jsontext import Json

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and when it came."""

    path: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Line:
    """Stands before a sandbox's app.

    ``meanwhile`` happens just before each answer is sent, when it is made already.
    ``spoil`` makes another body of an answer; ``media`` is what all are said to be.
    """

    app: ASGIApp
    now: Now
    asked: list[Asked] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None
    spoil: Callable[[Json], Json] | None = None
    media: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append(Asked(path=scope["path"], at=self.now()))
        await self.app(scope, receive, self._sending(send))

    def _sending(self, send: Send) -> Send:
        held: list[Message] = []

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.append(message)
                return
            if held:
                start = held.pop()
                if self.meanwhile is not None:
                    self.meanwhile()
                message = self._spoilt(start, message)
                await send(self._headed(start, message))
            await send(message)

        return sent

    def _spoilt(self, start: Message, body: Message) -> Message:
        if self.spoil is None or start["status"] != HTTPStatus.OK:
            return body
        content = json.dumps(self.spoil(json.loads(body["body"])))
        return {**body, "body": content.encode()}

    def _headed(self, start: Message, body: Message) -> Message:
        headers = dict(start["headers"])
        if self.spoil is not None:
            headers[b"content-length"] = str(len(body["body"])).encode()
        if self.media:
            headers[b"content-type"] = self.media.encode()
        return {**start, "headers": list(headers.items())}
