"""Reads a list of Callyzer whole, while it may be changing.

Pages are numbered, not anchored, and their order is not documented: what is added or
changed meanwhile moves the others. Source: Callyzer API 2.1, page_no and total_records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from connector.errors import UnavailableError
from connector.log import get_logger
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

log = get_logger()


class _NotWholeError(UnavailableError):
    """Callyzer answered a page that is not whole."""

    def __init__(self, page: ListPage) -> None:
        super().__init__()
        self.page = page


def read_list(ask: Ask, key: Key) -> Iterator[list[Json]]:
    """Yield the rows of a list, page by page, each reading of a row once.

    It is read again while its total changes, and while the last pass showed new ones
    and either fewer than it counts were seen or a page stayed other than its total
    says. A row may be missing all the same: the next reading has it. Raises
    UnavailableError where the list has no end.
    """
    seen: dict[str, str] = {}
    for _ in range(PASSES):
        once = _Pass(ask=ask)
        before = len(seen)
        for rows in once.pages():
            yield _news(rows, key, seen)
        short = len(seen) < once.total or once.odd
        if not (once.changed or (short and len(seen) > before)):
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
    odd: bool = False
    """Whether a page stayed other than the total says, which then is not trusted."""
    _size: int = PAGE_SIZE
    _shown: list[Json] = field(default_factory=list)

    def pages(self) -> Iterator[list[Json]]:
        for number in range(1, MOST_PAGES):
            page = self._page(number)
            self._shown = page.rows
            yield page.rows
            if self._is_last(page, number):
                return
        raise UnavailableError("Callyzer's list does not come to an end")

    def _page(self, number: int) -> ListPage:
        """Ask for a page until it is whole; one that never is, is taken as it is."""
        try:
            page = retrying(partial(self._asked, number))
        except _NotWholeError as error:
            log.warning("list_not_whole", system="callyzer", total=self.total)
            self.odd, page = True, error.page
            self._size = len(page.rows) if number == 1 else self._size
        if self.odd:  # the largest page so far says what a short one is
            self._size = max(self._size, len(page.rows))
        return page

    def _asked(self, number: int) -> ListPage:
        """Ask for a page; UnavailableError if it can't be the page asked for."""
        page = self.ask(number)
        if page.page_no not in {None, number}:
            raise UnavailableError("Callyzer answered another page than was asked for")
        if number == 1:
            self._begin(page)
        elif page.rows and page.rows == self._shown:
            raise UnavailableError("Callyzer answered the page before once more")
        self.changed |= bool(self.total and page.total and page.total != self.total)
        if self._told and len(page.rows) != self._expected(number):
            raise _NotWholeError(page)
        return page

    def _begin(self, page: ListPage) -> None:
        """Note what the first page tells of the list."""
        self.changed = False
        self.total = page.total if page.total and _is_grand(page) else 0
        guess = len(page.rows) if self.total and page.rows else PAGE_SIZE
        told = min(page.page_size or guess, PAGE_SIZE)
        self._size = max(told, len(page.rows))

    @property
    def _told(self) -> bool:
        """Whether the total says how many rows each page has."""
        return bool(self.total) and not (self.changed or self.odd)

    def _expected(self, number: int) -> int:
        left = self.total - (number - 1) * self._size
        return max(0, min(left, self._size))

    def _is_last(self, page: ListPage, number: int) -> bool:
        if self._told:
            return number * self._size >= self.total
        # A page in the middle may lack a row that the total counts.
        beyond = number * self._size >= self.total
        return not page.rows or (beyond and len(page.rows) < self._size)


def _is_grand(page: ListPage) -> bool:
    return page.total is not None and page.total > len(page.rows)
