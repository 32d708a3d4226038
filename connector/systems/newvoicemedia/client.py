"""NewVoiceMedia's endpoint. Source: Calls API, POST v{v#}/{accountKey}/calls/."""

import re
from dataclasses import dataclass, replace

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.systems.newvoicemedia.operations import CREATE_CALL, accepted
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import Values
from connector.transport.request import Request
from connector.transport.tokens import Tokens

CREATED = 201
UNKNOWN = (408,)
"""Refusals that come when a request took too long: it may have been carried out."""
_EXCERPT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call that was placed. ``id`` is the body's, and not the one in ``location``.

    Each is empty where the answer lacks it.
    """

    id: str
    location: str


class NewVoiceMediaClient:
    """Places calls: every request once."""

    def __init__(self, http: Http, tokens: Tokens, account_key: str) -> None:
        """``http`` should not keep connections: see `Http`."""
        self._http = http
        self._tokens = tokens
        self._account = account_key

    def create_call(self, values: Values) -> Placed:
        """Have a call placed; ``values`` are the document's ``from``, ``to``, ….

        Raises RefusedError in NewVoiceMedia's words, before anything is sent where its
        rules are documented. UnauthorizedError, RateLimitedError, UnavailableError and
        ConfigError: nothing was placed. OutcomeUnknownError: a phone may ring.
        """
        request = CREATE_CALL.request({"accountKey": self._account, **values})
        request = replace(request, headers={"Accept": accepted(values)})
        answer = self._authorised(request)
        if answer.status != CREATED:
            raise _refused(answer)
        return _placed(answer)

    def _authorised(self, request: Request) -> Answer:
        """Send it; where the token is refused, with a new one: nothing was placed."""
        token = self._tokens.token()
        try:
            return self._http.ask(_with(request, token))
        except UnauthorizedError:
            return self._http.ask(_with(request, self._tokens.token(token)))


def _with(request: Request, token: str) -> Request:
    headers = {**request.headers, "Authorization": f"Bearer {token}"}
    return replace(request, headers=headers)


def _placed(answer: Answer) -> Placed:
    body = _body(answer)
    given = body.get("id") if isinstance(body, dict) else None
    return Placed(
        id=given if isinstance(given, str) else "",
        location=answer.headers.get("location", ""),
    )


def _refused(answer: Answer) -> ConnectorError:
    """Return the error that any other answer stands for."""
    says = _message(answer)
    words = says or f"NewVoiceMedia answered {answer.status}"
    if answer.status // 100 == 2 or answer.status in UNKNOWN:  # noqa: PLR2004  2xx
        return OutcomeUnknownError(words)
    if answer.status == 403:  # noqa: PLR2004  Forbidden
        return UnauthorizedError(f"NewVoiceMedia: {words}")
    if answer.status == 404:  # noqa: PLR2004  Not Found
        return ConfigError(
            "NewVoiceMedia answered 404: are NEWVOICEMEDIA_URL and"
            " NEWVOICEMEDIA_ACCOUNT_KEY right?"
        )
    return RefusedError(words, parameter=_parameter(says), status=answer.status)


def _parameter(message: str) -> str:
    """Return the parameter that a documented refusal is about; empty if none is."""
    named = (p for p in CREATE_CALL.params if p.refusal and p.refusal in message)
    return next((param.name for param in named), "")


def _message(answer: Answer) -> str:
    body = _body(answer)
    named = (
        {str(n).lower(): v for n, v in body.items()} if isinstance(body, dict) else {}
    )
    given = named.get("message")
    if given is None and "text/plain" in answer.headers.get("content-type", ""):
        given = answer.body.decode("utf-8", "replace")
    return (
        re.sub(r"\s+", " ", given).strip()[:_EXCERPT] if isinstance(given, str) else ""
    )


def _body(answer: Answer) -> Json:
    try:
        return answer.json()
    except UnavailableError:
        return None
