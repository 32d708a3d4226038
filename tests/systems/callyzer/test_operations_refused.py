"""What breaks a documented rule is not sent."""

from typing import Any

import pytest

from connector.errors import RefusedError
from tests.systems.callyzer.line import (
    ASSIGNMENT,
    FOUND,
    HOURS,
    LEAD,
    OBJECT,
    REPORTS,
    SPAN,
    Line,
)


@pytest.mark.parametrize("name", [report[0] for report in REPORTS])
@pytest.mark.parametrize(
    ("values", "parameter", "words"),
    [
        ({}, "call_from", "Either .*call_from.* are mandatory"),
        ({"call_from": 5}, "call_from", "`call_from` and .call_to. are mandatory"),
        ({"synced_to": 5}, "synced_from", "`synced_from` and .* are mandatory"),
        ({"call_from": 0, "call_to": 5}, "call_from", "Invalid call_from. Please pass"),
        ({"call_from": "1", "call_to": 5}, "call_from", "in UNIX format"),
        ({"call_from": 5, "call_to": 5}, "call_from", "Invalid date range"),
        (
            {"synced_from": 5, "synced_to": 5 + 180 * 86_400},
            "synced_to",
            "less than 180 days",
        ),
        ({**SPAN, "call_types": ["Video"]}, "call_types", "Valid call types are"),
        (
            {**SPAN, "emp_numbers": ["+91 98"]},
            "emp_numbers",
            "Invalid numbers .\\+91 98",
        ),
        ({**SPAN, "is_exclude_numbers": "no"}, "is_exclude_numbers", "True or False"),
        ({**SPAN, "colour": "red"}, "colour", "no parameter"),
    ],
)
def test_a_breach_of_a_rule_of_reports_is_not_sent(
    name: str, values: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line(OBJECT)
    hours = HOURS if name.endswith("analytics") else {}

    with pytest.raises(RefusedError, match=words) as caught:
        getattr(line.client, name)({**hours, **values})

    assert (caught.value.parameter, line.sent) == (parameter, [])


@pytest.mark.parametrize(
    ("name", "values", "parameter", "words"),
    [
        (
            "summary",
            {"duration_grt_than": -1},
            "duration_grt_than",
            "out of range for unsigned long",
        ),
        (
            "analysis",
            {"duration_grt_than": 9, "duration_les_than": 9},
            "duration_les_than",
            "should be greater than",
        ),
        ("never_attended", {"duration_grt_than": 1}, "duration_grt_than", "no param"),
        ("never_attended", {"page_no": 0}, "page_no", "greater than zero"),
        ("not_picked_up", {"page_size": 101}, "page_size", "between 1 to 100"),
        ("unique_clients", {"page_size": 0}, "page_size", "between 1 to 100"),
        (
            "hourly_analytics",
            {"working_hour_to": "19:00"},
            "working_hour_from",
            "are mandatory",
        ),
        (
            "hourly_analytics",
            {**HOURS, "working_hour_to": "24:00"},
            "working_hour_to",
            "is not valid",
        ),
        (
            "hourly_analytics",
            {**HOURS, "exclude_days": ["Sunday"]},
            "exclude_days",
            "i.e. Mon",
        ),
        (
            "daywise_analytics",
            {"working_hour_from": "19:00", "working_hour_to": "10:00"},
            "working_hour_from",
            "should not be greater than",
        ),
        (
            "daywise_analytics",
            {**HOURS, "exclude_days": ["Sun"]},
            "exclude_days",
            "no parameter",
        ),
    ],
)
def test_a_breach_of_a_rule_of_one_report_is_not_sent(
    name: str, values: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line(OBJECT)

    with pytest.raises(RefusedError, match=words) as caught:
        getattr(line.client, name)({**SPAN, **values})

    assert (caught.value.parameter, line.sent) == (parameter, [])


TEXTS = [
    ("first_name", 3, 250),
    ("last_name", 2, 250),
    ("company_name", 3, 250),
    ("address1", 3, 200),
    ("address2", 3, 200),
    ("city", 2, 100),
    ("state", 2, 100),
    ("country", 2, 100),
    ("zip", 2, 10),
    ("source", 2, 500),
    ("description", 3, 1000),
]
MANY = [str(n) for n in range(101)]
LEAD_BREACHES: list[tuple[dict[str, Any], str, str]] = [
    *(({name: "x" * (low - 1)}, name, f"{low} to {high}") for name, low, high in TEXTS),
    *(
        ({name: "x" * (high + 1)}, name, f"{low} to {high}")
        for name, low, high in TEXTS
    ),
    ({"first_name": ""}, "first_name", "First_name.* is required"),
    ({"contact_numbers": []}, "contact_numbers", "is required"),
    ({"contact_numbers": ["12", "34", "56"]}, "contact_numbers", "hyphen"),
    ({"contact_numbers": ["+91 98"]}, "contact_numbers", "separated by hyphen"),
    ({"assignment": {"strategy": "Somebody"}}, "assignment.strategy", "Round Robin"),
    ({"assignment": {"emp_tags": ["a"]}}, "assignment.strategy", "is required"),
    (
        {"assignment": {**ASSIGNMENT, "emp_numbers": ["1"]}},
        "assignment",
        "simultaneously",
    ),
    (
        {"assignment": {"strategy": "Random", "emp_numbers": MANY}},
        "assignment.emp_numbers",
        "Maximum 100 numbers",
    ),
    (
        {"assignment": {"strategy": "Random", "emp_tags": MANY}},
        "assignment.emp_tags",
        "Maximum 100 tags",
    ),
    ({"email": "a@b"}, "email", "5 to 100"),
    ({"email": "nobody.example.com"}, "email", "Invalid .email."),
    ({"price": "a lot"}, "price", "numeric and within range"),
    ({"price": float("inf")}, "price", "numeric and within range"),
    ({"lead_tags": MANY}, "lead_tags", "Maximum 100 tags"),
    (
        {"existing_lead": {"lead_details": "Append"}},
        "existing_lead.lead_details",
        "UpdateBlankOnly",
    ),
    ({"existing_lead": {"assignee": "x"}}, "existing_lead.assignee", "Append"),
    ({"existing_lead": {"lead_tags": "x"}}, "existing_lead.lead_tags", "Append"),
    ({"is_map_existing_call_logs": "yes"}, "is_map_existing_call_logs", "true or"),
]


@pytest.mark.parametrize(("change", "parameter", "words"), LEAD_BREACHES)
def test_a_lead_that_breaks_a_rule_is_not_sent(
    change: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line(OBJECT)

    with pytest.raises(RefusedError, match=words) as one:
        line.client.save_lead({**LEAD, **change})
    with pytest.raises(RefusedError, match=words) as many:
        line.client.save_leads({"leads": [LEAD, {**LEAD, **change}]})

    assert one.value.parameter == parameter
    assert many.value.parameter in {f"leads[].{parameter}", "assignment"}
    assert line.sent == []


@pytest.mark.parametrize(
    ("values", "parameter", "words"),
    [
        ({"leads": []}, "leads", "leads is required"),
        (
            {"leads": [{**LEAD, "lead_tags": ["a"]}], "lead_tags": ["b"]},
            "lead_tags",
            "both levels",
        ),
        (
            {"leads": [{**LEAD, "lead_status": "a"}], "lead_status": "b"},
            "lead_status",
            "both levels",
        ),
        ({"leads": [LEAD, {**LEAD, "assignment": None}]}, "assignment", "is required"),
        (
            {"leads": [LEAD], "assignment": {"strategy": "Nobody"}},
            "assignment.strategy",
            "Minimum Leads",
        ),
    ],
)
def test_leads_that_break_a_rule_together_are_not_sent(
    values: dict[str, Any], parameter: str, words: str
) -> None:
    line = Line(OBJECT)

    with pytest.raises(RefusedError, match=words) as caught:
        line.client.save_leads(values)

    assert (caught.value.parameter, line.sent) == (parameter, [])


@pytest.mark.parametrize(
    ("name", "values", "parameter", "words"),
    [
        ("leads", {"contact_numbers": MANY}, "contact_numbers", "Maximum 100"),
        ("leads", {"contact_numbers": ["x"]}, "contact_numbers", "hyphen"),
        ("leads", {"page_no": 2**31}, "page_no", "greater than zero"),
        ("leads", {"page_size": 101}, "page_size", "between 1 to 100"),
        ("leads", {"first_name": "ab"}, "first_name", "3 to 250"),
        ("employees", {"emp_numbers": ["x"]}, "emp_numbers", "Invalid x"),
        ("employees", {"emp_numbers": MANY}, "emp_numbers", "Maximum 100 numbers"),
        ("employees", {"emp_tags": MANY}, "emp_tags", "Maximum 100 tags"),
        ("employees", {"emp_codes": MANY}, "emp_codes", "Maximum 100 numbers"),
        ("employees", {"page_no": 0}, "page_no", "greater than zero"),
        ("employees", {"page_size": 101}, "page_size", "between 1 to 100"),
        ("remove_recordings", [], "unique_ids", "Minimum 1 and Maximum 20"),
        ("remove_recordings", MANY[:21], "unique_ids", "Minimum 1 and Maximum 20"),
    ],
)
def test_a_breach_of_a_list_or_a_page_is_not_sent(
    name: str, values: object, parameter: str, words: str
) -> None:
    line = Line(FOUND)

    with pytest.raises(RefusedError, match=words) as caught:
        getattr(line.client, name)(values)

    assert (caught.value.parameter, line.sent) == (parameter, [])
