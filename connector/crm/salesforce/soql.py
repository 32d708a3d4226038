"""Queries as text: checked names, escaped values, short enough to be sent.

SOQL and SOSL Reference, "Quoted String Escape Sequences" and "Date Formats"; the
lengths are those of "SOQL and SOSL Limits" and of what a GET request may carry.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from math import isfinite
from urllib.parse import quote_plus

from connector.crm.salesforce.names import checked_name, checked_path
from connector.errors import ConfigError
from connector.model import Condition, Operator, Query, Scalar

_LONGEST_STRING = 4_000
_LONGEST_URI = 8_000
_REST_OF_THE_URI = 300
_ROOM = _LONGEST_URI - _REST_OF_THE_URI
_COMMA = len(quote_plus(","))

Value = Scalar | datetime | tuple[Scalar, ...]
Typed = Mapping[str, Mapping[str, tuple[str, ...]]]

_COMPARES: Mapping[Operator, str] = {
    "is": "=",
    "not": "!=",
    "at least": ">=",
    "at most": "<=",
}


def _unicode(code: int) -> str:
    return f"\\u{code:04X}"


_ESCAPES: Mapping[int, str] = {
    **{code: _unicode(code) for code in (*range(0x20), 0x7F)},
    **{code: _unicode(code) for code in range(0xD800, 0xE000)},  # half a character
    ord("\n"): r"\n",
    ord("\r"): r"\r",
    ord("\t"): r"\t",
    ord("\b"): r"\b",
    ord("\f"): r"\f",
    ord("'"): r"\'",
    ord("\\"): r"\\",
}


def to_soql(query: Query) -> list[str]:
    """Compile a query; several where the lists of its ``in`` are too long for one.

    Together they find each record once, whatever their order. None at all where
    a list is empty. Raises SchemaMismatchError for a name that can't be one, and
    ConfigError for a value that no query can hold.
    """
    chosen = ", ".join([*map(checked_path, query.fields), *_typed(query.typed)])
    select = f"SELECT {chosen} FROM {checked_name(query.object)}"  # noqa: S608  # all are checked names
    fixed = [_compare(one) for one in query.where if one.operator != "in"]
    lists = [one for one in query.where if one.operator == "in"]
    empty = _joined(select, [*fixed, *(_in(one, ()) for one in lists)])
    taken = _size(empty + _order(query))
    share = (_ROOM - taken) // max(1, len(lists))
    if share < 0:
        raise ConfigError(f"The query on {query.object} is too long for the CRM")
    parts = [[_in(one, part) for part in _chunks(one, share)] for one in lists]
    order = _order(query)
    return [_joined(select, [*fixed, *some]) + order for some in product(*parts)]


def _typed(typed: Typed) -> Iterator[str]:
    """Yield a TYPEOF for each relationship of which anything is asked.

    SOQL and SOSL Reference, "TYPEOF"; without an ELSE other objects come as null.
    """
    for relationship, objects in typed.items():
        cases = [
            f"WHEN {checked_name(name)} THEN {', '.join(map(checked_name, fields))}"
            for name, fields in objects.items()
            if fields
        ]
        if cases:
            yield f"TYPEOF {checked_name(relationship)} {' '.join(cases)} END"


def _order(query: Query) -> str:
    names = ", ".join(map(checked_path, query.order))
    return f" ORDER BY {names}" if names else ""


def literal(value: Scalar | datetime) -> str:
    """Write one value as SOQL has it: text quoted, times in UTC.

    Raises ConfigError for text over 4,000 characters, a number that is not finite
    and a time without a zone.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return _text(value)
        case datetime():
            return _moment(value)
        case _:
            return _number(value)


def _text(value: str) -> str:
    escaped = value.translate(_ESCAPES)
    if len(escaped) > _LONGEST_STRING:
        raise ConfigError(f"A text of {len(escaped)} characters is too long to ask for")
    return f"'{escaped}'"


def _number(value: float) -> str:
    if not isfinite(value):
        raise ConfigError(f"{value} is not a number to ask for")
    return f"{Decimal(repr(value)):f}"


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ConfigError("A time without a zone can't be asked for")
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def _compare(condition: Condition) -> str:
    field = checked_path(condition.field)
    if condition.operator == "blank":
        return f"{field} {'=' if condition.value else '!='} null"
    if isinstance(condition.value, tuple):
        raise ConfigError(f"{condition.operator!r} compares {field} to one value")
    return f"{field} {_COMPARES[condition.operator]} {literal(condition.value)}"


def _in(condition: Condition, literals: Sequence[str]) -> str:
    return f"{checked_path(condition.field)} IN ({','.join(literals)})"


def _joined(select: str, conditions: Sequence[str]) -> str:
    return f"{select} WHERE {' AND '.join(conditions)}" if conditions else select


def _size(text: str) -> int:
    return len(quote_plus(text))


def _listed(condition: Condition) -> Iterator[str]:
    value = condition.value
    values = value if isinstance(value, tuple) else (value,)
    return map(literal, dict.fromkeys(values))


def _chunks(condition: Condition, room: int) -> Iterator[list[str]]:
    """Pack the values, as many as go into ``room`` bytes of a URI at a time."""
    chunk: list[str] = []
    left = room
    for one in _listed(condition):
        cost = _size(one) + _COMMA
        if cost > room:
            raise ConfigError(f"A value for {condition.field} is too long to ask for")
        if cost > left:
            yield chunk
            chunk, left = [], room
        chunk.append(one)
        left -= cost
    if chunk:
        yield chunk
