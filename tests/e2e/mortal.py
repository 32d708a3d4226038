"""A state whose process dies at a chosen commit: nothing after it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from typing_extensions import override

from connector.clock import Clock
from connector.state.store import Store
from connector.state.writing import Transaction

When = Literal["before", "after"]


class Death(BaseException):
    """The process is gone; no handler of the product may catch this."""


@dataclass(slots=True, kw_only=True)
class Fate:
    """When a process dies: just before its ``commit`` is through, or just after.

    0: never. ``disk`` has what a power cut may leave: the state after the last
    durable commit, and after each one since.
    """

    commit: int = 0
    when: When = "before"
    seen: int = 0
    dead: bool = False
    disk: list[bytes] | None = field(default=None, repr=False)

    def meet(self, when: When, commit: int) -> None:
        """Die here, if this is the place."""
        if self.dead or (commit == self.commit and self.when == when):
            self.dead = True
            raise Death

    def remember(self, content: bytes, *, durable: bool) -> None:
        """Keep what the disk may have from now on."""
        if self.disk is not None:
            if durable:
                self.disk.clear()
            self.disk.append(content)


class MortalStore(Store):
    """The state of a process that meets its `Fate`."""

    def __init__(self, path: Path, clock: Clock, fate: Fate) -> None:
        super().__init__(path, clock)
        self._fate = fate

    @contextmanager
    @override
    def writing(self, *, durable: bool = False) -> Iterator[Transaction]:
        with super().writing(durable=durable) as tx:
            yield tx
            self._fate.seen += 1
            commit = self._fate.seen
            self._fate.meet("before", commit)
        if self._fate.disk is not None:
            with self._lock:
                self._fate.remember(self._connection.serialize(), durable=durable)
        self._fate.meet("after", commit)
