"""The daily quota, asked for (REST API Developer Guide, "Limits")."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from connector.crm.salesforce.budget import Purpose
from connector.crm.salesforce.errors import Asked, UnreadableAnswerError
from connector.crm.salesforce.session import OrgSession
from connector.crm.salesforce.usage import in_limits
from connector.errors import ConnectorError
from connector.model import Quota
from connector.transport.jsontext import Json


def ask_quota(session: OrgSession) -> Quota:
    """Ask the CRM, and remember the reading. Costs one call.

    Raises SchemaMismatchError where our user may not see the limits.
    """
    asked = Asked(doing="reading the limits")
    quota: Quota = session.call(asked, lambda org: _daily(org.limits()))
    session.meter.note(quota)
    return quota


@contextmanager
def spending(session: OrgSession, purpose: Purpose) -> Iterator[None]:
    """Make one call inside; QuotaReachedError where it is not ours to make.

    Asks the CRM first where that would be news.
    """
    session.meter.look(purpose, lambda: _look(session))
    with session.meter.spend(purpose):
        yield


def check_quota(session: OrgSession, purpose: Purpose) -> None:
    """Raise QuotaReachedError where `spending` would, before anything was prepared."""
    if session.meter.wait(purpose):
        with spending(session, purpose):
            pass


def _look(session: OrgSession) -> None:
    # What it does not tell now is asked again later. A user who may not see the limits
    # still reads the usage in the refusal's header.
    with suppress(ConnectorError):
        ask_quota(session)


def _daily(said: Json) -> Quota:
    quota = in_limits(said)
    if quota is None:
        raise UnreadableAnswerError
    return quota
