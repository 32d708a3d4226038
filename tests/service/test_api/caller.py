"""Who nudges a service and asks it, over HTTP; and a desk that says what it was asked."""

import json
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from connector.model import Dial, DialState
from connector.wiring import App

TOKEN = "let-me-in"  # noqa: S105  opens nothing
SHORT, LONG = "00TKa00000GqxVy", "00TKa00000GqxVyMAJ"
DIAL = Dial(
    request_id="b1c5a6f2-6d1b-4c56-9d39-6a9c3cb9f0a1",
    flow="click-to-call",
    record_id=LONG,
    state=DialState.REFUSED,
    message="Unable to place call - Agent number busy",
    requested_at=datetime(2026, 11, 21, 7, 59, 58, tzinfo=UTC),
    number="+919876512345",
    agent="agent-4711",
)


@dataclass(slots=True)
class Counter:
    """A desk that writes down what it is asked to look at."""

    asked: list[str] = field(default_factory=list)
    looks: bool = True
    trouble: Exception | None = None
    goes_on: threading.Event = field(default_factory=threading.Event)
    waits: bool = False
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def nudge(self, record_id: str) -> bool:
        self.asked.append(record_id)
        self.begun.release()
        if self.waits:
            assert self.goes_on.wait(10)
        if self.trouble:
            raise self.trouble
        return self.looks


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def nudge(
    url: str, body: bytes | None = None, headers: dict[str, Any] | None = None
) -> httpx.Response:
    return httpx.post(
        f"{url}/v1/nudge",
        content=json.dumps({"id": LONG}).encode() if body is None else body,
        headers=bearer() if headers is None else headers,
        trust_env=False,
    )


def dial(
    url: str,
    request_id: str = DIAL.request_id,
    headers: dict[str, Any] | None = None,
) -> httpx.Response:
    path = f"/v1/dials/{quote(request_id, safe='')}"
    sent = bearer() if headers is None else headers
    return httpx.get(url + path, headers=sent, trust_env=False)


def put(app: App, *dials: Dial) -> None:
    for each in dials:
        with app.store.writing() as tx:
            tx.put_dial(each)


def raw(url: str, *lines: str, body: bytes = b"") -> str:
    """Send these lines of a nudge and no more; the answer's first line."""
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=5) as line:
        head = "\r\n".join(["POST /v1/nudge HTTP/1.1", "Host: us", *lines, "", ""])
        line.sendall(head.encode() + body)
        return line.recv(1000).decode().partition("\r\n")[0]


AUTHORIZED = f"Authorization: Bearer {TOKEN}"
