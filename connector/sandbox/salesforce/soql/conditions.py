"""WHERE to one closure a condition (SOQL Reference, "Comparison Operators").

Text is compared without regard to case, save in fields that are case sensitive;
nothing is neither less nor more than anything, and different from everything.
"""

import operator
import re
from collections.abc import Callable, Iterable
from typing import Final

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.checks import WIRE_TYPES
from connector.sandbox.salesforce.refusals import RequestRefusedError, bad_request
from connector.sandbox.salesforce.schema.shape import Field, Row, Scalar
from connector.sandbox.salesforce.soql.paths import own_field, reach
from connector.sandbox.salesforce.soql.syntax import (
    Combination,
    Comparison,
    Condition,
    LiteralKind,
    Negation,
    Value,
)
from connector.sandbox.salesforce.store import Store, Table

Holds = Callable[[Row], bool]
Key = str | float | bool | None

IDS: Final = {"id", "reference"}
KINDS: Final[dict[str, LiteralKind]] = {
    "int": "number",
    "double": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
"""The kind of literal that a wire type is compared with; all others: strings."""
SPELLED: Final = {"datetime": "dateTime", "number": "double"}
ORDERED: Final[dict[str, Callable[..., bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compiled(store: Store, table: Table, condition: Condition) -> Holds:
    """Return whether a condition holds for a row of a table."""
    match condition:
        case Comparison():
            return _comparison(store, table, condition)
        case Negation(part):
            holds = compiled(store, table, part)
            return lambda row: not holds(row)
        case Combination(every, parts):
            each = [compiled(store, table, part) for part in parts]
            joined = all if every else any
            return lambda row: joined(holds(row) for holds in each)


def ids_wanted(
    table: Table, condition: Condition | None, *, living: bool
) -> Iterable[str] | None:
    """Return ids among which every match is, None if it may be any row.

    ``living``: deleted records, which no index has, are not asked for.
    """
    match condition:
        case Combination(True, parts):
            found = (ids_wanted(table, part, living=living) for part in parts)
            return next((ids for ids in found if ids is not None), None)
        case Comparison((name,), "=" | "IN", values):
            texts = [v.value for v in values if isinstance(v.value, str)]
            if len(texts) == len(values):
                return _looked_up(table, own_field(table, name), texts, living=living)
        case _:
            pass
    return None


def _looked_up(
    table: Table, field: Field, texts: list[str], *, living: bool
) -> Iterable[str] | None:
    if field.type == "id":
        return dict.fromkeys(ids.normal(text) or "" for text in texts)
    if field.keyed and living:
        return dict.fromkeys(i for t in texts for i in table.matching(field.name, t))
    return None


def sort_key(field: Field) -> Callable[[Scalar], Key]:
    """Return what makes of a field's value what orders and equals it."""
    plain = field.case_sensitive or field.type in IDS or field.type in WIRE_TYPES
    return _as_it_is if plain else _casefolded


def _as_it_is(value: Scalar) -> Key:
    return value


def _casefolded(value: Scalar) -> Key:
    return value.casefold() if isinstance(value, str) else value


def refuse_unfilterable(field: Field) -> None:
    """Refuse to filter or sort by a long text area."""
    if not field.filterable:
        message = f"field '{field.name}' can not be filtered in a query call"
        raise bad_request("INVALID_FIELD", message)


def _comparison(store: Store, table: Table, comparison: Comparison) -> Holds:
    reached = reach(store, table, comparison.path)
    field, get = reached.field, reached.get
    refuse_unfilterable(field)
    wanted = [_literal(field, value) for value in comparison.values]
    if comparison.operator == "LIKE":
        matches = _like(field, comparison.values[0])
        return lambda row: matches(get(row))
    if compare := ORDERED.get(comparison.operator):
        return _ordered(field, get, compare, wanted[0])
    is_in = comparison.operator in {"=", "IN"}
    keys, key = frozenset(wanted), sort_key(field)
    return lambda row: (key(get(row)) in keys) is is_in


def _ordered(
    field: Field, get: Callable[[Row], Scalar], compare: Callable[..., bool], than: Key
) -> Holds:
    key = sort_key(field)

    def holds(row: Row) -> bool:
        value = get(row)
        return value is not None and compare(key(value), than)

    return holds if than is not None else lambda _: False


def _literal(field: Field, literal: Value) -> Key:
    """Check a literal's kind against the field's type."""
    kind = KINDS.get(WIRE_TYPES.get(field.type, ""), "string")
    if literal.kind not in {kind, "null"}:
        raise _wrong_kind(field, kind)
    if literal.value == "":
        return None
    if field.type in IDS and isinstance(literal.value, str):
        return _id(literal.value)
    return sort_key(field)(literal.value)


def _id(text: str) -> str:
    normal = ids.normal(text)
    if normal is None:
        message = f"invalid ID field: {text}"
        raise bad_request("INVALID_QUERY_FILTER_OPERATOR", message)
    return normal


def _wrong_kind(field: Field, kind: LiteralKind) -> RequestRefusedError:
    be = "should" if kind == "string" else "should not"
    message = (
        f"value of filter criterion for field '{field.name}' must be of type"
        f" {SPELLED.get(kind, kind)} and {be} be enclosed in quotes"
    )
    return bad_request("INVALID_FIELD", message)


def _like(field: Field, pattern: Value) -> Callable[[Scalar], bool]:
    if WIRE_TYPES.get(field.type) or field.type in IDS:
        message = f"invalid operator on {field.type} field"
        raise bad_request("INVALID_QUERY_FILTER_OPERATOR", message)
    parts = re.findall(r"\\.|.", str(pattern.value), re.DOTALL)
    wild = {"%": ".*", "_": "."}
    text = "".join(wild.get(part) or re.escape(part[-1]) for part in parts)
    matches = re.compile(text, re.IGNORECASE | re.DOTALL).fullmatch
    return lambda value: value is not None and matches(str(value)) is not None
