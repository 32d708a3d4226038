"""HTTP for one org: a total deadline, the org's real address, nothing sent twice.

simple-salesforce always speaks to ``https://host``, waits for ever and follows
redirects; requests resets its timeout at every byte. This is where that is mended.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util import Timeout

_CONNECT_SECONDS = 10.0
_KEPT_CONNECTIONS = 16
_API = "/services/"
_NO_COOKIES = DefaultCookiePolicy(allowed_domains=())


class _Until(io.RawIOBase):
    """Reads from a socket until a deadline, however slowly the bytes come."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._end = time.monotonic() + seconds

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override]  # the stub's Buffer has no public name in 3.11
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline is over")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    @override
    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer that must be through when the read timeout, once, is over."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        seconds = sock.gettimeout()
        if seconds is not None:
            raw: io.RawIOBase = self.fp.detach()
            self.fp = io.BufferedReader(_Until(raw, sock, seconds))


@contextmanager
def _nothing_sent(connection: HTTPConnection) -> Iterator[None]:
    """Whatever fails here, TLS included, fails before a byte of the request.

    A host may have many addresses, each with a timeout of its own: a request must
    not leave when its time is over.
    """
    started = time.monotonic()
    try:
        yield
    except OSError as error:
        raise NewConnectionError(connection, type(error).__name__) from error
    if time.monotonic() - started > (connection.timeout or _CONNECT_SECONDS):
        raise NewConnectionError(connection, "connected too late")


class _Plain(HTTPConnection):
    response_class = _Answer

    @override
    def connect(self) -> None:
        with _nothing_sent(self):
            super().connect()


class _Tls(HTTPSConnection):
    response_class = _Answer

    @override
    def connect(self) -> None:
        with _nothing_sent(self):
            super().connect()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class DeadlineAdapter(HTTPAdapter):
    """Keeps connections alive, never repeats, ends each request in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        """``seconds``: from connecting to the last byte of the answer."""
        self._seconds = seconds
        super().__init__(pool_maxsize=_KEPT_CONNECTIONS, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _PlainPool,
            "https": _TlsPool,
        }

    @override
    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send once. Raises requests' own errors."""
        total = Timeout(
            connect=min(_CONNECT_SECONDS, self._seconds), total=self._seconds
        )
        return super().send(
            request,
            stream=stream,
            timeout=total,  # type: ignore[arg-type]  # requests takes it, its stubs don't say so
            verify=verify,
            cert=cert,
            proxies=proxies,
        )


class OrgAdapter(DeadlineAdapter):
    """Sends what is meant for any host to the org: its scheme, host and prefix."""

    def __init__(self, org: SplitResult, seconds: float) -> None:
        """``org``: the configured URL."""
        self._origin = f"{org.scheme}://{org.netloc}"
        self._prefix = org.path.rstrip("/")
        super().__init__(seconds)

    @override
    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        """Readdress, then send once. Raises requests' own errors."""
        request.url = self._readdressed(str(request.url))
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]  # passed through as they came

    def _readdressed(self, url: str) -> str:
        parts = urlsplit(url)
        prefix = "" if parts.path.startswith(self._prefix + _API) else self._prefix
        query = f"?{parts.query}" if parts.query else ""
        return f"{self._origin}{prefix}{parts.path}{query}"


class OneRequest(requests.Session):
    """A session that reads no environment, keeps no cookie, follows no redirect."""

    def __init__(self, adapter: HTTPAdapter) -> None:
        """Send everything through ``adapter``."""
        super().__init__()
        self.trust_env = False
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.cookies.set_policy(_NO_COOKIES)

    @override
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None
