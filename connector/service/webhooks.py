"""Webhooks in: authenticated, noted durably, answered; the records are fetched later.

What a delivery says is never written anywhere: a forged or stale one can make us look
at a record of the vendor's, and nothing else. Who has no right costs us a few headers:
a body is read only of whom it may be from, up to a size and for a time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from connector.errors import ConnectorError, RecordError
from connector.log import get_logger
from connector.mapping.flow import PushFlow
from connector.model import Delivery
from connector.ports import Webhook
from connector.service.bodies import NotTakenError, check_size_and_coding, read_body
from connector.service.schedule import Schedule
from connector.wiring import App

log = get_logger()

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of a delivery's body."""
MOST_RECORDS: Final = 10_000
"""That one delivery may be about."""
MOST_AT_ONCE: Final = 16
"""Bodies that are read at a time; the others wait."""
BODY_SECONDS: Final = 10.0
"""In which a body must have come."""

Ids = Mapping[str, Sequence[str]]


@dataclass(slots=True, kw_only=True)
class Desk:
    """Takes deliveries in."""

    app: App
    schedule: Schedule
    reading: asyncio.Semaphore

    async def answer(self, system: str, secret: str, request: Request) -> Response:
        """Take one delivery, and say what came of it."""
        try:
            count = await self._taken(system, secret, request)
        except NotTakenError as error:
            log.warning(
                "webhook_not_taken",
                system=system,
                status=int(error.status),
                message=error.words,
            )
            return JSONResponse({"error": error.words}, error.status)
        return JSONResponse({"accepted": count})

    async def _taken(self, system: str, secret: str, request: Request) -> int:
        webhook = self.app.webhook(system)
        if webhook is None:
            raise NotTakenError(HTTPStatus.NOT_FOUND, "there is no such webhook")
        if not self.schedule.looked:
            raise NotTakenError(HTTPStatus.SERVICE_UNAVAILABLE, "try again later")
        headers = {name.lower(): value for name, value in request.headers.items()}
        come = Delivery(headers=headers, body=b"", secret=secret)
        if not webhook.signs:
            _let_in(webhook, come)
        check_size_and_coding(headers, MOST_BYTES)
        async with self.reading:
            body = await read_body(request, MOST_BYTES, BODY_SECONDS)
            delivery = replace(come, body=body)
            return await run_in_threadpool(self._noted, system, webhook, delivery)

    def _noted(self, system: str, webhook: Webhook, delivery: Delivery) -> int:
        _let_in(webhook, delivery)
        try:
            ids = webhook.nudged(delivery)
            count = sum(len(each) for each in ids.values())
            if count > MOST_RECORDS:
                words = f"it is about more than {MOST_RECORDS} records"
                raise NotTakenError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
            flows = self._nudge(system, ids)
        except RecordError as error:
            raise NotTakenError(HTTPStatus.BAD_REQUEST, error.message) from error
        except ConnectorError as error:
            words = "try again later"
            raise NotTakenError(HTTPStatus.SERVICE_UNAVAILABLE, words) from error
        log.info("webhook_taken", system=system, records=count, flows=flows)
        return count

    def _nudge(self, system: str, ids: Ids) -> list[str]:
        """Note the records for every flow of their stream, and run those flows soon."""
        wanted = {
            flow.name: ids[flow.stream.name]
            for flow in list(self.schedule.flows.values())
            if isinstance(flow, PushFlow)
            and flow.system == system
            and ids.get(flow.stream.name)
        }
        if wanted:
            with self.app.store.writing(durable=True) as tx:
                for name, records in wanted.items():
                    tx.nudge(name, list(dict.fromkeys(records)))
        for name in wanted:
            self.schedule.hasten(name)
        return sorted(wanted)


def webhooks(app: App, schedule: Schedule) -> APIRouter:
    """Make the routes that vendors post to; each also with a slash at its end."""
    router = APIRouter(include_in_schema=False)
    desk = Desk(app=app, schedule=schedule, reading=asyncio.Semaphore(MOST_AT_ONCE))

    async def plain(system: str, request: Request) -> Response:
        return await desk.answer(system, "", request)

    async def secret(system: str, secret: str, request: Request) -> Response:
        return await desk.answer(system, secret, request)

    for end in ("", "/"):
        router.post(f"/webhooks/{{system}}{end}")(plain)
        router.post(f"/webhooks/{{system}}/{{secret}}{end}")(secret)
    return router


def _let_in(webhook: Webhook, delivery: Delivery) -> None:
    if not webhook.authentic(delivery):
        raise NotTakenError(HTTPStatus.UNAUTHORIZED, "the secret is not right")
