"""The side doors of the sandbox, through which another process changes its data."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Put = Callable[[Mapping[str, object]], int]
Subscribe = Callable[[str, str, str], None]

WRONG: Final = (AttributeError, KeyError, TypeError, ValueError)
"""What a body that is not as it should be leads to."""


def routes(put: Put, subscribe: Subscribe) -> list[Route]:
    """Return the routes: ``put`` takes a call and returns its id.

    POST ``/sandbox/calls``: a list of calls, answered with their ids. PUT
    ``/sandbox/subscription``: ``url``, ``username`` and ``password``.
    """

    async def calls(request: Request) -> Response:
        try:
            return JSONResponse([put(call) for call in await request.json()])
        except WRONG as error:
            return JSONResponse({"message": f"{error!r}"}, 400)

    async def subscription(request: Request) -> Response:
        try:
            to = await request.json()
            subscribe(to["url"], to["username"], to["password"])
        except WRONG as error:
            return JSONResponse({"message": f"{error!r}"}, 400)
        return Response(status_code=204)

    return [
        Route("/sandbox/calls", calls, methods=["POST"]),
        Route("/sandbox/subscription", subscription, methods=["PUT"]),
    ]
