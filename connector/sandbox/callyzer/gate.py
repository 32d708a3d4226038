"""Who is let in, how often, and how a request is read.

Source: Callyzer API 2.1, rate limit and status codes.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final, Protocol

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connector.sandbox.callyzer import words
from connector.sandbox.callyzer.moods import Moods
from connector.sandbox.callyzer.rules import RefusedError

NUMBERS: Final = frozenset({"page_no", "page_size"})
SINGLE: Final = frozenset({"emp_name"})
"""What is a number, or one text, in a query string; all else there is an array."""


class Account(Protocol):
    """What the gate asks the sandbox for, each time."""

    token: str
    seconds_per_request: float
    moods: Moods

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""


class Gate:
    """Lets requests in that may come, one in so many seconds."""

    def __init__(self, account: Account) -> None:
        """Open."""
        self._account = account
        self._accepted: datetime | None = None

    def refusal(self, request: Request) -> Response | None:
        """Refuse whoever may not ask, or not now."""
        account = self._account
        if request.headers.get("authorization") != f"Bearer {account.token}":
            return refused(401, words.UNAUTHORIZED)
        if account.moods.expired:
            return refused(403, words.EXPIRED)
        wait = self._seconds_too_early()
        if wait > 0:
            return refused(429, words.TOO_FAST, self._retry_after(wait))
        return None

    def _seconds_too_early(self) -> float:
        """Measure the distance from the last request that was not too early."""
        now, last = self._account.now(), self._accepted
        pause = self._account.seconds_per_request
        early = pause - (now - last).total_seconds() if last else 0
        if early <= 0:
            self._accepted = now
        return early

    def _retry_after(self, wait: float) -> dict[str, str]:
        match self._account.moods.retry_after:
            case "seconds":
                return {"retry-after": str(math.ceil(wait))}
            case "date":
                at = self._account.now().astimezone(UTC) + timedelta(seconds=wait + 1)
                return {"retry-after": format_datetime(at, usegmt=True)}
            case "none":
                return {}


async def asked(request: Request) -> object:
    """Read a body of JSON, or a query string where there is no body.

    Ours: the document names neither for a GET or a DELETE, so both are read.
    RefusedError for a body of another type.
    """
    body = await request.body()
    if not body and request.method != "POST":
        return _from_query(request.query_params)
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise RefusedError(words.BAD_TYPE)
    return _json(body)


def refused(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer as the document does when it refuses."""
    return JSONResponse({"result": None, "message": message}, status, headers)


def _from_query(parameters: QueryParams) -> dict[str, object]:
    """Read arrays in any of the usual ways: ``a=1&a=2``, ``a[]=1&a[]=2``, ``a=1,2``."""
    found: dict[str, object] = {}
    for written in parameters:
        name = written.removesuffix("[]")
        values = parameters.getlist(written)
        if name in NUMBERS | SINGLE:
            found[name] = _whole(values[-1]) if name in NUMBERS else values[-1]
        else:
            found[name] = [v for value in values for v in value.split(",") if v]
    return found


def _whole(value: str) -> object:
    return int(value) if value.isdecimal() else value


def _json(body: bytes) -> object:
    """Parse a body; one that cannot be parsed is nothing that is documented."""
    try:
        return json.loads(body)
    except ValueError:
        return None
