"""Reads from the CRM which records ask for a call, and what they say now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connector.mapping.compile_dial import DialPlan
from connector.mapping.convert import to_text
from connector.model import Condition, Scalar
from connector.ports import Crm

BELIEVED: Final = timedelta(seconds=3)
"""How long a record is taken to be as it was read, and the CRM's time to be now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A record that asks for a call, as the CRM has just shown it.

    ``request_id`` is empty, and ``requested_at`` (UTC) None, where the record has none
    that can be read. ``fields`` are those of the plan's query. ``read_at``: when they
    were asked for, by our clock; the CRM's answer is not older.
    """

    record_id: str
    request_id: str
    requested_at: datetime | None
    fields: Mapping[str, Scalar]
    read_at: datetime | None = None

    def is_believed(self, now: datetime) -> bool:
        """Whether the record may be taken to be so still, by our clock.

        We may have been stopped, or suspended, since it was read.
        """
        if self.read_at is None:
            return False
        return timedelta() <= now - self.read_at <= BELIEVED


def asking(plan: DialPlan, crm: Crm, now: datetime) -> Iterator[Asked]:
    """Yield every record that asks for a call. Raises what `Crm.select` does.

    ``now``: by our clock.
    """
    found = (each for each in crm.select(plan.query) if plan.fits(each))
    return (_asked(plan, each, now) for each in found)


def asks(plan: DialPlan, crm: Crm, record_id: str, now: datetime) -> Asked | None:
    """Read one record; None where it is not there, or asks for nothing."""
    record = _by_id(record_id)
    query = replace(plan.query, where=(*plan.query.where, record))
    found = next((one for one in crm.select(query) if plan.fits(one)), None)
    return _asked(plan, found, now) if found else None


def stands(plan: DialPlan, crm: Crm, record_id: str) -> Asked | None:
    """Read one record, whether it asks for a call or not; None where it is gone."""
    query = replace(plan.query, where=(_by_id(record_id),))
    found = next(iter(crm.select(query)), None)
    return _asked(plan, found, None) if found else None


def _by_id(record_id: str) -> Condition:
    return Condition(field="Id", operator="is", value=record_id)


def _asked(
    plan: DialPlan, fields: Mapping[str, Scalar], read_at: datetime | None
) -> Asked:
    return Asked(
        record_id=str(fields["Id"]),
        request_id=_text(fields.get(plan.flow.request_id)),
        requested_at=_moment(fields.get(plan.flow.request_at)),
        fields=fields,
        read_at=read_at,
    )


def _text(value: Scalar) -> str:
    return "" if value is None else to_text(value).strip()


def _moment(value: Scalar) -> datetime | None:
    """Read a time; one without a zone says nothing."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
