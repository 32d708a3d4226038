"""``where``: what is asked of the CRM, and what is judged here, are the same."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.where import asked, judge
from connector.model import Condition, CrmField, Operator, Scalar

FIELDS = {
    name: CrmField(name=name, type=kind, case_sensitive=name == "Code__c")
    for name, kind in {
        "IsConverted": "boolean",
        "Status": "picklist",
        "Company": "string",
        "Code__c": "string",
        "Notes__c": "textarea",
        "Tags__c": "multipicklist",
        "OwnerId": "reference",
        "Rank__c": "int",
        "CreatedDate": "datetime",
    }.items()
}
SHORT, LONG = "0055g0000010002", "0055g0000010002AAA"


def condition(field: str, operator: Operator, value: Any) -> Condition:  # noqa: ANN401  any constant
    return Condition(field=field, operator=operator, value=value)


def fits(one: Condition, value: Scalar) -> bool:
    return judge([one], FIELDS, UTC)({one.field: value})


MOMENT = datetime(2026, 1, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "yes", "no"),
    [
        (condition("IsConverted", "is", False), [False], [True, None]),  # noqa: FBT003  a constant
        (condition("IsConverted", "not", True), [False, None], [True]),  # noqa: FBT003  a constant
        (condition("Status", "is", "Open"), ["Open", "OPEN"], ["Closed", None]),
        (condition("Status", "not", "open"), ["Closed", None], ["Open"]),
        (condition("Status", "in", ("a", "B")), ["A", "b"], ["c", None]),
        (condition("Company", "is", "Ängström"), ["ÄNGSTRÖM"], ["Angstrom"]),
        (condition("Code__c", "is", "aB"), ["aB"], ["AB", "ab"]),
        (condition("Company", "blank", True), [None], ["x"]),  # noqa: FBT003  a constant
        (condition("Company", "blank", False), ["x"], [None]),  # noqa: FBT003  a constant
        (condition("Tags__c", "is", "gold"), ["Silver;Gold"], ["Silver", None]),
        (condition("Tags__c", "not", "gold"), ["Silver", None], ["Gold"]),
        (condition("OwnerId", "is", SHORT), [LONG], ["0055g0000010003AAA"]),
        (condition("Rank__c", "at least", 3), [3, 4.0], [2, None]),
        (condition("Rank__c", "at most", 3), [3, -1], [4, None]),
        (
            condition("CreatedDate", "at least", MOMENT),
            ["2026-01-31T09:00:00.000+0000", "2026-01-31T14:30:00.000+0530"],
            ["2026-01-31T08:59:59.000+0000", None],
        ),
    ],
    ids=str,
)
def test_a_record_fits_as_the_crm_would_have_it(
    one: Condition, yes: list[Scalar], no: list[Scalar]
) -> None:
    assert [fits(one, value) for value in yes] == [True] * len(yes)
    assert [fits(one, value) for value in no] == [False] * len(no)


def test_all_conditions_must_hold_and_none_hold_always() -> None:
    both = [condition("Rank__c", "at least", 1), condition("Status", "is", "Open")]

    assert judge(both, FIELDS, UTC)({"Rank__c": 1, "Status": "open"})
    assert not judge(both, FIELDS, UTC)({"Rank__c": 0, "Status": "open"})
    assert judge([], FIELDS, UTC)({})


@pytest.mark.parametrize(
    "one",
    [
        condition("IsConverted", "is", False),  # noqa: FBT003  a constant
        condition("Status", "is", "Open"),
        condition("Status", "in", ("Open", "Working")),
        condition("OwnerId", "is", SHORT),
    ],
    ids=str,
)
def test_what_the_crm_judges_as_we_do_is_asked_of_it(one: Condition) -> None:
    assert asked([one], FIELDS) == (one,)


@pytest.mark.parametrize(
    "one",
    [
        condition("Status", "not", "Open"),
        condition("Company", "at least", "m"),
        condition("Company", "is", "Ängström"),
        condition("Company", "is", " x"),
        condition("Company", "blank", True),  # noqa: FBT003  a constant
        condition("Status", "in", tuple(f"{at:04}" for at in range(251))),
        condition("Tags__c", "is", "gold"),
        condition("Rank__c", "is", 3),
        condition("CreatedDate", "at least", MOMENT),
    ],
    ids=lambda one: f"{one.field} {one.operator} {str(one.value)[:30]}",
)
def test_what_it_may_judge_otherwise_is_judged_here_alone(one: Condition) -> None:
    assert asked([one], FIELDS) == ()


TEXT = st.text(max_size=4) | st.sampled_from(
    ["Open", "OPEN", "\u017f", "\u212a", "ß", "ss"]
)


@given(value=TEXT.filter(bool) | st.none(), constants=st.lists(TEXT, min_size=1))
def test_what_fits_here_is_not_left_out_by_what_was_asked(
    value: str | None, constants: list[str]
) -> None:
    """SOQL compares at least ASCII letters without their case, and nothing narrower."""
    one = condition("Company", "in", tuple(constants))

    if asked([one], FIELDS) and fits(one, value):
        assert value is not None
        assert value.casefold() in {text.casefold() for text in constants}
