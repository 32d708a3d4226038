"""Turns a call object of the CCAI Platform into a record. Pure."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from connector.errors import RecordError
from connector.model import FieldType, Record, Reject
from connector.systems.ccai.stream import VENDOR
from connector.transport.jsontext import Json

UNREADABLE: Final = "UNREADABLE"
ABSENT: Final = object()
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "finished": "answered",
        "recovered": "answered",
        "action_only_finished": "answered",
        "deflected": "deflected",
        "voicemail_received": "voicemail",
        "voicemail_read": "voicemail",
    }
)
FAILED: Final = {"inbound": "missed", "outbound": "no answer"}
"""Failed: it ended before anybody was connected."""
DIRECTIONS: Final = (
    ("outbound", "outbound"),
    ("scheduled", "outbound"),
    ("callback", "outbound"),
    ("inbound", "inbound"),
    ("incoming", "inbound"),
)
"""By a word of the call's type; the first that is in it."""
SAME: Final = MappingProxyType(
    {
        "call.id": "id",
        "call.duration": "call_duration",
        "call.recording_url": "recording_url",
        "ticket.id": "out_ticket_id",
    }
)
"""Normalised fields that are a vendor's field under another name."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?.*", re.ASCII)
_PHONE: Final = re.compile(r"(?=(\D*\d){7,15}\D*$)\+?[0-9 ().-]+", re.ASCII)


def parse_call(raw: Json) -> Record:
    """Read one call; a time that names no zone is in UTC.

    A field that is missing stays missing; where an object is null, so is what is in
    it. Raises RecordError (UNREADABLE) where there is no object, no id, or a duration
    that is no number.
    """
    if not isinstance(raw, dict):
        raise RecordError("the call is not an object", code=UNREADABLE)
    fields = dict(_vendor(raw))
    call_id = fields.get("id")
    if not isinstance(call_id, str):
        raise RecordError("the call has no id", code=UNREADABLE, fields=["id"])
    fields |= {name: fields[same] for name, same in SAME.items() if same in fields}
    fields |= dict(_derived(fields))
    return Record(id=call_id, version=_version(fields), fields=fields)


def parse_reject(raw: Json, error: RecordError) -> Reject:
    """Return what is set aside of a call that `parse_call` refused."""
    given = text(raw.get("id")) if isinstance(raw, dict) else None
    written = json.dumps(raw, sort_keys=True, default=str).encode()
    anonymous = f"unreadable:{hashlib.sha256(written).hexdigest()[:16]}"
    return Reject(
        id=given or anonymous, payload=raw, code=error.code, message=error.message
    )


def began(record: Record) -> datetime | None:
    """When a call began, UTC; None where that cannot be told."""
    at = record.fields.get("call.started_at")
    return at if isinstance(at, datetime) else None


def updated(raw: Json) -> datetime | None:
    """When a row was last changed, UTC; None where it does not tell."""
    return moment(raw.get("updated_at")) if isinstance(raw, dict) else None


# ── the vendor's fields ────────────────────────────────────────────────────


def _vendor(raw: Mapping[str, Json]) -> Iterator[tuple[str, object]]:
    for name, kind, _ in VENDOR:
        value = _at(raw, name)
        if value is ABSENT:
            continue
        if name.endswith("_duration"):
            yield name, _seconds(name, value)
        else:
            yield name, value if name.endswith(".count") else READ[kind](value)


def _at(raw: Mapping[str, Json], name: str) -> Json:
    """Return what is at a name; None inside of what is none, ABSENT if not there."""
    head, _, inner = name.partition(".")
    value = raw.get(head, ABSENT)
    if not inner or value is ABSENT:
        return value
    if inner == "count":
        return len(value) if isinstance(value, list) else None
    return value.get(inner, ABSENT) if isinstance(value, dict) else None


def _seconds(name: str, given: Json) -> int | None:
    number = _number(given)
    blank = given is None or (isinstance(given, str) and not given.strip())
    if number is not None or blank:
        return number
    message = f"{name} is not a number of seconds"
    raise RecordError(message, code=UNREADABLE, fields=[name])


def text(value: Json) -> str | None:
    """Return text, or a number's digits; None for what is neither, or blank."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**100 else None
    return None


def moment(value: Json) -> datetime | None:
    """Return an instant in UTC; None for what is none."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value.strip()):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(value: Json) -> int | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(float(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) and abs(value) < 10**15 else None


def _yes(value: Json) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


READ: Final[Mapping[FieldType, Callable[[Json], object]]] = MappingProxyType(
    {
        "text": text,
        "phone": text,
        "integer": _number,
        "boolean": _yes,
        "datetime": moment,
    }
)


# ── what is derived ────────────────────────────────────────────────────────


def _derived(fields: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    if "call_type" in fields:
        yield "call.direction", _direction(fields["call_type"])
    if "status" in fields:
        yield "status", status(fields["status"])
        yield "call.outcome", _outcome(fields)
    if "scheduled_at" in fields or "created_at" in fields:
        yield "call.started_at", fields.get("scheduled_at") or fields.get("created_at")
    if "end_user.identifier" in fields:
        yield "customer.phone", _phone(fields["end_user.identifier"])
    if "agent_info.name" in fields:
        yield "agent.name", fields["agent_info.name"]


def status(given: object) -> str | None:
    """Return a status as JSON has it, also if it is written as the table has it."""
    return re.sub(r"[\s-]+", "_", given).lower() if isinstance(given, str) else None


def _direction(call_type: object) -> str | None:
    words = str(call_type).lower()
    return next((found for word, found in DIRECTIONS if word in words), None)


def _outcome(fields: Mapping[str, object]) -> str | None:
    how = status(fields["status"]) or ""
    if how == "failed":
        direction = _direction(fields.get("call_type"))
        return FAILED.get(direction or "", "failed")
    return OUTCOMES.get(how)


def _phone(identifier: object) -> str | None:
    given = identifier if isinstance(identifier, str) else ""
    return given if _PHONE.fullmatch(given) else None


def _version(fields: Mapping[str, object]) -> str | None:
    """Return when it was last changed, always as long, so that text is in order."""
    at = fields.get("updated_at")
    return at.isoformat(timespec="microseconds") if isinstance(at, datetime) else None
