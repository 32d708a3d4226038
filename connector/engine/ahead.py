"""Pulls pages in threads: the vendor's wait, the mapping and the CRM's wait overlap."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

AHEAD = 2
"""Pages kept ready: with the one being fetched, the next batch of 200."""

BEAT = 0.5
"""Seconds of waiting for a page after which we look whether to stop."""


def pulled_ahead(
    pages: Iterator[T],
    beat: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
) -> Iterator[T]:
    """Yield ``pages``; the next batch is made ready while this one is being used.

    ``beat`` is called again and again while waiting for a page; once ``stop`` is
    set, there is no waiting. The thread is a daemon: when the consumer leaves, a
    request on its way is left to itself.
    """
    box: queue.Queue[T | Exception | None] = queue.Queue(maxsize=AHEAD)
    closed = threading.Event()
    threading.Thread(
        target=_pull, args=(pages, box, closed), name="pull", daemon=True
    ).start()
    try:
        while (item := _next(box, beat, stop)) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        closed.set()


def _next(
    box: "queue.Queue[T]", beat: Callable[[], None], stop: threading.Event | None
) -> T | None:
    while True:
        try:
            return box.get(timeout=BEAT)
        except queue.Empty:
            beat()
        if stop is not None and stop.is_set():
            return None


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
