"""Who plays the connector: hears nudges, and does nothing by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.faults import Faults, with_faults

TOKEN = "the-api-token"  # noqa: S105 - opens nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """One nudge as it came."""

    path: str
    headers: Mapping[str, str]
    body: object


@dataclass(eq=False)
class Ear:
    """Serve ``app``; what it hears is in ``heard``, and it answers with ``status``."""

    status: int = 200
    heard: SimpleQueue[Nudged] = field(default_factory=SimpleQueue)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        routes = [Route("/{path:path}", self._hear, methods=["POST"])]
        self.app = with_faults(Starlette(routes=routes), self.faults)

    async def _hear(self, request: Request) -> Response:
        self.heard.put(
            Nudged(
                path=request.url.path,
                headers=dict(request.headers),
                body=await request.json(),
            )
        )
        return Response(status_code=self.status, headers={"location": "/elsewhere"})
