"""Turns a call as Callyzer writes it into a record. Pure, and fast."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.model import Record, Reject
from connector.systems.callyzer.stream import VENDOR_FIELDS
from connector.systems.callyzer.wire import whole
from connector.systems.callyzer.written import (
    UNREADABLE,
    Row,
    as_object,
    blank,
    moment,
    phone,
    text,
    version_of,
)
from connector.transport.jsontext import Json

DIRECTIONS: Mapping[Json, str] = MappingProxyType(
    {
        "Incoming": "inbound",
        "Missed": "inbound",
        "Rejected": "inbound",
        "Outgoing": "outbound",
    }
)
OUTCOMES: Mapping[Json, str] = MappingProxyType(
    {"Incoming": "answered", "Missed": "missed", "Rejected": "rejected"}
)
"""Outgoing is not here: its outcome is in the duration."""
SAME = MappingProxyType(
    {
        "call.recording_url": "call_recording_url",
        "customer.name": "client_name",
        "agent.name": "emp_name",
    }
)
"""Normalised fields that are a vendor's field under another name."""

_NAMES = frozenset(field.name for field in VENDOR_FIELDS)


def parse_call(raw: Json, zone: ZoneInfo) -> Record:
    """Read one call, whose dates and times are in ``zone``.

    A field that is missing stays missing, with what is derived from it. Raises
    RecordError (UNREADABLE) where there is no object, no id, or a duration that is
    no whole number of seconds.
    """
    row = as_object(raw)
    call_id = _id(row)
    fields = {name: value for name, value in row.items() if name in _NAMES}
    fields["id"] = fields["call.id"] = call_id
    if "duration" in row:
        fields["duration"] = fields["call.duration"] = _duration(row["duration"])
    if isinstance(tags := row.get("emp_tags"), list):
        fields["emp_tags"] = [tag for tag in tags if tag not in ("", None)]
    for name, same in SAME.items():
        if same in row:
            fields[name] = row[same]
    for name, needed, derived in _DERIVED:
        if row.keys() >= needed:
            fields[name] = derived(fields, zone)
    return Record(id=call_id, version=version_of(row, zone), fields=fields)


def parse_reject(raw: Json, error: RecordError) -> Reject:
    """Return what is set aside of a row that `parse_call` refused."""
    try:
        reject_id = _id(as_object(raw))
    except RecordError:
        content = json.dumps(raw, sort_keys=True).encode()
        reject_id = f"unreadable:{hashlib.sha256(content).hexdigest()[:16]}"
    return Reject(id=reject_id, payload=raw, code=error.code, message=error.message)


def _id(row: Row) -> str:
    given = text(row.get("id"))
    if given:
        return given
    raise RecordError("the call has no id", code=UNREADABLE, fields=["id"])


def _duration(given: Json) -> int | None:
    seconds = whole(given)
    if seconds is None and not blank(given):
        message = "the duration is not a whole number of seconds"
        raise RecordError(message, code=UNREADABLE, fields=["duration"])
    return seconds


# ── what is derived ────────────────────────────────────────────────────────


def _direction(row: Row, _: ZoneInfo) -> str | None:
    return _known(DIRECTIONS, row["call_type"])


def _outcome(row: Row, _: ZoneInfo) -> str | None:
    if row["call_type"] != "Outgoing":
        return _known(OUTCOMES, row["call_type"])
    seconds: int | None = row["duration"]
    if seconds is None:
        return None
    return "answered" if seconds else "no answer"


def _known(table: Mapping[Json, str], value: Json) -> str | None:
    return table.get(value) if isinstance(value, str) else None


def _started_at(row: Row, zone: ZoneInfo) -> datetime | None:
    return moment(row["call_date"], row["call_time"], zone)


def _customer(row: Row, _: ZoneInfo) -> str | None:
    return phone(row.get("client_country_code"), row["client_number"])


def _agent(row: Row, _: ZoneInfo) -> str | None:
    return phone(row.get("emp_country_code"), row["emp_number"])


_DERIVED: tuple[tuple[str, frozenset[str], Callable[[Row, ZoneInfo], object]], ...] = (
    ("call.direction", frozenset({"call_type"}), _direction),
    ("call.outcome", frozenset({"call_type", "duration"}), _outcome),
    ("call.started_at", frozenset({"call_date", "call_time"}), _started_at),
    ("customer.phone", frozenset({"client_number"}), _customer),
    ("agent.phone", frozenset({"emp_number"}), _agent),
)
"""Name, the fields that it needs, and how it is made of them."""
