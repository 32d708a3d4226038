"""The schemas of never_attended and not_picked_up: Callyzer API 2.1,
call-log/never-attended and call-log/not-pickup-by-client, plus what we add.
"""

from typing import Final

from connector.model import Stream, StreamField, StreamOption

_FIELDS: Final = (
    StreamField(
        name="id",
        type="text",
        meaning="The client's number and the first call's id: one wait for an answer.",
    ),
    StreamField(name="emp_name", type="text", meaning="Name of the employee."),
    StreamField(name="emp_code", type="text", meaning="Code of the employee."),
    StreamField(
        name="emp_country_code",
        type="text",
        meaning="Country code of the employee's number, without +.",
    ),
    StreamField(
        name="emp_number",
        type="phone",
        meaning="The employee's registered number, without country code.",
    ),
    StreamField(name="emp_tags", type="list", meaning="The employee's tags."),
    StreamField(name="client_name", type="text", meaning="Name of the client."),
    StreamField(
        name="client_country_code",
        type="text",
        meaning="Country code of the client's number, without +.",
    ),
    StreamField(
        name="client_number",
        type="phone",
        meaning="The client's number, without country code.",
    ),
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
    StreamField(
        name="customer.phone",
        type="phone",
        meaning="The client's number, with + and country code where that is known.",
    ),
    StreamField(name="customer.name", type="text", meaning="Name of the client."),
    StreamField(
        name="agent.phone",
        type="phone",
        meaning="The employee's number, with + and country code where that is known.",
    ),
    StreamField(name="agent.name", type="text", meaning="Name of the employee."),
)
_OPTIONS: Final = (
    StreamOption(
        name="emp_numbers",
        type="text",
        meaning="Only calls of these employees; a country code before a hyphen.",
        many=True,
    ),
    StreamOption(
        name="emp_tags",
        type="text",
        meaning="Only calls of employees with one of these tags.",
        many=True,
    ),
    StreamOption(
        name="is_exclude_numbers",
        type="boolean",
        meaning="Whether calls with the account's excluded numbers are shown; "
        "Callyzer's default is true.",
    ),
)

NEVER_ATTENDED: Final = Stream(
    system="callyzer", name="never_attended", fields=_FIELDS, options=_OPTIONS
)
"""Clients whose calls were missed, and who were not spoken to since."""
NOT_PICKED_UP: Final = Stream(
    system="callyzer", name="not_picked_up", fields=_FIELDS, options=_OPTIONS
)
"""Clients who were called, did not answer, and were not spoken to since."""
