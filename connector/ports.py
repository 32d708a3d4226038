"""What the use cases need from the outside, one capability a Protocol.

A system implements the source protocols it can: every stream is a `Source`, and one
of `Readable` and `Scannable`; the others are there only where the vendor has the
endpoint.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from connector.model import (
    Aside,
    CrmObject,
    Delivery,
    Enlisted,
    Estimate,
    Lane,
    Lease,
    LedgerRow,
    Link,
    Listed,
    Loading,
    Nudge,
    Outcome,
    Page,
    Payload,
    Person,
    Query,
    Quota,
    Reading,
    Record,
    Run,
    Scalar,
    Stream,
    Unlinked,
)


class Source(Protocol):
    """A stream of a system."""

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        ...


@runtime_checkable
class Readable(Protocol):
    """A stream that can be read on from a cursor."""

    def checked(self, cursor: str) -> str:
        """Return a cursor that a person wrote as `read` takes it, or ConfigError."""
        ...

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield pages from ``cursor`` (from ``since`` where there is none) to now.

        A page's ``cursor`` may be stored once everything yielded so far is in the
        CRM or in quarantine. Raises RetryableError when the vendor does not
        answer and ConfigError when it refuses us; both leave the cursor valid.
        """
        ...


@runtime_checkable
class Scannable(Protocol):
    """A stream that can only be read whole.

    What a scan does not show says nothing: no record is deleted for it.
    """

    def scan(self) -> Iterator[Page]:
        """Yield every record there is, in pages without a cursor.

        Raises what `Readable.read` does.
        """
        ...


@runtime_checkable
class Rereadable(Protocol):
    """A stream that can look back for late changes."""

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield again what was shown from ``start`` up to the cursor ``end``."""
        ...


@runtime_checkable
class Refetchable(Protocol):
    """A stream whose records can be fetched by id."""

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the records with these ids that the vendor still has."""
        ...


@runtime_checkable
class Backfillable(Protocol):
    """A stream that can be read by the time at which the calls began."""

    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        """Yield the records of calls that began in [``start``, ``end``).

        A page's ``cursor`` is where to go on as ``done``, once everything yielded so
        far is settled. Raises what `Source.read` does.
        """
        ...

    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        """Ask how many records `between` would yield, in as few requests as can be."""
        ...


class Webhook(Protocol):
    """How a system tells us that something is new. It is a nudge: we then ask."""

    def authentic(self, delivery: Delivery) -> bool:
        """Whether it is from whom it should be; compared in constant time.

        False where no secret is configured.
        """
        ...

    def nudged(self, delivery: Delivery) -> Mapping[str, Sequence[str]]:
        """Return the ids of the records to look at, by stream.

        RecordError where the body is not as the vendor documents it.
        """
        ...


class Crm(Protocol):
    """A Salesforce-style CRM. No write takes more than 200 rows.

    Every write answers with one outcome a row, in the order of the rows, and
    raises BatchRefusedError (nothing was written, one of the rows is to blame),
    SchemaMismatchError (nothing was written; the object, a field or a permission
    is to blame), QuotaReachedError, RetryableError (nothing was written) or
    OutcomeUnknownError (anything may have been written).
    """

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        """Describe an object; ``fresh`` asks the CRM, not the cache."""
        ...

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records that match, each with the fields asked for."""
        ...

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create records."""
        ...

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Update records; each row has its ``Id``."""
        ...

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create or update by the external id ``key``, which each row has."""
        ...

    def quota(self, *, fresh: bool = False) -> Quota | None:
        """The daily quota as last told; ``fresh`` asks the CRM."""
        ...

    def check_quota(self) -> None:
        """Raise QuotaReachedError where a write or query would not be sent now."""
        ...

    def now(self) -> datetime | None:
        """The CRM's own clock, UTC, as its last answer told it; None: it did not."""
        ...

    def user(self) -> str | None:
        """The id of the user that we are; None before any answer, or not told."""
        ...


