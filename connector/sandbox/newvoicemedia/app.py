"""The sandbox's NewVoiceMedia: one call request, its tokens and its moods.

Source: NewVoiceMedia API, "Request a call", and Vonage Contact Center,
"Authentication API" and "Rate limiting".
"""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.clock import SystemClock
from connector.sandbox.faults import Faults, with_faults
from connector.sandbox.newvoicemedia import rules, versions
from connector.sandbox.newvoicemedia.answers import created, location
from connector.sandbox.newvoicemedia.exchange import (
    EXAMPLES,
    TEAM,
    Agent,
    Dial,
    Exchange,
)
from connector.sandbox.newvoicemedia.limit import Limit
from connector.sandbox.newvoicemedia.tokens import OAuthRefusedError, TokenDesk

FORM: Final = "application/x-www-form-urlencoded"
_BAD_TOKEN: Final = "The access token is invalid or has expired"  # noqa: S105 - a message
_BAD_TYPE: Final = "The requested resource does not support content type '%s'."
_NO_ACCOUNT: Final = "There is no such account"
"""Ours, with its 404."""
_TOO_MANY: Final = "Too many requests"
"""Ours; only the status is documented."""
CONVERSATION: Final = (30, 600)
"""Seconds, the shortest and the longest, of a call that somebody else began."""


@dataclass(slots=True, kw_only=True)
class Moods:
    """What the real one does on bad days, or differently from what it says.

    ``ccxml``: the account may place calls. ``refusals`` each refuse one call in
    these words. ``instead``: each answers one call, which was dialled, with this
    status and body. ``limit``: that many requests in ``limit_seconds``, tokens
    included, get through, the rest get 429, with ``retry_after`` where it is told.
    ``scope``: a token request must ask for this one; any will do where it is None.
    ``accept_only``: only the Accept header says a version. ``too_old``: what a
    request says that needs a later version. ``echo``: answers say who calls whom
    as the document's examples do, or as it was asked.
    """

    ccxml: bool = True
    refusals: deque[str] = field(default_factory=deque)
    instead: deque[tuple[int, str]] = field(default_factory=deque)
    limit: int | None = None
    limit_seconds: float = 60
    retry_after: str | None = None
    scope: str | None = None
    accept_only: bool = False
    too_old: Literal["refuse", "ignore"] = "refuse"
    echo: Literal["document", "asked"] = "document"


