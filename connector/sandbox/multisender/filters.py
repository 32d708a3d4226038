"""Account filters: what they may say, and which accounts match them.

Source: Multisender API, the parameter ``filters`` of an account filter. That all
filters must match, and that digits are compared as numbers where they are ordered,
is *ours*.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from connector.sandbox.multisender.checks import (
    Check,
    WrongError,
    anything,
    one_of,
    rows,
)

Filter = Mapping[str, Any]
Account = Mapping[str, Any]

NUMBERS: Final = {"yearOfBirth"}
"""The fields of an account that are no strings."""

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
OPERATORS: Final = ("==", "!=", *_ORDERS, "in", "contains")


def filters(fields: Sequence[str]) -> Check:
    """Take an array of filters on these fields of an account."""
    read = rows(field=one_of(*fields), operator=one_of(*OPERATORS), value=anything)

    def check(value: object) -> object:
        found = read(value)
        for one in found if isinstance(found, list) else ():
            _fits(one)
        return found

    return check


def _fits(one: Filter) -> None:
    """Raise WrongError where the operator can't take the value, or the field."""
    value, which = one["value"], one["operator"]
    if (which == "in") != isinstance(value, list):
        raise WrongError(
            "must have an array as value with the operator in, and only so"
        )
    if isinstance(value, dict) or value is None:
        raise WrongError("must have a string or a number as value")
    if which == "contains" and (one["field"] in NUMBERS or not isinstance(value, str)):
        raise WrongError(
            "must have a string field and value with the operator contains"
        )


def matches(wanted: Sequence[Filter], account: Account) -> bool:
    """Tell whether an account, as it is shown, matches all filters."""
    return all(
        _matches(account[one["field"]], one["operator"], one["value"]) for one in wanted
    )


def _matches(has: object, which: str, value: Any) -> bool:  # noqa: ANN401 - any JSON
    written = _written(has)
    match which:
        case "==":
            return written == _written(value)
        case "!=":
            return written != _written(value)
        case "in":
            return written in map(_written, value)
        case "contains":
            return value in written
        case _:
            return written != "" and _ORDERS[which](*_alike(written, _written(value)))


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _alike(one: str, other: str) -> tuple[int, int] | tuple[str, str]:
    digits = one.isdecimal() and other.isdecimal()
    return (int(one), int(other)) if digits else (one, other)
