"""NewVoiceMedia's endpoint. Source: Calls API, POST v{v#}/{accountKey}/calls/."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType
from typing import Final

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import Placed
from connector.systems.newvoicemedia.operations import CREATE_CALL, accepted
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import Values
from connector.transport.request import Request
from connector.transport.tokens import Tokens

PATIENCE: Final = 30.0
"""Seconds after which a call must not leave any more: its agent may have given up, and
others may have settled what they take for lost."""
AT_ONCE: Final = 0.1
"""Seconds until it is worth trying with a new token."""
CREATED: Final = 201
NO_VERDICT: Final = frozenset({408})
"""Refusals that come when a request took too long: it may have been carried out."""
NOT_OURS_TO_ASK: Final[Mapping[int, tuple[type[ConfigError], str]]] = MappingProxyType(
    {
        403: (UnauthorizedError, "NewVoiceMedia refuses our right to place calls"),
        404: (ConfigError, "are NEWVOICEMEDIA_URL and NEWVOICEMEDIA_ACCOUNT_KEY right?"),
        407: (ConfigError, "the proxy wants to know who we are"),
    }
)  # fmt: skip
"""Refusals that are not about the call: nothing was placed, and it may be tried again."""
_LONGEST: Final = 1000
"""Characters of a refusal; the longest documented ones have about 80."""


class NewVoiceMediaClient:
    """Places calls: every request once."""

    def __init__(
        self, http: Http, tokens: Tokens, account_key: str, patience: float = PATIENCE
    ) -> None:
        """``http`` should not keep connections: see `Http`.

        ``patience``: seconds within which a call has left, or does not leave.
        """
        self._http = http
        self._tokens = tokens
        self._account = account_key
        self._patience = patience
        self._refused = ""
        """The token that was refused last, if no call has left since."""

    def create_call(self, values: Values) -> Placed:
        """Have a call placed; ``values`` are the document's ``from``, ``to``, ….

        Raises RefusedError in NewVoiceMedia's words, before anything is sent where its
        rules are documented. UnauthorizedError, RateLimitedError, UnavailableError and
        ConfigError: nothing was placed. OutcomeUnknownError: a phone may ring.
        """
        request = CREATE_CALL.request({"accountKey": self._account, **values})
        headers = {"Accept": accepted(values)}
        request = replace(request, headers=headers, head_is_enough=True)
        answer = self._authorised(request)
        if answer.status != CREATED:
            raise _refused(answer)
        return _placed(answer)

    def ready(self) -> None:
        """Have a token at hand; raises what `create_call` does without one."""
        self._tokens.token(self._refused)

    def close(self) -> None:
        """Close what is open of the connections."""
        self._http.close()
        self._tokens.http.close()

    def _authorised(self, request: Request) -> Answer:
        """Send it. Where the token is refused nothing was placed.

        It is not sent again with a new one here: meanwhile it may be too late for it.
        """
        ends = monotonic() + self._patience
        token = self._tokens.token(self._refused)
        try:
            answer = self._send(request, token, ends)
        except UnauthorizedError as error:
            before, self._refused = self._refused, token
            if before:
                raise  # a new token was refused as well
            words = f"{error.message}; a new token is asked for"
            raise UnavailableError(words, retry_after=AT_ONCE) from error
        self._refused = ""
        return answer

    def _send(self, request: Request, token: str, ends: float) -> Answer:
        if monotonic() > ends:
            raise UnavailableError(
                "NewVoiceMedia's token came too late to place a call"
            )
        headers = {**request.headers, "Authorization": f"Bearer {token}"}
        return self._http.ask(replace(request, headers=headers))


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
    if answer.status // 100 == 2 or answer.status in NO_VERDICT:  # noqa: PLR2004  2xx
        return OutcomeUnknownError(words)
    if answer.status in NOT_OURS_TO_ASK:
        kind, why = NOT_OURS_TO_ASK[answer.status]
        return kind(f"{words}: {why}")
    return RefusedError(words, parameter=_parameter(says), status=answer.status)


def _parameter(message: str) -> str:
    """Return the parameter that a documented refusal is about; empty if none is."""
    named = (p for p in CREATE_CALL.params if p.refusal and p.refusal in message)
    return next((param.name for param in named), "")


def _message(answer: Answer) -> str:
    """Return NewVoiceMedia's words; empty where the body has none that are for us."""
    said = _body(answer)
    if isinstance(said, dict):
        said = {str(name).lower(): value for name, value in said.items()}
        said = said.get("message")
    elif said is None and "text/plain" in answer.headers.get("content-type", ""):
        said = answer.body.decode("utf-8-sig", "replace")
    return said.strip()[:_LONGEST] if isinstance(said, str) else ""


def _body(answer: Answer) -> Json:
    try:
        return answer.json()
    except UnavailableError:
        return None
