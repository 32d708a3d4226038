"""Callyzer's messages, word for word.

Source: Callyzer API 2.1, the tables of business rules and of status codes. What the
document has no words for is marked *ours*.
"""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from dataclasses import dataclass
from typing import Final

SUCCESS: Final = "Success"

# ── any operation ──────────────────────────────────────────────────────────

UNAUTHORIZED: Final = "The API call was made with invalid access credentials."
EXPIRED: Final = "Your subscription has expired."
TOO_FAST: Final = "Too Many Requests"
BAD_TYPE: Final = "Make sure that content type is set to application/json."
BAD_BODY: Final = "The message body on the request is not as per API specification."
"""Ours, like the refusal of attributes that the document does not have."""
BAD_PAGE: Final = (
    "Invalid value. Value should be greater than zero and within range of unsigned "
    "integer data type."
)

# ── reports of calls ───────────────────────────────────────────────────────

TOO_LONG: Final = "The duration should be less than 180 days."
HALF_SPAN: Final = f"`%s_from` and ‘%s_to’ are mandatory. {TOO_LONG}"
NOT_UNIX: Final = "Invalid %s. Please pass the timestamp in UNIX format."
BACKWARDS: Final = (
    "Invalid date range. `From` timestamp should be less than `To` timestamp."
)
BAD_TYPES: Final = (
    "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or "
    "Rejected."
)
BAD_DURATION: Final = "Value out of range for unsigned long data type."
NO_DURATION: Final = (
    "Invalid duration value. The value of ‘duration_les_than’ should be greater than "
    "value of ‘duration_grt_than’"
)
UNKNOWN_TAGS: Final = "The ‘%s’ tags doesn’t exist."
BAD_EXCLUDE: Final = "Invalid is_exclude_numbers. Must be either True or False."
"""Ours."""
BAD_CHOICE: Final = "Invalid %s. It should be either %s."
"""Ours: `call_method` and `call_mode` are of a version whose words are not known."""
NO_HOURS: Final = (
    "The “working_hour_from” and “working_hour_to” are mandatory. The value should be "
    "in HH:mm format."
)
BAD_HOURS: Final = (
    "The “working_hour_from” / “working_hour_to” is not valid. The value should be in "
    "HH:mm format."
)
HOURS_BACKWARDS: Final = (
    "The “working_hour_from” should not be greater than “working_hour_to”."
)
BAD_DAYS: Final = "Invalid value. The days should be in ‘ddd’ format i.e. Mon"
NO_EMPLOYEES: Final = "No employees meet the search criteria."
BAD_IDS: Final = "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the operations do not say alike."""

    no_span: str = (
        "Either ‘call_from’ and ‘call_to’ or ‘synced_from’ and ‘synced_to’ are "
        f"mandatory. {TOO_LONG}"
    )
    bad_numbers: str = "Invalid numbers ‘%s’."
    unknown_numbers: str = "The ‘%s’ numbers doesn’t exist."
    bad_page_size: str = "Invalid value. The value should be between 1 to 100"


PLAIN: Final = Words()
FULL_STOP: Final = Words(
    bad_page_size="Invalid value. The value should be between 1 to 100."
)
EMPLOYEE_SUMMARY: Final = Words(
    bad_numbers="Invalid numbers ‘ %s’.",
    unknown_numbers="Invalid numbers ‘%s’ numbers doesn’t exist.",
)
DAYWISE: Final = Words(
    no_span=(
        "Either “call_from” and “call_to” or “synced_from” and “synced_to” are "
        "mandatory."
    )
)
"""Its table slipped by a row; the other messages are the ones of its neighbours."""

# ── what becomes of a recording ────────────────────────────────────────────

DELETED: Final = "Successfully deleted"
NO_RECORDING: Final = "Call recording doesn’t exist"
UNKNOWN_ID: Final = "Invalid unique id"
NOT_IN_CLOUD: Final = "Couldn’t delete from cloud storage"
TECHNICAL: Final = "There is some technical error, please try again later"

# ── leads and employees ────────────────────────────────────────────────────

BAD_LEAD_ID: Final = "Invalid “id”.please provide valid id"
MANDATORY: Final = (
    "“First_name”, “strategy” and at least one “contact_numbers” is required."
)
BAD_LENGTH: Final = "Invalid “%s”. Length should be between %d to %d chars."
BAD_CONTACTS: Final = (
    "Invalid “contact_numbers”. Country code should be separated by hyphen(-), if "
    "present."
)
TAKEN: Final = "The ‘%s’ already exists."
BAD_STRATEGY: Final = (
    "Invalid “strategy”. It should be either ‘Assign to All Selected’ or ‘Minimum "
    "Leads’ or ‘Random’ or ‘Round Robin’."
)
TOO_MANY: Final = "Invalid no of “%s”. Maximum 100 %s are allowed."
DOES_NOT_EXIST: Final = "The ‘%s’ doesn’t exist."
BAD_PRICE: Final = (
    "Invalid “price”. Value should be numeric and within range of double data type."
)
BAD_LEAD_DETAILS: Final = (
    "Invalid “lead_details”. It should be either ‘Ignore’ or ‘Overwrite’ or "
    "‘UpdateBlankOnly’."
)
BAD_ASSIGNEE: Final = (
    "Invalid “assignee”. It should be either ‘Ignore’ or ‘Overwrite’ or ‘Append’."
)
BAD_LEAD_TAGS: Final = (
    "Invalid “lead_tags”. It should be either ‘Ignore’ or ‘Overwrite’ or ‘Append’."
)
BAD_MAP: Final = (
    "Invalid “is_map_existing_call_logs”. It should be either true or false."
)
BOTH_SELECTED: Final = (
    "Please don’t provide ‘emp_numbers’ and ‘emp_tags’ simultaneously. Provide either "
    "one individually or none at all."
)
UNKNOWN_STATUS: Final = "The ‘%s’ lead status doesn’t exist."
TWO_LEVELS: Final = (
    "Please don’t provide ‘%s’ for all leads and for single leads simultaneously."
)
"""Ours: the document only says that this is an error."""
BAD_PHONE: Final = "Invalid phone number"
NO_PHONE: Final = "Phone number is required"
"""These two are what the example of lead/bulksave says of a lead's number."""
BAD_EMP_NUMBERS: Final = "Invalid %s."
UNKNOWN_EMP_NAME: Final = "Invalid “emp_name”. Employee doesn’t exist for a given name."
