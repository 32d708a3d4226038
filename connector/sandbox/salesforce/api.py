"""The routes of the REST API, and what holds for every one of them."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.salesforce import collection, queries, records
from connector.sandbox.salesforce.auth import OAuthRefusedError, TokenDesk
from connector.sandbox.salesforce.calls import OK, Answer, Call
from connector.sandbox.salesforce.describe import describe, describe_all
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.refusals import RequestRefusedError, not_found

OLDEST_VERSION: Final = 46
"""The first version with upserts of collections."""
LONGEST_URI: Final = 16_384
"""Bytes of a URI, and of a URI with all headers."""
URI_TOO_LONG, HEADERS_TOO_LARGE, NOT_ALLOWED = 414, 431, 405
VERSIONED: Final = "/services/data/{version}/"
METHODS: Final = ["GET", "POST", "PATCH", "PUT", "DELETE"]

Handler = Callable[[Call], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Resource:
    """What one path does, by method: the kind it is counted as, and its handler."""

    path: str
    methods: Mapping[str, tuple[str, Handler]]


def _describe_all(call: Call) -> Answer:
    shapes = (table.object for table in call.org.store.tables.values())
    return Answer(OK, describe_all(shapes, call.data))


def _describe(call: Call) -> Answer:
    return Answer(OK, describe(call.table.object, call.data))


def _limits(call: Call) -> Answer:
    usage = call.org.usage
    daily = {"Max": usage.limit, "Remaining": usage.limit - usage.used}
    return Answer(OK, {"DailyApiRequests": daily})


RESOURCES: Final = (
    Resource(
        "composite/sobjects/{object}/{field}",
        {"PATCH": ("collection upsert", collection.upsert)},
    ),
    Resource(
        "composite/sobjects",
        {
            "POST": ("collection create", collection.create),
            "PATCH": ("collection update", collection.update),
            "DELETE": ("collection delete", collection.delete),
        },
    ),
    Resource("query", {"GET": ("query", queries.query)}),
    Resource("query/{locator}", {"GET": ("query more", queries.more)}),
    Resource("queryAll", {"GET": ("query all", queries.query_all)}),
    Resource("limits", {"GET": ("limits", _limits)}),
    Resource("sobjects", {"GET": ("describe all", _describe_all)}),
    Resource("sobjects/{object}/describe", {"GET": ("describe", _describe)}),
    Resource("sobjects/{object}", {"POST": ("create", records.create)}),
    Resource(
        "sobjects/{object}/{id}",
        {
            "GET": ("read", records.read),
            "PATCH": ("update", records.update),
            "DELETE": ("delete", records.delete),
        },
    ),
    Resource(
        "sobjects/{object}/{field}/{value:path}",
        {
            "GET": ("read by key", records.read_by_key),
            "PATCH": ("upsert", records.upsert),
        },
    ),
    Resource("{rest:path}", {}),
)
"""All resources, below the path of a version; the first that fits is meant."""


def routes(org: Org, desk: TokenDesk) -> list[Route]:
    """Return the routes of the API and of its tokens."""
    found = [Route("/services/oauth2/token", _tokens(org, desk), methods=["POST"])]
    for resource in RESOURCES:
        path, endpoint = VERSIONED + resource.path, _endpoint(org, resource)
        ends = ("",) if path.endswith(":path}") else ("", "/")
        found += [Route(path + end, endpoint, methods=METHODS) for end in ends]
    return found


def _tokens(org: Org, desk: TokenDesk) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        authorization = request.headers.get("authorization", "")
        with org.lock:
            org.calls["token"] += 1
            try:
                return _json(200, desk.grant(form, authorization, _own(request)))
            except OAuthRefusedError as refused:
                return _json(400, refused.body)

    return endpoint


def _endpoint(org: Org, resource: Resource) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        with org.lock:
            answer = _answered(org, resource, request, body)
            usage = f"api-usage={org.usage.used}/{org.usage.limit}"
            return _json(answer.status, answer.body, {"sforce-limit-info": usage})

    return endpoint


def _answered(org: Org, resource: Resource, request: Request, body: bytes) -> Answer:
    try:
        _refuse_too_long(request)
        org.sessions.use(request.headers.get("authorization", ""))
        org.usage.spend()
        kind, handler = _handler(resource, request)
        org.calls[kind] += 1
        return handler(_call(org, request, body))
    except RequestRefusedError as refused:
        return Answer(refused.status, refused.body)


def _call(org: Org, request: Request, body: bytes) -> Call:
    params = request.path_params
    return Call(
        org=org,
        data=f"/services/data/{params['version']}",
        params=params,
        query=request.query_params,
        headers=request.headers,
        body=body,
        trouble=request.scope.get("sandbox.rows"),
    )


def _handler(resource: Resource, request: Request) -> tuple[str, Handler]:
    version = str(request.path_params["version"])
    major = version.removeprefix("v").removesuffix(".0")
    if version != f"v{major}.0" or not major.isdigit() or int(major) < OLDEST_VERSION:
        raise not_found()
    if not resource.methods:
        raise not_found()
    if request.method not in resource.methods:
        allowed = ", ".join(resource.methods)
        message = f"HTTP Method '{request.method}' not allowed. Allowed are {allowed}"
        raise RequestRefusedError(NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
    return resource.methods[request.method]


def _refuse_too_long(request: Request) -> None:
    scope = request.scope
    uri = len(scope["raw_path"]) + len(scope["query_string"]) + 1
    if uri > LONGEST_URI:
        raise RequestRefusedError(URI_TOO_LONG, "URI_TOO_LONG", "URI Too Long")
    headers = sum(len(name) + len(value) for name, value in scope["headers"])
    if uri + headers > LONGEST_URI:
        message = "Request Header Fields Too Large"
        raise RequestRefusedError(HEADERS_TOO_LARGE, "HEADERS_TOO_LARGE", message)


def _own(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _json(
    status: int, body: object, headers: Mapping[str, str] | None = None
) -> Response:
    if body is None:
        return Response(status_code=status, headers=headers)
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    media = "application/json;charset=UTF-8"
    return Response(content.encode(errors="replace"), status, headers, media_type=media)
