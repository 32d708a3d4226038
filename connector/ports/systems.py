"""What a system can do; a capability that its vendor lacks is a protocol it lacks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from connector.model import Delivery, Estimate, Page, Record, Stream


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

    @property
    def signs(self) -> bool:
        """Whether what authenticates a delivery is made of its body."""
        ...

    def authentic(self, delivery: Delivery) -> bool:
        """Whether it is from whom it should be; compared in constant time.

        False where no secret is configured. Where the body is not signed, one without
        its body yet is let in if the whole may be.
        """
        ...

    def nudged(self, delivery: Delivery) -> Mapping[str, Sequence[str]]:
        """Return the ids of the records to look at, by stream.

        RecordError where the body is not as the vendor documents it.
        """
        ...
