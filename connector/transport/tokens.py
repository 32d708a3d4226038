"""Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), asked for once and kept."""

import threading
from base64 import b64encode
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, Literal, get_args
from urllib.parse import quote_plus

from connector.clock import Clock
from connector.errors import ConnectorError, UnauthorizedError, UnavailableError
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.request import Request

EARLY: Final = timedelta(seconds=60)
"""A token is not used any more so long before it ends."""

LASTS: Final = timedelta(minutes=10)
"""How long a token is used whose end was not told."""

LONGEST: Final = timedelta(days=1)
"""How long a token is used at most."""

RIGHT: Final = "are the client's id, secret and scope right?"

Way = Literal["form", "basic"]
"""How the client is told: in the form, or by Basic, which every server must take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who we are to a token endpoint; ``scope`` may be empty."""

    client_id: str
    client_secret: str
    scope: str = ""


@dataclass(slots=True, kw_only=True)
class Tokens:
    """Bearer tokens of one client. Safe for many threads.

    ``path``: of the token endpoint at ``http``.
    """

    http: Http
    path: str
    credentials: Credentials
    clock: Clock
    _token: str = ""
    _way: Way | None = None
    """The way that has worked."""
    _until: datetime | None = None
    _failed: ConnectorError | None = None
    _failed_at: float = 0
    """When the last attempt failed, by the machine's monotonic clock."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, refused: str = "") -> str:
        """Return a token that is not ``refused``: what a 401 was answered to.

        Raises UnauthorizedError where our credentials are refused, and what `Http`
        raises: to all who waited while one was asked for in vain, at once.
        """
        asked = monotonic()
        with self._lock:
            if self._token == refused or not self._lasts():
                if self._failed and self._failed_at >= asked:
                    raise copy(self._failed)
                self._renew_or_note()
            return self._token

    def _renew_or_note(self) -> None:
        try:
            self._renew()
        except ConnectorError as error:
            self._failed, self._failed_at = error, monotonic()
            raise
        self._failed = None

    def _lasts(self) -> bool:
        return self._until is not None and self.clock.now() < self._until

    def _renew(self) -> None:
        *others, last = (self._way,) if self._way else get_args(Way)
        for way in others:
            try:
                self._ask(way)
            except UnauthorizedError:
                continue
            return
        self._ask(last)

    def _ask(self, way: Way) -> None:
        request = _request(self.path, self.credentials, way)
        try:
            answer = self.http.ask(request)
        except UnauthorizedError as error:
            raise UnauthorizedError(f"{error.message}: {RIGHT}") from error
        self._token, lasts = _read(answer)
        self._until = self.clock.now() + lasts - EARLY
        self._way = way


def _request(path: str, who: Credentials, way: Way) -> Request:
    form = {"grant_type": "client_credentials", "scope": who.scope}
    headers = {}
    if way == "form":
        form |= {"client_id": who.client_id, "client_secret": who.client_secret}
    else:
        # RFC 6749, 2.3.1: each is written as in a form first.
        pair = f"{quote_plus(who.client_id)}:{quote_plus(who.client_secret)}"
        headers = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    given = {name: value for name, value in form.items() if value}
    return Request(method="POST", path=path, form=given, headers=headers)


def _read(answer: Answer) -> tuple[str, timedelta]:
    if answer.status >= 400:  # noqa: PLR2004  4xx: RFC 6749, 5.2
        raise UnauthorizedError(
            f"{answer.host} gives no token ({answer.status}{_code(answer)}): {RIGHT}"
        )
    body = answer.json()
    token = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(token, str) or not token:
        raise UnavailableError(f"{answer.host} answered without an access token")
    return token, _lasting(body.get("expires_in"))


def _lasting(given: object) -> timedelta:
    """Return how long a token lasts, from seconds or their digits."""
    try:
        seconds = float(given) if isinstance(given, int | float | str) else 0.0
    except (ValueError, OverflowError):
        seconds = 0.0
    if not seconds > 0:  # NaN is not
        return LASTS
    longest = LONGEST.total_seconds()
    return max(timedelta(seconds=min(seconds, longest)), 2 * EARLY)


def _code(answer: Answer) -> str:
    """Return the standard's code for the refusal, with a comma before it."""
    try:
        body = answer.json()
    except UnavailableError:
        return ""
    code = body.get("error") if isinstance(body, dict) else None
    return f", {code[:40]}" if isinstance(code, str) else ""
