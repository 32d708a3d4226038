"""The office by hand over HTTP, under /sandbox/, for other processes."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.multisender.dialling import KINDS, Ring
from connector.sandbox.multisender.fields import RefusedError
from connector.sandbox.multisender.hands import Hands

Act = Callable[[Request, Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What each path does; an answer of None has no body."""

    hands: Hands
    rng: Random

    def records(self, request: Request, _: object) -> object:
        return self.hands.records(request.path_params["name"])

    def add(self, request: Request, body: dict[str, object]) -> object:
        return self.hands.add(request.path_params["name"], body)

    def change(self, request: Request, body: dict[str, object]) -> object:
        where = request.path_params
        return self.hands.change(where["name"], where["id"], body)

    def remove(self, request: Request, _: object) -> None:
        where = request.path_params
        self.hands.remove(where["name"], where["id"])

    def ring(self, request: Request, body: dict[str, Any]) -> None:
        where = request.path_params
        account_id = int(body.pop("accountId"))
        result = Ring(**body)
        self.hands.ring(KINDS[where["kind"]], where["id"], account_id, result)

    def arrive(self, _: Request, __: object) -> object:
        return {"path": self.hands.arrive(self.rng)}

    def webhooks(self, _: Request, __: object) -> object:
        return [asdict(one) for one in self.hands.office.postman.deliveries()]


def routes(hands: Hands) -> list[Route]:
    """Return the routes of the administration.

    A ring's body is ``accountId`` and what `Ring` has. Answers 400 with a message
    to what can't be done.
    """
    desk = _Desk(hands=hands, rng=Random(1))  # noqa: S311 - repeatable, not secret
    table: tuple[tuple[str, str, Act], ...] = (
        ("GET", "/sandbox/webhooks", desk.webhooks),
        ("POST", "/sandbox/arrivals", desk.arrive),
        ("POST", "/sandbox/rings/{kind}/{id:int}", desk.ring),
        ("GET", "/sandbox/records/{name:path}", desk.records),
        ("POST", "/sandbox/records/{name:path}", desk.add),
        ("PATCH", "/sandbox/records/{name:path}/{id:int}", desk.change),
        ("DELETE", "/sandbox/records/{name:path}/{id:int}", desk.remove),
    )
    return [Route(path, _told(act), methods=[method]) for method, path, act in table]


def _told(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = await request.json() if await request.body() else {}
            content = act(request, body)
        except (RefusedError, KeyError, TypeError, ValueError) as error:
            return JSONResponse({"message": f"{type(error).__name__}: {error}"}, 400)
        return Response(status_code=204) if content is None else JSONResponse(content)

    return answer
