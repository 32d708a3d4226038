"""The platform's external session events: posted each time a session changes.

Source: external session events; basic authentication.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.errors import RecordError
from connector.model import Delivery
from connector.systems.ccai.parse import text
from connector.transport.jsontext import Json, parsed
from connector.transport.secrets import basic_opens

SESSION: Final = frozenset({"call_id", "item", "event_id", "chat_id"})
"""An event has one of these; that of a chat has no call."""
_LONGEST: Final = 18
"""Digits of an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CcaiWebhook:
    """Basic authentication; without both of these nothing is let in."""

    username: str = ""
    password: str = ""

    def authentic(self, delivery: Delivery) -> bool:
        """Whether it has them; see `Webhook`."""
        given = delivery.headers.get("authorization", "")
        return basic_opens(given, self.username, self.password)

    @property
    def signs(self) -> bool:
        """Whether the body is needed to tell."""
        return False

    def nudged(self, delivery: Delivery) -> Mapping[str, list[str]]:
        """Return the ids of the calls: an event is flat, or has its call in ``item``.

        There are none where the sessions are no calls.
        """
        try:
            body = parsed(delivery.body)
        except (ValueError, RecursionError):
            raise RecordError("the body is not JSON", code="UNREADABLE") from None
        events = _events(body)
        if events is None:
            message = "the body is no session event: it has no events and no call_id"
            raise RecordError(message, code="UNREADABLE")
        return {"calls": list(dict.fromkeys(filter(None, map(_call, events))))}


def _events(body: Json) -> list[Mapping[str, Json]] | None:
    """Return the events of a body, several or one; None where it is something else."""
    if isinstance(body, dict) and isinstance(body.get("events"), list):
        return [event for event in body["events"] if isinstance(event, dict)]
    given = body if isinstance(body, list) else [body]
    events = [each for each in given if isinstance(each, dict)]
    return [each for each in events if not SESSION.isdisjoint(each)] or None


def _call(event: Mapping[str, Json]) -> str | None:
    item = event.get("item")
    within = item if isinstance(item, dict) else {}
    call_id = text(within.get("call_id")) or text(event.get("call_id")) or ""
    fits = call_id.isascii() and call_id.isdecimal() and len(call_id) <= _LONGEST
    return call_id if fits else None
