"""A tiny call-log/history and call-log/get, played through `httpx.MockTransport`.

Calls arrive and change between its requests; ``mend`` spoils single answers.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from connector.model import Page
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.source import CallLogs
from connector.testing import ManualClock
from connector.transport.http import Http

INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
DAY = 86_400
SETTLED = NOON - 5
"""Where a window ends that is asked for at noon."""
Body = dict[str, Any]
Spoiler = Callable[[Body, Body], Body | httpx.Response]
"""Makes another answer of (request, answer)."""


def row(call_id: str, synced: float, **fields: object) -> Body:
    """A call that was synced at a UNIX time."""
    at = datetime.fromtimestamp(synced, INDIA)
    return {
        "id": call_id,
        "duration": 10,
        "call_type": "Outgoing",
        "call_date": f"{at:%Y-%m-%d}",
        "call_time": f"{at:%H:%M:%S}",
        "synced_at": f"{at:%Y-%m-%d %H:%M:%S} IST",
        "modified_at": f"{at:%Y-%m-%d %H:%M:%S} IST",
        **fields,
    }


@dataclass(slots=True)
class OpenPacer:
    """Lets everybody through, and notes what it was told."""

    interval: float = 2.0
    waited: int = 0
    blocked: list[float] = field(default_factory=list)

    def wait(self) -> None:
        self.waited += 1

    def block(self, seconds: float) -> None:
        self.blocked.append(seconds)


@dataclass(slots=True, kw_only=True)
class FakeCallyzer:
    """The calls by id, each with the second it was synced in.

    ``called``: when a call began, where that is not the second it was synced in.
    ``seconds`` pass with every request. ``meanwhile`` runs after each answer,
    with the number of requests so far. ``skew``: seconds its clock is ahead.
    """

    calls: dict[str, tuple[int, object]] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    pacer: OpenPacer = field(default_factory=OpenPacer)
    skew: float = 0
    dated: bool = True
    seconds: float = 0
    newest_first: bool = False
    page: int = 100
    requests: list[Body] = field(default_factory=list)
    spoilers: list[Spoiler | None] = field(default_factory=list)
    meanwhile: Callable[[int], None] = lambda _: None

    def now(self) -> int:
        """Its own time, UNIX seconds."""
        return int(self.clock.now().timestamp() + self.skew)

    def put(self, call_id: str, synced: int, **fields: object) -> None:
        """Add a call, or change one: it is then synced at ``synced``."""
        self.calls[call_id] = synced, row(call_id, synced, **fields)

    def put_many(self, count: int, start: int, step: float = 1) -> list[str]:
        """Add calls, ``step`` seconds apart; their ids."""
        ids = [f"call-{n:05}" for n in range(count)]
        for n, call_id in enumerate(ids):
            self.put(call_id, int(start + n * step))
        return ids

    def source(self, **options: object) -> CallLogs:
        http = Http("http://fake/api", transport=httpx.MockTransport(self.handle))
        return CallLogs(
            client=CallyzerClient(http, self.pacer),
            zone=INDIA,
            options=options,
            clock=self.clock,
        )

    def handle(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.requests.append(body)
        get = request.url.path.endswith("/call-log/get")
        answer = self._by_ids(body) if get else self._page(body)
        spoiler = self.spoilers.pop(0) if self.spoilers else None
        found = answer if spoiler is None else spoiler(body, answer)
        at = datetime.fromtimestamp(self.now(), UTC)
        dated = {"date": format_datetime(at, usegmt=True)} if self.dated else {}
        self.meanwhile(len(self.requests))
        self.clock.time += timedelta(seconds=self.seconds)
        if isinstance(found, httpx.Response):
            return found
        return httpx.Response(200, json=found, headers=dated)

    def _by_ids(self, body: Body) -> Body:
        found = [self.calls[i][1] for i in body["unique_ids"] if i in self.calls]
        return {"result": found, "message": "Success"}

    def _page(self, body: Body) -> Body:
        by = "call" if "call_from" in body else "synced"
        start, end, number = body[f"{by}_from"], body[f"{by}_to"], body["page_no"]
        assert start < end < start + 180 * 86_400
        called = self.called if by == "call" else {}
        times = {i: called.get(i, synced) for i, (synced, _) in self.calls.items()}
        within = sorted((at, i) for i, at in times.items() if start <= at <= end)
        ids = [i for _, i in (reversed(within) if self.newest_first else within)]
        page = ids[(number - 1) * self.page : number * self.page]
        return {
            "result": [self.calls[i][1] for i in page],
            "message": "Success",
            "total_records": len(ids),
            "page_no": number,
            "page_size": self.page,
        }


# ── what tests say of readings ─────────────────────────────────────────────


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def cursor_at(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ids(pages: Iterable[Page]) -> list[str]:
    return [record.id for page in pages for record in page.records]


def cursors(pages: Iterable[Page]) -> list[str | None]:
    return [page.cursor for page in pages]


def windows(fake: FakeCallyzer, by: str = "synced") -> list[tuple[int, int]]:
    """The windows asked for, each once, in order."""
    asked = [(body[f"{by}_from"], body[f"{by}_to"]) for body in fake.requests]
    return list(dict.fromkeys(asked))
