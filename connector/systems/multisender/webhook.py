"""Multisender's webhooks: what became of a receiver, and a call's new state.

Source: Multisender API, State Webhook and Receiver Webhook. Neither is signed, nor
can they carry a header: what authenticates them is an address that nobody can guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.errors import RecordError
from connector.model import Delivery
from connector.systems.multisender.stream import CLICK_TO_CALLS, RSVP_CALLS
from connector.systems.multisender.values import TOKEN_KEY, text
from connector.transport.jsontext import Json, parsed
from connector.transport.secrets import opens

_ID: Final = re.compile(r"[\w-]{1,100}")
_OF_A_RECEIVER: Final = ("accountId", "phoneNumber", "rsvpReply")


@dataclass(frozen=True, slots=True, kw_only=True)
class MultisenderWebhook:
    """``token`` is the last part of the address, and may be in ``meta`` as well.

    Without it nothing is let in.
    """

    token: str = ""

    def authentic(self, delivery: Delivery) -> bool:
        """Whether it came to the secret address; see `Webhook`.

        A token in ``meta`` must be right too, but alone opens nothing: whoever may
        read a call at Multisender can see its meta.
        """
        if not self._is_ours(delivery.secret):
            return False
        given = _meta(delivery.body)
        return TOKEN_KEY not in given or self._is_ours(given[TOKEN_KEY])

    @property
    def signs(self) -> bool:
        """Whether the body is needed to tell."""
        return False

    def _is_ours(self, given: Json) -> bool:
        return isinstance(given, str) and opens(given, self.token)

    def nudged(self, delivery: Delivery) -> Mapping[str, list[str]]:
        """Return which call it is about, or which receiver of it, by stream.

        A click to call's receiver may come with an ``rsvpCallId``, the only name that
        is documented: then both kinds of call are looked at.
        """
        body = _body(delivery.body)
        if not isinstance(body, dict):
            raise RecordError("the body is not a JSON object", code="UNREADABLE")
        clicked, rsvp = text(body.get("clickToCallId")), text(body.get("rsvpCallId"))
        call, account = clicked or rsvp, text(body.get("accountId"))
        for each in (call, account or "-"):
            if not each or not _ID.fullmatch(each):
                message = "the body is not about a call: it has no id of one"
                raise RecordError(message, code="UNREADABLE")
        names = [f"{call}:{account}" if account else str(call)]
        if clicked:
            return {CLICK_TO_CALLS.name: names}
        if any(name in body for name in _OF_A_RECEIVER):
            return {RSVP_CALLS.name: names, CLICK_TO_CALLS.name: names}
        return {RSVP_CALLS.name: names}


def _body(body: bytes) -> Json:
    try:
        return parsed(body)
    except (ValueError, RecursionError):
        return None


def _meta(body: bytes) -> Mapping[str, Json]:
    found = _body(body)
    meta = found.get("meta") if isinstance(found, dict) else None
    return meta if isinstance(meta, dict) else {}
