"""Callyzer's endpoints, and what its refusals mean.

Source: Callyzer API 2.1, the rate limit at its top and each operation's status codes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from connector.errors import (
    ConfigError,
    ConnectorError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.ports import Pacer
from connector.systems.callyzer.operations import OPERATIONS
from connector.systems.callyzer.wire import (
    Filters,
    ListPage,
    Window,
    calls,
    employees,
    list_page,
    result,
    results,
)
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import BLANK, Operation, Values

SECONDS_PER_REQUEST: Final = 2.0
LONGEST_BLOCK: Final = 300.0
"""Seconds. Ours: a longer wish is asked about again instead of kept blindly."""
OF_VERSION_2_2: Final = ("summary", "history")
"""The operations that want a `call_method` and a `call_mode` from 2.2 on."""
NO_SUCH_ADDRESS: Final = (404, 405, 410)

_VERSION: Final = re.compile(r".*/v(\d{1,6})(?:\.(\d{1,6}))?/*", re.ASCII)
_QUOTES: Final = str.maketrans(dict.fromkeys('\u2018\u2019\u201c\u201d`\u00b4"', "'"))
_WORD: Final = re.compile(r"\w+")
_EXCERPT: Final = 300


class CallyzerClient:
    """Asks Callyzer, one request a turn of the pacer.

    ``values`` are an operation's parameters by their documented names; blank ones are
    left out, as Callyzer ignores them. Raises RefusedError for what its rules do not
    allow, before it is sent or with the status of the answer; UnauthorizedError; and
    UnavailableError and RateLimitedError where trying again helps.
    """

    def __init__(
        self, http: Http, pacer: Pacer, version_fields: Mapping[str, str] | None = None
    ) -> None:
        """``http`` carries the version's address and the token.

        ``version_fields``: see `version_fields`.
        """
        self._http = http
        self._pacer = pacer
        self._version_fields = dict(version_fields or {})

    @property
    def seconds_per_request(self) -> float:
        """How far apart requests are; 0: as they come."""
        return self._pacer.interval

    # ── calls ──────────────────────────────────────────────────────────────

    def history(self, window: Window, page_no: int, filters: Filters) -> ListPage:
        """Read one page (from 1) of the calls in ``window``."""
        values = {**filters, **window.span(), "page_no": page_no}
        return list_page(self._ask("history", values))

    def get(self, ids: Sequence[str]) -> list[Json]:
        """Read the calls with these ids, 1 to 20, as far as Callyzer has them."""
        return calls(self._ask("get", {"unique_ids": list(ids)}))

    def remove_recordings(self, ids: Sequence[str]) -> list[Json]:
        """Remove the recordings of 1 to 20 calls; what became of each, by ``id``."""
        return results(self._ask("remove_recordings", {"unique_ids": list(ids)}))

    # ── reports of a span of time, UNIX seconds ────────────────────────────

    def summary(self, values: Values) -> Json:
        """Return the totals of all calls."""
        return result(self._ask("summary", values))

    def employee_summary(self, values: Values) -> list[Json]:
        """Return the totals of each employee, one page.

        RefusedError with status 400 where nobody has any.
        """
        return employees(self._ask("employee_summary", values))

    def analysis(self, values: Values) -> Json:
        """Return averages, and who is first in what."""
        return result(self._ask("analysis", values))

    def never_attended(self, values: Values) -> ListPage:
        """Return a page of clients who were missed, and not spoken to since."""
        return list_page(self._ask("never_attended", values))

    def not_picked_up(self, values: Values) -> ListPage:
        """Return a page of clients who were dialled, and never spoken to."""
        return list_page(self._ask("not_picked_up", values))

    def unique_clients(self, values: Values) -> ListPage:
        """Return a page of clients, with the totals of each."""
        return list_page(self._ask("unique_clients", values))

    def hourly_analytics(self, values: Values) -> Json:
        """Return the totals of each hour of the day."""
        return result(self._ask("hourly_analytics", values))

    def daywise_analytics(self, values: Values) -> Json:
        """Return the totals of each hour of each day."""
        return result(self._ask("daywise_analytics", values))

    # ── leads and employees ────────────────────────────────────────────────

    def save_lead(self, lead: Values) -> None:
        """Add a lead, or change the one with its ``id``.

        Sent once: OutcomeUnknownError where in doubt.
        """
        self._ask("save_lead", lead)

    def save_leads(self, values: Values) -> Json:
        """Save ``leads``; which were (``savedLeads``) and which not (``errors``).

        Sent once: OutcomeUnknownError where in doubt.
        """
        return result(self._ask("save_leads", values))

    def leads(self, values: Values) -> ListPage:
        """Return a page of leads."""
        return list_page(self._ask("leads", values))

    def employees(self, values: Values) -> ListPage:
        """Return a page of employees."""
        return list_page(self._ask("employees", values))

    # ── asking ─────────────────────────────────────────────────────────────

    def _ask(self, name: str, values: Values) -> Answer:
        operation = OPERATIONS[name]
        more = self._version_fields if name in OF_VERSION_2_2 else {}
        given = {n: v for n, v in {**more, **values}.items() if v not in BLANK}
        request = operation.request(given)
        self._pacer.wait()
        try:
            answer = self._http.ask(request)
        except RateLimitedError as error:
            pause = error.retry_after or 2 * SECONDS_PER_REQUEST
            self._pacer.block(min(pause, LONGEST_BLOCK))
            raise
        if answer.status >= 400:  # noqa: PLR2004  4xx; the rest is settled by then
            raise refused(answer, operation)
        return answer


def version_fields(url: str, *, call_method: str, call_mode: str) -> Mapping[str, str]:
    """Return what the version at ``url`` wants of some requests: from 2.2 on, both."""
    found = _VERSION.fullmatch(url)
    version = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    fields = {"call_method": call_method, "call_mode": call_mode}
    return fields if version >= (2, 2) else {}


def refused(answer: Answer, operation: Operation) -> ConnectorError:
    """Return the error that a 4xx stands for."""
    says = _message(answer)
    if answer.status == 403:  # noqa: PLR2004  Forbidden
        why = says[:_EXCERPT] or "it refuses us (403)"
        return UnauthorizedError(f"Callyzer: {why}")
    if answer.status in NO_SUCH_ADDRESS:
        return ConfigError(
            f"Callyzer answered {answer.status}: is CALLYZER_URL right, up to v2.1?"
        )
    if answer.status == 400 and _documented(says, operation):  # noqa: PLR2004  Bad Request
        return RefusedError(
            f"Callyzer: {says[:_EXCERPT]}",
            parameter=_blamed(says, operation),
            status=answer.status,
        )
    return UnavailableError(
        f"Callyzer answered {answer.status} with nothing that its document has",
        retry_after=answer.retry_after,
    )


def _documented(message: str, operation: Operation) -> bool:
    plain = message.translate(_QUOTES)
    said = (re.fullmatch(each, plain, re.DOTALL) for each in operation.refusals)
    return any(said)


def _blamed(message: str, operation: Operation) -> str:
    """Return the parameter that a message names first, if it names one."""
    names = {param.name for param in operation.params}
    return next((word for word in _WORD.findall(message) if word in names), "")


def _message(answer: Answer) -> str:
    """Return the message in a refusal's body, on one line; empty if it has none."""
    try:
        body = answer.json()
    except UnavailableError:
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(message.split()) if isinstance(message, str) else ""
