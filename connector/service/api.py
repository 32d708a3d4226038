"""The service's own API: a record may be looked at now, and what became of a call.

The CRM alone says who may be called. A nudge carries a record's id and nothing else: a
forged or repeated one causes a read, never a call. Whoever has no token costs us a few
headers: nothing of a body is read before the token is right.
"""

import asyncio
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Protocol, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from connector.errors import BusyError, ConnectorError
from connector.log import get_logger
from connector.mapping.record_ids import long_id
from connector.service.api_words import (
    BEARER,
    NUDGE_BODY,
    REQUEST_ID,
    DialAnswer,
    NudgeAnswer,
    refusals,
)
from connector.service.bodies import NotTakenError, check_size_and_coding, read_body
from connector.service.bucket import Bucket
from connector.transport.jsontext import parsed
from connector.transport.secrets import opens
from connector.wiring import App

log = get_logger()

MOST_BYTES: Final = 4 * 1024
"""Of a nudge's body: an id has 18, the rest is room for a client's way of writing."""
BODY_SECONDS: Final = 5.0
"""In which a body must have come; the CRM's own callouts give up after that."""
RATE: Final = 40.0
"""Requests a second of each kind: twice what the busiest office that we measure
nudges, and few enough that whoever has the token can't keep the state busy."""
BURST: Final = 80
"""Taken at once after a rest: two seconds' worth, as after a dropped line."""
MOST_AT_ONCE: Final = 8
"""That ask the desk or the state at a time; the threads are the health's routes' too."""
RECORD_ID: Final = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
"""Whether its last three characters fit the others, the CRM knows: it finds nothing."""
TRY_AGAIN: Final = 2.0
"""Seconds after which to ask again, where nobody says better."""

Answered = TypeVar("Answered")


class Desk(Protocol):
    """Looks at records that may ask for a call."""

    def nudge(self, record_id: str) -> bool:
        """Have a record looked at now, in the background.

        True: it will be; False: no flow reads such records. BusyError where too many
        wait.
        """
        ...


