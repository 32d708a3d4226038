"""The schemas of leads and employees: Callyzer API 2.1, lead/get and employee/get, plus
what we add. A field of an object is behind a dot.
"""

from typing import Final

from connector.model import FieldType, Stream, StreamField

Fields = tuple[tuple[str, FieldType, str], ...]

LEAD_FIELDS: Final[Fields] = (
    ("id", "text", "Unique id of the lead."),
    ("details.first_name", "text", "First name."),
    ("details.last_name", "text", "Last name."),
    ("details.email", "text", "Email address."),
    ("details.company_name", "text", "Company or organisation."),
    ("details.address1", "text", "First line of the address."),
    ("details.address2", "text", "Second line of the address."),
    ("details.city", "text", "City."),
    ("details.state", "text", "State."),
    ("details.country", "text", "Country."),
    ("details.zip", "text", "Postal code."),
    ("details.source", "text", "Where the lead came from."),
    ("details.description", "text", "Description."),
    ("details.price", "text", "Price."),
    ("details.contact_numbers", "list", "One or two numbers, code-number."),
    ("status.lead_status", "text", "Status of the lead."),
    ("status.reminder_date", "date", "Day to call back, in the account's zone."),
    ("status.reminder_time", "time", "Time to call back, in the account's zone."),
    ("assigned_to.all_employees", "boolean", "Whether it is everybody's."),
    ("assigned_to.employee", "list", "Whose it is, each as: Name (+code-number)."),
    ("last_call_log.id", "text", "Unique id of the last call with the lead."),
    ("last_call_log.emp_name", "text", "Name of the employee of that call."),
    ("last_call_log.emp_code", "text", "Code of that employee."),
    ("last_call_log.emp_country_code", "text", "Country code of their number."),
    ("last_call_log.emp_number", "phone", "Their number, without country code."),
    ("last_call_log.emp_tags", "list", "Their tags."),
    ("last_call_log.duration", "integer", "Seconds talked in that call."),
    ("last_call_log.call_type", "text", "Type of that call."),
    ("last_call_log.call_date", "date", "Day of that call, in the account's zone."),
    ("last_call_log.call_time", "time", "Time of that call, in the account's zone."),
    ("last_call_log.note", "text", "Note of that call."),
    ("last_call_log.call_recording_url", "text", "Address of its recording."),
    ("last_call_log.synced_at", "text", "When that call reached Callyzer."),
    ("last_call_log.modified_at", "text", "When that call last changed."),
    ("lead_tags", "list", "Tags of the lead."),
    ("no_of_attempts", "integer", "How often the lead was called."),
    ("created_at", "text", "When it was made, in the account's zone."),
    ("modified_at", "text", "When it last changed, in the account's zone."),
)
LEAD_ADDED: Final[Fields] = (
    ("assigned_to.name", "text", "Name of the first employee whose it is."),
    ("assigned_to.phone", "phone", "Number of that employee, with + and code."),
    ("customer.phone", "phone", "First number, with + and code if that is known."),
    ("customer.phone2", "phone", "Second number, likewise."),
    ("customer.name", "text", "First and last name."),
    ("agent.phone", "phone", "As assigned_to.phone."),
    ("agent.name", "text", "As assigned_to.name."),
    ("reminder.at", "datetime", "When to call back; a day without a time: its start."),
)
EMPLOYEE_FIELDS: Final[Fields] = (
    ("emp_name", "text", "Name of the employee."),
    ("emp_code", "text", "Code of the employee."),
    ("emp_country_code", "text", "Country code of their number, without +."),
    ("emp_number", "phone", "Their registered number, without country code."),
    ("emp_tags", "list", "Their tags."),
    ("app_version", "text", "Version of the app."),
    ("registered_at", "text", "When they registered, in the account's zone."),
    ("modified_at", "text", "When they last changed, in the account's zone."),
    ("last_call_at", "text", "When they called last, in the account's zone."),
    ("last_sync_req_at", "text", "When the phone synced last, likewise."),
    ("is_lead_active", "boolean", "Whether they work with leads."),
    ("is_call_recording_active", "boolean", "Whether calls are recorded."),
    ("device_details.device_model", "text", "Model of the phone."),
    ("device_details.version_code", "text", "Version code of the phone."),
    ("device_details.board", "text", "Board of the phone."),
    ("device_details.android_version", "text", "Its version of Android."),
    ("device_details.sdk_version", "text", "Its version of the SDK."),
    ("device_details.unique_sim_id", "text", "Id of its SIM."),
    ("device_preference.is_app_uninstalled", "boolean", "Whether the app is gone."),
    ("device_preference.battery_percentage", "integer", "Battery, percent."),
    ("app_settings.default_home_screen", "text", "First screen of the app."),
    ("app_settings.note_dialog", "text", "When the app asks for a note."),
    ("app_settings.call_recording_location", "text", "Path of recordings."),
    ("app_settings.is_log_active", "boolean", "Whether the app keeps a log."),
)
EMPLOYEE_ADDED: Final[Fields] = (
    ("id", "text", "Country code, hyphen and number: who it is."),
    ("agent.phone", "phone", "Their number, with + and code if that is known."),
    ("agent.name", "text", "As emp_name."),
)


def schema(fields: Fields) -> tuple[StreamField, ...]:
    """Write fields as a stream has them."""
    return tuple(
        StreamField(name=name, type=kind, meaning=meaning)
        for name, kind, meaning in fields
    )


LEADS: Final = Stream(
    system="callyzer",
    name="leads",
    fields=schema((*LEAD_FIELDS, *LEAD_ADDED)),
    scanned=True,
)
"""The leads of the account, each as it is now."""
EMPLOYEES: Final = Stream(
    system="callyzer",
    name="employees",
    fields=schema((*EMPLOYEE_FIELDS, *EMPLOYEE_ADDED)),
    scanned=True,
)
"""Who is registered. Who asks for nobody in particular gets those who have leads."""
