"""Who of this process's threads is at which request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class AtWork:
    """The requests that somebody is at. Safe for many threads."""

    _ids: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at(self, request_id: str) -> Iterator[bool]:
        """Be the only thread at a request; False where another is at it."""
        with self._lock:
            free = request_id not in self._ids
            self._ids.add(request_id)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._ids.discard(request_id)
