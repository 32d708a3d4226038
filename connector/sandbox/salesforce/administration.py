"""The org by hand over HTTP, under /sandbox/, for other processes and for people."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.salesforce.hands import Hands
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.page import page

Act = Callable[[Request], Awaitable[Response]]


def routes(org: Org, hands: Hands) -> list[Route]:
    """Return the routes of the administration."""
    desk = _Desk(org, hands)
    table: tuple[tuple[str, str, Act], ...] = (
        ("GET", "/sandbox/", desk.show),
        ("GET", "/sandbox/records/{object}", desk.rows),
        ("POST", "/sandbox/records/{object}", desk.add),
        ("PATCH", "/sandbox/records/{id}", desk.change),
        ("DELETE", "/sandbox/records/{id}", desk.delete),
        ("POST", "/sandbox/records/{winner}/merge/{loser}", desk.merge),
        ("POST", "/sandbox/leads/{id}/convert", desk.convert),
        ("POST", "/sandbox/users/{id}/activate", desk.activate),
        ("POST", "/sandbox/picklists", desk.add_choice),
    )
    return [
        Route(path, _told(act), methods=[method], name=f"{method} {path}")
        for method, path, act in table
    ]


def _told(act: Act) -> Act:
    """Answer 400 to what can't be done."""

    async def endpoint(request: Request) -> Response:
        try:
            return await act(request)
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            return JSONResponse({"message": f"not known: {error}"}, 400)

    return endpoint


class _Desk:
    def __init__(self, org: Org, hands: Hands) -> None:
        self._org = org
        self._hands = hands

    async def show(self, _: Request) -> Response:
        return HTMLResponse(page(self._org))

    async def rows(self, request: Request) -> Response:
        deleted = request.query_params.get("deleted") == "true"
        name = request.path_params["object"]
        return JSONResponse(self._hands.rows(name, deleted=deleted))

    async def add(self, request: Request) -> Response:
        name = request.path_params["object"]
        return JSONResponse({"id": self._hands.add(name, await request.json())}, 201)

    async def change(self, request: Request) -> Response:
        self._hands.change(request.path_params["id"], await request.json())
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        self._hands.change(request.path_params["id"], {"IsDeleted": True})
        return Response(status_code=204)

    async def merge(self, request: Request) -> Response:
        params = request.path_params
        self._hands.merge(params["winner"], params["loser"])
        return Response(status_code=204)

    async def convert(self, request: Request) -> Response:
        """Take ``{"opportunity": false}``, or no body; answer with the ids."""
        told = await request.json() if await request.body() else {}
        wanted = bool(told.get("opportunity", True))
        found = self._hands.convert(request.path_params["id"], opportunity=wanted)
        return JSONResponse(asdict(found), 201)

    async def activate(self, request: Request) -> Response:
        self._hands.change(request.path_params["id"], {"IsActive": True})
        return Response(status_code=204)

    async def add_choice(self, request: Request) -> Response:
        body = await request.json()
        with self._org.lock:
            shape = self._org.store.tables[body["object"]].object
            self._org.reshape(shape.with_choice(body["field"], body["value"]))
        return Response(status_code=204)
