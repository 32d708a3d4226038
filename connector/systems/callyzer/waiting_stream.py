"""The schemas of never_attended and not_picked_up: Callyzer API 2.1,
call-log/never-attended and call-log/not-pickup-by-client, plus what we add.
"""

from typing import Final

from connector.model import Stream, StreamField
from connector.systems.callyzer.stream import (
    CALL_LOGS,
    NORMALISED_FIELDS,
    VENDOR_FIELDS,
)

_FIELDS: Final = (
    StreamField(
        name="id",
        type="text",
        meaning="The client's number and the first call's id: one wait for an answer.",
    ),
    *(field for field in VENDOR_FIELDS if field.name.startswith(("emp_", "client_"))),
    StreamField(name="first.id", type="text", meaning="Unique id of the first call."),
    StreamField(name="first.at", type="datetime", meaning="When that began."),
    StreamField(name="last.at", type="datetime", meaning="When the last one began."),
    StreamField(
        name="calls", type="integer", meaning="How many there were without an answer."
    ),
    StreamField(
        name="done",
        type="text",
        meaning="true, once the two have spoken; lacking until then.",
    ),
    StreamField(
        name="done_at", type="datetime", meaning="When they did; lacking until then."
    ),
    StreamField(name="call.id", type="text", meaning="As first.id."),
    StreamField(name="call.started_at", type="datetime", meaning="As first.at."),
    *(f for f in NORMALISED_FIELDS if f.name.startswith(("customer.", "agent."))),
)
_OPTIONS: Final = tuple(
    option
    for option in CALL_LOGS.options
    if option.name in ("emp_numbers", "emp_tags", "is_exclude_numbers")
)

NEVER_ATTENDED: Final = Stream(
    system="callyzer", name="never_attended", fields=_FIELDS, options=_OPTIONS
)
"""Clients whose calls were missed, and who were not spoken to since."""
NOT_PICKED_UP: Final = Stream(
    system="callyzer", name="not_picked_up", fields=_FIELDS, options=_OPTIONS
)
"""Clients who were called, did not answer, and were not spoken to since."""
