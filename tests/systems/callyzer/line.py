"""Requests to Callyzer as they are seen, and values for all its operations."""

from datetime import UTC, datetime
from typing import Any

import httpx

from connector.systems.callyzer.client import CallyzerClient
from connector.transport.http import Http
from tests.systems.pacer import FreePacer

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
START, END = 1_795_000_000, 1_795_300_000
SPAN = {"call_from": START, "call_to": END}
HOURS = {"working_hour_from": "10:00", "working_hour_to": "19:00"}
EVERY_FILTER = {
    "call_types": ["Incoming", "Missed"],
    "emp_numbers": ["91-9876543210"],
    "emp_tags": ["north"],
    "is_exclude_numbers": False,
}
DURATIONS = {"duration_grt_than": 0, "duration_les_than": 60}
PAGE = {"page_no": 2, "page_size": 10}
ASSIGNMENT = {"strategy": "round robin", "emp_tags": ["north"]}
LEAD = {
    "first_name": "Asha",
    "contact_numbers": ["91-9988776655"],
    "assignment": ASSIGNMENT,
}
FULL_LEAD = {
    **LEAD,
    "id": "HobB",
    "last_name": "Rao",
    "email": "asha@example.com",
    "company_name": "Rao & Co",
    "address1": "1 Main Road",
    "address2": "Second floor",
    "city": "Surat",
    "state": "GJ",
    "country": "IN",
    "zip": "395003",
    "price": 12.5,
    "source": "web",
    "description": "asked for a call",
    "lead_tags": ["laptop"],
    "lead_status": "Positive",
    "existing_lead": {"lead_details": "updateBlankOnly", "assignee": "append"},
    "is_map_existing_call_logs": True,
}
FOUND = httpx.Response(200, json={"result": [], "message": "Success"})
OBJECT = httpx.Response(200, json={"result": {"employees": []}, "message": "Success"})

LEFT, RIGHT = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"


class Line:
    """A client whose requests are seen, and answered as a test says."""

    def __init__(
        self, answer: httpx.Response | Exception, fields: dict[str, str] | None = None
    ) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = answer
        http = Http(
            "https://api1.callyzer.co/api/v2.1",
            headers={"Authorization": "Bearer key"},
            transport=httpx.MockTransport(self._ask),
        )
        self.pacer = FreePacer()
        self.client = CallyzerClient(http, self.pacer, fields)

    def _ask(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def refusal(message: str) -> httpx.Response:
    return httpx.Response(400, json={"result": None, "message": message})


REPORTS: list[tuple[str, str, dict[str, Any], httpx.Response]] = [
    ("summary", "summary", {**EVERY_FILTER, **DURATIONS}, OBJECT),
    (
        "employee_summary",
        "employee-summary",
        {**EVERY_FILTER, **DURATIONS, **PAGE},
        OBJECT,
    ),
    ("analysis", "analysis", {**EVERY_FILTER, **DURATIONS}, OBJECT),
    ("never_attended", "never-attended", {**EVERY_FILTER, **PAGE}, FOUND),
    ("not_picked_up", "not-pickup-by-client", {**EVERY_FILTER, **PAGE}, FOUND),
    ("unique_clients", "unique-clients", {**EVERY_FILTER, **PAGE}, FOUND),
    (
        "hourly_analytics",
        "hourly-analytics",
        {**EVERY_FILTER, **DURATIONS, **HOURS, "exclude_days": ["Sun", "Sat"]},
        OBJECT,
    ),
    (
        "daywise_analytics",
        "daywise-analytics",
        {**EVERY_FILTER, **DURATIONS, **HOURS},
        OBJECT,
    ),
]
