"""A flow is checked against the CRM's description before anything is written."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connector.mapping.check import check_against
from connector.mapping.load import PushFlow, World
from connector.model import CrmField, CrmObject
from tests.mapping.loading import load_push

LoadFields = Callable[[str], PushFlow]


def test_the_example_has_no_errors(example: str, world: World, task: CrmObject) -> None:
    flow = load_push(example, "x.yaml", world)

    (fault,) = check_against(flow, task)

    assert str(fault) == (
        "x.yaml:18:3: warning: text over 255 characters will be refused "
        "(add 'fit: truncate')"
    )


RULES = {
    "an unknown field": (
        "Subjct: {from: id}",
        "Task has no field 'Subjct' (did you mean 'Subject'?)",
    ),
    "a field that is not createable": (
        "IsClosed: {value: true}",
        "IsClosed cannot be written (leave it out)",
    ),
    "a field of parts": ("Place__c: {from: id}", "which no mapping can write"),
    "text into int": (
        "CallDurationInSeconds: {from: note}",
        "is int, and this makes text (add 'as: integer')",
    ),
    "number into int": ("CallDurationInSeconds: {from: rating}", "(add 'as: integer')"),
    "text into date": ("ActivityDate: {from: note}", "(add 'as: date')"),
    "datetime into date": ("ActivityDate: {from: call.started_at}", "(add 'as: date')"),
    "date into datetime": ("At__c: {from: call_date}", "(add 'as: datetime')"),
    "text into boolean": ("Flag__c: {from: note}", "(add 'as: boolean')"),
    "a template into a number": (
        'Number__c: {template: "{duration}"}',
        "(add 'as: number')",
    ),
    "a type that can't be": ("Flag__c: {from: call_date}", "and this makes date"),
    "another as": ("ActivityDate: {from: note, as: text}", "and this makes text"),
    "a constant of another type": ("Flag__c: {value: 'x'}", "and this makes text"),
    "a map to another type": (
        "Number__c: {from: note, map: {a: b}}",
        "(add 'as: number')",
    ),
    "a constant that is too long": (
        "Short__c: {value: abcdef}",
        "'abcdef' is longer than 5 characters",
    ),
    "a map to text that is too long": (
        "Short__c: {from: note, map: {a: abcdef}}",
        "'abcdef' is longer than 5 characters",
    ),
    "a default that is too long": (
        "Short__c: {from: call_type, map: {a: b}, default: abcdef}",
        "'abcdef' is longer than 5 characters",
    ),
    "a default of another type": (
        "ActivityDate: {from: call_date, default: soon}",
        "'soon' cannot go into ActivityDate",
    ),
    "a constant that is no choice": (
        "CallType: {value: Inbond}",
        "'Inbond' is not a choice of CallType (did you mean 'Inbound'?)",
    ),
    "a map to what is no choice": (
        "CallType: {from: call_type, map: {Incoming: Incoming}}",
        "'Incoming' is not a choice of CallType",
    ),
    "a cut of what is no text": (
        "ActivityDate: {from: note, as: date, fit: truncate}",
        "'fit' cuts text, and ActivityDate is date",
    ),
}


@pytest.mark.parametrize("case", RULES.values(), ids=RULES.keys())
def test_a_rule_that_the_crm_will_not_take_is_an_error(
    load_fields: LoadFields, task: CrmObject, case: tuple[str, str]
) -> None:
    rule, told = case

    (fault,) = check_against(load_fields(rule), task)

    assert told in str(fault)
    assert fault.severity == "error"
    assert (fault.file, fault.line, fault.column) == ("one.yaml", 7, 3)


@pytest.mark.parametrize(
    "rule",
    [
        "Number__c: {from: duration}",
        "X__c: {from: duration}",
        "X__c: {from: recorded}",
        "Tags__c: {from: tags}",
        "WhoId: {from: crm_status}",
        "ActivityDate: {from: note, as: date}",
        "ActivityDate: {first: [note, call_date]}",
        "At__c: {from: call.started_at}",
        "Short__c: {from: note, fit: truncate}",
        "Short__c: {value: abcdef, fit: truncate}",
        "Phone__c: {from: client_number, as: phone}",
        "TaskSubtype: {value: Call}",
        "Subject: {value: Anything}",
        "Tags__c: {value: null}",
        "CallType: {from: call_type, map: {a: null}}",
    ],
)
def test_a_rule_that_the_crm_takes_is_no_fault(
    load_fields: LoadFields, task: CrmObject, rule: str
) -> None:
    assert check_against(load_fields(rule), task) == ()


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("Status: {value: Complete}", "did you mean 'Completed'?"),
        ("Short__c: {from: note}", "add 'fit: truncate'"),
        ("Short__c: {first: [note, crm_status]}", "add 'fit: truncate'"),
        ("Short__c: {from: tags}", "add 'fit: truncate'"),
    ],
)
def test_what_the_crm_may_refuse_is_a_warning(
    load_fields: LoadFields, task: CrmObject, rule: str, told: str
) -> None:
    (fault,) = check_against(load_fields(rule), task)

    assert told in fault.hint
    assert fault.severity == "warning"


def test_each_part_of_a_multiple_choice_is_checked(
    load_fields: LoadFields, task: CrmObject
) -> None:
    tags = replace(task.fields["Tags__c"], restricted=True, choices=("a", "b"))
    target = replace(task, fields={**task.fields, "Tags__c": tags})

    faults = check_against(load_fields("Tags__c: {value: a;c;b}"), target)

    assert [fault.message for fault in faults] == ["'c' is not a choice of Tags__c"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"external_id": False}, "must be an external id and unique"),
        ({"unique": False}, "must be an external id and unique"),
        ({"type": "double"}, "a key must be text"),
    ],
)
def test_a_key_that_keeps_nothing_unique_is_an_error(
    load_fields: LoadFields, task: CrmObject, change: dict[str, object], told: str
) -> None:
    values = {
        name: getattr(task.fields["Call_Key__c"], name)
        for name in CrmField.__dataclass_fields__
    }
    key = CrmField(**{**values, **change})
    target = replace(task, fields={**task.fields, "Call_Key__c": key})

    faults = check_against(load_fields(""), target)

    assert any(told in fault.message for fault in faults)
    assert faults[0].severity == "error"
    assert (faults[0].line, faults[0].column) == (4, 25)


def test_a_key_that_ignores_letter_case_is_a_warning(
    load_fields: LoadFields, task: CrmObject
) -> None:
    key = replace(task.fields["Call_Key__c"], case_sensitive=False)
    target = replace(task, fields={**task.fields, "Call_Key__c": key})

    (fault,) = check_against(load_fields(""), target)

    assert fault.severity == "warning"
    assert "letter case" in fault.message


def test_an_object_that_cannot_be_written_is_an_error(
    load_fields: LoadFields, task: CrmObject
) -> None:
    target = replace(task, createable=False, updateable=False)

    faults = check_against(load_fields(""), target)

    assert [fault.message for fault in faults] == [
        "Task records cannot be created by this user",
        "Task records cannot be updated by this user",
    ]


@pytest.mark.parametrize(
    ("field", "needed"),
    [
        (CrmField(name="LastName", type="string", nillable=False), True),
        (
            CrmField(name="Status2", type="string", nillable=False, defaulted=True),
            False,
        ),
        (CrmField(name="Id", type="id", nillable=False, createable=False), False),
    ],
    ids=["required", "defaulted", "the CRM's own"],
)
def test_a_required_field_must_be_mapped(
    load_fields: LoadFields, task: CrmObject, field: CrmField, *, needed: bool
) -> None:
    target = replace(task, fields={**task.fields, field.name: field})

    faults = check_against(load_fields(""), target)

    assert [fault.message for fault in faults] == (
        [f"Task needs the field {field.name}"] if needed else []
    )
