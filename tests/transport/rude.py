"""The other end of a real connection, which answers, or does not, byte by byte."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import responses
from typing import Self

BETWEEN_BYTES = 0.02

Play = Callable[["Rude", socket.socket], None]
"""What is done with a connection once the request was read."""


class Rude:
    """Listens on 127.0.0.1 and does the same to whoever asks. ``heard``: requests."""

    def __init__(self, play: Play, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[bytes] = []
        self.over = threading.Event()
        self._play = play
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self.over.is_set():
            with suppress(OSError):
                plain, _ = self._listening.accept()
                with plain, self._speaking(plain) as connection:
                    if request := _request(connection):
                        self.heard.append(request)
                        self._play(self, connection)

    def _speaking(self, plain: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(plain, server_side=True) if self._tls else plain


def _request(connection: socket.socket) -> bytes:
    """Read a request whose length is told; empty where it is no HTTP."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65536)
        if not more or (got + more)[:1] == b"\x16":  # the first byte of TLS
            return b""
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


# ── what can be done to it ─────────────────────────────────────────────────


def answer(status: int, body: bytes = b"", *, more: int = 0, **headers: str) -> bytes:
    """Write an answer; ``more``: bytes that are promised and don't come."""
    lines = [
        f"HTTP/1.1 {status} {responses.get(status, '-')}",
        f"Content-Length: {len(body) + more}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def says(whole: bytes) -> Play:
    """Send this, and close."""
    return lambda _, connection: connection.sendall(whole)


def closes(_: Rude, connection: socket.socket) -> None:
    """Close without a word."""
    del connection


def resets(_: Rude, connection: socket.socket) -> None:
    """Drop the connection."""
    at_once = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)


def hangs(server: Rude, connection: socket.socket) -> None:
    """Keep the connection, and say nothing."""
    del connection
    server.over.wait()


def trickles(at_once: bytes, rest: bytes) -> Play:
    """Send a beginning, and then a byte now and then."""

    def play(server: Rude, connection: socket.socket) -> None:
        connection.sendall(at_once)
        for byte in rest:
            if server.over.wait(BETWEEN_BYTES):
                return
            connection.sendall(bytes([byte]))

    return play
