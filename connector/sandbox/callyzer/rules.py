"""What Callyzer accepts in a request for calls, and how it refuses the rest.

Source: Callyzer API 2.1, the tables of business rules of the call-log operations;
the words are in `words`, the parameters in `operations`. What the document leaves
open is marked *ours*.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from connector.sandbox.callyzer import words
from connector.sandbox.callyzer.calls import CALL_TYPES
from connector.sandbox.callyzer.operations import KIND, MOST_LISTED, Operation
from connector.sandbox.callyzer.wanted import Query, Span

LONG_MAX, INTEGER_MAX = 2**63 - 1, 2**31 - 1
LONGEST_SPAN: Final = 180 * 24 * 60 * 60
"""Seconds; a span must be shorter."""
MOST_IDS: Final = 20
NUMBER = re.compile(r"(\d{1,4}-)?\d{3,15}")
"""Ours: digits, with the country code before a hyphen if there is one."""
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""As Python numbers them."""

Body = Mapping[str, object]


class RefusedError(Exception):
    """Callyzer answers 400 with this message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The employees' numbers and tags that there are."""

    emp_numbers: Collection[str]
    emp_tags: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which page is wanted; ``number`` counts from 1."""

    number: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Working hours in minutes after midnight, and the weekdays that do not count."""

    start: int
    end: int
    days_off: frozenset[int] = frozenset()


def attributes(body: object, allowed: frozenset[str]) -> Body:
    """Return what the body says; blank values are as if they were not there."""
    if not isinstance(body, dict) or not allowed.issuperset(body):
        raise RefusedError(words.BAD_BODY)
    return {name: value for name, value in body.items() if not _blank(value)}


def query(operation: Operation, body: Body, known: Known) -> Query:
    """Read which calls are wanted."""
    called, synced = _span(body, "call"), _span(body, "synced")
    if not (called or synced):
        raise RefusedError(operation.words.no_span)
    asked = Query(
        called=called,
        synced=synced,
        call_types=_call_types(body),
        longer_than=_seconds(body, "duration_grt_than"),
        shorter_than=_seconds(body, "duration_les_than"),
        emp_numbers=_emp_numbers(operation, body, known),
        emp_tags=existing(texts(body, "emp_tags"), known.emp_tags, words.UNKNOWN_TAGS),
        client_numbers=_numbers(operation, body, "client_numbers"),
        excluded_too=_excluded_too(body),
        by_phone=_by_phone(body, required=operation.required),
    )
    _check_durations(asked)
    return asked


def page(operation: Operation, body: Body) -> Page:
    """Read which page is wanted."""
    most, message = operation.largest_page, operation.words.bad_page_size
    return Page(
        number=_whole(body, "page_no", 1, INTEGER_MAX, words.BAD_PAGE),
        size=_whole(body, "page_size", 100, most, message),
    )


def hours(body: Body, *, in_order: bool) -> Hours:
    """Read the working hours, and ``exclude_days`` where there are any.

    ``in_order``: whether the day must begin before it ends.
    """
    if not {"working_hour_from", "working_hour_to"}.issubset(body):
        raise RefusedError(words.NO_HOURS)
    start, end = (_minutes(body[f"working_hour_{which}"]) for which in ("from", "to"))
    if in_order and start > end:
        raise RefusedError(words.HOURS_BACKWARDS)
    off = texts(body, "exclude_days")
    if not off.issubset(DAYS):
        raise RefusedError(words.BAD_DAYS)
    return Hours(start=start, end=end, days_off=frozenset(map(DAYS.index, off)))


def unique_ids(body: Body) -> list[str]:
    """Read the ids of calls, each once."""
    ids = body.get("unique_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_IDS:
        raise RefusedError(words.BAD_IDS)
    return list(dict.fromkeys(map(str, ids)))


def texts(body: Body, name: str) -> frozenset[str]:
    """Read an array of strings; a value that is no array counts as its only one."""
    value = body.get(name, [])
    return frozenset(map(str, value if isinstance(value, list) else [value]))


def listed(body: Body, name: str, what: str) -> frozenset[str]:
    """Read an array of at most 100 strings; its blank ones do not count."""
    found = frozenset(text for text in texts(body, name) if text.strip())
    if len(found) > MOST_LISTED:
        raise RefusedError(words.TOO_MANY % (name, what))
    return found


def existing(
    wanted: frozenset[str], known: Collection[str], message: str
) -> frozenset[str]:
    """Return what is wanted where all of it is known."""
    unknown = sorted(wanted.difference(known))
    if unknown:
        raise RefusedError(message % ",".join(unknown))
    return wanted


def valid(numbers: frozenset[str], message: str) -> frozenset[str]:
    """Return the numbers where all of them can be numbers."""
    invalid = sorted(n for n in numbers if not NUMBER.fullmatch(n))
    if invalid:
        raise RefusedError(message % ",".join(invalid))
    return numbers


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
        raise RefusedError(words.HALF_SPAN % (name, name))
    if start >= end:
        raise RefusedError(words.BACKWARDS)
    if end - start >= LONGEST_SPAN:
        raise RefusedError(words.TOO_LONG)
    return start, end


def _timestamp(body: Body, name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= LONG_MAX:
        raise RefusedError(words.NOT_UNIX % name)
    return value


def _call_types(body: Body) -> frozenset[str]:
    types = texts(body, "call_types")
    if not types.issubset(CALL_TYPES):
        raise RefusedError(words.BAD_TYPES)
    return types


def _seconds(body: Body, name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= LONG_MAX:
        raise RefusedError(words.BAD_DURATION)
    return value


def _check_durations(asked: Query) -> None:
    least, most = asked.longer_than, asked.shorter_than
    if least is not None and most is not None and most <= least:
        raise RefusedError(words.NO_DURATION)


def _emp_numbers(operation: Operation, body: Body, known: Known) -> frozenset[str]:
    numbers = _numbers(operation, body, "emp_numbers")
    return existing(numbers, known.emp_numbers, operation.words.unknown_numbers)


def _numbers(operation: Operation, body: Body, name: str) -> frozenset[str]:
    return valid(texts(body, name), operation.words.bad_numbers)


def _excluded_too(body: Body) -> bool:
    value = body.get("is_exclude_numbers", True)
    if not isinstance(value, bool):
        raise RefusedError(words.BAD_EXCLUDE)
    return value


def _by_phone(body: Body, *, required: bool) -> bool:
    """Read what 2.2 added: whether calls by phone, and by voice, are wanted.

    Ours: an array of several is taken too; every call of the sandbox is such a call.
    """
    wanted = True
    for name, choices in KIND.items():
        asked = texts(body, name)
        if not asked.issubset(choices) or (required and not asked):
            raise RefusedError(words.BAD_CHOICE % (name, " or ".join(choices)))
        wanted &= not asked or choices[0] in asked
    return wanted


def _whole(body: Body, name: str, default: int, most: int, message: str) -> int:
    value = body.get(name, default)
    if type(value) is not int or not 1 <= value <= most:
        raise RefusedError(message)
    return value


def _minutes(value: object) -> int:
    match = CLOCK.fullmatch(str(value))
    if match is None:
        raise RefusedError(words.BAD_HOURS)
    return int(match[1]) * 60 + int(match[2])