class QuotaBook(Protocol):
    """The CRM's quota as all who share the state have heard it."""

    def note(self, quota: Quota, *, at_once: bool = False) -> None:
        """Write a reading of now down, soon; ``at_once``: the others must know."""
        ...

    def flush(self) -> None:
        """Write down what `note` put off."""
        ...

    def last(self) -> Reading | None:
        """The latest reading of anybody, of the last 25 hours."""
        ...

    def since(self, moment: datetime) -> list[Reading]:
        """The readings from ``moment`` on, at most one a minute, oldest first."""
        ...

    def turn(self, every: timedelta) -> bool:
        """Take the turn to ask for the limits; False where somebody lately did."""
        ...

    def pause(self, until: datetime | None) -> None:
        """Note until when nobody asks the CRM for anything; None: it is over."""
        ...

    def paused_until(self) -> datetime | None:
        """Give what `pause` noted last; it may be over."""
        ...


class Slots(Protocol):
    """The shared timetable behind the pacer: one row a system, in the state."""

    def take(self, system: str, interval: float, *, urgent: bool) -> float:
        """Take the turn that is free now, and keep the next ``interval`` free.

        Returns 0.0 when the request may leave now, else the seconds after which to
        try again. Who is not ``urgent`` lets those who are pass.
        """
        ...

    def block(self, system: str, seconds: float) -> None:
        """Nobody asks this system for ``seconds`` (it answered 429)."""
        ...


class Pacer(Protocol):
    """Waits until one more request may be sent to a system."""

    @property
    def interval(self) -> float:
        """Seconds between two requests; 0: no limit."""
        ...

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        ...

    def block(self, seconds: float) -> None:
        """The system asked everybody to wait this long."""
        ...


