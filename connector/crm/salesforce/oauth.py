"""Access tokens: asked for once, shared by all threads, renewed on demand.

Flows: OAuth 2.0 JWT bearer (RFC 7523) and client credentials (RFC 6749, 4.4).
Neither has a refresh token: renewing is asking again.
"""

import json
import re
import threading
from datetime import timedelta
from json import JSONDecodeError

import jwt
import requests

from connector.clock import Clock
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.wire import DeadlineAdapter, OneRequest
from connector.errors import (
    ConfigError,
    ConnectorError,
    UnauthorizedError,
    UnavailableError,
)
from connector.mapping.record_ids import long_id

_PATH = "/services/oauth2/token"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_LIVES = timedelta(seconds=180)
_FITS_A_HEADER = re.compile(r"[!-~]+")
_PASSING = frozenset({"server_error", "temporarily_unavailable"})
_RATE = "rate exceeded"
_OUR_FAULT = frozenset({400, 401, 403})
_OK = 200


class Tokens:
    """The one token of this process."""

    def __init__(self, config: SalesforceConfig, clock: Clock) -> None:
        """Ask nothing yet."""
        self._config = config
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        self.user: str | None = None
        """The id of whom the last token is for; None where that was not told."""
        self._adapter = DeadlineAdapter(config.deadline_seconds)
        self._session = OneRequest(self._adapter)

    def current(self) -> str:
        """Give the token, asking for it if there is none.

        Raises UnauthorizedError where the CRM refuses us, UnavailableError where
        it does not answer, ConfigError where the private key is unusable.
        """
        with self._lock:
            if self._token is None:
                self._token = self._fetch()
            return self._token

    def renew(self, stale: str) -> str:
        """Give a token that is not ``stale``; of many callers one asks for it."""
        with self._lock:
            if self._token == stale:
                self._token = None
            if self._token is None:
                self._token = self._fetch()
            return self._token

    def close(self) -> None:
        """Close the kept connections."""
        self._adapter.close()

    def _fetch(self) -> str:
        form = self._form()
        try:
            answer = self._session.post(self._config.login + _PATH, data=form)
        except requests.RequestException as error:
            raise UnavailableError(
                f"Salesforce's token endpoint does not answer ({type(error).__name__})"
            ) from error
        return self._token_in(answer)

    def _form(self) -> dict[str, str]:
        if self._config.by_jwt:
            return {"grant_type": _JWT_GRANT, "assertion": self._assertion()}
        return {
            "grant_type": "client_credentials",
            "client_id": self._config.client_id,
            "client_secret": str(self._config.client_secret),
        }

    def _assertion(self) -> str:
        claims = {
            "iss": self._config.client_id,
            "sub": self._config.username,
            "aud": self._config.login,
            "exp": int((self._clock.now() + _ASSERTION_LIVES).timestamp()),
        }
        key = str(self._config.private_key)
        try:
            return jwt.encode(claims, key, algorithm="RS256")
        except (jwt.PyJWTError, ValueError, TypeError):
            raise ConfigError(
                "SALESFORCE_PRIVATE_KEY is not an RSA private key in PEM"
            ) from None

    def _token_in(self, answer: requests.Response) -> str:
        said = _json_object(answer)
        token = said.get("access_token")
        whole = isinstance(token, str) and _FITS_A_HEADER.fullmatch(token)
        if answer.status_code != _OK or not whole:
            raise self._refusal(answer.status_code, said)
        self.user = _user_in(said)
        return str(token)

    def _refusal(self, status: int, said: dict[str, object]) -> ConnectorError:
        code, why = str(said.get("error", "")), str(said.get("error_description", ""))
        passing = code in _PASSING or _RATE in why
        if status in _OUR_FAULT and code and not passing:
            words = self._without_secrets(f"{code}: {why}")
            return UnauthorizedError(f"Salesforce refuses a token: {words}")
        return UnavailableError(
            f"Salesforce's token endpoint gave none (HTTP {status})"
        )

    def _without_secrets(self, words: str) -> str:
        secret = self._config.client_secret
        return words.replace(secret, "***") if secret else words


def _user_in(said: dict[str, object]) -> str | None:
    """Read the identity URL (Salesforce Help, "Identity URLs"): its end is the user."""
    return long_id(str(said.get("id", "")).rpartition("/")[2])


def _json_object(answer: requests.Response) -> dict[str, object]:
    try:
        said = json.loads(answer.content)
    except (JSONDecodeError, UnicodeDecodeError):
        return {}
    return said if isinstance(said, dict) else {}
