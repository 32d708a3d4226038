"""The Manager API: the calls and the agents of an account, page by page."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.ccai.account import Account, Agent
from connector.sandbox.ccai.listing import AGENTS, CALLS, Paged, chosen, headers, paged
from connector.sandbox.ccai.moments import stamp
from connector.sandbox.ccai.moods import Moods, rewritten
from connector.sandbox.ccai.store import Store

AVAILABLE: Final = {"id": 1, "wfm_id": 1, "name": "Available", "color": "#2EB82E"}
AWAY: Final = {"id": 2, "wfm_id": 2, "name": "Unavailable", "color": "#CC0000"}


class ManagerApi:
    """What a supervisor's system may read of an account."""

    def __init__(
        self,
        account: Account,
        store: Store,
        moods: Callable[[], Moods],
        now: Callable[[], datetime],
        touch: Callable[[Iterable[int]], None],
    ) -> None:
        """``touch`` changes calls just after they were sent, where that is the mood."""
        self._account, self._store, self._moods = account, store, moods
        self._since, self._touch = now(), touch

    def routes(self, base: str) -> list[Route]:
        """Return the routes below ``base``."""
        return [
            Route(f"{base}/calls", self._calls, methods=["GET"]),
            Route(f"{base}/agents", self._agents, methods=["GET"]),
        ]

    async def _calls(self, request: Request) -> Response:
        params = request.query_params.multi_items()
        page = paged(params, CALLS, self._moods().largest_page)
        found = self._store.find(page.selection)
        keys = found[page.cut(found)]
        answer = self._answer(request, page, len(found), self._store.sent(keys))
        self._move(page.number, [call_id for _, call_id in keys])
        return answer

    async def _agents(self, request: Request) -> Response:
        params = request.query_params.multi_items()
        page = paged(params, AGENTS, self._moods().largest_page)
        shown = (shown_agent(a, self._since) for a in self._account.agents.values())
        found = chosen(shown, page.selection)
        rows = [json.dumps(row).encode() for row in found[page.cut(found)]]
        return self._answer(request, page, len(found), rows)

    def _answer(
        self, request: Request, page: Paged, total: int, rows: list[bytes]
    ) -> Response:
        moods = self._moods()
        sent = rows if moods.plain else [rewritten(row, moods) for row in rows]
        body = b"[" + b", ".join(sent) + b"]"
        url = str(request.url.replace(query=""))
        told = headers(url, request.query_params.multi_items(), page, total)
        names = TOLD[moods.paging]
        shown = {name: text for name, text in told.items() if name in names}
        return Response(body, media_type="application/json", headers=shown)

    def _move(self, page: int, ids: list[int]) -> None:
        """Change the first calls of a page, where that is the mood, once."""
        count = self._moods().moves.pop(page, 0)
        if not count:
            return
        with self._store.lock:
            self._touch([i for i in ids if i in self._store][:count])


TOLD: Final = {
    "link": {"Link", "Total", "Per-Page"},
    "total": {"Total"},
    "none": set[str](),
}
"""Which headers a page has; each is that of some revision of the document."""


def shown_agent(agent: Agent, since: datetime) -> dict[str, object]:
    """Return an agent as the Manager API does; ours: ``name``."""
    seen = stamp(since)
    return {
        "id": agent.id,
        "email": agent.email,
        "created_at": stamp(since - timedelta(days=365)),
        "last_login_time": seen if agent.available else None,
        "name": agent.name,
        "first_name": agent.first_name,
        "middle_name": None,
        "last_name": agent.last_name,
        "avatar_url": agent.avatar_url,
        "agent_number": agent.agent_number,
        "status": AVAILABLE if agent.available else AWAY,
        "status_updated_at": seen,
        "crm_authenticated": True,
        "online": agent.available,
        "wrap_up": False,
        "call_count": 0,
        "chat_count": 0,
        "location": None,
        "roles": ["agent"],
        "teams": [],
        "channels": [],
    }
