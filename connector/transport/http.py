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

Every other status is an `Answer`: the client judges it. All of this is for reads
and for what may be sent twice: UnavailableError says nothing about what was done.
Messages name the host, never a path, a header or a body.
"""

from collections.abc import Iterator, Mapping
from time import monotonic

import httpx

from connector.errors import (
    ConfigError,
    ConnectorError,
    RateLimitedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Never asked through a proxy."""

FAULTS: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.ConnectTimeout, "could not be reached in time"),
    (httpx.TimeoutException, "did not answer in time"),
    (httpx.ConnectError, "could not be reached"),
    (httpx.ProxyError, "could not be reached through the proxy"),
    (httpx.DecodingError, "answered in a coding that cannot be read"),
    (httpx.NetworkError, "dropped the connection"),
    (httpx.RemoteProtocolError, "dropped the connection"),
    (httpx.HTTPError, "did not answer as HTTP wants it"),
)
"""What httpx raises, in our words; the first that fits."""


class Http:
    """A system's address, asked over kept connections. Safe for many threads."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = READ_SECONDS,
        deadline: float = 2 * READ_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet; ConfigError where it could never work.

        A path in ``url`` is kept as a prefix. ``headers`` go with every request.
        Seconds: ``timeout`` without a byte, ``deadline`` for the whole answer.
        """
        base = _address(url)
        self._host = base.netloc.decode("ascii")
        self._deadline = deadline
        self._client = httpx.Client(
            base_url=base,
            headers=_sendable(headers or {}),
            timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=base.host not in LOOPBACK,
        )

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    def get(self, path: str) -> Answer:
        """Read ``path``."""
        return self._ask("GET", path, None)

    def post(self, path: str, json: Json) -> Answer:
        """Send ``json`` to ``path``: a read, or what may be sent twice."""
        return self._ask("POST", path, json)

    def _ask(self, method: str, path: str, json: Json) -> Answer:
        try:
            answer = self._exchange(method, path, json)
        except httpx.HTTPError as error:
            what = next(words for kind, words in FAULTS if isinstance(error, kind))
            raise UnavailableError(f"{self._host} {what}") from error
        if (refusal := _refusal(answer)) is not None:
            raise refusal
        return answer

    def _exchange(self, method: str, path: str, json: Json) -> Answer:
        ends = monotonic() + self._deadline
        with self._client.stream(method, path, json=json) as response:
            body = b"".join(self._in_time(response.iter_bytes(), ends))
            return Answer(
                host=self._host,
                status=response.status_code,
                headers=response.headers,
                body=body,
            )

    def _in_time(self, chunks: Iterator[bytes], ends: float) -> Iterator[bytes]:
        for chunk in chunks:
            if monotonic() > ends:
                raise UnavailableError(f"{self._host} did not end its answer in time")
            yield chunk


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


def _refusal(answer: Answer) -> ConnectorError | None:
    """What a status means by itself, whoever answered."""
    says = f"{answer.host} answered {answer.status}"
    match answer.status, answer.status // 100:
        case 401, _:
            return UnauthorizedError(f"{says}: it refuses our credentials")
        case 429, _:
            return RateLimitedError(
                f"{says}: it asks us to slow down", retry_after=answer.retry_after
            )
        case _, 3:
            return UnavailableError(f"{says}, a redirect: is its address right?")
        case _, 2 | 4:
            return None
        case _:
            return UnavailableError(says, retry_after=answer.retry_after)
