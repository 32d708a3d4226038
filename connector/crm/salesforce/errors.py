"""Salesforce's errors become ours here, and nowhere else.

A whole request, by what came back (REST API Developer Guide, "Status Codes and
Error Responses"); a *read* is a query, a describe or the limits:

================================  ========================  ====================
what came back                    a read raises             a write raises
================================  ========================  ====================
no connection                     UnavailableError          UnavailableError
timeout, connection lost          UnavailableError          OutcomeUnknownError
200 that is not what we asked     UnavailableError          OutcomeUnknownError
401, also with a new token        UnauthorizedError         UnauthorizedError
REQUEST_LIMIT_EXCEEDED, a day's   QuotaReachedError         QuotaReachedError
REQUEST_LIMIT_EXCEEDED, at once   UnavailableError          UnavailableError
420, 429                          RateLimitedError          RateLimitedError
5xx, SERVER_UNAVAILABLE           UnavailableError          OutcomeUnknownError
a lock, a timeout of the query    UnavailableError          UnavailableError
403, 404, 405, 410, or a code     SchemaMismatchError       SchemaMismatchError
about object, field, permission
413                               SchemaMismatchError       BatchRefusedError
a redirect, or not the CRM's own  UnavailableError          UnavailableError
words (a proxy's page)
any other refusal                 SchemaMismatchError       BatchRefusedError
================================  ========================  ====================

`outcomes` does the same for the single rows of a write that went through.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import HTTPError, NewConnectionError

from connector.crm.salesforce.budget import PAUSE
from connector.errors import (
    BatchRefusedError,
    ConnectorError,
    OutcomeUnknownError,
    QuotaReachedError,
    RateLimitedError,
    SchemaMismatchError,
    UnauthorizedError,
    UnavailableError,
)


class UnreadableAnswerError(Exception):
    """The answer is not the JSON that was asked for."""


FOREIGN = (SalesforceError, requests.RequestException, HTTPError, UnreadableAnswerError)
"""Everything that simple-salesforce and what it stands on may raise."""

_AT_ONCE = 5.0
_LONGEST_WORDS = 1000

_BUSY = frozenset(
    {
        "INVALID_QUERY_LOCATOR",  # a cursor lived too long: ask from the start
        "QUERY_TIMEOUT",
        "REQUEST_RUNNING_TOO_LONG",
        "UNABLE_TO_LOCK_ROW",
    }
)
_MEND_FIELD = (
    "Give the connector's user the field, create it, or take it out of the mapping."
)
_MEND_OBJECT = (
    "Create the object, give the connector's user access to it, or change the mapping."
)
_MEND_RIGHT = "Give the connector's user the permission."
_MEND_ORG = "Enable the API for the connector's user, or ask Salesforce for it."
_MEND_VERSION = "Set SALESFORCE_API_VERSION to one that the org has."
_MEND_REFUSED = "Change the mapping, or what the CRM allows."

_MENDS: Mapping[str, str] = {
    "API_CURRENTLY_DISABLED": _MEND_ORG,
    "API_DISABLED_FOR_ORG": _MEND_ORG,
    "FUNCTIONALITY_NOT_ENABLED": _MEND_ORG,
    "INSUFFICIENT_ACCESS": _MEND_RIGHT,
    "INSUFFICIENT_ACCESS_OR_READONLY": _MEND_RIGHT,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _MEND_RIGHT,
    "INVALID_FIELD": _MEND_FIELD,
    "INVALID_FIELD_FOR_INSERT_UPDATE": _MEND_FIELD,
    "INVALID_TYPE": _MEND_OBJECT,
    "INVALID_TYPE_FOR_OPERATION": _MEND_OBJECT,
    "METHOD_NOT_ALLOWED": _MEND_VERSION,
    "NOT_FOUND": _MEND_OBJECT,
    "UNSUPPORTED_API_VERSION": _MEND_VERSION,
}
_ABOUT_A_RIGHT = frozenset({403, 404, 405, 410})
_TOO_LARGE = 413
_SLOW_DOWN = frozenset({420, 429})
_UNAUTHORIZED = 401
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked: ``doing`` in words, and whether it ``writes``."""

    doing: str
    writes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One error in the CRM's own words."""

    code: str
    message: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A whole request turned away. ``retry_after``: seconds, where it said so."""

    status: int
    faults: tuple[Fault, ...]
    retry_after: float | None = None

    def has(self, *codes: str) -> bool:
        """Whether the CRM named one of ``codes``."""
        return any(fault.code in codes for fault in self.faults)

    @property
    def words(self) -> str:
        """All that the CRM said, or the status where it said nothing."""
        said = "; ".join(f"{fault.code}: {fault.message}" for fault in self.faults)
        return said[:_LONGEST_WORDS] or f"HTTP {self.status}"


def faults_in(content: object) -> tuple[Fault, ...]:
    """Read the errors in an answer's parsed body; none where they are not the CRM's.

    Items of a collection say ``statusCode``, everything else ``errorCode``.
    """
    items = content if isinstance(content, list) else [content]
    return tuple(fault for fault in map(_fault, items) if fault)


def _fault(item: object) -> Fault | None:
    if not isinstance(item, Mapping):
        return None
    code = item.get("statusCode") or item.get("errorCode")
    if not isinstance(code, str):
        return None
    fields = item.get("fields")
    named = fields if isinstance(fields, list) else []
    return Fault(
        code=code,
        message=str(item.get("message") or ""),
        fields=tuple(name for name in named if isinstance(name, str)),
    )


def translated(
    error: Exception, asked: Asked, retry_after: float | None
) -> ConnectorError:
    """Give one of ``FOREIGN`` its name in this project.

    ``retry_after``: the seconds that the answer's header asked for, if any.
    """
    if isinstance(error, SalesforceError):
        faults = faults_in(error.content)
        refusal = Refusal(status=error.status, faults=faults, retry_after=retry_after)
        return refused(refusal, asked)
    if never_connected(error):
        return UnavailableError(f"{asked.doing}: no connection")
    return no_verdict(asked, _why(error))


def never_connected(error: Exception) -> bool:
    """Whether no byte of the request can have left."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(getattr(inner, "reason", None), NewConnectionError)


