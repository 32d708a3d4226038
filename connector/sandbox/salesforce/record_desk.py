"""A stand-in for the record page, over HTTP under /sandbox/: the records of an object,
one record with its Call button, and what the button asks of the org."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.salesforce.button import Button, PressRefusedError
from connector.sandbox.salesforce.nudge import aside
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.record_page import list_page, record_page

BAD_REQUEST, CREATED = 400, 201
Act = Callable[[Request], Awaitable[Response]]


def routes(org: Org, button: Button) -> list[Route]:
    """Return the routes of the pages and of the button."""
    desk = _RecordDesk(org, button)
    table: tuple[tuple[str, str, Act], ...] = (
        ("GET", "/sandbox/list/{object}", desk.browse),
        ("GET", "/sandbox/record/{id}", desk.show),
        ("GET", "/sandbox/record/{id}/panel", desk.open),
        ("POST", "/sandbox/record/{id}/press", desk.press),
        ("GET", "/sandbox/requests/{task}", desk.look),
        ("POST", "/sandbox/requests/{task}/nudge", desk.nudge),
    )
    return [
        Route(path, _told(act), methods=[method], name=f"{method} {path}")
        for method, path, act in table
    ]


def _told(act: Act) -> Act:
    """Answer 400 with the words for the agent where something can't be done."""

    async def endpoint(request: Request) -> Response:
        try:
            return await act(request)
        except PressRefusedError as refused:
            return JSONResponse({"message": str(refused)}, BAD_REQUEST)
        except (KeyError, AttributeError, json.JSONDecodeError) as error:
            return JSONResponse({"message": f"not known: {error}"}, BAD_REQUEST)

    return endpoint


class _RecordDesk:
    def __init__(self, org: Org, button: Button) -> None:
        self._org = org
        self._button = button

    async def browse(self, request: Request) -> Response:
        return HTMLResponse(list_page(self._org, request.path_params["object"]))

    async def show(self, request: Request) -> Response:
        return HTMLResponse(record_page(self._org, request.path_params["id"]))

    async def open(self, request: Request) -> Response:
        """Take ``?by=`` a user's id; answer with the numbers and what is under way."""
        by = request.query_params.get("by")
        panel = self._button.open(request.path_params["id"], by)
        return JSONResponse(asdict(panel))

    async def press(self, request: Request) -> Response:
        """Take ``{"number": …, "by": …}``, each of which may be left out, or no body."""
        told = await request.json() if await request.body() else {}
        record = request.path_params["id"]
        asked = self._button.press(record, told.get("number"), told.get("by"))
        return JSONResponse(asdict(asked), CREATED)

    async def look(self, request: Request) -> Response:
        """Answer with how it stands, or null where the task is gone."""
        asked = self._button.look(request.path_params["task"])
        return JSONResponse(asked and asdict(asked))

    async def nudge(self, request: Request) -> Response:
        """Tell the connector; answer with whether it heard."""
        task = request.path_params["task"]
        return JSONResponse({"heard": await aside(lambda: self._button.nudge(task))})
