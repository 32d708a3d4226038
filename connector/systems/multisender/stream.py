"""The schemas of click_to_calls and rsvp_calls: a record is a receiver of a call."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.model import FieldType, Stream, StreamField

_Fields = tuple[tuple[str, FieldType, str], ...]

_CLICK_TO_CALL: Final[_Fields] = (
    ("clickToCallId", "text", "Id of the click to call."),
    ("expiresAt", "datetime", "When calling stops."),
    ("voiceFileId", "text", "Voice file that is played."),
)
_RSVP_CALL: Final[_Fields] = (
    ("rsvpCallId", "text", "Id of the RSVP call."),
    ("state", "text", "waitingToActive, active, halt or complete."),
    ("startTime", "datetime", "When calling starts; in UTC at Multisender."),
    ("endTime", "datetime", "When calling ends; in UTC at Multisender."),
    ("acceptsWanted", "integer", "How many accepts end it."),
)
_BOTH: Final[_Fields] = (
    ("activeFrom", "text", "Time of day when calls start, HH:MM:SS."),
    ("activeTo", "text", "Time of day when calls stop, HH:MM:SS."),
    ("activeWeekdays", "list", "Days on which calls are made: monday, tuesday, …"),
    ("maxRedials", "integer", "Redials of a receiver who does not answer."),
    ("meta", "text", "What was given as meta, as JSON."),
    ("updatedAt", "datetime", "When the call was last changed."),
    ("createdAt", "datetime", "When the call was made."),
    ("receiver.accountId", "text", "Account of the receiver."),
    ("receiver.groupId", "text", "Group that the receiver came with."),
    ("receiver.phone", "phone", "Number of the receiver."),
    ("receiver.firstName", "text", "First name; firsName in the document."),
    ("receiver.lastName", "text", "Last name."),
    ("receiver.answered", "boolean", "Whether the receiver answered."),
    ("receiver.reply", "text", "accept, decline or noAnswer."),
    ("receiver.callDuration", "integer", "Seconds that the call took."),
    ("receiver.dialledCalls", "integer", "How often the receiver was called."),
    ("receiver.latestCallAt", "datetime", "When the receiver was called last."),
    ("call.id", "text", "Id of the receiver's part of the call."),
    ("call.direction", "text", "outbound."),
    ("call.outcome", "text", "answered or no answer; blank: not called yet."),
    ("call.started_at", "datetime", "When the receiver was called last."),
    ("call.duration", "integer", "Seconds that the call took."),
    ("customer.phone", "phone", "Number of the receiver."),
    ("customer.name", "text", "Name of the receiver."),
)


def _stream(name: str, own: _Fields) -> Stream:
    return Stream(
        system="multisender",
        name=name,
        fields=tuple(
            StreamField(name=field, type=kind, meaning=meaning)
            for field, kind, meaning in (*own, *_BOTH)
        ),
        scanned=True,
    )


CLICK_TO_CALLS: Final = _stream("click_to_calls", _CLICK_TO_CALL)
RSVP_CALLS: Final = _stream("rsvp_calls", _RSVP_CALL)
STREAMS: Final[Mapping[str, Stream]] = MappingProxyType(
    {stream.name: stream for stream in (CLICK_TO_CALLS, RSVP_CALLS)}
)
IDENTITY: Final[Mapping[str, str]] = MappingProxyType(
    {CLICK_TO_CALLS.name: "clickToCallId", RSVP_CALLS.name: "rsvpCallId"}
)
"""The field with a call's id, by stream."""
