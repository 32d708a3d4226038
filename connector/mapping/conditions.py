"""Conditions: ``when`` on a stream's fields, ``where`` on a CRM object's.

A field that is missing or blank fails every condition but ``blank: true`` and
``not``. Where a value is a list, ``is``, ``in``, ``at least`` and ``at most`` hold
if they do for one of its items, ``not`` if for none.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from operator import eq, ge, le
from typing import Any, Final

from connector.mapping.convert import (
    blank,
    to_date,
    to_datetime,
    to_number,
    to_text,
    to_time,
)
from connector.model import Condition, Operator, Scalar

OPERATORS: Final[tuple[Operator, ...]] = (
    *("is", "not", "in"),
    *("at least", "at most", "blank"),
)
_DAY_LENGTH = len("2026-01-31")

Fields = Mapping[str, object]
_Test = Callable[[object], bool]


def parse_conditions(
    when: Mapping[str, Mapping[Operator, object]], zone: tzinfo
) -> tuple[Condition, ...]:
    """Return conditions from checked operators and values, field by field.

    A day stays text (``2026-01-31``); a time without a zone is in ``zone``.
    """
    return tuple(
        Condition(field=field, operator=operator, value=_constant(value, zone))
        for field, operators in when.items()
        for operator, value in operators.items()
    )


def _constant(value: object, zone: tzinfo) -> Scalar | datetime | tuple[Scalar, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, datetime):
        return to_datetime(value, zone)
    return _plain(value)


def _plain(value: object) -> Scalar:
    if isinstance(value, (str, int, float)):
        return value
    return to_text(value)


def predicate(
    conditions: Sequence[Condition], zone: tzinfo
) -> Callable[[Fields], bool]:
    """Return what says whether all of ``conditions`` hold; it never raises."""
    tests = tuple((each.field, _test(each, zone)) for each in conditions)

    def holds(fields: Fields) -> bool:
        return all(test(fields.get(field)) for field, test in tests)

    return holds


def _test(condition: Condition, zone: tzinfo) -> _Test:
    value = condition.value
    values = value if isinstance(value, tuple) else (value,)
    tests: dict[Operator, _Test] = {
        "is": _any_of(values, eq, zone),
        "in": _any_of(values, eq, zone),
        "not": _negated(_any_of(values, eq, zone)),
        "at least": _any_of(values, ge, zone),
        "at most": _any_of(values, le, zone),
        "blank": lambda found: blank(found) is value,
    }
    return tests[condition.operator]


def _negated(test: _Test) -> _Test:
    return lambda found: not test(found)


def _any_of(
    constants: Sequence[object], compare: Callable[[Any, Any], bool], zone: tzinfo
) -> _Test:
    texts = frozenset(each for each in constants if isinstance(each, str))
    plain = compare is eq and len(texts) == len(constants)

    def one(found: object) -> bool:
        if plain and type(found) is str:
            return found in texts
        return any(compare(*_pair(found, each, zone)) for each in constants)

    def test(found: object) -> bool:
        if blank(found):
            return False
        items = found if isinstance(found, (list, tuple)) else (found,)
        return any(one(item) for item in items if not blank(item))

    return test


# ── comparing across types ─────────────────────────────────────────────────


def _pair(found: object, constant: object, zone: tzinfo) -> tuple[Any, Any]:
    """Return both in one type: numbers, times of day, moments, or else text."""
    for made in (_numbers, _times, _moments):
        try:
            pair = made(found, constant, zone)
        except (ValueError, OverflowError):
            continue
        if pair is not None:
            return pair
    return _text(found), _text(constant)


def _numbers(found: object, constant: object, _: tzinfo) -> tuple[Any, Any] | None:
    if not (_is_number(found) or _is_number(constant)):
        return None
    return to_number(found), to_number(constant)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _times(found: object, constant: object, zone: tzinfo) -> tuple[Any, Any] | None:
    if not isinstance(found, time):
        return None
    return found.replace(tzinfo=None), to_time(constant, zone)


def _moments(found: object, constant: object, zone: tzinfo) -> tuple[Any, Any] | None:
    if not (isinstance(found, date) or isinstance(constant, date)):
        return None
    if _is_day(found) or _is_day(constant):
        return to_date(found, zone), to_date(constant, zone)
    return to_datetime(found, zone), to_datetime(constant, zone)


def _is_day(value: object) -> bool:
    if isinstance(value, str):
        return len(value.strip()) == _DAY_LENGTH
    return isinstance(value, date) and not isinstance(value, datetime)


def _text(value: object) -> str:
    try:
        return to_text(value)
    except (ValueError, OverflowError):
        return ""
