"""Calls, click to calls and RSVP calls."""

import json
from typing import Final

from connector.systems.multisender.operations.params import (
    ACTIVE,
    BUTTONS,
    REDIALS_AND_META,
    address,
    called,
    moment,
    receivers,
)
from connector.systems.multisender.operations.section import Part, Section
from connector.transport.operation import Operation, Param, Rule, Values

SPOKEN: Final = ("start", "data", "actionButtons", "accept", "end")
"""The types of an RSVP call's voice files, in the order in which they are played."""


def _is_json(values: Values) -> bool:
    try:
        json.loads(values.get("operations") or "null")
    except (ValueError, RecursionError):
        return False
    return True


_CALL: Final[tuple[Part, ...]] = (
    Param(name="operations"),
    Rule(
        name="operations",
        kept=_is_json,
        refusal="operations: is not JSON, written as a string",
    ),
    moment("actionTime"),
    *receivers("phone"),
)
_CLICK_TO_CALL: Final[tuple[Part, ...]] = (
    moment("expiresAt"),
    *ACTIVE,
    Param(name="voiceFileId", kind="integer", required=True),
    *BUTTONS,
    *called(),
    *REDIALS_AND_META,
)
_RSVP_CALL: Final[tuple[Part, ...]] = (
    Param(name="state", choices=("active", "halt")),
    moment("startTime"),  # see `asked.check_start`
    moment("endTime", required=True),
    *ACTIVE,
    Param(name="voiceFiles", kind="list", required=True),
    Param(name="voiceFiles[].type", required=True, choices=SPOKEN),
    Param(name="voiceFiles[].voiceFileId", required=True),
    *BUTTONS,
    Param(name="acceptsWanted", kind="integer", required=True, least=0),
    *REDIALS_AND_META,
    address("stateWebhookUrl"),
)

_calls, _clicks = Section("Calls"), Section("Click to calls")
_rsvps = Section("RSVP calls")

OPERATIONS: Final[tuple[Operation, ...]] = (
    _calls.get("list_calls", "calls"),
    _calls.get("get_call", "calls/{callId}"),
    _calls.post("create_call", "calls", *_CALL),
    _calls.put("update_call", "calls/{callId}", *_CALL),
    _calls.delete("delete_call", "calls/{callId}"),
    _calls.get("list_call_receivers", "calls/{callId}/receivers"),
    _clicks.get("list_click_to_calls", "click_to_calls"),
    _clicks.get("get_click_to_call", "click_to_calls/{clickToCallId}"),
    _clicks.post("create_click_to_call", "click_to_calls", *_CLICK_TO_CALL),
    _clicks.delete("delete_click_to_call", "click_to_calls/{clickToCallId}"),
    _rsvps.get("list_rsvp_calls", "rsvp_calls"),
    _rsvps.get("get_rsvp_call", "rsvp_calls/{rsvpCallId}"),
    _rsvps.post("create_rsvp_call", "rsvp_calls", *_RSVP_CALL, *called()),
    _rsvps.put("update_rsvp_call", "rsvp_calls/{rsvpCallId}", *_RSVP_CALL),
    _rsvps.delete("delete_rsvp_call", "rsvp_calls/{rsvpCallId}"),
    _rsvps.post(
        "add_rsvp_call_receivers",
        "rsvp_calls/{rsvpCallId}/receivers",
        *called("whole"),
    ),
    _rsvps.get("get_rsvp_call_stats", "rsvp_calls/{rsvpCallId}/stats"),
    _rsvps.get("list_rsvp_call_receivers", "rsvp_calls/{rsvpCallId}/receivers"),
)
