"""Trouble on purpose, in front of any sandbox system, and a log of its requests.

The administration of a sandbox is under ``/sandbox/``: it is neither counted nor
hit by a fault.
"""

import asyncio
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.server import drop, hang_up

LOG_LENGTH = 10_000
"""How many requests the log keeps; the counts are exact for ever."""
ADMINISTRATION = "/sandbox/"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to requests whose path the regular expression is found in.

    ``skip`` of them pass untouched, then ``times`` (-1: all) are hit. ``delay``
    seconds come first. ``status`` or ``body`` answer in place of the system
    (200 where only a body is given). ``cut`` drops the connection: *before* the
    system sees the request, *after* it handled all of it, or when *half* of the
    answer's body was sent. ``rows`` is for the system: ``scope["sandbox.rows"]``.
    """

    path: str
    _: KW_ONLY
    method: str | None = None
    times: int = 1
    skip: int = 0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    delay: float = 0
    cut: Literal["before", "after", "half"] | None = None
    rows: Mapping[str, object] | None = None

    def concerns(self, method: str, path: str) -> bool:
        """Whether this fault is meant for such a request."""
        wanted = self.method in (None, method)
        return wanted and re.search(self.path, path) is not None


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One request as it arrived; ``status`` is 0 until it is answered.

    ``started`` is in monotonic seconds, ``size`` in bytes of the body.
    """

    method: str
    path: str
    started: float
    size: int
    status: int = 0


@dataclass(slots=True)
class _Armed:
    fault: Fault
    skip: int
    times: int

    def hits(self) -> bool:
        """Count one request that the fault concerns."""
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """The faults waiting for their requests; for use from any thread.

    ``latency``: seconds that every request waits before anything else.
    """

    def __init__(self, *, latency: float = 0) -> None:
        """Begin without any fault."""
        self.latency = latency
        self.requests: deque[Arrival] = deque(maxlen=LOG_LENGTH)
        self.counts: Counter[tuple[str, str]] = Counter()
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Arm a fault; where two concern a request, the earlier one hits it."""
        with self._lock:
            self._armed.append(_Armed(fault, fault.skip, fault.times))

    def clear(self) -> None:
        """Disarm all faults; the log stays."""
        with self._lock:
            self._armed.clear()

    def counted(self) -> dict[str, int]:
        """The counts as JSON has them: ``{"GET /path": 3}``."""
        with self._lock:
            return {f"{m} {path}": n for (m, path), n in self.counts.items()}

    def arrive(self, scope: Scope, size: int) -> Arrival:
        """Write a request with a body of ``size`` bytes down."""
        method, path = scope["method"], scope["path"]
        started = time.monotonic()
        arrival = Arrival(method=method, path=path, started=started, size=size)
        with self._lock:
            self.requests.append(arrival)
            self.counts[method, path] += 1
        return arrival

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, and count it."""
        if not self._armed:
            return None
        with self._lock:
            concerned = (a for a in self._armed if a.fault.concerns(method, path))
            hit = next((a for a in concerned if a.hits()), None)
            self._armed = [a for a in self._armed if a.times]
        return hit.fault if hit else None


def with_faults(app: ASGIApp, faults: Faults) -> ASGIApp:
    """Put ``faults`` in front of ``app``; only `Server` can cut connections."""
    administration = _administration(app, faults)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ADMINISTRATION):
            await administration(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        arrival = faults.arrive(scope, len(body))
        await asyncio.sleep(faults.latency)
        fault = faults.take(arrival.method, arrival.path)
        struck = app if fault is None else _strike(fault, app)
        await struck(scope, _again(body, receive), _noting_status(arrival, send))

    return wrapped


def _again(body: bytes, receive: Receive) -> Receive:
    """Hand out a body that was read: the client may be gone when it is wanted."""
    unread: list[Message] = [{"type": "http.request", "body": body}]

    async def received() -> Message:
        return unread.pop() if unread else await receive()

    return received


def _noting_status(arrival: Arrival, send: Send) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            arrival.status = message["status"]
        await send(message)

    return noted


def _strike(fault: Fault, app: ASGIApp) -> ASGIApp:
    """Build the app that answers a request hit by ``fault``."""
    instead = fault.status is not None or fault.body is not None
    answering = _answer(fault) if instead else app

    async def struck(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(fault.delay)
        if fault.rows is not None:
            scope["sandbox.rows"] = fault.rows
        if fault.cut is None:
            await answering(scope, receive, send)
        elif fault.cut == "before":
            await drop(scope, receive)
        else:
            await _cut_answer(fault, answering)(scope, receive, send)

    return struck


def _answer(fault: Fault) -> Response:
    headers = {name.lower(): value for name, value in fault.headers.items()}
    headers.setdefault("content-type", "application/json")
    return Response(fault.body or "", fault.status or 200, headers)


def _cut_answer(fault: Fault, app: ASGIApp) -> ASGIApp:
    """Let ``app`` answer, and keep all or half of the answer back."""

    async def cut(scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await app(scope, receive, keep)
        if fault.cut == "after":
            await drop(scope, receive)
            return
        body = b"".join(m.get("body", b"") for m in messages[1:])
        half = body[: len(body) // 2]
        await send(messages[0])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(scope, receive)

    return cut


def _administration(app: ASGIApp, faults: Faults) -> ASGIApp:
    """Serve the faults and the counts to other processes, the rest by ``app``."""

    async def add(request: Request) -> Response:
        try:
            faults.add(Fault(**await request.json()))
        except (TypeError, ValueError) as error:
            return JSONResponse({"message": str(error)}, 400)
        return Response(status_code=204)

    async def clear(_: Request) -> Response:
        faults.clear()
        return Response(status_code=204)

    async def counts(_: Request) -> Response:
        return JSONResponse(faults.counted())

    routes = [
        Route("/sandbox/faults", add, methods=["POST"]),
        Route("/sandbox/faults", clear, methods=["DELETE"]),
        Route("/sandbox/requests", counts, methods=["GET"]),
    ]
    return Router(routes, default=app)