@dataclass(slots=True, kw_only=True)
class Api:
    """Takes nudges, and tells of dials. ``ready``: whether the flows are known yet.

    Without a ``desk`` nothing dials here.
    """

    app: App
    desk: Desk | None
    ready: Callable[[], bool]
    at_once: asyncio.Semaphore
    nudges: Bucket = field(init=False)
    questions: Bucket = field(init=False)
    """Apart, so that whoever asks again and again holds up nobody's nudge."""
    warned: bool = False

    def __post_init__(self) -> None:
        """Begin with full buckets."""
        clock = self.app.clock
        self.nudges = Bucket(clock=clock, rate=RATE, burst=BURST)
        self.questions = Bucket(clock=clock, rate=RATE, burst=BURST)

    async def nudge(self, request: Request) -> Response:
        """Have a record looked at now.

        Answers at once with what is known of the record's latest request. Repeating it
        is harmless: a request is dialled once, however often its record is looked at.
        """
        try:
            self._let_in(request, self.nudges)
            check_size_and_coding(request.headers, MOST_BYTES)
            record_id = _record_id(await read_body(request, MOST_BYTES, BODY_SECONDS))
            answer = await self._asked(self._nudged, record_id)
        except NotTakenError as error:
            return self._refused("nudge_not_taken", error)
        log.info("nudge_taken", record=answer.id, looking=answer.looking)
        return JSONResponse(answer.model_dump(mode="json"))

    async def dial(self, request: Request) -> Response:
        """Tell how far a request to call is, and how it ended."""
        try:
            self._let_in(request, self.questions)
            answer = await self._asked(self._dial, request.path_params["request_id"])
        except NotTakenError as error:
            return self._refused("dial_not_told", error)
        return JSONResponse(answer.model_dump(mode="json"))

    def _let_in(self, request: Request, bucket: Bucket) -> None:
        given = request.headers.get("authorization", "")
        scheme, _, credentials = given.partition(" ")
        right = opens(credentials.strip(), self._token)
        if not right or scheme.lower() != "bearer":
            words = "the bearer token is missing or not right"
            headers = {"WWW-Authenticate": "Bearer"}
            raise NotTakenError(HTTPStatus.UNAUTHORIZED, words, headers)
        if seconds := bucket.take():
            words = f"more than {RATE:g} a second: slow down"
            raise _later(words, seconds, HTTPStatus.TOO_MANY_REQUESTS)

    @property
    def _token(self) -> str:
        token = self.app.settings.connector_api_token
        return token.get_secret_value() if token else ""

    async def _asked(self, ask: Callable[[str], Answered], about: str) -> Answered:
        async with self.at_once:
            try:
                return await run_in_threadpool(ask, about)
            except BusyError as error:
                words = f"{error.message}: try again later"
                raise _later(words, error.retry_after or TRY_AGAIN) from error
            except ConnectorError as error:
                raise _later("try again later", TRY_AGAIN) from error

    def _nudged(self, record_id: str) -> NudgeAnswer:
        if self.desk is None:
            raise NotTakenError(HTTPStatus.SERVICE_UNAVAILABLE, "nothing dials here")
        if not self.ready():
            raise _later("the service is starting: try again later", TRY_AGAIN)
        looking = self.desk.nudge(record_id)
        known = self.app.store.latest_dial(record_id)
        dial = DialAnswer.of(known) if known else None
        return NudgeAnswer(id=record_id, looking=looking, dial=dial)

    def _dial(self, request_id: str) -> DialAnswer:
        known = self.app.store.dial(request_id)
        if known is None:
            raise NotTakenError(HTTPStatus.NOT_FOUND, "no such request is known")
        return DialAnswer.of(known)

    def _refused(self, event: str, error: NotTakenError) -> Response:
        if error.status is not HTTPStatus.NOT_FOUND:
            self._log(event, error)
        return JSONResponse({"error": error.words}, error.status, error.headers)

    def _log(self, event: str, error: NotTakenError) -> None:
        """Log why; but once only that there is no token, as strangers ask again."""
        reason = str(error.__cause__ or error.words)
        if not self._token and self.warned:
            return
        if not self._token:
            reason = "CONNECTOR_API_TOKEN is not set: nobody is let in"
            self.warned = True
        log.warning(event, status=int(error.status), reason=reason)


def api(app: App, desk: Desk | None, ready: Callable[[], bool]) -> APIRouter:
    """Make the API's routes; each also with a slash at its end."""
    router = APIRouter(dependencies=[Depends(BEARER)])
    asked = Api(
        app=app, desk=desk, ready=ready, at_once=asyncio.Semaphore(MOST_AT_ONCE)
    )
    for end in ("", "/"):
        router.post(
            f"/v1/nudge{end}",
            response_model=NudgeAnswer,
            responses=refusals(*_EITHER, *_OF_NUDGES),
            openapi_extra={"requestBody": NUDGE_BODY},
            include_in_schema=not end,
        )(asked.nudge)
        router.get(
            f"/v1/dials/{{request_id}}{end}",
            response_model=DialAnswer,
            responses=refusals(*_EITHER, HTTPStatus.NOT_FOUND),
            openapi_extra={"parameters": [REQUEST_ID]},
            include_in_schema=not end,
        )(asked.dial)
    return router


_EITHER: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_OF_NUDGES: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


def _record_id(body: bytes) -> str:
    """Return the record's id of a nudge, with its 18 characters."""
    try:
        said = parsed(body)
    except (ValueError, RecursionError):
        raise _wrong("the body is not JSON") from None
    given = said.get("id") if isinstance(said, dict) else None
    if not isinstance(given, str):
        raise _wrong('the body is not an object with a text as its "id"')
    if not RECORD_ID.fullmatch(given):
        raise _wrong('the "id" is not that of a record: 15 or 18 letters and digits')
    return long_id(given) or given


def _wrong(words: str) -> NotTakenError:
    return NotTakenError(HTTPStatus.BAD_REQUEST, words)


def _later(
    words: str, seconds: float, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE
) -> NotTakenError:
    return NotTakenError(status, words, {"Retry-After": str(math.ceil(seconds))})
