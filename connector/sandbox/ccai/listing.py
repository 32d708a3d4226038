"""What the lists of the Manager API are asked with: pages, order and conditions.

Source: Manager API, pagination and tailing, and the variables of its endpoints.
Ours: that whatever they do not name is refused, so that a misspelt condition is
seen, and the messages.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from connector.sandbox.ccai.forms import RefusedError
from connector.sandbox.ccai.moments import micros, moment

Span = tuple[int, int]
"""Microseconds since 1970, both ends included."""
Row = Mapping[str, object]
Condition = Callable[[Row], bool]
EVER: Final = 2**62

PER: Final = 100
"""The default; a larger ``per`` than the largest is reduced to it."""
DIRECTIONS: Final = {"ASC": False, "DESC": True}
"""Written in either case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list can be sorted by, and which columns conditions can be about.

    ``spans``: ``name[from]`` and ``name[to]``, both included; ``sets``: ``name[]``,
    any number of times.
    """

    columns: frozenset[str]
    spans: frozenset[str]
    sets: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """All parameters that the list takes."""
        ends = {f"{name}[{end}]" for name in self.spans for end in ("from", "to")}
        return frozenset({*PLAIN, *ends, *(f"{name}[]" for name in self.sets)})


PLAIN: Final = ("page", "per", "sort_column", "sort_direction")
CALLS: Final = Listing(
    columns=frozenset({"id", "created_at", "updated_at"}),
    spans=frozenset({"created_at", "updated_at"}),
    sets=frozenset({"id"}),
)
AGENTS: Final = Listing(
    columns=frozenset({"id", "email", "agent_number", "status_updated_at"}),
    spans=frozenset({"status_updated_at", "last_login_time"}),
    sets=frozenset({"id", "agent_number", "online"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rows are wanted, in which order; without a word the latest id first."""

    column: str = "id"
    descending: bool = True
    spans: tuple[tuple[str, Span], ...] = ()
    sets: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A page of a selection; ``number`` counts from 1."""

    selection: Selection
    number: int
    size: int

    def cut(self, rows: Sequence[object]) -> slice:
        """Return where the page is among all rows."""
        start = min((self.number - 1) * self.size, len(rows))
        return slice(start, start + self.size)


def paged(params: Sequence[tuple[str, str]], listing: Listing, largest: int) -> Paged:
    """Read the parameters of a list; RefusedError for what it does not take."""
    unknown = sorted({name for name, _ in params} - listing.names)
    if unknown:
        raise RefusedError(f"{unknown[0]} is not a parameter")
    given = dict(params)
    size = _whole(given, "per", min(PER, largest))
    return Paged(
        selection=Selection(
            column=_column(given, listing),
            descending=_direction(given),
            spans=tuple(_spans(given, listing)),
            sets=tuple(_sets(params, listing)),
        ),
        number=_whole(given, "page", 1),
        size=min(size, largest),
    )


def headers(
    url: str, params: Sequence[tuple[str, str]], page: Paged, total: int
) -> dict[str, str]:
    """Return what the newest revision of the document says of a page: its links
    (RFC 5988) while there are more rows, the total, and the size that was applied."""
    last = max(1, math.ceil(total / page.size))
    more = {"next": page.number + 1, "last": last} if page.number < last else {}
    kept = [(name, value) for name, value in params if name not in {"page", "per"}]
    links = [
        f'<{url}?{urlencode([*kept, ("page", at), ("per", page.size)])}>; rel="{rel}"'
        for rel, at in more.items()
    ]
    link = {"Link": ", ".join(links)} if links else {}
    return {**link, "Total": str(total), "Per-Page": str(page.size)}


def chosen(rows: Iterable[Row], wanted: Selection) -> list[Row]:
    """Return the rows that are wanted, in the order wanted."""
    found = [row for row in rows if all(holds(row) for holds in _conditions(wanted))]
    found.sort(key=lambda row: _comparable(row[wanted.column]))
    return found[::-1] if wanted.descending else found


def _conditions(wanted: Selection) -> Iterator[Condition]:
    for name, span in wanted.spans:
        yield partial(_within, name, span)
    for name, texts in wanted.sets:
        yield partial(_among, name, texts)


def _within(name: str, span: Span, row: Row) -> bool:
    written = row[name]
    return written is not None and span[0] <= micros(moment(written)) <= span[1]


def _among(name: str, texts: frozenset[str], row: Row) -> bool:
    value = row[name]
    return (str(value).lower() if isinstance(value, bool) else str(value)) in texts


def _comparable(value: object) -> tuple[bool, int, str]:
    """Let numbers be compared as numbers; what is null comes first."""
    number = value if isinstance(value, int) else 0
    return value is not None, number, "" if value is None else str(value)


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value)):
        raise RefusedError(f"{name} is not well formed")
    return int(value)


def _column(given: Mapping[str, str], listing: Listing) -> str:
    column = given.get("sort_column", "id")
    if column not in listing.columns:
        raise RefusedError("sort_column is not well formed")
    return column


def _direction(given: Mapping[str, str]) -> bool:
    direction = given.get("sort_direction", "DESC").upper()
    if direction not in DIRECTIONS:
        raise RefusedError("sort_direction is not well formed")
    return DIRECTIONS[direction]


def _spans(given: Mapping[str, str], listing: Listing) -> Iterator[tuple[str, Span]]:
    for name in sorted(listing.spans):
        ends = [given.get(f"{name}[{end}]") for end in ("from", "to")]
        if any(ends):
            start, end = (_moment(name, written) for written in ends)
            yield name, (start or 0, EVER if end is None else end)


def _moment(name: str, written: str | None) -> int | None:
    try:
        return None if written is None else micros(moment(written))
    except ValueError as error:
        raise RefusedError(f"{name} is not well formed") from error


def _sets(
    params: Sequence[tuple[str, str]], listing: Listing
) -> Iterator[tuple[str, frozenset[str]]]:
    for name in sorted(listing.sets):
        texts = frozenset(value for given, value in params if given == f"{name}[]")
        if name == "id" and not all(text.isdigit() for text in texts):
            raise RefusedError("id is not well formed")
        if texts:
            yield name, texts
