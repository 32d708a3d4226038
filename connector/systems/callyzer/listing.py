"""Reads a list of Callyzer whole, while it may be changing.

Pages are numbered, not anchored, and their order is not documented: what is added or
changed meanwhile moves the others. Source: Callyzer API 2.1, page_no and total_records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from connector.errors import UnavailableError
from connector.systems.callyzer.calls_asked import PAGE_SIZE
from connector.systems.callyzer.wire import ListPage
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

Ask = Callable[[int], ListPage]
"""Asks for a page; pages count from 1."""
Key = Callable[[Json], tuple[str, str]]
"""Which row it is, and which reading of that."""

PASSES: Final = 4
"""Times that a list which changes, or does not show all it counts, is read."""
MOST_PAGES: Final = 100_000


def read_list(ask: Ask, key: Key) -> Iterator[list[Json]]:
    """Yield the rows of a list, page by page, each reading of a row once.

    It is read again while its total changes, or while fewer rows were seen than it
    counts and the last pass showed new ones. A row may be missing all the same: the
    next reading has it. Raises UnavailableError where the list has no end.
    """
    seen: dict[str, str] = {}
    for _ in range(PASSES):
        once = _Pass(ask=ask)
        before = len(seen)
        for rows in once.pages():
            yield _news(rows, key, seen)
        short = len(seen) < once.total and len(seen) > before
        if not (once.changed or short):
            return


def _news(rows: list[Json], key: Key, seen: dict[str, str]) -> list[Json]:
    """Return the rows that were not seen as they are, and note them."""
    news = []
    for row in rows:
        name, reading = key(row)
        if seen.get(name) != reading:
            seen[name] = reading
            news.append(row)
    return news


@dataclass(slots=True, kw_only=True)
class _Pass:
    """One way through the pages.

    ``total``: of the whole list as page 1 told it, or 0. The document calls it the
    records *in the response*: it is of the list once it is more than a page has.
    """

    ask: Ask
    total: int = 0
    changed: bool = False
    _size: int = PAGE_SIZE
    _shown: list[Json] = field(default_factory=list)

    def pages(self) -> Iterator[list[Json]]:
        for number in range(1, MOST_PAGES):
            page = retrying(partial(self._asked, number))
            self._shown = page.rows
            yield page.rows
            if self._is_last(page, number):
                return
        raise UnavailableError("Callyzer's list does not come to an end")

    def _asked(self, number: int) -> ListPage:
        """Ask for a page; UnavailableError if it can't be the page asked for."""
        page = self.ask(number)
        if page.page_no not in {None, number}:
            raise UnavailableError("Callyzer answered another page than was asked for")
        if number == 1:
            self._size = max(
                min(page.page_size or PAGE_SIZE, PAGE_SIZE), len(page.rows)
            )
            self.total = page.total if page.total and _is_grand(page) else 0
            self.changed = False
        elif page.rows and page.rows == self._shown:
            raise UnavailableError("Callyzer answered the page before once more")
        self.changed |= bool(self.total and page.total and page.total != self.total)
        if self.total and not self.changed and len(page.rows) != self._expected(number):
            raise UnavailableError("Callyzer answered a page that is not whole")
        return page

    def _expected(self, number: int) -> int:
        left = self.total - (number - 1) * self._size
        return max(0, min(left, self._size))

    def _is_last(self, page: ListPage, number: int) -> bool:
        if self.total and not self.changed:
            return number * self._size >= self.total
        return len(page.rows) < self._size


def _is_grand(page: ListPage) -> bool:
    return page.total is not None and page.total > len(page.rows)
