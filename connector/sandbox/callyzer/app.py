"""The sandbox's Callyzer: two endpoints, its limits and its moods.

Source: Callyzer API 2.1, rate limit, call-log/history and call-log/get.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.clock import SystemClock
from connector.sandbox.callyzer import rules
from connector.sandbox.callyzer.callers import Callers
from connector.sandbox.callyzer.calls import (
    EXAMPLE,
    FIELDS,
    MOMENT,
    Call,
    new_call,
    working_moments,
)
from connector.sandbox.callyzer.store import Store
from connector.sandbox.faults import Faults, with_faults

_UNAUTHORIZED = "The API call was made with invalid access credentials."
_EXPIRED = "Your subscription has expired."
_TOO_FAST = "Too Many Requests"
_BAD_TYPE = "Make sure that content type is set to application/json."
_BLANK: Call = dict.fromkeys(FIELDS, "") | {
    "emp_tags": [],
    "duration": 0,
    "call_type": "Outgoing",
}


@dataclass(slots=True, kw_only=True)
class Moods:
    """What the real one does on bad days; may be changed at any time.

    ``retry_after``: how a 429 tells the wait. ``repeats`` and ``shortens`` count,
    by page number, the times that a page is answered with the one before it, or
    without its second half.
    """

    expired: bool = False
    text_durations: bool = False
    retry_after: Literal["seconds", "date", "none"] = "seconds"
    repeats: Counter[int] = field(default_factory=Counter)
    shortens: Counter[int] = field(default_factory=Counter)


@dataclass(kw_only=True, eq=False)
class CallyzerSandbox:
    """A Callyzer account with calls in it; ``app`` is what `Server` serves.

    ``seconds_per_request`` 0 means no limit. ``now`` is its clock, for the limit
    and for the times it writes, which are those of ``zone``. ``excluded`` are the
    client numbers kept out where a request asks for that. ``examples`` adds the
    document's own record. With ``people`` the calls that are made up are with the
    first so many of `connector.sandbox.population`, and a few strangers.
    """

    token: str = "callyzer-sandbox-token"  # noqa: S105 - opens only the sandbox
    seconds_per_request: float = 2
    zone: str = "Asia/Kolkata"
    now: Callable[[], datetime] = SystemClock().now
    prefix: str = "/api/v2.1"
    excluded: Collection[str] = ()
    examples: bool = False
    people: int = 0
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Open the account."""
        self._zone = ZoneInfo(self.zone)
        self._store = Store(self._zone, self.excluded)
        self._callers = Callers(people=self.people)
        self._accepted: datetime | None = None
        self.app = with_faults(self._routes(), self.faults)
        if self.examples:
            self.add(EXAMPLE)

    def __len__(self) -> int:
        return len(self._store)

    def add(self, record: Mapping[str, object]) -> Call:
        """Add a call, or replace the one with its id; return it as it is sent.

        Fields that are missing are blank, and their times are now. KeyError
        without an id, or with a field that the document does not have.
        """
        call = _BLANK | self._times() | {"id": record["id"]} | _documented(record)
        self._store.put(call)
        return dict(call)

    def change(self, call_id: str, **fields: object) -> Call:
        """Change a call; it counts as modified and synced now unless told when.

        KeyError where there is no such call, or no such field.
        """
        times = self._times()
        stamps = {name: times[name] for name in ("synced_at", "modified_at")}
        return self._store.change(call_id, stamps | _documented(fields))

    def remove(self, call_id: str) -> None:
        """Forget a call; harmless when there is none."""
        self._store.remove(call_id)

    def load(
        self, count: int, *, seed: int = 1, days: float = 7, trouble: bool = False
    ) -> None:
        """Make up ``count`` calls of the last ``days``."""
        rng = Random(seed)  # noqa: S311 - repeatable, not secret
        moments = working_moments(rng, count, self.now(), days, self._zone)
        self._store.load(self._made_up(rng, at, trouble=trouble) for at in moments)

    def arrive(self, rng: Random, *, trouble: bool = False) -> str:
        """Let a made-up call come in now; return its id."""
        call = self._made_up(rng, self.now(), trouble=trouble)
        self._store.put(call)
        return str(call["id"])

    def _made_up(self, rng: Random, at: datetime, *, trouble: bool) -> Call:
        client = self._callers.next(rng)
        return new_call(rng, at, zone=self._zone, trouble=trouble, client=client)

    def _times(self) -> Call:
        at = self.now().astimezone(self._zone)
        return {
            "call_date": f"{at:%Y-%m-%d}",
            "call_time": f"{at:%H:%M:%S}",
            "synced_at": f"{at:{MOMENT}}",
            "modified_at": f"{at:{MOMENT}}",
        }

    # ── over HTTP ──────────────────────────────────────────────────────────

    def _routes(self) -> Starlette:
        post = ["POST"]
        return Starlette(
            routes=[
                Route(f"{self.prefix}/call-log/history", self._history, methods=post),
                Route(f"{self.prefix}/call-log/get", self._get, methods=post),
                Route("/sandbox/calls", self._add, methods=post),
            ]
        )

    async def _add(self, request: Request) -> Response:
        for record in await request.json():
            self.add(record)
        return Response(status_code=204)

    async def _history(self, request: Request) -> Response:
        return await self._answer(request, rules.HISTORY, self._page)

    async def _get(self, request: Request) -> Response:
        return await self._answer(request, rules.GET, self._by_ids)

    async def _answer(
        self,
        request: Request,
        allowed: frozenset[str],
        answer: Callable[[rules.Body], bytes],
    ) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            body = rules.attributes(_json(await request.body()), allowed)
            return Response(answer(body), media_type="application/json")
        except rules.RefusedError as error:
            return _refused(400, str(error))

    def _refusal(self, request: Request) -> Response | None:
        """Refuse whoever may not ask, or not now."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _refused(401, _UNAUTHORIZED)
        if self.moods.expired:
            return _refused(403, _EXPIRED)
        wait = self._seconds_too_early()
        if wait > 0:
            return _refused(429, _TOO_FAST, self._retry_after(wait))
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return _refused(400, _BAD_TYPE)
        return None

    def _seconds_too_early(self) -> float:
        """Measure the distance from the last request that was not too early."""
        now, last = self.now(), self._accepted
        early = self.seconds_per_request - (now - last).total_seconds() if last else 0
        if early <= 0:
            self._accepted = now
        return early

    def _retry_after(self, wait: float) -> dict[str, str]:
        match self.moods.retry_after:
            case "seconds":
                return {"retry-after": str(math.ceil(wait))}
            case "date":
                at = self.now().astimezone(UTC) + timedelta(seconds=wait + 1)
                return {"retry-after": format_datetime(at, usegmt=True)}
            case "none":
                return {}

    def _page(self, body: rules.Body) -> bytes:
        known = {
            "emp_numbers": self._store.emp_numbers,
            "emp_tags": self._store.emp_tags,
        }
        paged = rules.history(body, **known)
        found = self._store.find(paged.query)
        rows = self._sent(self._cut(found, paged))
        return _success(
            rows, total_records=len(found), page_no=paged.number, page_size=paged.size
        )

    def _cut(self, found: Sequence[str], paged: rules.Paged) -> Sequence[str]:
        repeated = _used(self.moods.repeats, paged.number)
        start = (paged.number - 1 - repeated) * paged.size
        ids = found[start : start + paged.size]
        return ids[: len(ids) // 2] if _used(self.moods.shortens, paged.number) else ids

    def _by_ids(self, body: rules.Body) -> bytes:
        return _success(self._sent(rules.unique_ids(body)))

    def _sent(self, ids: Iterable[str]) -> list[bytes]:
        rows = self._store.sent(ids)
        return [_text_duration(r) for r in rows] if self.moods.text_durations else rows


def _documented(fields: Mapping[str, object]) -> Call:
    """Return the fields; KeyError if the document does not have them all."""
    unknown = sorted(set(fields).difference(FIELDS))
    if unknown:
        raise KeyError(*unknown)
    return dict(fields)


def _json(body: bytes) -> object:
    """Parse a body; one that cannot be parsed is nothing that is documented."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _refused(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    return JSONResponse({"result": None, "message": message}, status, headers)


def _success(rows: list[bytes], **counts: int) -> bytes:
    rest = json.dumps({"message": "Success"} | counts).encode()
    return b'{"result": [' + b", ".join(rows) + b"], " + rest[1:]


def _used(times: Counter[int], page: int) -> bool:
    """Count one use of a mood, if there is one left for this page."""
    left = times[page] > 0
    times[page] -= left
    return left


def _text_duration(row: bytes) -> bytes:
    call = json.loads(row)
    return json.dumps(call | {"duration": str(call["duration"])}).encode()