class Writing(Protocol):
    """One write transaction on the state: all of it is kept, or nothing."""

    def hold(self, lease: Lease, seconds: float) -> None:
        """Make sure ``lease`` is still ours and prolong it; or LeaseLostError."""
        ...

    def rivals(self, lease: Lease) -> frozenset[str]:
        """Tokens of the other lanes of this flow that are running now."""
        ...

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys of an object; absent means not known."""
        ...

    def owner(self, name: str, crm_id: str) -> str | None:
        """The key that a CRM record belongs to, if one is known."""
        ...

    def mark(self, name: str, flow: str, keys: Sequence[str], token: str) -> None:
        """Note that these keys are about to be sent by the writer ``token``."""
        ...

    def confirm(self, name: str, rows: Sequence[LedgerRow], token: str) -> None:
        """Write what the CRM said, of keys still marked by ``token`` only."""
        ...

    # ── who is who ─────────────────────────────────────────────────────────

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        ...

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        ...

    def enlist(self, load: int, people: Sequence[Listed]) -> Enlisted:
        """Take people in, each with all their values; those of before are dropped.

        What points to nobody, or is set aside for want of somebody, and looks for a
        value that was learned or lost, is due at once; so it is where people are
        struck.
        """
        ...

    def strike(self, crm_ids: Collection[str]) -> int:
        """Forget these people; how many were known."""
        ...

    def strike_older(self, name: str, load: int) -> int:
        """Forget people of an object that no full load from ``load`` on has shown.

        At most 2,000 of them, as a transaction must be short; 0: none was left.
        """
        ...

    def set_loading(self, loading: Loading) -> None:
        """Note how far the directory has read an object."""
        ...

    def forget_loading(self, name: str) -> None:
        """Note that the directory does not read an object any more."""
        ...

    # ── links ──────────────────────────────────────────────────────────────

    def unlinked(
        self, name: str, flow: str, rows: Sequence[Unlinked], generation: int
    ) -> None:
        """Note fields that point to nobody, as of this generation of the directory.

        Where it has changed since, they are due at once.
        """
        ...

    def set_links(self, name: str, found: Mapping[str, Mapping[str, Link]]) -> None:
        """Write down the links of records by key, each field for itself."""
        ...

    def settled(self, name: str, fields: Sequence[tuple[str, str]]) -> None:
        """Forget that these fields (key and field) point to nobody."""
        ...

    def forget(self, flow: str, fields: Sequence[str]) -> None:
        """Forget that these fields of a flow point to nobody, in all its records."""
        ...

    def claim(self, name: str, values: Sequence[str], lease: Lease) -> dict[str, str]:
        """Claim the making of records for ``values``; what stands in the way of some.

        ``busy``: another writer is making it now. ``doubt``: one that died may have.
        The others are ours.
        """
        ...

    def release_claims(self, name: str, values: Sequence[str]) -> None:
        """These records are made, or will not be."""
        ...

    def set_aside(
        self, entries: Sequence[Aside], generation: int | None = None
    ) -> None:
        """Put records in quarantine, or renew the entries that are there.

        Those that wait for somebody do so as of this ``generation`` of the directory:
        where it has changed since, they are due at once.
        """
        ...

    def heal(self, flow: str, records: Sequence[Record]) -> int:
        """Remove the entries of these records, unless they hold a newer reading."""
        ...

    def set_cursor(self, flow: str, value: str) -> None:
        """Move the cursor of a flow."""
        ...

    def forget_cursor(self, flow: str) -> None:
        """Remove the cursor of a flow, if it has one."""
        ...

    def nudge(self, flow: str, record_ids: Sequence[str]) -> None:
        """Note records that must be fetched from the vendor and sent again."""
        ...

    def nudged(self, nudges: Sequence[Nudge]) -> None:
        """These are settled; a nudge of the same record that came since stays."""
        ...


class State(Protocol):
    """What survives a crash. Safe with threads and with other processes."""

    def writing(self, *, durable: bool = False) -> AbstractContextManager[Writing]:
        """Open a write transaction; an exception rolls it back.

        It survives the end of the process; a ``durable`` one, and all before it,
        survive a power cut too. After a power cut the state is as it was after
        some commit: never a later one without an earlier.
        """
        ...

    def acquire(
        self, flow: str, lane: Lane, owner: str, seconds: float
    ) -> Lease | None:
        """Take the lease of a flow and lane, or None while another holds it."""
        ...

    def release(self, lease: Lease) -> None:
        """Give a lease back; nothing happens if it is not ours any more."""
        ...

    def ledger(self, name: str, keys: Sequence[str]) -> dict[str, LedgerRow]:
        """What is known of these keys, outside a transaction."""
        ...

    def cursor(self, flow: str) -> str | None:
        """How far the flow has read."""
        ...

    def nudges(self, flow: str, limit: int) -> list[Nudge]:
        """Records noted by `Writing.nudge`, oldest first."""
        ...

    def known(self, values: Collection[str]) -> dict[str, list[Person]]:
        """Who has each of these values; one that nobody has is absent."""
        ...

    def generation(self) -> int:
        """Tell how often the directory has learned or lost a value so far."""
        ...

    def loadings(self) -> dict[str, Loading]:
        """How far the directory has read each object."""
        ...

    def due(self, name: str, flow: str, after: str, limit: int) -> list[Unlinked]:
        """Fields of up to ``limit`` records, with keys above ``after``, to look up
        again, by key."""
        ...

    def unlinked_fields(self, flow: str) -> set[str]:
        """The fields of a flow that point to nobody, in any of its records."""
        ...

    def decided(self, name: str, flow: str, after: str, limit: int) -> list[LedgerRow]:
        """Up to ``limit`` rows of a flow that have links, with keys above ``after``."""
        ...

    def asides(
        self,
        flow: str | None = None,
        *,
        due: datetime | None = None,
        record_ids: Sequence[str] | None = None,
        after: int = 0,
        limit: int = -1,
    ) -> list[Aside]:
        """Quarantine entries with ids above ``after``, oldest first.

        Those that a person discarded are among them. ``due``: only those to be retried by then; ``limit`` -1: all.
        """
        ...

    def quarantined(self, flow: str | None = None) -> int:
        """How many records are set aside and not discarded."""
        ...

    def start_run(self, run: Run) -> Run:
        """Note that a run began; the same run with its ``id``."""
        ...

    def finish_run(self, run: Run) -> None:
        """Note how a run ended."""
        ...
