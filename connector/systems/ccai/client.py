"""The CCAI Platform's endpoints, and what its refusals mean.

Source: call API (Apps API), common API response codes; Manager API, rate limits.
"""

import re
from collections.abc import Mapping
from typing import Final

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.ports import Pacer
from connector.systems.ccai.operations import (
    APPS,
    INBOUND,
    OPERATIONS,
    OUTBOUND,
    REFUSALS,
    SCHEDULED,
)
from connector.systems.ccai.wire import (
    ACCEPTED,
    CREATED,
    ListPage,
    Placing,
    flags,
    list_page,
    message,
    placing,
)
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import Operation, Values

PAUSE: Final = 2.0
"""Seconds for which nobody asks after a 429 that does not say how long."""
LONGEST_BLOCK: Final = 300.0
"""Seconds. Ours: a longer wish is asked about again instead of kept blindly."""
_EXCERPT: Final = 300


class CcaiClient:
    """Asks the CCAI Platform, one request a turn of the pacer.

    Raises RefusedError for what it does not take, in its own words, before anything
    is sent where its rules are documented; ConfigError and UnauthorizedError;
    RateLimitedError and UnavailableError, after which nothing was done.
    """

    def __init__(self, http: Http, pacer: Pacer) -> None:
        """``http`` carries scheme and host, and the basic authentication."""
        self._http = http
        self._pacer = pacer

    @property
    def seconds_per_request(self) -> float:
        """How far apart requests are; 0: as they come."""
        return self._pacer.interval

    # ── Apps API ───────────────────────────────────────────────────────────

    def create_outbound_call_to_number(self, values: Values) -> Placing:
        """Have ``agent_email`` call ``end_user_number``; sent once.

        OutcomeUnknownError: a phone may ring. So with all that create calls.
        """
        return self._create("create_outbound_call_to_number", OUTBOUND[0], values)

    def create_outbound_call_for_ticket(self, values: Values) -> Placing:
        """Have ``agent_email`` call whoever is tied to ``ticket_id`` in the CRM."""
        return self._create("create_outbound_call_for_ticket", OUTBOUND[0], values)

    def create_inbound_call(self, values: Values) -> Placing:
        """Put ``end_user_number`` into the queue ``menu_id``, as if they had called."""
        return self._create("create_inbound_call", INBOUND[0], values)

    def create_scheduled_call(self, values: Values) -> Placing:
        """Have ``end_user_number`` called at ``scheduled_at``, from ``menu_id`` or from
        the menu of ``call_id``, which becomes its parent."""
        return self._create("create_scheduled_call", SCHEDULED[0], values)

    def get_customer_flag(self, call_id: int) -> Json:
        """Return the customer's flags; RefusedError with status 404: no such call."""
        return flags(self._ask("get_customer_flag", {"id": call_id}))

    def update_customer_flag(self, call_id: int, given: Mapping[str, bool]) -> Json:
        """Set ``verified_customer``, ``bad_actor`` or ``repeat_customers`` of a call.

        Returns what the answer has, which is not documented.
        """
        return flags(self._ask("update_customer_flag", {"id": call_id, **given}))

    # ── Manager API ────────────────────────────────────────────────────────

    def list_calls(self, values: Values) -> ListPage:
        """List calls: ``page``, ``per``, ``sort_column``, ``sort_direction``, ``id[]``,
        ``updated_at[from]``, at or after which they were updated last."""
        return list_page(self._ask("list_calls", values), "calls")

    def list_agents(self, values: Values) -> ListPage:
        """List agents, who have an ``email``, by ``id[]`` or by what else there is."""
        return list_page(self._ask("list_agents", values), "agents")

    # ── asking ─────────────────────────────────────────────────────────────

    def _create(self, name: str, call_type: str, values: Values) -> Placing:
        answer = self._ask(name, {"call_type": call_type, **values})
        if answer.status not in (CREATED, *ACCEPTED):
            raise OutcomeUnknownError(f"{answer.host} answered {answer.status}")
        return placing(answer)

    def _ask(self, name: str, values: Values) -> Answer:
        operation = OPERATIONS[name]
        request = operation.request(values)
        self._pacer.wait()
        try:
            answer = self._http.ask(request)
        except RateLimitedError as error:
            self._pacer.block(min(error.retry_after or PAUSE, LONGEST_BLOCK))
            raise
        if answer.status >= 400:  # noqa: PLR2004  4xx; the rest is settled by then
            raise refused(operation, answer)
        return answer


def refused(operation: Operation, answer: Answer) -> ConnectorError:
    """Return the error that a 4xx stands for."""
    says, status = message(answer)[:_EXCERPT], answer.status
    words = says or f"CCAI Platform answered {status}"
    if status == 403:  # noqa: PLR2004  Forbidden
        return UnauthorizedError(f"CCAI Platform: {words}")
    if status == 408 and operation.once:  # noqa: PLR2004  Request Timeout
        return OutcomeUnknownError(words)
    if status == 404 and "{id}" in operation.path:  # noqa: PLR2004  Not Found
        return RefusedError(words, parameter="id", status=status)
    if status in (404, 405):
        return ConfigError(f"CCAI Platform answered {status}: is CCAI_URL right?")
    if operation.path.startswith(APPS) and says:
        return RefusedError(words, parameter=_parameter(says), status=status)
    # Its lists are asked with what is documented: what they refuse is not our doing.
    return UnavailableError(
        f"CCAI Platform: {words}, which its document does not have",
        retry_after=answer.retry_after,
    )


def _parameter(says: str) -> str:
    """Return the parameter that a documented refusal is about; empty if none is."""
    found = (name for words, name in REFUSALS.items() if re.fullmatch(words, says))
    return next(found, "")
