"""The daily quota, asked for (REST API Developer Guide, "Limits")."""

from contextlib import suppress

from connector.crm.salesforce.errors import Asked, UnreadableAnswerError
from connector.crm.salesforce.session import OrgSession
from connector.errors import SchemaMismatchError
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


def guard_quota(session: OrgSession) -> None:
    """Raise QuotaReachedError where a write would touch the reserve."""
    session.meter.guard(lambda: _look(session))


def _look(session: OrgSession) -> None:
    # A user who may not see the limits still reads the usage in the refusal's header.
    with suppress(SchemaMismatchError):
        ask_quota(session)


def _daily(said: Json) -> Quota:
    try:
        daily = said["DailyApiRequests"]
        return Quota(used=daily["Max"] - daily["Remaining"], limit=daily["Max"])
    except (KeyError, TypeError) as error:
        raise UnreadableAnswerError from error
