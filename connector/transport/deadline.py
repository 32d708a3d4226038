"""The end of an exchange, however slowly its bytes come.

httpx bounds the silence between two bytes. One byte every ten seconds goes on for ever.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

import httpx

CONNECTED: Final = ("connect_tcp.complete", "start_tls.complete")
"""What httpx's trace says when there is a new socket to speak through."""
BY_A_CUT: Final = (httpx.RemoteProtocolError, httpx.ReadError)
"""What a connection that we cut looks like to who reads from it."""


class OverdueError(httpx.ReadTimeout):
    """The answer had not ended when its time was over."""


class Deadline:
    """Ends one exchange after so many seconds.

    A kept connection is looked at when some of the body came. A new one is also cut
    then, whether it is connecting, sending the answer's head or its body.
    """

    def __init__(self, seconds: float, *, cuts: bool) -> None:
        """``cuts``: the connection is a new one."""
        self._ends = monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut) if cuts else None
        self._socket: socket.socket | None = None
        self._was_cut = False

    def __enter__(self) -> Self:
        """Begin to count."""
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say of what our cut did that it was us."""
        if self._timer:
            self._timer.cancel()
        if self._was_cut and isinstance(error, BY_A_CUT):
            raise OverdueError("cut") from error

    def check(self, *, ended: bool = False) -> None:
        """Raise OverdueError where the time is over.

        ``ended``: the answer has; so it did where we cut an answer of no set length.
        """
        if self._was_cut or (not ended and monotonic() > self._ends):
            raise OverdueError("over")

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take httpx's trace; what connects too late must not be sent through."""
        if not event.endswith(CONNECTED):
            return
        stream = info["return_value"]
        self._socket = stream.get_extra_info("socket")
        if self._was_cut:
            stream.close()
            raise httpx.ConnectTimeout("connected too late")

    def _cut(self) -> None:
        self._was_cut = True
        if self._socket:
            with suppress(OSError):  # it was closed meanwhile
                # Not TLS's own, which would take the reader's state away.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
