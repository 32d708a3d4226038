"""Tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), asked for once and kept."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from connector.clock import Clock
from connector.errors import UnauthorizedError, UnavailableError
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.request import Request

EARLY: Final = timedelta(seconds=60)
"""A token is not used any more so long before it ends."""

LASTS: Final = timedelta(minutes=10)
"""How long a token is used whose end was not told."""


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
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, refused: str = "") -> str:
        """Return a token that is not ``refused``: what a 401 was answered to.

        Raises UnauthorizedError where our credentials are refused, and what `Http`
        raises.
        """
        with self._lock:
            if self._token == refused or not self._lasts():
                self._renew()
            return self._token

    def _lasts(self) -> bool:
        return self._until is not None and self.clock.now() < self._until

    def _renew(self) -> None:
        who = self.credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": who.client_id,
            "client_secret": who.client_secret,
            "scope": who.scope,
        }
        given = {name: value for name, value in form.items() if value}
        answer = self.http.ask(Request(method="POST", path=self.path, form=given))
        self._token, lasts = _read(answer)
        self._until = self.clock.now() + lasts - EARLY


def _read(answer: Answer) -> tuple[str, timedelta]:
    if answer.status >= 400:  # noqa: PLR2004  4xx: RFC 6749, 5.2
        raise UnauthorizedError(
            f"{answer.host} gives no token ({answer.status}{_code(answer)}):"
            " are the client's id, secret and scope right?"
        )
    body = answer.json()
    token = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(token, str) or not token:
        raise UnavailableError(f"{answer.host} answered without an access token")
    seconds = body.get("expires_in")
    known = isinstance(seconds, int | float) and seconds > 0
    return token, max(timedelta(seconds=seconds) if known else LASTS, 2 * EARLY)


def _code(answer: Answer) -> str:
    """Return the standard's code for the refusal, with a comma before it."""
    try:
        body = answer.json()
    except UnavailableError:
        return ""
    code = body.get("error") if isinstance(body, dict) else None
    return f", {code[:40]}" if isinstance(code, str) else ""
