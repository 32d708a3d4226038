"""What Callyzer posts to those who subscribed when a call comes in or changes.

Source: Callyzer API 2.1, webhooks: the example of the payload, whose durations are
text, whose times have no zone and which lacks the code of an employee who has none.
The document does not name the header of the secret; X-Callyzer-Signature is what
receivers have seen. Ours: nothing is delivered a second time by itself.
"""

import hashlib
import hmac
import json
import threading
import urllib.request
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from queue import SimpleQueue
from typing import Final, cast
from urllib.error import HTTPError

from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.figures import CALL, CLIENT, EMPLOYEE
from connector.sandbox.callyzer.wanted import written

HEADER: Final = "X-Callyzer-Signature"
PATIENCE: Final = 10
"""Seconds that a receiver may take."""
REMEMBERED: Final = 1_000
"""How many failures are remembered, the latest."""
LOGGED: Final = (
    *("id", *CLIENT, *CALL[:-2], "crm_status", "reminder_date", "reminder_time"),
    *CALL[-2:],
)
"""The fields of a call, in the order of the example."""
TIMES: Final = ("synced_at", "modified_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where to post, and how to show who posts; ``excluded_too``: also those calls.

    ``hmac``: the header has the body's HMAC-SHA256 in hex instead of the secret.
    """

    url: str
    secret: str
    header: str = HEADER
    hmac: bool = False
    excluded_too: bool = True

    def signature(self, body: bytes) -> str:
        """What the header says."""
        if not self.hmac:
            return self.secret
        return hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A delivery that was not accepted, and why."""

    url: str
    call_ids: tuple[str, ...]
    reason: str


@dataclass(kw_only=True, eq=False)
class Webhooks:
    """Delivers from a thread of its own, in order; for use from any thread.

    ``excluded``: the numbers of clients that the customer keeps out.
    """

    excluded: frozenset[str]
    subscriptions: list[Subscription] = field(default_factory=list)
    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _waiting: SimpleQueue[tuple[Subscription, list[Call]]] = field(
        default_factory=SimpleQueue
    )
    _idle: threading.Condition = field(default_factory=threading.Condition)
    _undelivered: int = 0
    _thread: threading.Thread | None = None

    def post(self, calls: Sequence[Call]) -> None:
        """Have calls delivered together to all who subscribed."""
        for subscription in tuple(self.subscriptions):
            theirs = [c for c in calls if subscription.excluded_too or self._counts(c)]
            if theirs:
                self._queue(subscription, theirs)

    def settle(self, seconds: float) -> bool:
        """Wait until all is delivered or has failed; False if that takes longer."""
        with self._idle:
            return self._idle.wait_for(lambda: self._undelivered == 0, seconds)

    def _counts(self, call: Call) -> bool:
        return not written(call, "client") & self.excluded

    def _queue(self, subscription: Subscription, calls: list[Call]) -> None:
        with self._idle:
            self._undelivered += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        self._waiting.put((subscription, calls))

    def _run(self) -> None:
        while True:
            self._deliver(*self._waiting.get())
            with self._idle:
                self._undelivered -= 1
                self._idle.notify_all()

    def _deliver(self, subscription: Subscription, calls: list[Call]) -> None:
        try:
            _send(subscription, json.dumps(payload(calls)).encode())
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(error, HTTPError):
                error.close()
            ids = tuple(str(call["id"]) for call in calls)
            failure = Failure(url=subscription.url, call_ids=ids, reason=str(error))
            self.failures.append(failure)


def payload(calls: Iterable[Call]) -> list[Call]:
    """Write calls as a delivery has them: under their employees."""
    employees: dict[str, Call] = {}
    for call in calls:
        who = _employee(call)
        theirs = employees.setdefault(json.dumps(who), who | {"call_logs": []})
        cast("list[Call]", theirs["call_logs"]).append(_logged(call))
    return list(employees.values())


def _employee(call: Call) -> Call:
    who = {name: call[name] for name in EMPLOYEE}
    return who if who["emp_code"] else {n: v for n, v in who.items() if n != "emp_code"}


def _logged(call: Call) -> Call:
    plain = {name: str(call[name])[:19] for name in TIMES}
    fields = {name: call[name] for name in LOGGED}
    return fields | {"duration": str(call["duration"])} | plain


def _send(subscription: Subscription, body: bytes) -> None:
    """Post; OSError or HTTPException where it is not accepted, ValueError for a URL
    that is none."""
    request = urllib.request.Request(  # noqa: S310 - where to is for the user to say
        subscription.url,
        data=body,
        headers={
            "content-type": "application/json",
            subscription.header: subscription.signature(body),
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE) as answer:
        answer.read()