def no_verdict(
    asked: Asked, why: str, retry_after: float | None = None
) -> ConnectorError:
    """Name an answer without a verdict: only a write may have done something."""
    said = f"{asked.doing}: {why}"
    if asked.writes:
        return OutcomeUnknownError(said)
    return UnavailableError(said, retry_after=retry_after)


def _why(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, UnreadableAnswerError):
        return "the answer is not what was asked for"
    return f"the connection was lost ({type(error).__name__})"


def refused(refusal: Refusal, asked: Asked) -> ConnectorError:
    """Name a refusal of a whole request: the first rule that knows it decides."""
    for knows, name in _RULES:
        if knows(refusal):
            return name(refusal, asked)
    return _other(refusal, asked)


def _unauthorized(refusal: Refusal, asked: Asked) -> ConnectorError:
    return UnauthorizedError(f"{asked.doing}: {refusal.words}")


def _limit(refusal: Refusal, asked: Asked) -> ConnectorError:
    said = f"{asked.doing}: {refusal.words}"
    if "concurrent" in refusal.words.lower():
        return UnavailableError(said, retry_after=_AT_ONCE)
    return QuotaReachedError(said, retry_after=PAUSE.total_seconds())


def _slow_down(refusal: Refusal, asked: Asked) -> ConnectorError:
    said = f"{asked.doing}: {refusal.words}"
    return RateLimitedError(said, retry_after=refusal.retry_after)


def _broken(refusal: Refusal, asked: Asked) -> ConnectorError:
    return no_verdict(asked, refusal.words, refusal.retry_after)


def _unavailable(refusal: Refusal, asked: Asked) -> ConnectorError:
    said = f"{asked.doing}: {refusal.words}"
    return UnavailableError(said, retry_after=refusal.retry_after)


def _schema(refusal: Refusal, asked: Asked) -> ConnectorError:
    mends = (_MENDS.get(fault.code) for fault in refusal.faults)
    mend = next(filter(None, mends), _MEND_REFUSED)
    return SchemaMismatchError(f"{asked.doing}: {refusal.words}. {mend}")


def _batch(refusal: Refusal, asked: Asked) -> ConnectorError:
    if not asked.writes:
        return _schema(refusal, asked)
    fields = [name for fault in refusal.faults for name in fault.fields]
    code = refusal.faults[0].code if refusal.faults else f"HTTP_{refusal.status}"
    said = f"{asked.doing}: {refusal.words}"
    return BatchRefusedError(said, code=code, fields=tuple(dict.fromkeys(fields)))


def _other(refusal: Refusal, asked: Asked) -> ConnectorError:
    return (_batch if refusal.faults else _unavailable)(refusal, asked)


def _is_locked(refusal: Refusal) -> bool:
    return refusal.has(*_BUSY) or "UNABLE_TO_LOCK_ROW" in refusal.words


def _is_about_a_right(refusal: Refusal) -> bool:
    right = refusal.status in _ABOUT_A_RIGHT and bool(refusal.faults)
    return right or refusal.has(*_MENDS)


def _is_broken(refusal: Refusal) -> bool:
    return refusal.status >= _SERVER_ERROR or refusal.has("SERVER_UNAVAILABLE")


_RULES: tuple[
    tuple[Callable[[Refusal], bool], Callable[[Refusal, Asked], ConnectorError]], ...
] = (
    (lambda refusal: refusal.status == _UNAUTHORIZED, _unauthorized),
    (lambda refusal: refusal.has("REQUEST_LIMIT_EXCEEDED"), _limit),
    (lambda refusal: refusal.status in _SLOW_DOWN, _slow_down),
    (_is_broken, _broken),
    (_is_locked, _unavailable),
    (_is_about_a_right, _schema),
    (lambda refusal: refusal.status == _TOO_LARGE, _batch),
)
