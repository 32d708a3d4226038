"""Callyzer's fifteen operations. Source: Callyzer API 2.1; a section is an address.

What they take is in `calls_asked` and `leads_asked`.
"""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.systems.callyzer.calls_asked import (
    CHOSEN,
    DURATION_RULE,
    DURATIONS,
    EXCLUDED,
    HOURS,
    HOURS_RULE,
    IDS,
    KIND,
    MOST_LISTED,
    NUMBER,
    PAGE_SIZE,
    SPAN,
    SPAN_RULES,
    listed,
    paged,
)
from connector.systems.callyzer.leads_asked import LEAD_REFUSALS, SAVE_LEAD, SAVE_LEADS
from connector.transport.operation import Operation, Param, Rule

# ── messages that are no rule of ours ──────────────────────────────────────

ANY_REFUSALS: Final = (
    r"The message body on the request is not as per API specification\b.*",
    r"Invalid value\. .*",
    r"The '.*' (numbers |tags )?doesn't exist\.?",
)
CALL_REFUSALS: Final = (
    *ANY_REFUSALS,
    r"(Either )?'(call|synced)_from' and '(call|synced)_to' .*are mandatory\b.*",
    r"The duration should be less than 180 days\.?",
    r"(Error while parsing .*)?Invalid .*\. Please pass the timestamp in UNIX format\.?",
    r"Invalid date range\. .*",
    r"Invalid call_types\. .*",
    r"Value out of range for unsigned long data type\.?",
    r"Invalid duration value\. .*",
    r"Invalid numbers '.*'( numbers doesn't exist)?\.?",
    r"No employees meet the search criteria\.?",
    r"The 'working_hour_from'.*",
)
ID_REFUSALS: Final = (*ANY_REFUSALS, r"Invalid no of unique ids\. .*")
EMPLOYEE_REFUSALS: Final = (
    *ANY_REFUSALS,
    r"Invalid [\d, '-]+\.?",
    r"Invalid no of '.*'\. .*",
    r"Invalid 'emp_name'\. .*",
)
"""Regular expressions of a 400's message, in which quotes are made plain."""


def _report(
    name: str,
    address: str,
    *params: Param,
    rules: tuple[Rule, ...] = (),
) -> Operation:
    """One of the operations that look for calls in a span of time."""
    return Operation(
        name=name,
        method="POST",
        path=f"call-log/{address}",
        section=f"call-log/{address}",
        params=(*SPAN, *CHOSEN, *params),
        rules=(*SPAN_RULES, *rules),
        refusals=CALL_REFUSALS,
    )


def _of_ids(name: str, method: str, address: str) -> Operation:
    return Operation(
        name=name,
        method=method,
        path=f"call-log/{address}",
        section=f"call-log/{address}",
        params=(IDS,),
        refusals=ID_REFUSALS,
    )


_ALL: Final = (
    _report("summary", "summary", *DURATIONS, *KIND, rules=(DURATION_RULE,)),
    _report(
        "employee_summary",
        "employee-summary",
        *(*DURATIONS, *paged()),
        rules=(DURATION_RULE,),
    ),
    _report("analysis", "analysis", *DURATIONS, rules=(DURATION_RULE,)),
    # Its table of parameters lacks call_types, its rules have it.
    _report("never_attended", "never-attended", *paged()),
    _report("not_picked_up", "not-pickup-by-client", *paged()),
    _report("unique_clients", "unique-clients", *paged()),
    _report(
        "hourly_analytics",
        "hourly-analytics",
        *(*DURATIONS, *HOURS, EXCLUDED),
        rules=(DURATION_RULE,),
    ),
    _report(
        "daywise_analytics",
        "daywise-analytics",
        *(*DURATIONS, *HOURS),
        rules=(DURATION_RULE, HOURS_RULE),
    ),
    _report(
        "history",
        "history",
        *(*DURATIONS, *KIND, *paged(PAGE_SIZE - 1)),
        Param(
            name="client_numbers",
            kind="list",
            fits=NUMBER,
            refusal="{name}: Invalid numbers ‘{value}’.",
        ),
        rules=(DURATION_RULE,),
    ),
    _of_ids("get", "POST", "get"),
    _of_ids("remove_recordings", "DELETE", "call-recording/remove"),
    SAVE_LEAD,
    SAVE_LEADS,
    Operation(
        name="leads",
        method="POST",
        path="lead/get",
        section="lead/get",
        params=(
            Param(name="first_name", least=3, most=250),
            Param(name="last_name", least=2, most=250),
            Param(
                name="contact_numbers",
                kind="list",
                most=MOST_LISTED,
                refusal="Invalid no of “{name}”. Maximum 100 numbers are allowed.",
            ),
            Param(
                name="contact_numbers",
                kind="list",
                fits=NUMBER,
                refusal="Invalid “{name}”. Country code should be separated by "
                "hyphen(-), if present.",
            ),
            *paged(),
        ),
        refusals=(*ANY_REFUSALS, *LEAD_REFUSALS),
    ),
    Operation(
        name="employees",
        method="GET",
        path="employee/get",
        section="employee/get",
        params=(
            listed("emp_numbers", "numbers"),
            Param(
                name="emp_numbers",
                kind="list",
                place="query",
                fits=NUMBER,
                refusal="{name}: Invalid {value}.",
            ),
            listed("emp_tags", "tags"),
            listed("emp_codes", "numbers"),
            Param(name="emp_name", place="query"),
            *paged(query=True),
        ),
        refusals=EMPLOYEE_REFUSALS,
    ),
)
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {operation.name: operation for operation in _ALL}
)
