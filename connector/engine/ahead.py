"""Pulls pages in threads: the vendor's wait, the mapping and the CRM's wait overlap."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

AHEAD = 2
"""Pages kept ready: with the one being fetched, the next batch of 200."""

BEAT = 10.0
"""Seconds of waiting for a page after which the lease is prolonged."""


def pulled_ahead(
    pages: Iterator[T], beat: Callable[[], None] = lambda: None, every: float = BEAT
) -> Iterator[T]:
    """Yield ``pages``; the next batch is made ready while this one is being used.

    ``beat`` is called every ``every`` seconds while waiting. The thread is a
    daemon: when the consumer leaves, a request on its way is left to itself.
    """
    box: queue.Queue[T | Exception | None] = queue.Queue(maxsize=AHEAD)
    closed = threading.Event()
    threading.Thread(
        target=_pull, args=(pages, box, closed), name="pull", daemon=True
    ).start()
    try:
        while (item := _next(box, beat, every)) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        closed.set()  # a request on its way ends by itself


def _next(box: "queue.Queue[T]", beat: Callable[[], None], every: float) -> T:
    while True:
        try:
            return box.get(timeout=every)
        except queue.Empty:
            beat()


def _pull(
    pages: Iterator[T],
    box: "queue.Queue[T | Exception | None]",
    closed: threading.Event,
) -> None:
    try:
        for page in pages:
            if not _put(box, page, closed):
                return
    except Exception as error:  # noqa: BLE001  it is raised in the consumer's thread
        _put(box, error, closed)
    else:
        _put(box, None, closed)


def _put(box: "queue.Queue[T]", item: T, closed: threading.Event) -> bool:
    while not closed.is_set():
        try:
            box.put(item, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False
