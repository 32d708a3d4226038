"""Callyzer's endpoints, its documented rules, and what its refusals mean.

Source: Callyzer API 2.1, the rate limit at its top, call-log/history and
call-log/get.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from connector.errors import (
    ConfigError,
    ConnectorError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.ports import Pacer
from connector.systems.callyzer.wire import (
    LONG_MAX,
    Filters,
    HistoryPage,
    HistoryRequest,
    Window,
    calls,
    history_page,
)
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json

T = TypeVar("T")

SECONDS_PER_REQUEST = 2.0
LONGEST_BLOCK = 300.0
"""Seconds. Ours: a longer wish is asked about again instead of kept blindly."""
SECONDS_TOO_LONG = 180 * 24 * 60 * 60
"""A window must be shorter."""
MOST_IDS = 20
PAGE_SIZE = 100
"""Never sent: the default is 100, while the table of parameters wants less."""
CALL_TYPES = ("Incoming", "Outgoing", "Missed", "Rejected")
INTEGER_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[T]):
    """A documented rule of call-log/history, and how a breach is refused."""

    kept: Callable[[T], bool]
    refusal: str


WINDOW_RULES: tuple[Rule[Window], ...] = (
    Rule(
        kept=lambda w: w.start > 0,
        refusal="Invalid {by}_from. Please pass the timestamp in UNIX format.",
    ),
    Rule(
        kept=lambda w: w.start < w.end,
        refusal="Invalid date range. `{by}_from` should be less than `{by}_to`.",
    ),
    Rule(
        kept=lambda w: w.seconds < SECONDS_TOO_LONG,
        refusal="`{by}_from` and `{by}_to`: The duration should be less than 180 days.",
    ),
)
HISTORY_RULES: tuple[Rule[HistoryRequest], ...] = (
    Rule(
        kept=lambda r: set(CALL_TYPES).issuperset(r.get("call_types", ())),
        refusal="Invalid call_types. Valid call types are Incoming or Outgoing or "
        "Missed or Rejected.",
    ),
    Rule(
        kept=lambda r: 0 <= r.get("duration_grt_than", 0) <= LONG_MAX,
        refusal="duration_grt_than: Value out of range for unsigned long data type.",
    ),
    Rule(
        kept=lambda r: 0 <= r.get("duration_les_than", 0) <= LONG_MAX,
        refusal="duration_les_than: Value out of range for unsigned long data type.",
    ),
    Rule(
        kept=lambda r: (
            r.get("duration_grt_than", -1) < r.get("duration_les_than", LONG_MAX + 1)
        ),
        refusal="Invalid duration value. The value of `duration_les_than` should be "
        "greater than value of `duration_grt_than`",
    ),
    Rule(
        kept=lambda r: 1 <= r["page_no"] <= INTEGER_MAX,
        refusal="page_no: Value should be greater than zero and within range of "
        "unsigned integer data type.",
    ),
)
IDS_REFUSAL = (
    "Invalid no of unique ids (unique_ids). Minimum 1 and Maximum 20 ids are allowed."
)

REFUSALS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"(Either )?'(call|synced)_from' and '(call|synced)_to' .*are mandatory\b.*",
        r"The duration should be less than 180 days\.?",
        r"Invalid .*\. Please pass the timestamp in UNIX format\.?",
        r"Invalid date range\. .*",
        r"Invalid call_types\. .*",
        r"Value out of range for unsigned long data type\.?",
        r"Invalid duration value\. .*",
        r"Invalid numbers '.*'\.?",
        r"The '.*' (numbers|tags) doesn't exist\.?",
        r"Invalid no of unique ids\. .*",
        r"Invalid value\. .*",
        r"The message body on the request is not as per API specification\b.*",
    )
)
"""Messages of a 400 that asking again does not change; their quotes made plain."""
NO_SUCH_ADDRESS = (404, 405, 410)
_QUOTES = str.maketrans(dict.fromkeys('\u2018\u2019\u201c\u201d`\u00b4"', "'"))
_EXCERPT = 300


class CallyzerClient:
    """Asks Callyzer, one request a turn of the pacer. Every method reads only.

    Raises UnavailableError and RateLimitedError where trying again helps,
    UnauthorizedError, and ConfigError for what Callyzer's rules do not allow.
    """

    def __init__(self, http: Http, pacer: Pacer) -> None:
        """``http`` carries the version's address and the token."""
        self._http = http
        self._pacer = pacer

    @property
    def seconds_per_request(self) -> float:
        """How far apart requests are; 0: as they come."""
        return self._pacer.interval

    def history(self, window: Window, page_no: int, filters: Filters) -> HistoryPage:
        """Read one page (from 1) of the calls in ``window``."""
        request: HistoryRequest = {**filters, **window.span(), "page_no": page_no}
        for refusal in _breaches(window, request):
            raise ConfigError(f"Callyzer: {refusal}")
        return history_page(self._post("call-log/history", request))

    def get(self, ids: Sequence[str]) -> list[Json]:
        """Read the calls with these ids, 1 to 20, as far as Callyzer has them."""
        if not 1 <= len(ids) <= MOST_IDS:
            raise ConfigError(f"Callyzer: {IDS_REFUSAL}")
        return calls(self._post("call-log/get", {"unique_ids": list(ids)}))

    def _post(self, path: str, body: Json) -> Answer:
        self._pacer.wait()
        try:
            answer = self._http.post(path, body)
        except RateLimitedError as error:
            pause = error.retry_after or 2 * SECONDS_PER_REQUEST
            self._pacer.block(min(pause, LONGEST_BLOCK))
            raise
        if answer.status >= 400:  # noqa: PLR2004  4xx; the rest is settled by then
            raise refused(answer)
        return answer


def _breaches(window: Window, request: HistoryRequest) -> Iterator[str]:
    """Yield the refusals that a request would get."""
    for rule in WINDOW_RULES:
        if not rule.kept(window):
            yield rule.refusal.format(by=window.by)
    yield from (rule.refusal for rule in HISTORY_RULES if not rule.kept(request))


def refused(answer: Answer) -> ConnectorError:
    """Return the error that a 4xx stands for."""
    says = _message(answer)
    if answer.status == 403:  # noqa: PLR2004  Forbidden
        why = says[:_EXCERPT] or "it refuses us (403)"
        return UnauthorizedError(f"Callyzer: {why}")
    if answer.status in NO_SUCH_ADDRESS:
        return ConfigError(
            f"Callyzer answered {answer.status}: is CALLYZER_URL right, up to v2.1?"
        )
    if answer.status == 400 and _documented(says):  # noqa: PLR2004  Bad Request
        return ConfigError(f"Callyzer: {says[:_EXCERPT]}")
    return UnavailableError(
        f"Callyzer answered {answer.status} with nothing that its document has",
        retry_after=answer.retry_after,
    )


def _documented(message: str) -> bool:
    plain = message.translate(_QUOTES)
    return any(refusal.fullmatch(plain) for refusal in REFUSALS)


def _message(answer: Answer) -> str:
    """Return the message in a refusal's body, on one line; empty if it has none."""
    try:
        body = answer.json()
    except UnavailableError:
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(message.split()) if isinstance(message, str) else ""
