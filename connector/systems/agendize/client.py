"""Agendize's endpoints, and what its refusals mean. Source: Calls API Reference."""

from connector.errors import (
    ConfigError,
    ConnectorError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.ports import Pacer
from connector.systems.agendize.operations import OPERATIONS, given
from connector.systems.agendize.wire import CallList, call_list, resource
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import Values

NO_SUCH = (404, 410)
PAUSE = 5.0
"""Seconds that all wait after a 429 that names none; ours."""
LONGEST_BLOCK = 300.0
"""Seconds. Ours: a longer wish is asked about again instead of kept blindly."""
_EXCERPT = 300


class AgendizeClient:
    """Asks Agendize. Raises RefusedError for what it does not take, with its status;
    UnauthorizedError, RateLimitedError and UnavailableError."""

    def __init__(self, http: Http, pacer: Pacer) -> None:
        """``http`` carries the version's address, the token and the key."""
        self._http = http
        self._pacer = pacer

    @property
    def seconds_per_request(self) -> float:
        """How far apart requests are; 0: as they come."""
        return self._pacer.interval

    def list(self, values: Values) -> CallList:
        """List calls: ``startDate``, ``endDate``, ``search``, ``syncToken``, ``toolId``.

        The dates are RFC 3339. RefusedError with status 400 or 410 may mean that the
        sync token is not taken any more.
        """
        return call_list(self._ask("list", values))

    def get(self, call_id: str) -> Json:
        """Return a call; RefusedError with status 404 where there is none."""
        return resource(self._ask("get", {"callId": call_id}))

    def insert(self, call: Values) -> Json:
        """Add a call, and return it. Sent once: OutcomeUnknownError where in doubt."""
        return resource(self._ask("insert", call))

    def update(self, call_id: str, call: Values) -> Json:
        """Change a call, and return it."""
        return resource(self._ask("update", {"callId": call_id, **call}))

    def delete(self, call_id: str) -> None:
        """Delete a call."""
        self._ask("delete", {"callId": call_id})

    def watch(self, watch: Values) -> Json:
        """Have changes posted to ``address``, and return the watch. Sent once."""
        return resource(self._ask("watch", watch))

    def _ask(self, name: str, values: Values) -> Answer:
        request = OPERATIONS[name].request(given(**values))
        self._pacer.wait()
        try:
            answer = self._http.ask(request)
        except RateLimitedError as error:
            self._pacer.block(min(error.retry_after or PAUSE, LONGEST_BLOCK))
            raise
        if answer.status >= 400:  # noqa: PLR2004  4xx; the rest is settled by then
            raise refused(answer)
        return answer


def refused(answer: Answer) -> ConnectorError:
    """Return the error that a 4xx stands for; the document has none of them."""
    words = _message(answer) or f"answered {answer.status}"
    if answer.status == 403:  # noqa: PLR2004  Forbidden
        return UnauthorizedError(f"Agendize: {words}")
    if answer.status == 405:  # noqa: PLR2004  Method Not Allowed
        return ConfigError("Agendize answered 405: is AGENDIZE_URL right, up to 2.0?")
    return RefusedError(f"Agendize: {words}", status=answer.status)


def _message(answer: Answer) -> str:
    """Return what the body says, on one line: Google's shape, or a plain message."""
    try:
        body = answer.json()
    except UnavailableError:
        return ""
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message") if isinstance(error, dict) else error
    return " ".join(words.split())[:_EXCERPT] if isinstance(words, str) else ""
