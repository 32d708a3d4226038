"""Turns a call as Callyzer writes it into a record. Pure, and fast."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.model import Record, Reject
from connector.systems.callyzer.stream import VENDOR_FIELDS
from connector.systems.callyzer.wire import whole
from connector.transport.jsontext import Json

Row = Mapping[str, Json]

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

UNREADABLE = "UNREADABLE"
_NAMES = frozenset(field.name for field in VENDOR_FIELDS)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_CALLING_CODE = re.compile(r"\+?([1-9]\d{0,3})", re.ASCII)


def parse_call(raw: Json, zone: ZoneInfo) -> Record:
    """Read one call, whose dates and times are in ``zone``.

    A field that is missing stays missing, with what is derived from it. Raises
    RecordError (UNREADABLE) where there is no object, no id, or a duration that is
    no whole number of seconds.
    """
    row = _object(raw)
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
    return Record(id=call_id, version=_version(row, zone), fields=fields)


def parse_reject(raw: Json, error: RecordError) -> Reject:
    """Return what is set aside of a row that `parse_call` refused."""
    try:
        reject_id = _id(_object(raw))
    except RecordError:
        text = json.dumps(raw, sort_keys=True).encode()
        reject_id = f"unreadable:{hashlib.sha256(text).hexdigest()[:16]}"
    return Reject(id=reject_id, payload=raw, code=error.code, message=error.message)


def _object(raw: Json) -> Row:
    if isinstance(raw, dict):
        return raw
    raise RecordError("the row is not an object", code=UNREADABLE)


def _id(row: Row) -> str:
    given = _text(row.get("id"))
    if given:
        return given
    raise RecordError("the call has no id", code=UNREADABLE, fields=["id"])


def _duration(given: Json) -> int | None:
    seconds = whole(given)
    if seconds is None and not _blank(given):
        message = "the duration is not a whole number of seconds"
        raise RecordError(message, code=UNREADABLE, fields=["duration"])
    return seconds


def _blank(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Json) -> str | None:
    """Return text, or the digits of a whole number, where there is any."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _digits(value)
    return value.strip() or None if isinstance(value, str) else None


def _digits(value: int) -> str | None:
    try:
        return str(value)
    except ValueError:  # more digits than Python converts
        return None


def _version(row: Row, zone: ZoneInfo) -> str | None:
    """Return when the call last changed: in one zone, so its text can be compared.

    None in the hour that the zone's clocks repeat in autumn: which of the two is
    meant is not told, and a newer reading must not look older.
    """
    for name in ("modified_at", "synced_at"):
        given = row.get(name)
        if isinstance(given, str) and _MOMENT.match(given):
            return None if _repeated(given[:13], zone) else given[:19]
    return None


@lru_cache(maxsize=4096)
def _repeated(hour: str, zone: ZoneInfo) -> bool:
    """Say whether an hour, as ``2026-11-01 01``, comes twice; some do by halves."""
    try:
        begins = datetime.fromisoformat(f"{hour}:00:00").replace(tzinfo=zone)
    except ValueError:
        return False
    moments = (begins, begins + timedelta(minutes=45))
    return any(at.utcoffset() != at.replace(fold=1).utcoffset() for at in moments)


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
    """Return the instant in UTC; an abbreviation such as IST says nothing."""
    day, time = row["call_date"], row["call_time"]
    if not (isinstance(day, str) and isinstance(time, str)):
        return None
    if not (_DAY.fullmatch(day) and _TIME.fullmatch(time)):
        return None
    try:
        local = datetime.fromisoformat(f"{day} {time}")
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _customer(row: Row, _: ZoneInfo) -> str | None:
    return _phone(row.get("client_country_code"), row["client_number"])


def _agent(row: Row, _: ZoneInfo) -> str | None:
    return _phone(row.get("emp_country_code"), row["emp_number"])


def _phone(country_code: Json, number: Json) -> str | None:
    written = _text(number)
    if written is None or written.startswith("+"):
        return written
    code = _CALLING_CODE.fullmatch(_text(country_code) or "")
    return f"+{code[1]}{written}" if code else written


_DERIVED: tuple[tuple[str, frozenset[str], Callable[[Row, ZoneInfo], object]], ...] = (
    ("call.direction", frozenset({"call_type"}), _direction),
    ("call.outcome", frozenset({"call_type", "duration"}), _outcome),
    ("call.started_at", frozenset({"call_date", "call_time"}), _started_at),
    ("customer.phone", frozenset({"client_number"}), _customer),
    ("agent.phone", frozenset({"emp_number"}), _agent),
)
"""Name, the fields that it needs, and how it is made of them."""
