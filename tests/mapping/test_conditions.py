"""Conditions hold, or don't, and never raise."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.mapping.conditions import parse_conditions, predicate
from connector.model import Condition, Operator

ZONE = ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def holds() -> Callable[[Operator, object, object], bool]:
    """Whether a condition holds for a value."""

    def test(operator: Operator, constant: object, value: object) -> bool:
        conditions = parse_conditions({"f": {operator: constant}}, ZONE)
        return predicate(conditions, ZONE)({"f": value})

    return test


Holds = Callable[[Operator, object, object], bool]


@pytest.mark.parametrize(
    ("operator", "constant", "value"),
    [
        ("is", "Incoming", "Incoming"),
        ("is", 3, 3.0),
        ("is", 3, "3"),
        ("is", "4", 4),
        ("is", True, True),
        ("is", True, "true"),
        ("is", "a", ["a", "b"]),
        ("is", date(2026, 11, 21), NOON),
        ("is", "14:05", time(14, 5)),
        ("not", "Rejected", "Incoming"),
        ("not", ["Rejected", "Missed"], "Incoming"),
        ("not", "Rejected", None),
        ("not", "a", ["b"]),
        ("in", ["a", "b"], "b"),
        ("in", [1, 2], 2),
        ("at least", 30, 30),
        ("at least", 9, "10"),
        ("at least", "b", "c"),
        ("at least", NOON, NOON),
        ("at least", NOON, "2026-11-21T12:00:00Z"),
        ("at least", date(2026, 11, 22), datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("at most", date(2026, 11, 21), NOON),
        ("at most", datetime(2026, 11, 21, 17, 30), NOON),  # noqa: DTZ001 - as in YAML
        ("at most", "14:05", time(14, 5)),
        ("at most", 30, [40, 20]),
        ("blank", True, None),
        ("blank", True, " "),
        ("blank", True, []),
        ("blank", False, 0),
        ("blank", False, False),
    ],
)
def test_it_holds(
    holds: Holds, operator: Operator, constant: object, value: object
) -> None:
    assert holds(operator, constant, value)


@pytest.mark.parametrize(
    ("operator", "constant", "value"),
    [
        ("is", "Incoming", "incoming"),
        ("is", 3, "three"),
        ("is", True, 1),
        ("is", "x", None),
        ("not", "Rejected", "Rejected"),
        ("not", ["Rejected", "Missed"], "Missed"),
        ("not", "a", ["a", "b"]),
        ("in", ["a", "b"], "c"),
        ("in", ["a"], ""),
        ("at least", 30, 29.5),
        ("at least", 30, None),
        ("at least", 30, float("nan")),
        ("at least", NOON, datetime(2026, 11, 21, 11, 59, tzinfo=UTC)),
        ("at most", date(2026, 11, 20), NOON),
        ("blank", True, "x"),
        ("blank", False, "\n"),
    ],
)
def test_it_does_not_hold(
    holds: Holds, operator: Operator, constant: object, value: object
) -> None:
    assert not holds(operator, constant, value)


def test_a_missing_field_counts_as_blank() -> None:
    condition = Condition(field="f", operator="blank", value=True)

    assert predicate([condition], ZONE)({})


def test_all_conditions_must_hold() -> None:
    conditions = parse_conditions({"a": {"at least": 1, "at most": 3}}, ZONE)

    assert predicate(conditions, ZONE)({"a": 2})
    assert not predicate(conditions, ZONE)({"a": 4})
    assert predicate([], ZONE)({})


def test_a_day_stays_text_and_a_time_gets_the_zone() -> None:
    when: dict[str, dict[Operator, object]] = {
        "a": {"at least": date(2026, 11, 21), "in": [date(2026, 1, 2), 3]},
        "b": {"at most": datetime(2026, 11, 21, 8)},  # noqa: DTZ001 - as in YAML
    }

    assert [each.value for each in parse_conditions(when, ZONE)] == [
        "2026-11-21",
        ("2026-01-02", 3),
        datetime(2026, 11, 21, 8, tzinfo=ZONE),
    ]


@given(
    constant=st.text() | st.integers() | st.floats() | st.dates() | st.booleans(),
    value=st.text()
    | st.integers()
    | st.floats()
    | st.datetimes(timezones=st.just(UTC)),
)
def test_not_is_the_opposite_of_is(constant: object, value: object) -> None:
    same = predicate(parse_conditions({"f": {"is": constant}}, ZONE), ZONE)
    other = predicate(parse_conditions({"f": {"not": constant}}, ZONE), ZONE)

    assert same({"f": value}) is not other({"f": value})
