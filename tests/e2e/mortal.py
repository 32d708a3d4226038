"""A state whose process dies at a chosen commit: nothing after it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from typing_extensions import override

from connector.clock import Clock
from connector.state.store import Store
from connector.state.writing import Transaction


class Death(BaseException):
    """The process is gone; no handler of the product may catch this."""


@dataclass(slots=True, kw_only=True)
class Fate:
    """When a process dies: just ``before`` its ``commit`` is through, or ``after``."""

    commit: int
    when: Literal["before", "after"]
    seen: int = 0
    dead: bool = False

    def meet(self, when: str) -> None:
        """Die here, if this is the place."""
        if self.dead or (self.seen == self.commit and self.when == when):
            self.dead = True
            raise Death


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
            self._fate.meet("before")
        self._fate.meet("after")
