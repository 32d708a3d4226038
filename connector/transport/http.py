"""The one seam where HTTP's errors become ours.

========================================  ============================================
what happens                              what is raised
========================================  ============================================
no connection, a timeout, a connection    UnavailableError
dropped or a body that trickles on
an answer that breaks HTTP or its coding  UnavailableError
401                                       UnauthorizedError
429                                       RateLimitedError with its ``retry_after``
5xx                                       UnavailableError with its ``retry_after``
3xx                                       UnavailableError: no redirect is followed
2xx or 4xx, read as JSON, which it isn't  UnavailableError, by `Answer.json`
an address or a header that can't be      ConfigError, when the `Http` is built
========================================  ============================================

Every other status is an `Answer`: the client judges it. UnavailableError says nothing
about what was done: it is for reads and for what may be sent twice. Of a request that
is to be sent ``once`` it says that nothing was, and where that is not certain (the
connection was made, and no answer came that says no) OutcomeUnknownError is raised in
its place. 307 and 308 say no: the request is to be made elsewhere. The other 3xx may
send us to see what was done. Messages name the host, never a path, a header or a body.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.transport.answer import Answer
from connector.transport.deadline import Deadline, OverdueError
from connector.transport.jsontext import Json
from connector.transport.request import Request

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)
NEW_ONES = httpx.Limits(max_connections=100, max_keepalive_connections=0)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Never asked through a proxy."""

FAULTS: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.ConnectTimeout, "could not be reached in time"),
    (OverdueError, "did not end its answer in time"),
    (httpx.TimeoutException, "did not answer in time"),
    (httpx.ConnectError, "could not be reached"),
    (httpx.ProxyError, "could not be reached through the proxy"),
    (httpx.DecodingError, "answered in a coding that cannot be read"),
    (httpx.NetworkError, "dropped the connection"),
    (httpx.RemoteProtocolError, "dropped the connection"),
    (httpx.HTTPError, "did not answer as HTTP wants it"),
)
"""What httpx raises, in our words; the first that fits."""

NOTHING_SENT = (
    httpx.ConnectTimeout,
    httpx.ConnectError,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""What is raised before a request is on its way."""

MOVED = (307, 308)
"""Redirects that say nothing was done (RFC 9110, 15.4.8 and 15.4.9)."""


class Http:
    """A system's address, asked over kept connections. Safe for many threads."""

    def __init__(  # noqa: PLR0913  each is a knob of its own, with a default
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = READ_SECONDS,
        deadline: float = 2 * READ_SECONDS,
        kept: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet; ConfigError where it could never work.

        A path in ``url`` is kept as a prefix. ``headers`` go with every request.
        Seconds: ``timeout`` without a byte, ``deadline`` for the whole answer, which
        over connections that are not ``kept`` is kept to however slowly it comes.
        ``kept``: connections are used again. One that the other side is just closing
        loses a request, and nobody can tell whether it was read: what must not be sent
        twice is better sent over a new one.
        """
        base = _address(url)
        self._host = base.netloc.decode("ascii")
        self._deadline = deadline
        self._kept = kept
        self._client = httpx.Client(
            base_url=base,
            headers=_sendable(headers or {}),
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            transport=transport,
            trust_env=base.host not in LOOPBACK,
            limits=LIMITS if kept else NEW_ONES,
        )

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    def get(self, path: str) -> Answer:
        """Read ``path``."""
        return self.ask(Request(method="GET", path=path))

    def post(self, path: str, json: Json) -> Answer:
        """Send ``json`` to ``path``: a read, or what may be sent twice."""
        return self.ask(Request(method="POST", path=path, json=json))

    def ask(self, request: Request) -> Answer:
        """Send a request, and return what came back."""
        try:
            answer = self._exchange(request)
        except httpx.HTTPError as error:
            what = next(words for kind, words in FAULTS if isinstance(error, kind))
            message = f"{self._host} {what}"
            if request.once and not isinstance(error, NOTHING_SENT):
                raise OutcomeUnknownError(message) from error
            raise UnavailableError(message) from error
        if (refusal := _refusal(answer, once=request.once)) is not None:
            raise refusal
        return answer

    def _exchange(self, request: Request) -> Answer:
        deadline = Deadline(self._deadline, cuts=not self._kept)
        sent = _sent(request) | {"extensions": {"trace": deadline.trace}}
        with deadline, self._client.stream(**sent) as response:
            return Answer(
                host=self._host,
                status=response.status_code,
                headers=response.headers,
                body=b"".join(_body(response, deadline, request)),
            )


def _body(
    response: httpx.Response, deadline: Deadline, request: Request
) -> Iterator[bytes]:
    """Yield the body as it comes; where the head is enough, as far as it comes."""
    try:
        for chunk in response.iter_bytes():
            deadline.check()
            yield chunk
        deadline.check(ended=True)
    except httpx.HTTPError:
        if not request.head_is_enough:
            raise


def _sent(request: Request) -> dict[str, Any]:
    """Return a request in httpx's words."""
    files = {
        name: (upload.filename, upload.content, upload.content_type)
        for name, upload in request.files.items()
    }
    given = {
        "json": request.json,
        "data": request.form,
        "params": request.query or None,
        "headers": _sendable(request.headers),
        "files": files or None,
    }
    return {
        "method": request.method,
        "url": request.path,
        **{name: value for name, value in given.items() if value is not None},
    }


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigError(f"{url!r} is not an address: {error}") from error
    if address.scheme not in {"http", "https"} or not address.host:
        raise ConfigError(f"{url!r} is not an http or https address")
    return address


def _sendable(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Check headers here, since what httpx raises for one shows its value."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ConfigError(f"the {name} header has a line break or a bad character")
    return headers


def _refusal(answer: Answer, *, once: bool) -> ConnectorError | None:
    """What a status means by itself, whoever answered."""
    says = f"{answer.host} answered {answer.status}"
    match answer.status, answer.status // 100:
        case 401, _:
            return UnauthorizedError(f"{says}: it refuses our credentials")
        case 429, _:
            return RateLimitedError(
                f"{says}: it asks us to slow down", retry_after=answer.retry_after
            )
        case status, 3:
            sure = status in MOVED or not once
            kind = UnavailableError if sure else OutcomeUnknownError
            return kind(f"{says}, a redirect: is its address right?")
        case _, 2 | 4:
            return None
        case _ if once:
            return OutcomeUnknownError(says)
        case _:
            return UnavailableError(says, retry_after=answer.retry_after)
