"""External session events: every change of a call's state, posted to somebody.

Source: external session events: an object with ``count`` and ``events``, each event
with its id, its time in milliseconds and an item that more is known of every time;
basic authentication. Ours: how the item is laid out, and that nothing is repeated.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Final, cast
from urllib.request import ProxyHandler, Request, build_opener
from uuid import uuid4

from connector.sandbox.ccai.calls import TERMINAL, Call
from connector.sandbox.ccai.gate import credentials
from connector.sandbox.ccai.moments import micros

TIMEOUT: Final = 5.0
"""Seconds that a delivery may take."""

AGENT_STATUSES: Final = {
    "assigned": "accepted",
    "connecting": "accepted",
    "connected": "connected",
}
NO_SESSION: Final = {"scheduled"}
"""Nobody is on the line yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Where events go, and as whom."""

    url: str
    username: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An event that was not taken, and why."""

    event: Mapping[str, object]
    reason: str


Waiting = tuple[Subscriber, Mapping[str, object]]


class Deliveries:
    """Posts events one after another, in a thread that lives while there are any."""

    def __init__(self) -> None:
        """Begin without a subscriber."""
        self.delivered: list[Mapping[str, object]] = []
        self.failures: list[Failure] = []
        self._subscriber: Subscriber | None = None
        self._waiting: deque[Waiting] = deque()
        self._working = False
        self._idle = threading.Condition()
        self._open = build_opener(ProxyHandler({})).open

    def subscribe(self, subscriber: Subscriber | None) -> None:
        """Send what happens from now on to somebody, or to nobody.

        ValueError unless it is a web address.
        """
        if subscriber and not subscriber.url.startswith(("http://", "https://")):
            message = f"{subscriber.url} is not an address of http or https"
            raise ValueError(message)
        with self._idle:
            self._subscriber = subscriber

    def send(self, event: Callable[[], Mapping[str, object]]) -> None:
        """Deliver an event soon; it is made only if somebody wants it."""
        with self._idle:
            if self._subscriber is None:
                return
            self._waiting.append((self._subscriber, event()))
            if not self._working:
                self._working = True
                threading.Thread(target=self._run, daemon=True).start()

    def settle(self, seconds: float = 10) -> bool:
        """Wait until nothing waits for its delivery; False if it takes longer."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._working, seconds)

    def _run(self) -> None:
        while (one := self._next()) is not None:
            self._deliver(*one)

    def _next(self) -> Waiting | None:
        with self._idle:
            if self._waiting:
                return self._waiting.popleft()
            self._working = False
            self._idle.notify_all()
            return None

    def _deliver(self, to: Subscriber, event: Mapping[str, object]) -> None:
        headers = {
            "Content-Type": "application/json",
            "Authorization": credentials(to.username, to.password),
        }
        body = json.dumps(event, ensure_ascii=False).encode()
        try:
            request = Request(to.url, body, headers)  # noqa: S310 - checked: web only
            self._open(request, timeout=TIMEOUT).close()
        except (OSError, HTTPException) as error:
            self.failures.append(Failure(event=event, reason=str(error)))
        else:
            self.delivered.append(event)


def session_event(
    call: Call, number: str, at: datetime, *, flat: bool
) -> Mapping[str, object]:
    """Return what is posted when ``call``, with this customer's number, changed."""
    item = _item(call, number)
    event = {
        "event_id": str(uuid4()),
        "timestamp": micros(at) // 1000,
        **(item if flat else {"item": item}),
    }
    return {"count": 1, "events": [event]}


def _item(call: Call, number: str) -> dict[str, object]:
    ended = call["status"] in TERMINAL
    menu = cast("Call", call["menu_path"] or {})
    item = {
        "call_id": call["id"],
        "state": "disconnected" if ended else "connected",
        "dn": number,
        "participants": list(_participants(call, number, ended=ended)),
        "queue_path_names": menu.get("name"),
        "initiator": _initiator(call),
        "connected_at": call["connected_at"],
        "ends_at": call["ends_at"],
    }
    return {name: value for name, value in item.items() if value is not None}


def _participants(call: Call, number: str, *, ended: bool) -> list[dict[str, object]]:
    outside = "disconnected" if ended else "connected"
    external: dict[str, object] = {"type": "external", "status": outside, "dn": number}
    agent = cast("Call | None", call["agent_info"])
    status = outside if ended else AGENT_STATUSES.get(str(call["status"]))
    if agent is None or status is None:
        return [external]
    return [
        external,
        {"type": "agent", "status": status, "id": agent["id"], "name": agent["name"]},
    ]


def _initiator(call: Call) -> str | None:
    agent = cast("Call | None", call["agent_info"])
    if agent is not None:
        return f"agent_{agent['id']}"
    menu = cast("Call | None", call["selected_menu"])
    return f"virtual_agent_{menu['id']}" if menu else None
