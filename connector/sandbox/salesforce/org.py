"""Everything one org has: its objects, records, sessions, quota, and what was done."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from connector.sandbox.salesforce.cursors import Cursors
from connector.sandbox.salesforce.forms import Form
from connector.sandbox.salesforce.locks import Locks
from connector.sandbox.salesforce.refusals import RequestRefusedError, not_found
from connector.sandbox.salesforce.schema import OBJECTS
from connector.sandbox.salesforce.schema.shape import Object
from connector.sandbox.salesforce.sessions import Sessions
from connector.sandbox.salesforce.store import Store, Table
from connector.sandbox.salesforce.writing import Writer

WRITES_KEPT: Final = 100_000
FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One request that writes, as it was sent, whatever came of it.

    ``ids`` are record ids, or the key's values in an upsert; ``fields`` are all
    that any of its records had.
    """

    verb: str
    object_name: str
    ids: tuple[object, ...]
    fields: frozenset[str]


@dataclass(slots=True)
class Usage:
    """Calls of the REST API used of those allowed in a day."""

    limit: int
    used: int = 0

    def spend(self) -> None:
        """Use one call; refused when none is left."""
        if self.used >= self.limit:
            message = "TotalRequests Limit exceeded."
            raise RequestRefusedError(FORBIDDEN, "REQUEST_LIMIT_EXCEEDED", message)
        self.used += 1


@dataclass(slots=True)
class Org:
    """An org. ``lock`` is held by whoever reads or changes any of it."""

    clock: Callable[[], datetime]
    usage: Usage
    sessions: Sessions
    lock: threading.RLock = field(default_factory=threading.RLock)
    calls: Counter[str] = field(default_factory=Counter)
    writes: deque[Write] = field(default_factory=lambda: deque(maxlen=WRITES_KEPT))
    locks: Locks = field(default_factory=Locks)
    cursors: Cursors = field(default_factory=Cursors)
    store: Store = field(init=False)
    writer: Writer = field(init=False)
    forms: dict[str, Form] = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(OBJECTS, self.clock)
        self.forms = {shape.name: Form(shape, self.store) for shape in OBJECTS}
        self.writer = Writer(self.store, self.locks, self.forms.__getitem__)

    def table(self, name: str) -> Table:
        """Return the table of an object; refused with 404 if there is none."""
        table = self.store.tables.get(name)
        if table is None:
            raise not_found()
        return table

    def reshape(self, shape: Object) -> None:
        """Let an administrator change an object."""
        self.store.tables[shape.name].reshape(shape)
        self.forms[shape.name] = Form(shape, self.store)

    def note(
        self,
        verb: str,
        object_name: str,
        ids: Sequence[object],
        records: Sequence[Mapping[str, object]] = (),
    ) -> None:
        """Write a write down."""
        fields = frozenset[str]().union(*records) - {"attributes"}
        self.writes.append(
            Write(verb=verb, object_name=object_name, ids=tuple(ids), fields=fields)
        )
