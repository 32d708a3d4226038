"""The schema of calls: the platform's call object, plus what we add.

Source: call API, call object and call status definitions; the Manager API's call has
the fields from ``sub_status`` on besides.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.model import FieldType, Stream, StreamField, StreamOption

UNDER_WAY: Final = (
    *("selecting", "queued", "assigned", "connecting", "connected", "switching"),
    *("scheduled", "action_only", "voicemail"),
)
"""Statuses after which another one comes."""
OVER: Final = (
    *("finished", "failed", "recovered", "action_only_finished", "deflected"),
    *("voicemail_received", "voicemail_read"),
)
"""Statuses that a call ends with. After ``deflected`` there may come a voicemail, which
is then a newer reading of the same call; after a message or another number nothing."""

VENDOR: Final[tuple[tuple[str, FieldType, str], ...]] = (
    ("id", "text", "Identifier of the call."),
    ("parent_id", "text", "The call that this one follows."),
    ("lang", "text", "Its language, ISO 639-1."),
    ("call_type", "text", "Such as Voice Inbound (API)."),
    ("status", "text", f"How it ended: one of {', '.join(OVER)}."),
    ("created_at", "datetime", "When it was made or received."),
    ("queued_at", "datetime", "When it was put into a queue."),
    ("assigned_at", "datetime", "When an agent was chosen."),
    ("connected_at", "datetime", "When the two were connected."),
    ("ends_at", "datetime", "When it ended."),
    ("scheduled_at", "datetime", "When it was to begin, if it was scheduled."),
    ("wait_duration", "integer", "Seconds of waiting (deprecated)."),
    ("call_duration", "integer", "Seconds of the call."),
    ("hold_duration", "integer", "Seconds on hold."),
    ("rating", "integer", "What the customer gave it."),
    ("has_feedback", "boolean", "Whether the customer wrote something."),
    ("voip_provider", "text", "Who carried it."),
    ("out_ticket_id", "text", "The CRM's record that it belongs to; it may come late."),
    ("out_ticket_url", "text", "Its address."),
    ("verified", "boolean", "Whether the customer was verified."),
    ("recording_url", "text", "Address of the recording."),
    ("recording_permission", "text", "Whether it might be recorded."),
    ("voicemail_reason", "text", "Why there is a voicemail; not_voicemail: none."),
    ("deflection", "text", "Where it was deflected to; no_deflection: nowhere."),
    ("disconnected_by", "text", "Who hung up."),
    ("fail_details", "text", "Why it failed, in words."),
    ("fail_reason", "text", "Why it failed; nothing: it did not."),
    ("support_number", "phone", "The number of ours that was called."),
    ("outbound_number", "phone", "The number of ours that it was made from."),
    ("offer_type", "text", "How it was offered to agents."),
    ("answer_type", "text", "How it was answered: manual or by itself."),
    ("selected_menu.id", "text", "The queue."),
    ("selected_menu.name", "text", "Its name."),
    ("selected_menu.parent_id", "text", "The one above it."),
    ("selected_menu.position", "integer", "Its place."),
    ("selected_menu.deleted", "boolean", "Whether it is there no more."),
    ("selected_menu.hidden", "boolean", "Whether it is hidden."),
    ("selected_menu.menu_type", "text", "Such as ivr_menu."),
    ("selected_menu.output_msg", "text", "What is said to who chooses it."),
    ("menu_path.items_count", "integer", "How many menus lead to the queue."),
    ("menu_path.name", "text", "Their names."),
    ("menu_path.materialized_path", "text", "Their ids."),
    ("agent_info.id", "text", "The agent."),
    ("agent_info.name", "text", "Their name."),
    ("agent_info.last_name", "text", "Their last name."),
    ("agent_info.first_name", "text", "Their first name."),
    ("agent_info.agent_number", "text", "Their number in the account: no phone."),
    ("agent_info.avatar_url", "text", "Address of their picture."),
    ("end_user.id", "text", "The customer."),
    ("end_user.identifier", "text", "What they are known by: a number, or your own."),
    ("end_user.out_contact_id", "text", "The CRM's record of them."),
    ("photos.count", "integer", "How many photos came with it."),
    ("videos.count", "integer", "How many videos came with it."),
    ("transfers.count", "integer", "How often it was transferred."),
    ("participants.count", "integer", "How many took part."),
    ("updated_at", "datetime", "When it was last changed."),
    ("sub_status", "text", "More of its status."),
    ("queue_duration", "integer", "Seconds in the queue."),
    ("finish_reason", "text", "Why it ended."),
    ("adapter_fail_code", "text", "The adapter's code for a failure."),
    ("adapter_fail_message", "text", "What the adapter says of it."),
)
"""Of its lists there are numbers only; of deflections and offers nothing."""
_NORMALISED: Final[tuple[tuple[str, FieldType, str], ...]] = (
    ("call.id", "text", "Identifier of the call."),
    (
        "call.direction",
        "text",
        "inbound or outbound: a scheduled call is made to them.",
    ),
    ("call.outcome", "text", "answered, missed, no answer, voicemail or deflected."),
    ("call.started_at", "datetime", "When it was made, or was to be made."),
    ("call.duration", "integer", "Seconds of the call."),
    ("call.recording_url", "text", "Address of the recording."),
    ("customer.phone", "phone", "The customer's identifier, where that is a number."),
    ("agent.name", "text", "The agent."),
    ("agent.email", "text", "Their address, as the list of agents has it."),
    ("ticket.id", "text", "The CRM's record that it belongs to."),
)

CALLS: Final = Stream(
    system="ccai",
    name="calls",
    fields=tuple(
        StreamField(name=name, type=kind, meaning=meaning)
        for name, kind, meaning in (*VENDOR, *_NORMALISED)
    ),
    options=(
        StreamOption(
            name="statuses",
            type="text",
            meaning="The statuses of which calls are shown, instead of all that a call"
            " can end with.",
            choices=(*OVER, *UNDER_WAY),
            many=True,
        ),
    ),
    rereadable=True,
)
STREAMS: Final[Mapping[str, Stream]] = MappingProxyType({CALLS.name: CALLS})
