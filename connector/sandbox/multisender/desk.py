"""How a request is let in, understood and answered, whatever it asks for.

Source: Multisender API: Accept, Content-Type and the three ways to pass the token.
The statuses of refusals are *ours*: the document has none.
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from connector.sandbox.multisender.fields import RefusedError
from connector.sandbox.multisender.moods import Moods
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.operations import (
    JSON_TYPE,
    Answer,
    Asked,
    Operation,
)
from connector.sandbox.multisender.shapes import encoded
from connector.sandbox.multisender.uploads import Part, parts

TOKEN_HEADERS: Final = ("x-access-token", "x-authentication-token")
"""The text names the first; the tables of half of the operations the second."""
TOKEN: Final = "access_token"  # noqa: S105 - a parameter's name
WRITING: Final = frozenset({"POST", "PUT"})

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Serves operations of an office to whoever has the owner's or a user's token."""

    office: Office
    token: str
    prefix: str

    def app(
        self, operations: Iterable[Operation], administration: Iterable[BaseRoute]
    ) -> Starlette:
        """Return the app; the administration needs no token."""
        routes = [
            Route(f"{self.prefix}/{one.path}", self._serve(one), methods=[one.method])
            for one in operations
        ]
        handlers = {HTTPException: self._nowhere}
        return Starlette(routes=[*routes, *administration], exception_handlers=handlers)

    def _serve(self, operation: Operation) -> Endpoint:
        async def serve(request: Request) -> Response:
            body = await request.body()
            with self.office.lock:
                try:
                    self.office.catch_up()
                    asked = self._let_in(operation, request, body)
                    return self._answered(request, operation.act(asked))
                except RefusedError as error:
                    return refused(error.status, str(error), self.office.moods)

        return serve

    def _let_in(self, operation: Operation, request: Request, body: bytes) -> Asked:
        """Return what is asked for; RefusedError for whoever may not ask."""
        if not _only(request, "accept", JSON_TYPE):
            raise RefusedError(406, f"Accept must be {JSON_TYPE}")
        if not _only(request, "content-type", operation.media):
            raise RefusedError(415, f"Content-Type must be {operation.media}")
        asked = _asked(operation, request, body)
        if operation.needs_token and not self._is_known(request, asked):
            raise RefusedError(401, "A valid access token is required")
        return asked

    def _is_known(self, request: Request, asked: Asked) -> bool:
        """Tell whether any of the tokens given is one of ours."""
        given = [request.headers.get(name) for name in TOKEN_HEADERS]
        given += [request.query_params.get(TOKEN), asked.token]
        users = self.office.tables["subusers"]
        return any(
            token == self.token or users.find("authToken", token) is not None
            for token in given
            if token
        )

    def _answered(self, request: Request, answer: Answer) -> Response:
        place = f"{request.url.scheme}://{request.url.netloc}{self.prefix}"
        there = answer.location
        headers = {} if there is None else {"location": f"{place}/{there}"}
        if answer.content is None:
            return Response(status_code=answer.status, headers=headers)
        ready = isinstance(answer.content, bytes)
        content = answer.content if ready else encoded(answer.content)
        return Response(content, answer.status, headers, media_type=JSON_TYPE)

    async def _nowhere(self, _: Request, error: Exception) -> Response:
        known = error if isinstance(error, HTTPException) else HTTPException(500)
        return refused(known.status_code, known.detail, self.office.moods)


def refused(status: int, message: str, moods: Moods) -> Response:
    """Answer with an error; the shapes of its body are *ours*."""
    match moods.refusals:
        case "json":
            body = encoded({"message": message})
            return Response(body, status, media_type=JSON_TYPE)
        case "text":
            return PlainTextResponse(message, status)
        case "empty":
            return Response(status_code=status)


def _only(request: Request, header: str, media: str) -> bool:
    """Tell whether the header names this media type and no other."""
    named = request.headers.get(header, "").lower().split(",")
    return {one.split(";")[0].strip() for one in named} == {media}


def _asked(operation: Operation, request: Request, body: bytes) -> Asked:
    form = parts(request.headers["content-type"], body) if _form(operation) else []
    content = _json(body) if operation.method in WRITING and not form else None
    return Asked(
        ids=request.path_params,
        query=request.query_params,
        body=content,
        parts=form,
        token=_posted_token(operation, content, form),
    )


def _form(operation: Operation) -> bool:
    return operation.media != JSON_TYPE


def _json(body: bytes) -> object:
    """Parse a body; *ours*: none at all is None."""
    try:
        return json.loads(body) if body.strip() else None
    except ValueError:
        raise RefusedError(400, "The body must be JSON") from None


def _posted_token(operation: Operation, body: object, form: list[Part]) -> str | None:
    """Take the token out of a POST; *ours*: a member of the JSON or a form's field."""
    if operation.method != "POST":
        return None
    if isinstance(body, dict):
        found = body.pop(TOKEN, None)
        return found if isinstance(found, str) else None
    given = (part.content for part in form if part.name == TOKEN)
    return next((token.decode(errors="replace") for token in given), None)
