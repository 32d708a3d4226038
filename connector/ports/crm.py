"""A Salesforce-style CRM."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from connector.model import CrmObject, Outcome, Payload, Query, Quota, Scalar


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
