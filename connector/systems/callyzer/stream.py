"""The schema of call_logs: Callyzer API 2.1, call-log/history, plus what we add."""

from connector.model import Stream, StreamField, StreamOption
from connector.systems.callyzer.calls_asked import CALL_TYPES

VENDOR_FIELDS = (
    StreamField(name="id", type="text", meaning="Unique id of the call."),
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
    StreamField(name="duration", type="integer", meaning="Seconds talked."),
    StreamField(
        name="call_type", type="text", meaning=f"One of {', '.join(CALL_TYPES)}."
    ),
    StreamField(
        name="call_date", type="date", meaning="Day of the call, in the account's zone."
    ),
    StreamField(
        name="call_time",
        type="time",
        meaning="Time of the call, in the account's zone.",
    ),
    StreamField(name="note", type="text", meaning="Note of the call."),
    StreamField(
        name="call_recording_url", type="text", meaning="Address of the recording."
    ),
    StreamField(
        name="crm_status",
        type="text",
        meaning="Status that the lead was given with this call.",
    ),
    StreamField(name="reminder_date", type="date", meaning="Day to call back."),
    StreamField(name="reminder_time", type="time", meaning="Time to call back."),
    StreamField(
        name="synced_at",
        type="text",
        meaning="When the call reached Callyzer, in the account's zone.",
    ),
    StreamField(
        name="modified_at",
        type="text",
        meaning="When the call last changed, in the account's zone.",
    ),
    StreamField(name="lead_id", type="text", meaning="Id of the lead called, if any."),
)

NORMALISED_FIELDS = (
    StreamField(name="call.id", type="text", meaning="Unique id of the call."),
    StreamField(name="call.direction", type="text", meaning="inbound or outbound."),
    StreamField(
        name="call.outcome",
        type="text",
        meaning="answered, missed, rejected or no answer.",
    ),
    StreamField(name="call.started_at", type="datetime", meaning="When it began."),
    StreamField(name="call.duration", type="integer", meaning="Seconds talked."),
    StreamField(
        name="call.recording_url", type="text", meaning="Address of the recording."
    ),
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
"""The same in every system, as far as Callyzer has them."""

CALL_LOGS = Stream(
    system="callyzer",
    name="call_logs",
    fields=VENDOR_FIELDS + NORMALISED_FIELDS,
    options=(
        StreamOption(
            name="call_types",
            type="text",
            meaning="Only calls of these types.",
            choices=CALL_TYPES,
            many=True,
        ),
        StreamOption(
            name="duration_grt_than",
            type="integer",
            meaning="Only calls longer than so many seconds.",
        ),
        StreamOption(
            name="duration_les_than",
            type="integer",
            meaning="Only calls shorter than so many seconds.",
        ),
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
            name="client_numbers",
            type="text",
            meaning="Only calls with these clients; a country code before a hyphen.",
            many=True,
        ),
        StreamOption(
            name="is_exclude_numbers",
            type="boolean",
            meaning="Whether calls with the account's excluded numbers are shown; "
            "Callyzer's default is true.",
        ),
    ),
    rereadable=True,
)
"""Calls of a sales team's phones."""
