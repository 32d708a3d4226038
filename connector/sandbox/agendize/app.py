"""The sandbox's Agendize: the calls of an account, its watches and its moods.

Source: Agendize Calls API 2.0, and Agendize API, "Authentication".
"""

import json
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, cast
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.clock import SystemClock
from connector.sandbox.agendize import answers, rules
from connector.sandbox.agendize.calls import FIELDS, Call, new_call, recording
from connector.sandbox.agendize.cursors import Cursors
from connector.sandbox.agendize.delivery import Attempt
from connector.sandbox.agendize.kinds import RefusedError
from connector.sandbox.agendize.lister import Lister
from connector.sandbox.agendize.moods import Moods
from connector.sandbox.agendize.store import Store, Stored
from connector.sandbox.agendize.watches import Watch, Watches
from connector.sandbox.faults import Faults, with_faults

LATE_RECORDINGS: Final = 30
"""How many of the latest calls may still get their recording."""
LATE_ONE_IN: Final = 4

_BLANK: Final[Call] = {"callerNumber": "", "calledNumber": "", "status": "completed"}

Act = Callable[[Request], Awaitable[Response]]


@dataclass(kw_only=True, eq=False)
class AgendizeSandbox:
    """An Agendize account with calls in it; ``app`` is what `Server` serves.

    ``token`` and ``api_key`` together let in, and ``oauth_token`` alone does.
    ``zone`` is the company's. ``now`` is when a call is that is added without its
    start. With ``people`` the calls that are made up are with the first so many of
    `connector.sandbox.population`.
    """

    token: str = "agendize-sandbox-token"  # noqa: S105 - opens only the sandbox
    api_key: str = "agendize-sandbox-key"
    oauth_token: str = "agendize-sandbox-oauth"  # noqa: S105 - opens only the sandbox
    prefix: str = "/api/2.0"
    zone: str = "Asia/Kolkata"
    now: Callable[[], datetime] = SystemClock().now
    people: int = 0
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Open the account."""
        self._zone = ZoneInfo(self.zone)
        self._store = Store(self._zone)
        self._cursors = Cursors()
        self._watches = Watches()
        self._unrecorded: deque[str] = deque(maxlen=LATE_RECORDINGS)
        self.app = with_faults(self._routes(), self.faults)

    def __len__(self) -> int:
        return len(self._store)

    @property
    def calls(self) -> Sequence[Call]:
        """All calls, by when they start."""
        return self._store.records()

    def add(self, record: Mapping[str, object]) -> Call:
        """Add a call, or replace the one with its id; return it.

        What is missing is now, completed, and without numbers. KeyError with a
        field that the document does not have.
        """
        given = _documented(record)
        start = {"start": self._now() | _start({"start": {}} | given)}
        call = {"id": secrets.token_hex(8)} | _BLANK | given | start
        ordered = {name: call[name] for name in FIELDS if name in call}
        return self._told(self._store.put(ordered))

    def change(self, call_id: str, **fields: object) -> Call:
        """Change a call and return it; KeyError if no such call, or field."""
        return self._told(self._store.change(call_id, _documented(fields)))

    def remove(self, call_id: str) -> None:
        """Delete a call; KeyError where there is none."""
        removed = self._store.remove(call_id)
        with suppress(ValueError):
            self._unrecorded.remove(call_id)
        status = {"status": answers.DELETED} if self.moods.deleted == "status" else {}
        gone = json.loads(self._sent(removed)) | status
        self._watches.tell(call_id, json.dumps(gone).encode(), self.moods.deliveries)

    def load(self, count: int, *, seed: int = 1, days: float = 7) -> None:
        """Make up ``count`` calls of the last ``days``; nobody is told.

        The same ``seed`` makes the same ids.
        """
        rng = Random(seed)  # noqa: S311 - repeatable, not secret
        ages = (timedelta(days=days * rng.random()) for _ in range(count))
        made = (new_call(rng, self.now() - age, self.people) for age in ages)
        self._store.load(call | recording(rng, call) for call in made)

    def arrive(self, rng: Random) -> str:
        """Let a made-up call end now, or an earlier one be recorded; return its id."""
        if self._unrecorded and rng.randrange(LATE_ONE_IN) == 0:
            call_id = self._unrecorded.popleft()
            self.change(call_id, **recording(rng, self._store.get(call_id).record))
            return call_id
        call_id = str(self.add(new_call(rng, self.now(), self.people))["id"])
        self._unrecorded.append(call_id)
        return call_id

    def expire_tokens(self) -> None:
        """Refuse every sync token and page token given until now."""
        self._cursors.expire()

    @property
    def watches(self) -> Sequence[Watch]:
        """Who is told of changes, as they asked for it."""
        return self._watches.all()

    def unwatch(self, watch_id: str) -> None:
        """Forget a watch; harmless where there is none."""
        self._watches.remove(watch_id)

    @property
    def attempts(self) -> Sequence[Attempt]:
        """How every delivery to a watch went, oldest first."""
        return tuple(self._watches.postman.attempts)

    @property
    def failures(self) -> Sequence[Attempt]:
        """The deliveries that were not taken."""
        return [attempt for attempt in self.attempts if attempt.failed]

    def settle(self, seconds: float = 10) -> bool:
        """Wait until all deliveries are made; whether it was within so long."""
        return self._watches.postman.settle(seconds)

    def _now(self) -> dict[str, str]:
        here = self.now().astimezone(self._zone)
        return {"dateTime": f"{here:%Y-%m-%dT%H:%M:%S}", "timeZone": self.zone}

    def _sent(self, stored: Stored) -> bytes:
        return answers.sent(stored, self.moods, self._zone)

    def _told(self, stored: Stored) -> Call:
        """Tell the watches of a call as it now is, and return it."""
        call_id = str(stored.record["id"])
        self._watches.tell(call_id, self._sent(stored), self.moods.deliveries)
        return dict(stored.record)

    # ── over HTTP ──────────────────────────────────────────────────────────

    def _routes(self) -> Starlette:
        calls, call = f"{self.prefix}/calls", f"{self.prefix}/calls/{{id}}"
        by_hand = "/sandbox/calls"
        table: tuple[tuple[str, str, Act], ...] = (
            ("GET", calls, self._list),
            ("POST", calls, self._insert),
            ("POST", f"{calls}/watch", self._watch),
            ("GET", call, self._get),
            ("PUT", call, self._update),
            ("DELETE", call, self._delete),
        )
        routes = [
            Route(path, self._guarded(act), methods=[method], name=f"{method} {path}")
            for method, path, act in table
        ]
        routes += [
            Route(by_hand, self._add_by_hand, methods=["POST"]),
            Route(f"{by_hand}/{{id}}", self._change_by_hand, methods=["PATCH"]),
            Route(f"{by_hand}/{{id}}", self._remove_by_hand, methods=["DELETE"]),
            Route("/sandbox/deliveries", self._list_attempts, methods=["GET"]),
        ]
        return Starlette(routes=routes)

    def _guarded(self, act: Act) -> Act:
        """Let in who may, and say what is wrong with what they ask."""

        async def endpoint(request: Request) -> Response:
            try:
                self._let_in(request)
                return await act(request)
            except RefusedError as error:
                inner = {"code": error.status, "message": str(error)}
                return JSONResponse({"error": inner}, error.status)

        return endpoint

    def _let_in(self, request: Request) -> None:
        """Refuse who may not; older pages of the vendor spell two things otherwise."""
        headers = request.headers
        key = headers.get("apikey", request.query_params.get("apiKey"))
        bearer = headers.get("authorization", headers.get("authentication"))
        partner = (headers.get("token"), key) == (self.token, self.api_key)
        if not partner and bearer != f"Bearer {self.oauth_token}":
            message = "The token or the API key is not valid."
            raise RefusedError(message, 401)

    async def _list(self, request: Request) -> Response:
        listing = rules.listing(request.query_params, self.moods.dates)
        lister = Lister(self._store, self._cursors, self.moods, self._zone)
        return _json(lister.answer(listing))

    async def _get(self, request: Request) -> Response:
        return _json(self._sent(self._stored(request)))

    async def _insert(self, request: Request) -> Response:
        given = rules.call(_parsed(await request.body()), new=True)
        return self._answered(self.add(given))

    async def _update(self, request: Request) -> Response:
        old = self._stored(request).record
        given = rules.call(_parsed(await request.body()), new=False)
        if "start" in given:
            given["start"] = {**_start(old), **_start(given)}
        return self._answered(self.change(str(old["id"]), **given))

    async def _delete(self, request: Request) -> Response:
        self.remove(str(self._stored(request).record["id"]))
        return Response(status_code=204)

    async def _watch(self, request: Request) -> Response:
        asked = rules.watch(_parsed(await request.body()))
        return JSONResponse(self._watches.add(asked))

    def _stored(self, request: Request) -> Stored:
        try:
            return self._store.get(request.path_params["id"])
        except KeyError as error:
            message = f"There is no call {error}."
            raise RefusedError(message, 404) from error

    def _answered(self, call: Call) -> Response:
        return _json(self._sent(self._store.get(str(call["id"]))))

    # ── by hand ────────────────────────────────────────────────────────────

    async def _add_by_hand(self, request: Request) -> Response:
        return JSONResponse([self.add(record) for record in await request.json()])

    async def _change_by_hand(self, request: Request) -> Response:
        call_id = request.path_params["id"]
        return JSONResponse(self.change(call_id, **await request.json()))

    async def _remove_by_hand(self, request: Request) -> Response:
        self.remove(request.path_params["id"])
        return Response(status_code=204)

    async def _list_attempts(self, _: Request) -> Response:
        return JSONResponse([asdict(attempt) for attempt in self.attempts])


def _documented(fields: Mapping[str, object]) -> Call:
    """Return the fields; KeyError if the document does not have them all."""
    unknown = sorted(set(fields).difference(FIELDS))
    if unknown:
        raise KeyError(*unknown)
    return dict(fields)


def _start(call: Mapping[str, object]) -> dict[str, str]:
    return cast("dict[str, str]", call["start"])


def _parsed(body: bytes) -> object:
    """Parse a body; one that cannot be parsed is nothing that is documented."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
