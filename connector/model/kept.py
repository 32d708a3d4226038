"""What the state keeps: leases, the ledger, nudges, the quarantine, runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.model.people import Unlinked
from connector.model.row import Link
from connector.model.values import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to run one flow in one lane, until it expires."""

    flow: str
    lane: Lane
    owner: str
    epoch: int

    @property
    def token(self) -> str:
        """What marks a key as in flight by this writer."""
        return f"{self.lane}:{self.epoch}"

    @property
    def cursor(self) -> str:
        """The name of the cursor that this writer moves; a backfill has its own."""
        return f"{self.flow}/{self.lane}" if self.lane is Lane.BACKFILL else self.flow


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What is known of one (object, key).

    ``hash`` is what the CRM last confirmed; it means nothing while ``in_flight``
    names a writer. ``deleted``: an agent deleted the record, it stays deleted.
    """

    key: str
    flow: str
    crm_id: str | None = None
    hash: bytes | None = None
    version: str | None = None
    in_flight: str | None = None
    deleted: bool = False
    links: Mapping[str, Link] | None = None
    """By field; None: never decided here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A record to be fetched from the vendor; a later nudge has a higher ``id``.

    ``at``: when it was asked for last.
    """

    id: int
    record_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a vendor posted to us. ``headers`` have names in lower case.

    ``secret``: what came after the system's name in the path.
    """

    headers: Mapping[str, str]
    body: bytes
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A record set aside: the latest payload, why, and when it is tried again."""

    flow: str
    record_id: str
    key: str | None
    record: Mapping[str, object]
    version: str | None
    fingerprint: bytes
    code: str
    message: str
    fields: tuple[str, ...] = ()
    attempts: int = 1
    retry_at: datetime | None = None
    discarded: bool = False
    """Forgotten by a person: it stays out until the record changes."""
    awaits: tuple[Unlinked, ...] = ()
    """What it is tried again for, once the directory learns it; not read back."""
    id: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a run did, in records; ``errors`` counts the rows a run set aside."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    set_aside: int = 0
    healed: int = 0
    deleted: int = 0
    unlinked: int = 0
    """Created on nobody, though the mapping looked for somebody."""
    linked: int = 0
    """Linked after they were created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a flow in a lane."""

    flow: str
    lane: Lane
    started_at: datetime
    id: int | None = None
    ended_at: datetime | None = None
    outcome: str = "running"
    message: str = ""
    retry_after: float | None = None
    """Seconds that somebody asked us to wait; not stored."""
    needs_directory: bool = False
    """It waits until the directory is loaded; not stored."""
    counts: Counts = field(default_factory=Counts)
