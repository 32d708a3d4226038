"""Who wants to hear of changes, and how each asked to be told."""

import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.sandbox.agendize.delivery import Delivery, Postman
from connector.sandbox.agendize.payload import rendered

Watch = Mapping[str, Any]
"""As it was asked for, with an id and the defaults, which are ours."""


@dataclass(slots=True, kw_only=True)
class Watches:
    """Registers watches and tells them; for use from any thread."""

    postman: Postman = field(default_factory=Postman)
    _all: dict[str, Watch] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> Sequence[Watch]:
        """Return every watch, oldest first."""
        with self._lock:
            return tuple(self._all.values())

    def add(self, asked: Mapping[str, object]) -> Watch:
        """Register a watch; one more where its address has one."""
        defaults = {"method": "POST", "status": "enabled"}
        watch_id = secrets.token_hex(8)
        with self._lock:
            self._all[watch_id] = {"id": watch_id, **defaults, **asked}
            return self._all[watch_id]

    def remove(self, watch_id: str) -> None:
        """Forget a watch; harmless where there is none."""
        with self._lock:
            self._all.pop(watch_id, None)

    def tell(self, call_id: str, sent: bytes, times: int) -> None:
        """Send a call to all watches that are enabled, so many times."""
        for watch in self.all():
            if watch["status"] == "enabled":
                body = rendered(watch.get("schema"), json.loads(sent))
                delivery = Delivery(call_id=call_id, watch=watch, body=body)
                for _ in range(times):
                    self.postman.send(delivery)
