"""Agendize's watch: it posts each call that is new or has changed.

Source: Calls API Reference, Watch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from connector.errors import ConfigError, RecordError
from connector.model import Delivery
from connector.transport.jsontext import Json, parsed
from connector.transport.operation import Values
from connector.transport.secrets import basic_opens, opens

NAME: Final = "call-connector"
"""Of the watch that we register."""
_LONGEST: Final = 200
"""Characters of an id; ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendizeWebhook:
    """Basic authentication, or a header of our own; without either nothing is let in."""

    username: str = ""
    password: str = ""
    header: str = ""
    secret: str = ""

    def authentic(self, delivery: Delivery) -> bool:
        """Whether it has one of the two; see `Webhook`."""
        return self._basic(delivery) or self._headed(delivery)

    def _headed(self, delivery: Delivery) -> bool:
        given = delivery.headers.get(self.header.lower(), "")
        return opens(given, self.secret) and bool(self.header)

    def _basic(self, delivery: Delivery) -> bool:
        given = delivery.headers.get("authorization", "")
        return basic_opens(given, self.username, self.password)

    @property
    def signs(self) -> bool:
        """Whether the body is needed to tell."""
        return False

    def nudged(self, delivery: Delivery) -> Mapping[str, list[str]]:
        """Return the id of the call, as it is sent where a watch has no schema."""
        try:
            body = parsed(delivery.body)
        except (ValueError, RecursionError):
            raise RecordError("the body is not JSON", code="UNREADABLE") from None
        ids = list(dict.fromkeys(_ids(body)))
        if not ids:
            message = "the body is not a call: it has no id"
            raise RecordError(message, code="UNREADABLE")
        return {"calls": ids}

    def watch(self, address: str) -> Values:
        """Return what registers ``address``; ConfigError without a secret."""
        if self.password:
            basic = {"username": self.username, "password": self.password}
            return _watch(address, basicAuth=basic)
        if self.secret and self.header:
            return _watch(address, httpRequestHeader={self.header: self.secret})
        raise ConfigError(
            "set AGENDIZE_WEBHOOK_USERNAME and AGENDIZE_WEBHOOK_PASSWORD, or"
            " AGENDIZE_WEBHOOK_SECRET: a watch without would be refused here"
        )


def _watch(address: str, **auth: Json) -> Values:
    return {
        "address": address,
        "name": NAME,
        "method": "POST",
        "status": "enabled",
        **auth,
    }


def _ids(body: Json) -> Iterator[str]:
    calls = body.get("items", [body]) if isinstance(body, dict) else body
    for call in calls if isinstance(calls, list) else ():
        given = call.get("id") if isinstance(call, dict) else None
        if isinstance(given, int) and not isinstance(given, bool):
            given = str(given)
        if isinstance(given, str) and 0 < len(given.strip()) <= _LONGEST:
            yield given.strip()
