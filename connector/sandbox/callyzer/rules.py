"""What Callyzer accepts and how it refuses the rest.

Source: Callyzer API 2.1, call-log/history and call-log/get: the tables of
parameters and of business rules. What the document leaves open is marked *ours*.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector.sandbox.callyzer.calls import CALL_TYPES
from connector.sandbox.callyzer.store import Query, Span

LONG_MAX, INTEGER_MAX = 2**63 - 1, 2**31 - 1
LONGEST_SPAN = 180 * 24 * 60 * 60
"""Seconds; a span must be shorter."""
LARGEST_PAGE = 100
"""The document says less than 100, but its default and its examples are 100."""
MOST_IDS = 20
NUMBER = re.compile(r"(\d{1,4}-)?\d{3,15}")
"""Ours: digits, with the country code before a hyphen if there is one."""

Body = Mapping[str, object]


def _quoted(text: str) -> str:
    return f"\N{LEFT SINGLE QUOTATION MARK}{text}\N{RIGHT SINGLE QUOTATION MARK}"


_TOO_LONG = "The duration should be less than 180 days."
_NO_SPAN = (
    f"Either {_quoted('call_from')} and {_quoted('call_to')} or "
    f"{_quoted('synced_from')} and {_quoted('synced_to')} are mandatory. {_TOO_LONG}"
)
_HALF_SPAN = f"`%s_from` and {_quoted('%s_to')} are mandatory. {_TOO_LONG}"
_NOT_UNIX = "Invalid %s. Please pass the timestamp in UNIX format."
_BACKWARDS = "Invalid date range. `From` timestamp should be less than `To` timestamp."
_BAD_TYPES = (
    "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or "
    "Rejected."
)
_BAD_DURATION = "Value out of range for unsigned long data type."
_NO_DURATION = (
    f"Invalid duration value. The value of {_quoted('duration_les_than')} should be "
    f"greater than value of {_quoted('duration_grt_than')}"
)
_BAD_NUMBERS = f"Invalid numbers {_quoted('%s')}."
_UNKNOWN = f"The {_quoted('%s')} %s doesn\N{RIGHT SINGLE QUOTATION MARK}t exist."
_BAD_PAGE = (
    "Invalid value. Value should be greater than zero and within range of unsigned "
    "integer data type."
)
_BAD_PAGE_SIZE = "Invalid value. The value should be between 1 to 100"
_BAD_IDS = "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed."
_BAD_EXCLUDE = "Invalid is_exclude_numbers. Must be either True or False."
"""Ours."""
_BAD_BODY = "The message body on the request is not as per API specification."
"""Ours, like the refusal of attributes that the document does not have."""

HISTORY = frozenset({
    "call_from", "call_to", "synced_from", "synced_to", "call_types",
    "duration_les_than", "duration_grt_than", "emp_numbers", "emp_tags",
    "is_exclude_numbers", "client_numbers", "page_no", "page_size",
})  # fmt: skip
GET = frozenset({"unique_ids"})


class RefusedError(Exception):
    """Callyzer answers 400 with this message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A page of what a query finds; ``number`` counts from 1."""

    query: Query
    number: int
    size: int


def attributes(body: object, allowed: frozenset[str]) -> Body:
    """Return what the body says; blank values are as if they were not there."""
    if not isinstance(body, dict) or not allowed.issuperset(body):
        raise RefusedError(_BAD_BODY)
    return {name: value for name, value in body.items() if not _blank(value)}


def history(body: Body, *, emp_numbers: set[str], emp_tags: set[str]) -> Paged:
    """Read a call-log/history request; there are these employees and tags."""
    called, synced = _span(body, "call"), _span(body, "synced")
    if not (called or synced):
        raise RefusedError(_NO_SPAN)
    query = Query(
        called=called,
        synced=synced,
        call_types=_call_types(body),
        longer_than=_seconds(body, "duration_grt_than"),
        shorter_than=_seconds(body, "duration_les_than"),
        emp_numbers=_existing(_numbers(body, "emp_numbers"), emp_numbers, "numbers"),
        emp_tags=_existing(_texts(body, "emp_tags"), emp_tags, "tags"),
        client_numbers=_numbers(body, "client_numbers"),
        excluded_too=_excluded_too(body),
    )
    _check_durations(query)
    number = _whole(body, "page_no", 1, INTEGER_MAX, _BAD_PAGE)
    size = _whole(body, "page_size", LARGEST_PAGE, LARGEST_PAGE, _BAD_PAGE_SIZE)
    return Paged(query=query, number=number, size=size)


def unique_ids(body: Body) -> list[str]:
    """Read a call-log/get request: the ids, each once."""
    ids = body.get("unique_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IDS:
        raise RefusedError(_BAD_IDS)
    return list(dict.fromkeys(map(str, ids)))


def _blank(value: object) -> bool:
    return (
        value is None or value == [] or (isinstance(value, str) and not value.strip())
    )


def _span(body: Body, name: str) -> Span | None:
    start = _timestamp(body, f"{name}_from")
    end = _timestamp(body, f"{name}_to")
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise RefusedError(_HALF_SPAN % (name, name))
    if start >= end:
        raise RefusedError(_BACKWARDS)
    if end - start >= LONGEST_SPAN:
        raise RefusedError(_TOO_LONG)
    return start, end


def _timestamp(body: Body, name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= LONG_MAX:
        raise RefusedError(_NOT_UNIX % name)
    return value


def _texts(body: Body, name: str) -> frozenset[str]:
    """Read an array of strings; a value that is no array counts as its only one."""
    value = body.get(name, [])
    return frozenset(map(str, value if isinstance(value, list) else [value]))


def _call_types(body: Body) -> frozenset[str]:
    types = _texts(body, "call_types")
    if not types.issubset(CALL_TYPES):
        raise RefusedError(_BAD_TYPES)
    return types


def _seconds(body: Body, name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= LONG_MAX:
        raise RefusedError(_BAD_DURATION)
    return value


def _check_durations(query: Query) -> None:
    least, most = query.longer_than, query.shorter_than
    if least is not None and most is not None and most <= least:
        raise RefusedError(_NO_DURATION)


def _numbers(body: Body, name: str) -> frozenset[str]:
    numbers = _texts(body, name)
    invalid = sorted(n for n in numbers if not NUMBER.fullmatch(n))
    if invalid:
        raise RefusedError(_BAD_NUMBERS % ",".join(invalid))
    return numbers


def _existing(wanted: frozenset[str], known: set[str], what: str) -> frozenset[str]:
    unknown = sorted(wanted - known)
    if unknown:
        raise RefusedError(_UNKNOWN % (",".join(unknown), what))
    return wanted


def _excluded_too(body: Body) -> bool:
    value = body.get("is_exclude_numbers", True)
    if not isinstance(value, bool):
        raise RefusedError(_BAD_EXCLUDE)
    return value


def _whole(body: Body, name: str, default: int, most: int, message: str) -> int:
    value = body.get(name, default)
    if type(value) is not int or not 1 <= value <= most:
        raise RefusedError(message)
    return value
