"""Emails and smses."""

from typing import Final

from connector.systems.multisender.operations.params import moment, receivers, texts
from connector.systems.multisender.operations.section import Part, Section
from connector.transport.operation import Operation

_EMAIL: Final[tuple[Part, ...]] = (
    *texts("messageHtml", "messageText", "subject", "fromEmail", "fromName"),
    moment("actionTime"),
    *receivers("email"),
)
_SMS: Final[tuple[Part, ...]] = (
    *texts("message", "sender"),
    moment("actionTime"),
    *receivers("phone"),
)

_emails, _smses = Section("Emails"), Section("Smses")

OPERATIONS: Final[tuple[Operation, ...]] = (
    _emails.get("list_emails", "emails"),
    _emails.get("get_email", "emails/{emailId}"),
    _emails.post("create_email", "emails", *_EMAIL),
    _emails.put("update_email", "emails/{emailId}", *_EMAIL),
    _emails.delete("delete_email", "emails/{emailId}"),
    _smses.get("list_sms_receivers", "smses/{smsId}/receivers"),
    _smses.get("list_smses", "smses"),
    _smses.get("get_sms", "smses/{smsId}"),
    _smses.post("create_sms", "smses", *_SMS),
    _smses.put("update_sms", "smses/{smsId}", *_SMS),
    _smses.delete("delete_sms", "smses/{smsId}"),
)
