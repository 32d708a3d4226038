"""Webhooks in: authenticated, noted durably, answered; the records are fetched later.

What a delivery says is never written anywhere: a forged or stale one can make us look
at a record of the vendor's, and nothing else.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from connector.errors import ConnectorError, RecordError
from connector.log import get_logger
from connector.mapping.flow import PushFlow
from connector.model import Delivery
from connector.ports import Webhook
from connector.service.schedule import Schedule
from connector.wiring import App

log = get_logger()

MOST_BYTES = 4 * 1024 * 1024
"""Of a delivery's body; more is answered with 413."""

Ids = Mapping[str, Sequence[str]]


def webhooks(app: App, schedule: Schedule) -> APIRouter:
    """Make the routes that vendors post to."""
    router = APIRouter(include_in_schema=False)

    @router.post("/webhooks/{system}")
    async def plain(system: str, request: Request) -> Response:
        return await _take(app, schedule, system, request)

    @router.post("/webhooks/{system}/{secret}")
    async def secret(system: str, secret: str, request: Request) -> Response:
        return await _take(app, schedule, system, request, secret)

    return router


async def _take(
    app: App, schedule: Schedule, system: str, request: Request, secret: str = ""
) -> Response:
    webhook = app.webhook(system)
    if webhook is None:
        return _says(HTTPStatus.NOT_FOUND, "there is no such webhook")
    body = await _body(request)
    if body is None:
        return _says(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    delivery = Delivery(headers=headers, body=body, secret=secret)
    return await run_in_threadpool(_note, app, schedule, system, (webhook, delivery))


async def _body(request: Request) -> bytes | None:
    """Read the body; None as soon as it is too large."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _note(
    app: App, schedule: Schedule, system: str, come: tuple[Webhook, Delivery]
) -> Response:
    webhook, delivery = come
    if not webhook.authentic(delivery):
        log.warning("webhook_refused", system=system)
        return _says(HTTPStatus.UNAUTHORIZED, "the secret is not right")
    try:
        ids = webhook.nudged(delivery)
        flows = _nudge(app, schedule, system, ids)
    except RecordError as error:
        log.warning("webhook_unreadable", system=system, message=error.message)
        return _says(HTTPStatus.BAD_REQUEST, error.message)
    except ConnectorError as error:
        log.warning("webhook_not_taken", system=system, message=error.message)
        return _says(HTTPStatus.SERVICE_UNAVAILABLE, "try again later")
    count = sum(len(each) for each in ids.values())
    log.info("webhook_taken", system=system, records=count, flows=flows)
    return JSONResponse({"accepted": count})


def _nudge(app: App, schedule: Schedule, system: str, ids: Ids) -> list[str]:
    """Note the records for every flow of their stream, and run those flows soon."""
    wanted = {
        flow.name: ids[flow.stream.name]
        for flow in list(schedule.flows.values())
        if isinstance(flow, PushFlow)
        and flow.system == system
        and ids.get(flow.stream.name)
    }
    if wanted:
        with app.store.writing(durable=True) as tx:
            for name, records in wanted.items():
                tx.nudge(name, list(dict.fromkeys(records)))
    for name in wanted:
        schedule.hasten(name)
    return sorted(wanted)


def _says(status: HTTPStatus, words: str) -> Response:
    return JSONResponse({"error": words}, status)
