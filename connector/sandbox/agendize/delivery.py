"""Sends changes to the addresses that watch, in a thread, and remembers how it went.

The document says nothing of a second attempt, so there is none.
"""

import base64
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from typing_extensions import override

SECONDS: Final = 10
"""How long an address may take to answer."""
REMEMBERED: Final = 10_000
WITHOUT_BODY: Final = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A change on its way to a watch that asked for it in these words."""

    call_id: str
    watch: Mapping[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How a delivery went: ``status`` of the answer, or why there was none."""

    call_id: str
    address: str
    status: int | None = None
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether the address did not take it."""
        return self.status is None or not 200 <= self.status < 300  # noqa: PLR2004 - the good ones


class _NoRedirects(HTTPRedirectHandler):
    @override
    def redirect_request(self, *_: object) -> None:
        """A redirect is an answer like others."""


@dataclass(slots=True)
class Postman:
    """Delivers one after the other; its thread is there while there is something."""

    attempts: deque[Attempt] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _waiting: deque[Delivery] = field(default_factory=deque)
    _thread: threading.Thread | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _opener: OpenerDirector = field(
        default_factory=lambda: build_opener(ProxyHandler({}), _NoRedirects())
    )

    def send(self, delivery: Delivery) -> None:
        """Deliver as soon as those before it are."""
        with self._changed:
            self._waiting.append(delivery)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def settle(self, seconds: float) -> bool:
        """Wait until everything is delivered; whether it was within so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, seconds)

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            self.attempts.append(self._attempt(delivery))

    def _next(self) -> Delivery | None:
        with self._changed:
            if self._waiting:
                return self._waiting.popleft()
            self._thread = None
            self._changed.notify_all()
            return None

    def _attempt(self, delivery: Delivery) -> Attempt:
        watch = delivery.watch
        status, reason = None, ""
        try:
            headers = _headers(watch, self._bearer)
            method = watch.get("method", "POST")
            body = None if method == WITHOUT_BODY else delivery.body
            status, _ = self._ask(watch["address"], method, headers, body)
        except (OSError, ValueError, KeyError, TypeError, HTTPException) as error:
            reason = repr(error)
        return Attempt(
            call_id=delivery.call_id,
            address=watch["address"],
            status=status,
            reason=reason,
        )

    def _bearer(self, oauth: Mapping[str, str]) -> str:
        """Get an access token where the watch says."""
        form = {"grant_type": oauth.get("grantType", "refresh_token")}
        form |= {name: oauth[key] for key, name in _OAUTH.items() if key in oauth}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        _, answer = self._ask(oauth["accessTokenUrl"], "POST", headers, body)
        return f"Bearer {json.loads(answer)['access_token']}"

    def _ask(
        self, url: str, method: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, bytes]:
        request = Request(url, body, dict(headers), method=method)  # noqa: S310 - the rules let in http and https only
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()


_OAUTH: Final = {
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "refreshToken": "refresh_token",
    "redirectUri": "redirect_uri",
    "scope": "scope",
}


def _headers(
    watch: Mapping[str, Any], bearer: Callable[[Mapping[str, str]], str]
) -> dict[str, str]:
    """Return the headers, with whatever a watch identifies the sender by."""
    headers = {"content-type": "application/json"}
    if basic := watch.get("basicAuth"):
        pair = f"{basic.get('username', '')}:{basic.get('password', '')}"
        headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    if oauth := watch.get("oauth2Auth"):
        headers["authorization"] = bearer(oauth)
    return headers | dict(watch.get("httpRequestHeader") or {})
