"""A lead and an employee as the document has them, and whatever else may come."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.sandbox.callyzer import EXAMPLE_EMPLOYEE, EXAMPLE_LEAD
from connector.systems.callyzer.people import parse_employee, parse_lead
from connector.systems.callyzer.people_stream import EMPLOYEES, LEADS

INDIA = ZoneInfo("Asia/Kolkata")
Lead = dict[str, Any]


def lead(**changes: object) -> dict[str, Any]:
    return dict(parse_lead({**EXAMPLE_LEAD, **changes}, INDIA).fields)


# ── leads ──────────────────────────────────────────────────────────────────


def test_the_documented_lead_has_every_field_of_the_schema() -> None:
    record = parse_lead(EXAMPLE_LEAD, INDIA)

    assert record.id == "HobB-0Pk6xfhEJj6BEWNF3RbdZtwhE2YBzOpCqczg_k"
    assert record.version == "2023-06-21 15:50:30"
    assert record.fields.keys() == {field.name for field in LEADS.fields}
    wanted = {
        "details.first_name": "Raj",
        "details.email": "",
        "details.contact_numbers": ["91-9988776655", "9876543210"],
        "status.reminder_date": "2023-09-15",
        "assigned_to.all_employees": False,
        "assigned_to.employee": ["Rahul (+91-9558434554)", "Raj (+91-9958424504)"],
        "assigned_to.name": "Rahul",
        "assigned_to.phone": "+919558434554",
        "last_call_log.duration": 2849,
        "last_call_log.emp_tags": [],
        "lead_tags": ["laptop", "computer"],
        "no_of_attempts": 5,
        "customer.phone": "+919988776655",
        "customer.phone2": "9876543210",
        "customer.name": "Raj gajjar",
        "agent.phone": "+919558434554",
        "agent.name": "Rahul",
        "reminder.at": datetime(2023, 9, 15, 11, 20, 34, tzinfo=UTC),
    }
    assert {name: record.fields[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("status", "at"),
    [
        (
            {"reminder_date": "2023-09-15", "reminder_time": ""},
            datetime(2023, 9, 14, 18, 30, tzinfo=UTC),
        ),
        ({"reminder_date": None, "reminder_time": None}, None),
        ({"reminder_date": "", "reminder_time": "16:50:34"}, None),
        ({"reminder_date": "soon", "reminder_time": "16:50:34"}, None),
        (None, None),
    ],
)
def test_a_reminder_is_an_instant_or_none(status: object, at: datetime | None) -> None:
    assert lead(status=status)["reminder.at"] == at


def test_what_a_reading_lacks_is_absent_with_what_is_derived_from_it() -> None:
    fields = parse_lead({"id": "a", "details": {"last_name": "B"}}, INDIA).fields

    assert fields == {"id": "a", "details.last_name": "B"}


def test_an_object_that_is_null_empties_its_fields() -> None:
    fields = lead(last_call_log=None)

    assert fields["last_call_log.id"] is None
    assert fields["last_call_log.duration"] is None


@pytest.mark.parametrize(
    ("employees", "name", "phone"),
    [
        ([], None, None),
        (None, None, None),
        (["Rahul"], "Rahul", None),
        (["(+91-9558434554)"], None, "+919558434554"),
        (["O'Neil Jr. (+1-2125550106)"], "O'Neil Jr.", "+12125550106"),
        (["Rahul (9558434554)"], "Rahul", "9558434554"),
    ],
)
def test_the_first_employee_has_a_name_and_a_number(
    employees: object, name: str | None, phone: str | None
) -> None:
    fields = lead(assigned_to={"all_employees": True, "employee": employees})

    assert (fields["agent.name"], fields["agent.phone"]) == (name, phone)
    assert (fields["assigned_to.name"], fields["assigned_to.phone"]) == (name, phone)


@pytest.mark.parametrize(
    ("numbers", "phones"),
    [
        ([], (None, None)),
        (["91-9988776655"], ("+919988776655", None)),
        (["91-09988776655", "1-2125550106"], ("+919988776655", "+12125550106")),
    ],
)
def test_a_lead_has_up_to_two_numbers(
    numbers: list[str], phones: tuple[str | None, str | None]
) -> None:
    fields = lead(details={"contact_numbers": numbers})

    assert (fields["customer.phone"], fields["customer.phone2"]) == phones


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": " "}, "id"),
        ({"no_of_attempts": "many"}, "no_of_attempts"),
        ({"lead_tags": "laptop"}, "lead_tags"),
        ({"assigned_to": {"all_employees": "maybe"}}, "assigned_to.all_employees"),
    ],
)
def test_what_is_not_of_its_type_is_set_aside(change: Lead, field: str) -> None:
    with pytest.raises(RecordError) as caught:
        lead(**change)

    assert (caught.value.code, list(caught.value.fields)) == ("UNREADABLE", [field])


# ── employees ──────────────────────────────────────────────────────────────


def test_the_documented_employee_has_every_field_of_the_schema() -> None:
    record = parse_employee(EXAMPLE_EMPLOYEE, INDIA)

    assert (record.id, record.version) == ("91-3333333333", "2022-10-30 10:32:33")
    assert record.fields.keys() == {field.name for field in EMPLOYEES.fields}
    wanted: dict[str, Any] = {
        "emp_code": None,
        "emp_tags": [],
        "is_lead_active": False,
        "device_details.version_code": "30",
        "device_preference.battery_percentage": None,
        "app_settings.is_log_active": False,
        "agent.phone": "+913333333333",
        "agent.name": "test333",
    }
    assert {name: record.fields[name] for name in wanted} == wanted


def test_an_employee_without_a_number_is_nobody() -> None:
    with pytest.raises(RecordError, match="no number"):
        parse_employee({**EXAMPLE_EMPLOYEE, "emp_number": None}, INDIA)


# ── whatever may come ──────────────────────────────────────────────────────

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "employee", "reminder_date"]), inner)
    ),
    max_leaves=6,
)


@given(
    raw=VALUES
    | st.fixed_dictionaries(
        {"id": st.text(min_size=1)},
        optional={
            "details": st.dictionaries(
                st.sampled_from(["first_name", "contact_numbers", "price"]), VALUES
            ),
            "status": VALUES
            | st.fixed_dictionaries({"reminder_date": VALUES, "reminder_time": VALUES}),
            "assigned_to": st.fixed_dictionaries({"employee": VALUES}),
            "last_call_log": VALUES,
            "modified_at": VALUES,
            "no_of_attempts": VALUES,
            "emp_number": VALUES,
            "emp_country_code": VALUES,
        },
    )
)
def test_no_input_raises_anything_but_a_record_error(raw: object) -> None:
    for parse in (parse_lead, parse_employee):
        try:
            record = parse(raw, INDIA)
        except RecordError:
            continue
        assert record.id
