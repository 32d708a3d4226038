"""Everything one Multisender customer has, and what is known by looking at it."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connector.sandbox.multisender.checks import MOMENT
from connector.sandbox.multisender.fields import Record, RefusedError
from connector.sandbox.multisender.moods import Moods
from connector.sandbox.multisender.rules import RESOURCES
from connector.sandbox.multisender.store import Agenda, Table
from connector.sandbox.multisender.webhooks import Postman

OPEN_CALLS = 100
"""How many of the latest calls may still be dialled by themselves."""


def _tables() -> dict[str, Table]:
    return {name: Table(resource.lookups) for name, resource in RESOURCES.items()}


@dataclass(kw_only=True, eq=False)
class Office:
    """The records and what happens to them; ``lock`` is held by whoever looks.

    ``now`` is the clock; times are written in ``zone`` where the document does not
    say UTC. ``seconds_until_ready``: how long a voice file is pending.
    """

    now: Callable[[], datetime]
    zone: ZoneInfo
    seconds_until_ready: float
    moods: Moods
    postman: Postman = field(default_factory=Postman)
    tables: dict[str, Table] = field(default_factory=_tables)
    agenda: Agenda = field(default_factory=Agenda)
    open_calls: deque[tuple[str, int]] = field(
        default_factory=lambda: deque(maxlen=OPEN_CALLS)
    )
    lock: threading.RLock = field(default_factory=threading.RLock)
    opened: str = field(init=False)

    def __post_init__(self) -> None:
        self.opened = self.written_now()

    def record(self, name: str, record_id: int) -> Record:
        """Return a record; RefusedError (404) where there is none."""
        if record_id not in self.tables[name]:
            raise RefusedError(404, f"There is no {name}/{record_id}")
        return self.tables[name].row(record_id).record

    def named(self, name: str, record_id: int) -> Record:
        """Return a record that a body names; RefusedError (400) if there is none."""
        if record_id not in self.tables[name]:
            raise RefusedError(400, f"There is no {name}/{record_id}")
        return self.tables[name].row(record_id).record

    def members(self, group: Record) -> Iterator[Record]:
        """Yield the accounts of a group that there still are."""
        accounts = self.tables["accounts"]
        return (accounts.row(i).record for i in group["members"] if i in accounts)

    def catch_up(self) -> None:
        """Let what is due happen."""
        self.agenda.catch_up(self.now())

    def written(self, at: datetime) -> str:
        """Write a time as the customer's clock shows it."""
        return at.astimezone(self.zone).strftime(MOMENT)

    def written_now(self) -> str:
        """Write the time that it is now."""
        return self.written(self.now())

    def read(self, written: str) -> datetime:
        """Read a time of the customer's clock."""
        return datetime.strptime(written, MOMENT).replace(tzinfo=self.zone)


def utc(written: str) -> datetime:
    """Read a time that the document says is UTC."""
    return datetime.strptime(written, MOMENT).replace(tzinfo=UTC)


def utc_written(at: datetime) -> str:
    """Write a time that the document says is UTC."""
    return at.astimezone(UTC).strftime(MOMENT)
