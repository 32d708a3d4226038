"""What the commands show: tables for eyes, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime, timedelta
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

out = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

GAP = "  "
INDENT = "    "
TEXT_LINES = 2
"""Lines that a long text gets on a terminal; JSON has all of it."""
NARROWEST_TEXT = 28
"""Columns that a text beside its row needs; else it goes below."""
NAMELESS = frozenset({"code", "message", "meaning", "result"})
"""Columns that need no name when they stand below their row."""

UNITS = ((2 * 3_600, 3_600, "hour"), (120, 60, "minute"), (0, 1, "second"))
"""From how many seconds on a length is told in which unit."""

WHOLE = frozenset({"meaning"})
"""Texts that are never cut: there is no other place to read them."""

Cells = Sequence[str]


def show(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    *,
    as_json: bool,
    empty: str,
) -> None:
    """Print ``rows`` as a JSON list, or their ``columns`` as a table.

    The last column may be long text. On a terminal, what does not fit into its
    width stands below its row; elsewhere a row is one line, whole.
    """
    rows = list(rows)
    if as_json:
        print_json(rows)
    elif not rows:
        out.print(empty)
    else:
        names = [column.replace("_", " ") for column in columns]
        cells = [[cell(row.get(column)) for column in columns] for row in rows]
        width = out.width if out.is_terminal else None
        for line in Table(names=names, rows=cells, width=width).lines():
            write(line)


def write(text: str | Text) -> None:
    """Print a line as it is: neither markup nor wrapped."""
    line = Text(text) if isinstance(text, str) else text
    out.print(line, soft_wrap=True)


def counted(number: int, thing: str) -> str:
    """A number of things, in the plural unless it is one."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def length(seconds: float) -> str:
    """A length of time in words, rounded."""
    unit, name = next((u, n) for least, u, n in UNITS if seconds >= least)
    return counted(round(seconds / unit), name)


def print_json(value: object) -> None:
    """Print JSON that a program can read, whatever the width of the terminal."""
    sys.stdout.write(json.dumps(value, default=_plain, indent=2) + "\n")


def cell(value: object) -> str:
    """Return a value on one line, without anything that moves a cursor."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M:%S}"
    return printable(" ".join(str(value).split()))


def printable(text: str) -> str:
    """Escape what would act on a terminal, or can't be written; newlines stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\n" else ascii(char)[1:-1]
        for char in text
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells to be set in columns; ``width`` None: as wide as they are."""

    names: Sequence[str]
    rows: Sequence[Cells]
    width: int | None

    def lines(self) -> Iterator[Text]:
        """Set the table, its header first."""
        widths = self._widths()
        beside, rest = self._split(widths)
        shown = widths[:beside] + ([rest] if beside < len(widths) and rest else [])
        yield Text(_line(self.names, shown), style="bold")
        for row in self.rows:
            if rest:
                yield from self._texts_beside(row, shown)
            else:
                yield Text(_line(row[:beside], shown))
                yield from self._below(row, beside)

    def _widths(self) -> list[int]:
        return [
            max(map(cell_len, column))
            for column in zip(self.names, *self.rows, strict=True)
        ]

    def _split(self, widths: Sequence[int]) -> tuple[int, int]:
        """How many columns stand in the row, and the width of a text beside them."""
        fixed, text = sum(widths[:-1]) + len(GAP) * (len(widths) - 1), widths[-1]
        if self.width is None or fixed + text <= self.width:
            return len(widths) - 1, text
        if fixed + NARROWEST_TEXT <= self.width:
            return len(widths) - 1, self.width - fixed
        beside, used = 1, widths[0]
        for width in widths[1:-1]:
            used += len(GAP) + width
            if used > self.width:
                break
            beside += 1
        return beside, 0

    def _texts_beside(self, row: Cells, widths: Sequence[int]) -> Iterator[Text]:
        first, *more = self._cut(row[-1], widths[-1]) or [""]
        yield Text(_line([*row[:-1], first], widths))
        for line in more:
            yield Text(_line([""] * len(row[:-1]) + [line], widths))

    def _below(self, row: Cells, beside: int) -> Iterator[Text]:
        """What did not fit into the row."""
        named = zip(self.names[beside:], row[beside:], strict=True)
        text = " · ".join(
            value if name in NAMELESS else f"{name} {value}"
            for name, value in named
            if value not in ("", "0")
        )
        for line in self._cut(text, (self.width or 0) - len(INDENT)):
            yield Text(INDENT + line, style="dim")

    def _cut(self, text: str, width: int) -> list[str]:
        if self.width is None:
            return [text]
        wide = max(width, NARROWEST_TEXT)
        most = None if self.names[-1] in WHOLE else TEXT_LINES
        return wrap(text, wide, max_lines=most, placeholder=" …")


def _line(row: Cells, widths: Sequence[int]) -> str:
    padded = (
        text + " " * (width - cell_len(text))
        for text, width in zip(row, widths, strict=False)
    )
    return GAP.join(padded).rstrip()


def _plain(value: object) -> object:
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


_PLAIN: Sequence[tuple[type, Callable[[Any], object]]] = (
    (datetime, datetime.isoformat),
    (date, date.isoformat),
    (timedelta, timedelta.total_seconds),
    (bytes, bytes.hex),
    (Struct, structs.asdict),
    (ZoneInfo, lambda zone: zone.key),
)
"""What JSON does not know, and what it is there."""
