"""The document's own examples (Callyzer API 2.1), their misprints mended as JSON needs,
and what the tests know of the account."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
TODAY = {"call_from": NOON - 12 * 3600, "call_to": NOON + 12 * 3600}
"""The whole day in India, and the first second of the next."""

Json = dict[str, Any]
LOG: Json = {
    "duration": 2849,
    "call_type": "Incoming",
    "call_date": "2023-12-18",
    "call_time": "22:06:25",
    "note": "this is note of the call log",
    "call_recording_url": "https://media.callyzer/78.mp3",
    "synced_at": "2023-11-30 22:42:53 IST",
    "modified_at": "2023-11-30 22:42:53 IST",
}
LOG_ID: Json = {"id": "XgnkwIIXrlKYMem-mDNhEogXFLU"}
CLIENT: Json = {
    "client_name": "XgnkwIIXrlKYMem-mDNhEogXFLU",
    "client_country_code": "91",
    "client_number": "9482784838",
}
SMITH: Json = {
    "emp_name": "Smith Carry",
    "emp_code": "33",
    "emp_country_code": "91",
    "emp_number": "9999999999",
    "emp_tags": ["tag-1", "tag-2"],
}
SUMMARY: Json = {
    "result": {
        "total_incoming_calls": 13,
        "total_incoming_duration": 2452,
        "total_outgoing_calls": 26,
        "total_outgoing_duration": 3453,
        "total_missed_calls": 0,
        "total_rejected_calls": 0,
        "total_calls": 27,
        "total_duration": 1523,
        "total_never_attended_calls": 0,
        "total_not_pickup_by_clients_calls": 2,
        "total_unique_clients": 3,
        "total_working_hours": "03:43:55",
        "total_connected_calls": 21,
    },
    "message": "Success",
}
EMPLOYEE_SUMMARY: Json = {
    "result": {
        "employees": [
            SMITH
            | {
                "total_incoming_calls": 1,
                "total_incoming_duration": 234234,
                "total_incoming_connected_calls": 20,
                "total_outgoing_calls": 26,
                "total_outgoing_duration": 0,
                "total_outgoing_connected_calls": 20,
                "total_missed_calls": 0,
                "total_rejected_calls": 0,
                "total_calls": 27,
                "total_duration": 234234,
                "total_connected_calls": 234234,
                "total_never_attended_calls": 0,
                "total_not_pickup_by_clients_calls": 2,
                "total_unique_clients": 3,
                "total_working_hours": "04:43:45",
                "last_call_log": LOG_ID | CLIENT | LOG,
                "avg_duration_per_call": "00:00:02",
                "avg_incoming_duration": "00:00:08",
                "avg_outgoing_duration": "00:00:03",
            }
        ]
    },
    "message": "Success",
}
ANALYSIS: Json = {
    "result": {
        "average_duration": {
            "total_duration": 492,
            "per_call": 65,
            "total_calls": 32,
            "per_day": 344,
            "total_days": 3,
            "per_incoming_call": 344,
            "total_incoming_calls": 32,
            "per_outgoing_call": 535,
            "total_outgoing_calls": 23,
        },
        "top_dialer": SMITH | {"total_outgoing_calls": 26},
        "top_answered": SMITH | {"total_incoming_calls": 23},
        "top_caller": SMITH | {"total_calls": 27},
        "highest_total_duration": SMITH
        | {
            "total_duration": 5402,
            "total_calls": 54,
            "total_incoming_duration": 4322,
            "total_outgoing_duration": 1080,
        },
        "longest_duration": SMITH | {"call_log": LOG_ID | CLIENT | LOG},
    },
    "message": "Success",
}
PAGES: Json = {
    "message": "Success",
    "total_records": 2,
    "page_no": 1,
    "page_size": 100,
}
WAITING: Json = {
    "result": [SMITH | CLIENT | {"call_logs": [LOG_ID | LOG, LOG_ID | LOG]}]
} | PAGES
"""Of never-attended, and of not-pickup-by-client."""
UNIQUE_CLIENTS: Json = {
    "result": [
        {
            "client_name": "Smith Cooper",
            "client_country_code": "91",
            "client_number": "9823212312",
            "total_calls": 138,
            "total_duration": 1500,
            "total_incoming_calls": 30,
            "total_incoming_duration": 1000,
            "total_outgoing_calls": 100,
            "total_outgoing_duration": 500,
            "total_missed_calls": 6,
            "total_rejected_calls": 2,
            "total_connected_calls": 128,
            "total_never_attended_calls": 0,
            "total_not_pickup_by_clients_calls": 0,
            "last_call_log": LOG_ID | SMITH | LOG,
        }
    ]
} | PAGES
SLOT: Json = {
    "total_calls": 37,
    "total_connected_calls": 15,
    "total_duration": 1889,
}
AVERAGE: Json = {"avg_calls": 904, "avg_connected_calls": 904, "avg_duration": 63333}
TOTALS: Json = {
    "total_calls": 655,
    "total_connected_calls": 329,
    "total_duration": 63333,
}
HOURLY: Json = {
    "result": TOTALS
    | {
        "daily_average": AVERAGE,
        "time_slots": [
            {"slot": "Before 10:00 AM"}
            | SLOT
            | {
                "total_call_perc": 5.65,
                "total_connected_calls_perc": 4.56,
                "total_duration_perc": 2.98,
            }
        ],
    },
    "message": "Success",
}
DAYWISE: Json = {
    "result": TOTALS
    | {
        "total_days_with_no_calls_in_time_slot": 1,
        "daily_average": AVERAGE,
        "time_slots": [
            {
                "slot": "Before 10:00 AM",
                "days_with_no_calls_in_time_slot": 1,
                "daily_average": {"calls": 37, "connected_calls": 15, "duration": 1889},
                "day_wise": [{"date": "2023-11-29", "day": "Wednesday"} | SLOT],
            }
        ],
    },
    "message": "Success",
}
REMOVED: Json = {
    "result": [
        {
            "id": "DHzRrID509SxPt2L3-sdquQDBOfnDE0GGgNMxAkpR-o",
            "message": "Successfully deleted",
            "status": "Success",
        },
        {
            "id": "90sVHa70WTEHB3FehDnIFvGEp-nIRwHizMUXtNsLDyc",
            "message": "Call recording doesn\N{RIGHT SINGLE QUOTATION MARK}t exist",
            "status": "Failed",
        },
        {
            "id": "XmwTQVk6EmWscMUnn6sEZkIAM8w24hyD7noc8628xn0",
            "message": "Invalid unique id",
            "status": "Failed",
        },
        {
            "id": "2hZ9tiZm92zfGUFIF7F7ajz-u3yVtFTopqSsAbetlE0",
            "message": "Couldn\N{RIGHT SINGLE QUOTATION MARK}t delete from cloud storage",
            "status": "Failed",
        },
        {
            "id": "HobB-0Pk6xfhEJj6BEWNF3RbdZtwhE2YBzOpCqczg_k",
            "message": "There is some technical error, please try again later",
            "status": "Failed",
        },
    ],
    "message": "",
}
TEMPLATE: Json = {
    "id": "",
    "first_name": "",
    "last_name": "",
    "email": "",
    "company_name": "",
    "address1": "",
    "address2": "",
    "city": "",
    "state": "",
    "country": "",
    "zip": "",
    "source": "",
    "description": "",
    "price": "",
    "lead_tags": [""],
    "lead_status": "",
    "contact_numbers": ["91-9988776655", "9876543210"],
    "assignment": {
        "strategy": "Assign to All Selected / Minimum Leads / Random / Round Robin",
        "emp_numbers": ["", "", ""],
        "emp_tags": ["", ""],
    },
    "existing_lead": {
        "lead_details": "ignore / overwrite / updateBlankOnly",
        "assignee": "ignore / overwrite / append",
        "lead_tags": "ignore / overwrite / append",
    },
    "is_map_existing_call_logs": "",
}
"""The payload of lead/save: what is to be filled in, and what is to be chosen from."""
LEAD: Json = TEMPLATE | {
    "first_name": "Raj",
    "assignment": TEMPLATE["assignment"] | {"strategy": "Round Robin"},
    "existing_lead": {},
}
"""The same with what is mandatory."""


def assigned(strategy: str, **to: list[str]) -> Json:
    """Write to whom a lead is to be given."""
    return {"assignment": {"strategy": strategy} | to}


def shape(value: object) -> object:
    """Return the keys, in their order, and the types; of an array, its first one's."""
    match value:
        case dict():
            return [(name, shape(inner)) for name, inner in value.items()]
        case list():
            return [shape(inner) for inner in value[:1]]
        case bool() | str() | None:
            return type(value)
        case _:
            return "number"
