"""The document's example of a webhook's payload (Callyzer API 2.1), misprints included."""

from tests.sandbox.test_callyzer_operations.given import Json

RECORDING = (
    "https://media1.callyzer.co/file/callyzer-audios/TESD56409978/20230113_234589.mp3"
)
PAYLOAD: list[Json] = [
    {
        "emp_name": "Employee Name",
        "emp_code": "102",
        "emp_country_code": "9x",
        "emp_number": "98765xxxxx",
        "emp_tags": ["emp1", "ABC"],
        "call_logs": [
            {
                "id": "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU",
                "client_name": "My Contact Name",
                "client_country_code": "9x",
                "client_number": "80907xxxxx",
                "duration": "30",
                "call_type": "Incoming",
                "call_date": "2023-09-13",
                "call_time": "17:49:41",
                "note": "all about the call",
                "call_recording_url": RECORDING,
                "crm_status": "Not Interested",
                "reminder_date": "2023-09-15",
                "reminder_time": "16:50:34",
                "synced_at": "2023-09-13 17:50:00",
                "modified_at": "2023-09-13 17:52:00",
            },
            {
                "id": "JyY5CsxLibLIJ375wQPl8m",
                "client_name": "Contact Name 2",
                "client_country_code": "9x",
                "client_number": "53487xxxxx",
                "duration": "87",
                "call_type": "Outgoing",
                "call_date": "2023-09-13",
                "call_time": "17:49:41",
                "note": "The contact is not available for the deal",
                "call_recording_url": RECORDING,
                "crm_status": "Positive",
                "reminder_date": "2023-09-15",
                "reminder_time": "16:50:34",
                "synced_at": "2023-09-13 17:49:41",
                "modified_at": "2023-09-13 17:50:48",
            },
        ],
    },
    {
        "emp_name": "Another Emplyoee",
        "emp_country_code": "9x",
        "emp_number": "99078xxxxx",
        "emp_tags": ["emp2", "DEF"],
        "call_logs": [
            {
                "id": "Pl8m75wQJyY5CLibLIJ3sx",
                "client_name": "Contact Name",
                "client_country_code": "9x",
                "client_number": "89709xxxxx",
                "duration": "0",
                "call_type": "Missed",
                "call_date": "2023-09-13",
                "call_time": "17:49:41",
                "note": "",
                "call_recording_url": RECORDING,
                "crm_status": "Negavtive",
                "reminder_date": "2023-09-15",
                "reminder_time": "16:50:34",
                "synced_at": "2023-09-13 17:53:49",
                "modified_at": "2023-09-13 17:57:49",
            }
        ],
    },
]
