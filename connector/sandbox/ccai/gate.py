"""Who may ask, and how often.

Source: Manager API, basic authentication and rate limits, which hold for both APIs
and for a customer as a whole. Ours: the words of the refusals, and a 429 as such.
"""

import base64
import hmac
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

RetryAfter = Literal["seconds", "date", "none"]
"""How a 429 tells the wait."""
UNAUTHORIZED: Final = "Unauthorized"
TOO_FAST: Final = "Too Many Requests"
NOT_FOUND: Final = "Resource not found"
"""The response codes say so of a wrong subdomain, too."""


def credentials(username: str, password: str) -> str:
    """Return the ``Authorization`` header of basic authentication."""
    pair = f"{username}:{password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def let_in(header: str, username: str, password: str) -> bool:
    """Whether a header is that of these credentials; the scheme in any case."""
    scheme, _, pair = header.partition(" ")
    expected = credentials(username, password).partition(" ")[2]
    same = hmac.compare_digest(pair.strip().encode(), expected.encode())
    return scheme.lower() == "basic" and same


class Limit:
    """Counts the requests that were let through; for use from any thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self._passed: deque[datetime] = deque()
        self._lock = threading.Lock()

    def seconds_too_early(self, now: datetime, per_second: float) -> float:
        """Return the seconds to wait; 0 lets a request through and counts it.

        Below one a second it is one in the time that this takes; 0 is no limit.
        """
        if per_second <= 0:
            return 0
        most = max(1, int(per_second))
        start = now - timedelta(seconds=most / per_second)
        with self._lock:
            while self._passed and self._passed[0] <= start:
                self._passed.popleft()
            if len(self._passed) >= most:
                return (self._passed[0] - start).total_seconds()
            self._passed.append(now)
            return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which an account lets somebody in, as things are now."""

    username: str
    token: str
    per_second: float
    retry_after: RetryAfter


class Gate:
    """Stands before both APIs."""

    def __init__(self, terms: Callable[[], Terms], now: Callable[[], datetime]) -> None:
        """Open, on whatever the terms are when somebody comes."""
        self._terms, self._now, self._limit = terms, now, Limit()

    def before(self, app: ASGIApp) -> ASGIApp:
        """Return ``app`` for those only who may ask, and not too often."""

        async def gated(scope: Scope, receive: Receive, send: Send) -> None:
            header = Request(scope).headers.get("authorization", "")
            await (self._refusal(header) or app)(scope, receive, send)

        return gated

    def _refusal(self, header: str) -> Response | None:
        terms, now = self._terms(), self._now()
        if not let_in(header, terms.username, terms.token):
            challenge = {"WWW-Authenticate": 'Basic realm="Application"'}
            return JSONResponse({"message": UNAUTHORIZED}, 401, challenge)
        wait = self._limit.seconds_too_early(now, terms.per_second)
        if wait > 0:
            told = _told(wait, now, terms.retry_after)
            return JSONResponse({"message": TOO_FAST}, 429, told)
        return None


def _told(wait: float, now: datetime, how: RetryAfter) -> Mapping[str, str]:
    """Return the header that tells a wait of so many seconds."""
    match how:
        case "seconds":
            return {"Retry-After": str(math.ceil(wait))}
        case "date":
            at = now.astimezone(UTC) + timedelta(seconds=wait + 1)
            return {"Retry-After": format_datetime(at, usegmt=True)}
        case "none":
            return {}
