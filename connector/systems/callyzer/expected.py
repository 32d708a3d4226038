"""What it takes to read a span by call time, as the first pages of it tell.

Source: Callyzer API 2.1, call-log/history: total_records, page_size.
"""

from collections.abc import Sequence
from math import ceil

from connector.model import Estimate
from connector.systems.callyzer.calls_asked import PAGE_SIZE
from connector.systems.callyzer.reading import AIM, LONGEST, MOST_PAST
from connector.systems.callyzer.wire import ListPage, Window


def spread(start: int, end: int) -> list[Window]:
    """Cut a span (UNIX seconds) into the fewest windows that may be asked for."""
    return [
        Window(start=at, end=min(end, at + LONGEST), by="call")
        for at in range(start, end, LONGEST)
    ]


def counted(pages: Sequence[ListPage], seconds_per_request: float) -> Estimate:
    """Estimate what those windows cost whose first pages these are."""
    grand = any(page.total and page.total > len(page.rows) for page in pages)
    counts = [_records(page, grand=grand) for page in pages]
    known = [count for count in counts if count is not None]
    requests = sum(map(_requests, pages, counts))
    return Estimate(
        records=sum(known) if len(known) == len(counts) else None,
        requests=requests,
        seconds=requests * seconds_per_request,
    )


def _records(page: ListPage, *, grand: bool) -> int | None:
    """All the calls of a window; None where it may have more than it tells.

    A total is only that of its answer until one was seen to be ``grand``.
    """
    if grand and page.total is not None:
        return page.total
    return len(page.rows) if len(page.rows) < _size(page) else None


def _requests(page: ListPage, records: int | None) -> int:
    """Count the pages; of several windows the last one is half full, on average."""
    pages = (records or 0) / _size(page)
    if (records or 0) > MOST_PAST:
        pages += 1 + (records or 0) / (AIM * MOST_PAST) / 2
    return max(1, ceil(pages))


def _size(page: ListPage) -> int:
    return min(page.page_size or PAGE_SIZE, PAGE_SIZE)
