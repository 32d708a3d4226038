"""The schema of calls: Agendize's Call resource, plus what we add."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.model import FieldType, Stream, StreamField
from connector.systems.agendize.operations import STATUSES, TYPES

_VENDOR: Final[tuple[tuple[str, FieldType, str], ...]] = (
    ("id", "text", "Identifier of the call."),
    ("buttonId", "text", "Button that the call was asked for with."),
    ("clientId", "text", "Client of the call."),
    ("callerNumber", "phone", "Number of the caller."),
    ("calledNumber", "phone", "Number that was called."),
    ("trackingNumber", "phone", "Tracked number, if it was called."),
    ("start.dateTime", "text", "When it began, without a zone."),
    ("start.timeZone", "text", "The zone of that; blank: the company's."),
    ("duration", "integer", "Seconds that it took."),
    ("status", "text", f"One of {', '.join(STATUSES)}."),
    ("externalId", "text", "Your identifier of a call of your own."),
    ("type", "text", f"One of {', '.join(TYPES)}."),
    ("record.mimeType", "text", "Kind of the recording."),
    ("record.url", "text", "Address of the recording."),
)
_NORMALISED: Final[tuple[tuple[str, FieldType, str], ...]] = (
    ("call.id", "text", "Identifier of the call."),
    ("call.direction", "text", "inbound: a customer asked for it, or called."),
    ("call.outcome", "text", "answered, no answer, voicemail, busy, failed or missed."),
    ("call.started_at", "datetime", "When it began."),
    ("call.duration", "integer", "Seconds that it took."),
    ("call.recording_url", "text", "Address of the recording."),
    ("customer.phone", "phone", "Number of the caller."),
    ("agent.phone", "phone", "Number that was called."),
)

CALLS: Final = Stream(
    system="agendize",
    name="calls",
    fields=tuple(
        StreamField(name=name, type=kind, meaning=meaning)
        for name, kind, meaning in (*_VENDOR, *_NORMALISED)
    ),
    rereadable=True,
)
STREAMS: Final[Mapping[str, Stream]] = MappingProxyType({CALLS.name: CALLS})