@dataclass(kw_only=True, eq=False)
class NewVoiceMediaSandbox:
    """An account whose agents are the team; ``app`` is what `Server` serves.

    ``prefix`` is the path of the URL setting, before ``/v0`` and ``/Auth``.
    ``linked_account`` is the account key in the links of answers, which in the
    document is another than in the request. A token is good for ``token_seconds``
    of the clock ``now``. A call keeps its agents busy for ``call_seconds``.
    ``invalid`` numbers are refused. ``examples`` adds the document's own agents.
    """

    account_key: str = "a1b2c3d4e5"
    linked_account: str = "t0te2h4rrrp"
    client_id: str = "newvoicemedia-sandbox-client"
    client_secret: str = "newvoicemedia-sandbox-secret"  # noqa: S105 - opens only the sandbox
    prefix: str = ""
    now: Callable[[], datetime] = SystemClock().now
    token_seconds: float = 7200
    call_seconds: float = 0
    invalid: set[str] = field(default_factory=set)
    examples: bool = False
    moods: Moods = field(default_factory=Moods)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Open the account."""
        client = (self.client_id, self.client_secret)
        self._desk = TokenDesk(client=client, seconds=self.token_seconds, now=self.now)
        self._exchange = Exchange(
            now=self.now, call_seconds=self.call_seconds, invalid=self.invalid
        )
        self._exchange.hire((*(EXAMPLES if self.examples else ()), *TEAM))
        self._limit = Limit(self.now)
        self.app = with_faults(self._routes(), self.faults)

    @property
    def dials(self) -> Sequence[Dial]:
        """Every call that was dialled, oldest first, whatever was answered."""
        return self._exchange.dials

    @property
    def agents(self) -> Sequence[Agent]:
        """Everybody who can be called for."""
        return self._exchange.agents

    def hire(self, *agents: Agent) -> None:
        """Add agents, or replace those with their ids."""
        self._exchange.hire(agents)

    def occupy(self, agent_id: str, seconds: float | None = None) -> None:
        """Put an agent on the phone, for so long or until freed; KeyError if none."""
        self._exchange.occupy(agent_id, seconds)

    def free(self, agent_id: str) -> None:
        """Let an agent hang up; harmless where they are not on the phone."""
        self._exchange.free(agent_id)

    def arrive(self, rng: Random) -> str:
        """Let one of the team take a call that nobody dialled here; return the id."""
        agent = rng.choice(TEAM)
        self.occupy(agent.agent_id, rng.uniform(*CONVERSATION))
        return agent.agent_id

    def issue(self) -> str:
        """Return a new token without a request."""
        return self._desk.issue()

    def expire_tokens(self) -> None:
        """Let every token expire."""
        self._desk.end_all()

    # ── over HTTP ──────────────────────────────────────────────────────────

    def _routes(self) -> Starlette:
        token = "/Auth/connect/token"  # noqa: S105 - a path
        paths = dict.fromkeys((token, f"{self.prefix}{token}"))
        calls = f"{self.prefix}/{{version}}/{{account}}/calls/"
        app = Starlette(
            routes=[
                *(Route(path, self._token, methods=["POST"]) for path in paths),
                Route(calls, self._call, methods=["POST"]),
                Route("/sandbox/dials", self._list_dials, methods=["GET"]),
                Route("/sandbox/agents", self._list_agents, methods=["GET"]),
                Route("/sandbox/agents", self._change_agents, methods=["POST"]),
            ]
        )
        app.router.redirect_slashes = False
        return app

    async def _token(self, request: Request) -> Response:
        if self._over_limit():
            return self._too_many()
        kind, _ = versions.media_type(request.headers.get("content-type", ""))
        if kind != FORM:
            return _refused(415, _BAD_TYPE % kind)
        form = dict(parse_qsl((await request.body()).decode(errors="replace")))
        authorization = request.headers.get("authorization", "")
        try:
            granted = self._desk.grant(form, authorization, self.moods.scope)
        except OAuthRefusedError as error:
            return JSONResponse(error.body, error.status)
        return JSONResponse(granted, headers={"cache-control": "no-store"})

    async def _call(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            return self._dialled(request, await request.body())
        except rules.RefusedError as error:
            return _refused(400, str(error))
        except versions.NotAcceptableError as error:
            return _refused(406, str(error))

    def _refusal(self, request: Request) -> Response | None:
        """Refuse whoever may not ask, or not now, or not in this way."""
        path, headers = request.path_params, request.headers
        if self._over_limit():
            return self._too_many()
        if not self._desk.good(headers.get("authorization", "")):
            return _refused(401, _BAD_TOKEN)
        known = versions.PATH.fullmatch(path["version"])
        if not known or path["account"] != self.account_key:
            return _refused(404, _NO_ACCOUNT)
        kind, _ = versions.media_type(headers.get("content-type", ""))
        return None if kind == versions.JSON else _refused(415, _BAD_TYPE % kind)

    def _dialled(self, request: Request, body: bytes) -> Response:
        """Place the call that is asked for, and answer."""
        asked = rules.read(_json(body), self._version(request), self.moods.too_old)
        if not self.moods.ccxml:
            raise rules.RefusedError(rules.CCXML_DISABLED)
        if self.moods.refusals:
            raise rules.RefusedError(self.moods.refusals.popleft())
        dial = self._exchange.place(asked)
        if self.moods.instead:
            status, text = self.moods.instead.popleft()
            return Response(text, status, media_type=versions.JSON)
        base = f"{str(request.base_url).rstrip('/')}{self.prefix}"
        said = created(asked, dial, echo=self.moods.echo)
        linked = location(f"{base}/V0", self.linked_account, "Calls", dial)
        links = [{"href": linked, "rel": "_self"}]
        at = location(f"{base}/v0", self.account_key, "calls", dial)
        answer = {"id": dial.id, "links": links} | said
        return JSONResponse(answer, 201, {"location": at})

    def _version(self, request: Request) -> int:
        headers = request.headers
        return versions.asked(
            request.path_params["version"][1:],
            headers.get("accept", ""),
            headers.get("content-type", ""),
            accept_only=self.moods.accept_only,
        )

    def _over_limit(self) -> bool:
        return self._limit.passed(self.moods.limit, self.moods.limit_seconds)

    def _too_many(self) -> Response:
        wait = self.moods.retry_after
        return _refused(429, _TOO_MANY, {"retry-after": wait} if wait else None)

    # ── by hand ────────────────────────────────────────────────────────────

    async def _list_dials(self, _: Request) -> Response:
        dials = [asdict(dial) | {"at": dial.at.isoformat()} for dial in self.dials]
        return JSONResponse(dials)

    async def _list_agents(self, _: Request) -> Response:
        busy = self._exchange.busy
        return JSONResponse(
            [asdict(a) | {"busy": busy(a.agent_id)} for a in self.agents]
        )

    async def _change_agents(self, request: Request) -> Response:
        """Add agents, or change whether they are busy."""
        for agent in await request.json():
            known = {a.agent_id for a in self.agents}
            if agent["agent_id"] not in known:
                self.hire(_agent(agent))
            change = self.occupy if agent.get("busy") else self.free
            change(agent["agent_id"])
        return Response(status_code=204)


def _agent(fields: Mapping[str, Any]) -> Agent:
    groups = tuple(fields.get("groups", ()))
    name = fields.get("name", "")
    return Agent(agent_id=fields["agent_id"], name=name, groups=groups)


def _json(body: bytes) -> object:
    """Parse a body; one that cannot be parsed is no request."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _refused(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    return JSONResponse({"message": message}, status, headers)
