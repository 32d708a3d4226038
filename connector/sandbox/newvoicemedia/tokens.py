"""POST /Auth/connect/token: bearer tokens for a client's id and secret.

Source: Vonage Contact Center, Authentication API. Its errors are those of OAuth 2
(RFC 6749, section 5.2); which status a wrong secret gets is *ours*, by that section.
"""

import base64
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote_plus

GRANT: Final = "client_credentials"


class OAuthRefusedError(Exception):
    """No token is given; ``body`` says why, in OAuth's shape."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


@dataclass(slots=True, kw_only=True)
class TokenDesk:
    """Gives tokens and knows which are good; for use from any thread."""

    client: tuple[str, str]
    seconds: float
    now: Callable[[], datetime]
    _ends: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def grant(
        self, form: Mapping[str, str], authorization: str, scope: str | None
    ) -> dict[str, object]:
        """Return what a token request is answered; it must ask for ``scope``."""
        if form.get("grant_type") != GRANT:
            raise OAuthRefusedError("unsupported_grant_type", "Invalid grant_type")
        self._check_client(form, authorization)
        _check_scope(form.get("scope"), scope)
        return {
            "access_token": self.issue(),
            "expires_in": int(self.seconds),
            "token_type": "Bearer",
        }

    def issue(self) -> str:
        """Return a new token that is good from now on."""
        token, now = secrets.token_hex(16), self.now()
        with self._lock:
            self._ends = {t: end for t, end in self._ends.items() if end > now}
            self._ends[token] = now + timedelta(seconds=self.seconds)
        return token

    def good(self, authorization: str) -> bool:
        """Whether an Authorization header has a token that has not expired."""
        scheme, _, token = authorization.partition(" ")
        with self._lock:
            end = self._ends.get(token)
        return scheme.lower() == "bearer" and end is not None and end > self.now()

    def end_all(self) -> None:
        """Let every token expire."""
        with self._lock:
            self._ends.clear()

    def _check_client(self, form: Mapping[str, str], authorization: str) -> None:
        in_form = (form.get("client_id"), form.get("client_secret"))
        basic = authorization.lower().startswith("basic ")
        if self.client in (_basic(authorization) if basic else [in_form]):
            return
        description = "Invalid client credentials"
        raise OAuthRefusedError("invalid_client", description, 401 if basic else 400)


def _basic(authorization: str) -> list[tuple[str, str]]:
    """Read an id and a secret as they are, and as RFC 6749 has them encoded."""
    encoded = authorization.partition(" ")[2]
    try:
        name, _, secret = (
            base64.b64decode(encoded, validate=True).decode().partition(":")
        )
    except ValueError:
        return []
    return [(name, secret), (unquote_plus(name), unquote_plus(secret))]


def _check_scope(asked: str | None, wanted: str | None) -> None:
    """Any will do where none is wanted; one scope is asked for at a time."""
    if wanted is None or asked == wanted:
        return
    description = "Invalid scope" if asked else "You must specify a scope"
    raise OAuthRefusedError("invalid_scope", description)
