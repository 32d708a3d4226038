"""What the vendor posts to addresses that its customers name."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

REMEMBERED: Final = 10_000
"""How many of the latest deliveries are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A body that was posted to ``url``.

    ``status`` is None where there was no answer; ``problem`` is empty where the
    answer's status was below 400.
    """

    url: str
    body: Mapping[str, object]
    status: int | None
    problem: str


class Postman:
    """Posts one body after another, each once, in a thread.

    *Ours*: nothing is delivered a second time. ``timeout`` in seconds.
    """

    def __init__(self, *, timeout: float = 5) -> None:
        """Begin without a thread; the first body starts it."""
        self._timeout = timeout
        self._open = build_opener(ProxyHandler({})).open
        self._waiting: SimpleQueue[tuple[str, Mapping[str, object]]] = SimpleQueue()
        self._log: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._idle = threading.Condition()
        self._unfinished = 0
        self._thread: threading.Thread | None = None

    def post(self, url: str, body: Mapping[str, object]) -> None:
        """Let a body be posted soon."""
        with self._idle:
            self._unfinished += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        self._waiting.put((url, body))

    def wait(self, seconds: float = 10) -> bool:
        """Wait until everything was posted, or so long; False if it was too long."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._unfinished, seconds)

    def deliveries(self) -> list[Delivery]:
        """Return what was posted so far, failures too, oldest first."""
        with self._idle:
            return list(self._log)

    def _run(self) -> None:
        while True:
            delivery = self._delivered(*self._waiting.get())
            with self._idle:
                self._log.append(delivery)
                self._unfinished -= 1
                self._idle.notify_all()

    def _delivered(self, url: str, body: Mapping[str, object]) -> Delivery:
        status, problem = self._answer(url, json.dumps(body).encode())
        return Delivery(url=url, body=body, status=status, problem=problem)

    def _answer(self, url: str, body: bytes) -> tuple[int | None, str]:
        """Post; whatever goes wrong is the customer's affair."""
        headers = {"content-type": "application/json"}
        try:
            request = Request(url, body, headers)  # noqa: S310 - checked when named
            with self._open(request, timeout=self._timeout) as answer:
                return answer.status, ""
        except HTTPError as error:
            with error:
                return error.code, str(error)
        except Exception as error:  # noqa: BLE001 - the thread goes on
            return None, f"{type(error).__name__}: {error}"
