"""Callyzer's webhook: calls that are new or have changed, by employee.

Source: Callyzer API 2.1, Webhooks. How the secret comes is not documented: public code
that was tested against it compares the header X-Callyzer-Signature with the secret.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connector.errors import RecordError
from connector.model import Delivery
from connector.transport.jsontext import Json, parsed
from connector.transport.secrets import opens

_LONGEST = 200
"""Characters of an id; ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallyzerWebhook:
    """What the header has: the secret, or with ``signed`` the body's HMAC-SHA256 by it.

    Without a secret nothing is authentic.
    """

    secret: str
    header: str
    signed: bool = False

    def authentic(self, delivery: Delivery) -> bool:
        """Whether the header has what it should; see `Webhook`."""
        given = delivery.headers.get(self.header.lower(), "")
        if not self.signed:
            return opens(given, self.secret)
        digest = hmac.new(self.secret.encode(), delivery.body, hashlib.sha256)
        plain = given.lower().removeprefix("sha256=")
        return opens(plain, digest.hexdigest()) and bool(self.secret)

    @property
    def signs(self) -> bool:
        """Whether the body is needed to tell."""
        return self.signed

    def nudged(self, delivery: Delivery) -> Mapping[str, list[str]]:
        """Return the ids of the calls; what is not readable among them is left out."""
        try:
            body = parsed(delivery.body)
        except (ValueError, RecursionError):
            raise RecordError("the body is not JSON", code="UNREADABLE") from None
        employees = body if isinstance(body, list) else [body]
        if not all(isinstance(each, dict) for each in employees):
            message = "the body is not a list of employees with their call_logs"
            raise RecordError(message, code="UNREADABLE")
        return {"call_logs": list(dict.fromkeys(_ids(employees)))}


def _ids(employees: list[dict[str, Json]]) -> Iterator[str]:
    for employee in employees:
        calls = employee.get("call_logs")
        for call in calls if isinstance(calls, list) else ():
            given = call.get("id") if isinstance(call, dict) else None
            if isinstance(given, str) and 0 < len(given.strip()) <= _LONGEST:
                yield given.strip()
