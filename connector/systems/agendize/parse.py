"""Turns a Call resource of Agendize into a record. Pure."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.errors import RecordError
from connector.model import Record, Reject
from connector.transport.jsontext import Json

UNREADABLE: Final = "UNREADABLE"
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "completed": "answered",
        "noAnswered": "no answer",
        "message": "voicemail",
        "wrongNumber": "failed",
        "busy": "busy",
        "abandoned": "missed",
    }
)
DIRECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"clickToCall": "inbound", "callTracking": "inbound"}
)
"""Both kinds begin with a customer, who presses a button or calls a number."""

_PLAIN: Final = (
    *("buttonId", "clientId", "callerNumber", "calledNumber", "trackingNumber"),
    *("status", "externalId", "type"),
)
_SAME: Final = MappingProxyType(
    {
        "customer.phone": "callerNumber",
        "agent.phone": "calledNumber",
        "call.recording_url": "record.url",
        "call.duration": "duration",
    }
)
_DIGITS: Final = re.compile(r"\d{1,9}(\.0*)?", re.ASCII)
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?.*", re.ASCII)


def parse_call(raw: Json, zone: ZoneInfo) -> Record:
    """Read one call; a time that names no zone is in ``zone``, the company's.

    A property that is missing stays missing. Raises RecordError (UNREADABLE) where
    there is no object, no id, or a duration that is no whole number of seconds.
    """
    if not isinstance(raw, dict):
        raise RecordError("the call is not an object", code=UNREADABLE)
    call_id = _text(raw.get("id"))
    if not call_id:
        raise RecordError("the call has no id", code=UNREADABLE, fields=["id"])
    fields: dict[str, object] = {"id": call_id, "call.id": call_id}
    fields |= {name: _text(raw[name]) for name in _PLAIN if name in raw}
    if "duration" in raw:
        fields["duration"] = _seconds(raw["duration"])
    fields |= dict(_nested(raw))
    fields |= {name: fields[same] for name, same in _SAME.items() if same in fields}
    fields |= dict(_derived(fields, zone))
    return Record(id=call_id, version=None, fields=fields)


def parse_reject(raw: Json, error: RecordError) -> Reject:
    """Return what is set aside of a call that `parse_call` refused."""
    given = raw.get("id") if isinstance(raw, dict) else None
    text = json.dumps(raw, sort_keys=True, default=str).encode()
    anonymous = f"unreadable:{hashlib.sha256(text).hexdigest()[:16]}"
    return Reject(
        id=_text(given) or anonymous,
        payload=raw,
        code=error.code,
        message=error.message,
    )


def began(record: Record) -> datetime | None:
    """When a call began, UTC; None where that cannot be told."""
    at = record.fields.get("call.started_at")
    return at if isinstance(at, datetime) else None


def _nested(raw: Mapping[str, Json]) -> Iterator[tuple[str, object]]:
    for name, inner in (("start", ("dateTime", "timeZone")), ("record", ("url",))):
        within = raw.get(name)
        if name in raw and not isinstance(within, dict):
            yield from ((f"{name}.{each}", None) for each in inner)
        elif isinstance(within, dict):
            yield from ((f"{name}.{n}", _text(within[n])) for n in inner if n in within)
    record = raw.get("record")
    if isinstance(record, dict):
        # The table spells it mineType, the representation mimeType.
        kinds = (record.get("mimeType"), record.get("mineType"))
        yield "record.mimeType", next(filter(None, map(_text, kinds)), None)


def _derived(
    fields: Mapping[str, object], zone: ZoneInfo
) -> Iterator[tuple[str, object]]:
    if "status" in fields:
        yield "call.outcome", OUTCOMES.get(str(fields["status"]))
    if "type" in fields:
        yield "call.direction", DIRECTIONS.get(str(fields["type"]))
    if "start.dateTime" in fields:
        named = str(fields.get("start.timeZone") or "")
        yield "call.started_at", _moment(str(fields["start.dateTime"]), named, zone)


def _moment(text: str, named: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant in UTC; an offset in the time goes before a named zone."""
    if not _LOCAL.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(named) or zone)
        return moment.astimezone(UTC) + timedelta()
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):  # not a zone, or a path that is no zone
        return None


def _seconds(given: Json) -> int | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    number = str(given).strip()
    if isinstance(given, bool) or not _DIGITS.fullmatch(number):
        message = "the duration is not a whole number of seconds"
        raise RecordError(message, code=UNREADABLE, fields=["duration"])
    return int(float(number))


def _text(value: Json) -> str | None:
    """Return text, or a number's digits; None for what is neither, or blank."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**100 else None
    return None
