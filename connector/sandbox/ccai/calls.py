"""The call object, and what becomes of a call.

Source: call API, call object, call status and call type definitions; the fields
from ``sub_status`` on are those that the Manager API has besides.
"""

from typing import Final

Call = dict[str, object]
"""One call as the platform writes it in JSON."""

OUTBOUND: Final = "Voice Outbound (API)"
INBOUND: Final = "Voice Inbound (API)"
SCHEDULED: Final = "Voice Scheduled (API)"
INBOUND_APP: Final = "Voice Inbound (App)"
"""Not of the call API: the Manager API shows it."""

BLANK: Final[Call] = {
    "id": None,
    "parent_id": None,
    "lang": "en",
    "call_type": INBOUND,
    "status": "finished",
    "created_at": None,
    "queued_at": None,
    "assigned_at": None,
    "connected_at": None,
    "ends_at": None,
    "scheduled_at": None,
    "wait_duration": 0,
    "call_duration": 0,
    "hold_duration": 0,
    "rating": None,
    "has_feedback": False,
    "voip_provider": "voip_provider_twilio",
    "out_ticket_id": None,
    "out_ticket_url": None,
    "verified": False,
    "recording_url": None,
    "recording_permission": "not_asked",
    "voicemail_reason": "not_voicemail",
    "deflection": "no_deflection",
    "disconnected_by": "disconnected_by_unknown",
    "fail_details": None,
    "fail_reason": "nothing",
    "support_number": None,
    "selected_menu": None,
    "menu_path": None,
    "agent_info": None,
    "end_user": None,
    "photos": [],
    "videos": [],
    "transfers": [],
    "deflection_details": [],
    "participants": [],
    "offer_type": None,
    "offer_events": [],
    "answer_type": "manual",
    "outbound_number": None,
    "sub_status": None,
    "updated_at": None,
    "queue_duration": 0,
    "finish_reason": "no_reason",
    "adapter_fail_code": None,
    "adapter_fail_message": None,
}
FIELDS: Final = tuple(BLANK)

_MANAGERS_OWN: Final = {
    *("sub_status", "updated_at", "queue_duration", "finish_reason"),
    *("adapter_fail_code", "adapter_fail_message"),
}
CREATED: Final = tuple(f for f in FIELDS if f not in {*_MANAGERS_OWN, "parent_id"})
"""What the answer to a new outbound call has; others lack ``voip_provider``."""
NULLABLE: Final = frozenset(FIELDS) - {"id", "updated_at"}
"""What may be null: no table says, so everything but what a call is told by."""

TERMINAL: Final = frozenset({
    *("finished", "failed", "recovered", "action_only_finished", "deflected"),
    *("voicemail_received", "voicemail_read"),
})  # fmt: skip
NEXT: Final = {
    "scheduled": "queued",
    "selecting": "queued",
    "queued": "assigned",
    "assigned": "connecting",
    "connecting": "connected",
    "switching": "connected",
    "connected": "finished",
    "voicemail": "voicemail_received",
    "voicemail_received": "voicemail_read",
    "action_only": "action_only_finished",
}
"""What a call's status becomes when all goes well."""
STAMPS: Final = {
    "queued": "queued_at",
    "assigned": "assigned_at",
    "connected": "connected_at",
}
"""Which time a status is the beginning of; a terminal one is that of ``ends_at``."""
