"""The fifteen operations: where they are, and what each may be asked.

Source: Callyzer API 2.1, the tables of parameters. What the document leaves open or
says in two ways is marked *ours*.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from connector.sandbox.callyzer.words import (
    DAYWISE,
    EMPLOYEE_SUMMARY,
    FULL_STOP,
    PLAIN,
    Words,
)

Version = Literal["2.1", "2.2"]
Names = frozenset[str]

LARGEST_PAGE: Final = 100
"""The document says less than 100, but its default and its examples are 100."""
LARGEST_CLIENT_PAGE: Final = 9_999
"""Ours: its parameters say less than 10,000, its rules 1 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What may be asked; ``extra`` only in 2.2, which may have it ``required``."""

    path: str
    parameters: Names
    method: str = "POST"
    words: Words = PLAIN
    largest_page: int = LARGEST_PAGE
    extra: Names = frozenset()
    required: bool = False

    def of(self, version: Version) -> "Operation":
        """As it is in this version."""
        if version == "2.2":
            return replace(self, parameters=self.parameters | self.extra)
        return replace(self, required=False)


SPANS = frozenset({"call_from", "call_to", "synced_from", "synced_to"})
CHOSEN = frozenset({"call_types", "emp_numbers", "emp_tags", "is_exclude_numbers"})
DURATIONS = frozenset({"duration_les_than", "duration_grt_than"})
PAGED = frozenset({"page_no", "page_size"})
HOURS = frozenset({"working_hour_from", "working_hour_to"})
IDS = frozenset({"unique_ids"})
KIND = {"call_method": ("PhoneCall", "WhatsAppCall"), "call_mode": ("Voice", "Video")}
"""What 2.2 added, with the values of each."""

DETAILS = frozenset({
    "first_name", "last_name", "email", "company_name", "address1", "address2", "city",
    "state", "country", "zip", "price", "source", "description", "contact_numbers",
})  # fmt: skip
SAVED_AS = frozenset({
    "lead_tags", "lead_status", "assignment", "existing_lead",
    "is_map_existing_call_logs",
})  # fmt: skip
LENGTHS: Final = {
    "first_name": (3, 250),
    "last_name": (2, 250),
    "email": (5, 100),
    "company_name": (3, 250),
    "address1": (3, 200),
    "address2": (3, 200),
    "city": (2, 100),
    "state": (2, 100),
    "country": (2, 100),
    "zip": (2, 10),
    "source": (2, 500),
    "description": (3, 1000),
}
"""How many characters a lead's texts have, as the messages say it."""
ALSO_ALLOWED: Final = {"city": 200, "state": 200}
"""Ours: the rules of these two say 3 to 200, their messages 2 to 100. A description
may have 500 or 1000; its message says 1000."""
MOST_CONTACTS: Final = 2
MOST_LISTED: Final = 100
"""How many numbers, tags or codes there may be in a list."""
LEAD = DETAILS | SAVED_AS | {"id"}
ASSIGNMENT = frozenset({"strategy", "emp_numbers", "emp_tags"})
EXISTING_LEAD = frozenset({"lead_details", "assignee", "lead_tags"})


def _report(
    name: str,
    parameters: Names,
    words: Words = FULL_STOP,
    *,
    largest_page: int = LARGEST_PAGE,
) -> Operation:
    return Operation(
        path=f"/call-log/{name}",
        parameters=SPANS | CHOSEN | parameters,
        words=words,
        extra=frozenset(KIND),
        required=name in {"history", "summary"},
        largest_page=largest_page,
    )


SUMMARY = _report("summary", DURATIONS)
EMPLOYEES = _report("employee-summary", DURATIONS | PAGED, EMPLOYEE_SUMMARY)
ANALYSIS = _report("analysis", DURATIONS)
NEVER_ATTENDED = _report("never-attended", PAGED)
"""Ours: its table of parameters lacks call_types, its rules have it."""
NOT_PICKUP = _report("not-pickup-by-client", PAGED)
CLIENTS = _report("unique-clients", PAGED, largest_page=LARGEST_CLIENT_PAGE)
HOURLY = _report("hourly-analytics", DURATIONS | HOURS | {"exclude_days"})
DAILY = _report("daywise-analytics", DURATIONS | HOURS, DAYWISE)
HISTORY = _report("history", DURATIONS | PAGED | {"client_numbers"}, PLAIN)
GET = Operation(path="/call-log/get", parameters=IDS)
REMOVE = Operation(
    path="/call-log/call-recording/remove", parameters=IDS, method="DELETE"
)
SAVE = Operation(path="/lead/save", parameters=LEAD)
BULK_SAVE = Operation(path="/lead/bulksave", parameters=SAVED_AS | {"leads"})
LEADS = Operation(
    path="/lead/get",
    parameters=PAGED | {"first_name", "last_name", "contact_numbers"},
)
TEAM = Operation(
    path="/employee/get",
    parameters=PAGED | {"emp_numbers", "emp_tags", "emp_name", "emp_codes"},
    method="GET",
    words=FULL_STOP,
)
