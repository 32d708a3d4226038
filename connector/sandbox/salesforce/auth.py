"""POST /services/oauth2/token: client credentials and JWT bearer.

Salesforce Help, "OAuth 2.0 Client Credentials Flow" and "OAuth 2.0 JWT Bearer
Flow": the assertion is signed with RS256 and is good for five minutes at most.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import jwt
from jwt.types import Options

from connector.sandbox.salesforce.sessions import Sessions

AUDIENCES: Final = ("https://login.salesforce.com", "https://test.salesforce.com")
LONGEST_ASSERTION: Final = timedelta(minutes=5)
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
UNJUDGED: Final[Options] = {
    "verify_exp": False,
    "verify_aud": False,
    "verify_iat": False,
}
Form = Mapping[str, str]


class OAuthRefusedError(Exception):
    """No token is given."""

    def __init__(self, error: str, description: str) -> None:
        """Say why, in OAuth's shape."""
        super().__init__(description)
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A connected app. Without ``public_key`` (PEM) it takes no JWT."""

    client_id: str
    client_secret: str
    username: str | None
    public_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDesk:
    """Gives tokens to those who may have one."""

    app: App
    sessions: Sessions
    clock: Callable[[], datetime]
    org_id: str
    user_id: str

    def grant(self, form: Form, authorization: str, url: str) -> dict[str, str]:
        """Return a token for a request made to ``url`` (scheme and host)."""
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            self._check_secret(form, authorization)
        elif grant == JWT_BEARER:
            self._check_assertion(form.get("assertion", ""), url)
        else:
            description = "grant type not supported"
            raise OAuthRefusedError("unsupported_grant_type", description)
        return self._token(url)

    def _check_secret(self, form: Form, authorization: str) -> None:
        given = _basic(authorization) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if given[0] != self.app.client_id:
            raise OAuthRefusedError("invalid_client_id", "client identifier invalid")
        if not _same(given[1], self.app.client_secret):
            raise OAuthRefusedError("invalid_client", "invalid client credentials")

    def _check_assertion(self, assertion: str, url: str) -> None:
        claims = self._claims(assertion)
        if claims.get("iss") != self.app.client_id:
            raise OAuthRefusedError("invalid_client_id", "client identifier invalid")
        if claims.get("aud") not in (*AUDIENCES, url):
            raise OAuthRefusedError("invalid_grant", "audience is invalid")
        if claims.get("sub") != self.app.username:
            description = "user hasn't approved this consumer"
            raise OAuthRefusedError("invalid_grant", description)
        self._check_age(claims.get("exp"))

    def _check_age(self, expires: object) -> None:
        if not isinstance(expires, int | float):
            raise OAuthRefusedError("invalid_grant", "invalid assertion")
        left = expires - self.clock().timestamp()
        if not 0 < left <= LONGEST_ASSERTION.total_seconds():
            raise OAuthRefusedError("invalid_grant", "assertion expired or too long")

    def _claims(self, assertion: str) -> Mapping[str, object]:
        """Verify the signature; the claims are judged by our own clock."""
        try:
            key = self.app.public_key or ""
            return jwt.decode(assertion, key, ["RS256"], options=UNJUDGED)
        except (jwt.PyJWTError, ValueError) as error:
            raise OAuthRefusedError("invalid_grant", "invalid assertion") from error

    def _token(self, url: str) -> dict[str, str]:
        identity = f"{AUDIENCES[0]}/id/{self.org_id}/{self.user_id}"
        issued = str(int(self.clock().timestamp() * 1000))
        secret = self.app.client_secret.encode()
        seal = hmac.digest(secret, (identity + issued).encode(), hashlib.sha256)
        return {
            "access_token": self.sessions.open(),
            "signature": base64.b64encode(seal).decode(),
            "scope": "api",
            "instance_url": url,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued,
        }


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError as error:
        description = "invalid client credentials"
        raise OAuthRefusedError("invalid_client", description) from error
    return name, secret


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
