"""Salesforce behind the port ``Crm``."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from connector.clock import Clock
from connector.crm.salesforce.budget import Purpose
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.describe import Describer
from connector.crm.salesforce.limits import ask_quota, check_quota
from connector.crm.salesforce.query import Reader
from connector.crm.salesforce.session import OrgSession
from connector.crm.salesforce.write import Writer
from connector.model import CrmObject, Outcome, Payload, Query, Quota, Scalar
from connector.ports import QuotaBook

__all__ = ["OrgCrm", "SalesforceConfig", "SalesforceCrm"]


class OrgCrm:
    """One org, whose calls are spent for one purpose.

    Safe for many threads; errors are those of ``connector.errors``. Writes and queries
    are not sent where they would touch what is not for them.
    """

    def __init__(
        self, session: OrgSession, describer: Describer, purpose: Purpose
    ) -> None:
        """Share ``session`` and ``describer`` with those for other purposes."""
        self._session = session
        self._describer = describer
        self._purpose: Purpose = purpose
        self._reader = Reader(session, purpose)
        self._writer = Writer(session, describer, purpose)

    def describe(self, name: str, *, fresh: bool = False) -> CrmObject:
        """Describe an object; ten minutes old at most, or ``fresh``.

        Raises SchemaMismatchError where our user sees no such object.
        """
        return self._describer.describe(name, fresh=fresh)

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records that match, each with the fields asked for.

        Asks page by page while it is iterated. Raises SchemaMismatchError where
        the CRM refuses a name, ConfigError where a value can't be asked for,
        UnavailableError where it does not answer, and QuotaReachedError.
        """
        return self._reader.select(query)

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create records. Raises ValueError for more than 200 rows.

        A row whose key is taken is Refused with ``EXISTS``, the record's Id and
        the key's name in ``fields``.
        """
        return self._writer.create(name, rows)

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Update records by their ``Id``. Raises ValueError for more than 200 rows."""
        return self._writer.update(name, rows)

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create or update by ``key``. Raises ValueError for more than 200 rows."""
        return self._writer.upsert(name, key, rows)

    def quota(self, *, fresh: bool = False) -> Quota | None:
        """Give the daily quota as last told, None before any answer.

        ``fresh`` costs a call; it raises SchemaMismatchError where our user may
        not see the limits.
        """
        return ask_quota(self._session) if fresh else self._session.meter.last

    def check_quota(self) -> None:
        """Raise QuotaReachedError where a write or query would not be sent now.

        At most every five minutes this asks the CRM; a free quota is not asked for.
        """
        check_quota(self._session, self._purpose)

    def now(self) -> datetime | None:
        """The ``Date`` of the last answer to anybody, UTC; None where it had none."""
        return self._session.date

    def user(self) -> str | None:
        """Give our own user's id, as the token told it; None before any, or not told."""
        return self._session.user


class SalesforceCrm(OrgCrm):
    """One org, for logging; ``dialling`` is the same for dialling.

    Nothing is sent before the first call. ``close`` gives the kept connections back.
    """

    def __init__(
        self, config: SalesforceConfig, clock: Clock, book: QuotaBook | None = None
    ) -> None:
        """``clock`` dates tokens, descriptions and quota readings.

        ``book`` is where all that use the org tell each other of its quota; None:
        nobody else uses it.
        """
        session = OrgSession(config, clock, book)
        describer = Describer(session, clock)
        super().__init__(session, describer, "logging")
        self.dialling = OrgCrm(session, describer, "dialling")

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()
