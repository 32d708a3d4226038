"""The document's call object."""

from datetime import UTC, datetime
from typing import Any

AT = "2018-06-07T19:49:52.896Z"
THEN = datetime(2018, 6, 7, 19, 49, 52, 896_000, UTC)
AGENT_INFO = {
    "id": 0,
    "name": "string",
    "last_name": "string",
    "first_name": "string",
    "agent_number": "string",
    "avatar_url": "string",
}
DOCUMENTED: dict[str, Any] = {
    "id": 0,
    "parent_id": 0,
    "lang": "en",
    "call_type": "Voice Scheduled (API)",
    "status": "scheduled",
    "created_at": AT,
    "queued_at": AT,
    "assigned_at": AT,
    "connected_at": AT,
    "ends_at": AT,
    "scheduled_at": AT,
    "wait_duration": 0,
    "call_duration": 0,
    "hold_duration": 0,
    "rating": 0,
    "has_feedback": True,
    "voip_provider": "voip_provider_twilio",
    "out_ticket_id": "string",
    "out_ticket_url": "string",
    "verified": True,
    "recording_url": "string",
    "recording_permission": "not_asked",
    "voicemail_reason": "not_voicemail",
    "deflection": "no_deflection",
    "disconnected_by": "disconnected_by_unknown",
    "fail_details": "string",
    "fail_reason": "nothing",
    "support_number": "string",
    "selected_menu": {
        "id": 0,
        "name": "string",
        "parent_id": 0,
        "position": 0,
        "deleted": True,
        "hidden": "string",
        "menu_type": "ivr_menu",
        "output_msg": "string",
    },
    "menu_path": {"items_count": 0, "name": "string", "materialized_path": "string"},
    "agent_info": AGENT_INFO,
    "end_user": {"id": 0, "identifier": "string", "out_contact_id": "string"},
    "photos": [{"id": 0, "photo_type": "photo", "url": "string"}],
    "videos": [{"id": 0, "url": "string"}],
    "transfers": [{"id": 0, "status": "transferring", "to_agent": AGENT_INFO}],
    "participants": [{"id": 0, "type": "end_user"}, {"id": 1, "type": "agent"}],
}
