"""Access tokens: what they are worth, and for how long."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from connector.sandbox.salesforce.refusals import RequestRefusedError

UNAUTHORIZED: Final = 401


class Sessions:
    """Sessions that end some time after their last use."""

    def __init__(
        self, clock: Callable[[], datetime], org_id: str, seconds: float
    ) -> None:
        """``seconds`` is how long a session lasts without being used."""
        self._clock = clock
        self._org_id = org_id
        self._lasting = timedelta(seconds=seconds)
        self._ends: dict[str, datetime] = {}

    def open(self) -> str:
        """Begin a session and return its token."""
        token = f"{self._org_id[:15]}!{secrets.token_urlsafe(64)}"
        self._ends[token] = self._clock() + self._lasting
        return token

    def use(self, authorization: str) -> None:
        """Prolong the session of an Authorization header; refused if it is none."""
        scheme, _, token = authorization.partition(" ")
        ends = self._ends.get(token)
        alive = ends is not None and ends > self._clock()
        if scheme.casefold() not in {"bearer", "oauth"} or not alive:
            message = "Session expired or invalid"
            raise RequestRefusedError(UNAUTHORIZED, "INVALID_SESSION_ID", message)
        self._ends[token] = self._clock() + self._lasting

    def end_all(self) -> None:
        """End every session."""
        self._ends.clear()
