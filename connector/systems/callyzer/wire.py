"""The JSON of Callyzer API 2.1.

Keys that are not here are ignored, and those that are here may be missing.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict, cast

from connector.errors import UnavailableError
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

LONG_MAX = 2**63 - 1
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)


By = Literal["synced", "call"]
"""Which of its times a call is looked for by: when it was synced, or when it began."""


class Span(TypedDict, total=False):
    """UNIX seconds; one of the two pairs is sent."""

    synced_from: int
    synced_to: int
    call_from: int
    call_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The calls from ``start`` to ``end``, in UNIX seconds of the time ``by``."""

    start: int
    end: int
    by: By = "synced"

    @property
    def seconds(self) -> int:
        """How wide it is."""
        return self.end - self.start

    def span(self) -> Span:
        """The pair of parameters that asks for it."""
        pair = {f"{self.by}_from": self.start, f"{self.by}_to": self.end}
        return cast("Span", pair)


class Filters(TypedDict, total=False):
    """Which calls are wanted; durations in seconds, both values excluded."""

    call_types: list[str]
    duration_grt_than: int
    duration_les_than: int
    emp_numbers: list[str]
    emp_tags: list[str]
    is_exclude_numbers: bool
    client_numbers: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of rows. ``total`` is the answer's total_records; ``at`` its Date."""

    rows: list[Json]
    total: int | None
    page_no: int | None
    page_size: int | None
    at: datetime | None


def list_page(answer: Answer) -> ListPage:
    """Read a page of a list; UnavailableError if it is none."""
    body = _object(answer)
    total = whole(body.get("total_records"))
    return ListPage(
        # Without a list only a total of zero says for sure that there is nothing.
        rows=[] if total == 0 and not body.get("result") else _rows(answer, body),
        total=total,
        page_no=whole(body.get("page_no")),
        page_size=whole(body.get("page_size")),
        at=answer.date,
    )


def calls(answer: Answer) -> list[Json]:
    """Read an answer of call-log/get; UnavailableError if it is none."""
    body = _object(answer)
    return _rows(answer, body) if body.get("result") else []


def results(answer: Answer) -> list[Json]:
    """Read an answer that is a list; UnavailableError if it is none."""
    return _rows(answer, _object(answer))


def result(answer: Answer) -> dict[str, Json]:
    """Read an answer that is one object; UnavailableError if it is none."""
    found = _object(answer).get("result")
    if not isinstance(found, dict):
        raise UnavailableError(f"{answer.host} answered without a result")
    return found


def employees(answer: Answer) -> list[Json]:
    """Read an answer of call-log/employee-summary; UnavailableError if it is none."""
    found = result(answer).get("employees")
    if not isinstance(found, list):
        raise UnavailableError(f"{answer.host} answered without a list of employees")
    return found


def whole(value: object) -> int | None:
    """Read a whole number from 0 to `LONG_MAX`, or its digits; else None."""
    number = _integer(value)
    return number if number is not None and 0 <= number <= LONG_MAX else None


def _integer(value: object) -> int | None:
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value.strip()) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(answer: Answer) -> dict[str, Json]:
    body = answer.json()
    if not isinstance(body, dict):
        raise UnavailableError(f"{answer.host} answered with JSON that is no object")
    return body


def _rows(answer: Answer, body: dict[str, Json]) -> list[Json]:
    rows = body.get("result")
    if not isinstance(rows, list):
        raise UnavailableError(f"{answer.host} answered without a list")
    return rows
