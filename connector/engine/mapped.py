"""Pages of a source, mapped: what each record becomes, or why it can't.

Mapping is pure, so it happens in a thread of its own: neither the vendor nor the
CRM waits for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from connector.engine import quarantine
from connector.errors import RecordError
from connector.model import Aside, Page, Record, Row

Apply = Callable[[Record], Row | None]
"""A compiled mapping: a row, None (not wanted), or RecordError."""


@dataclass(slots=True, kw_only=True)
class MappedPage:
    """One page: rows to send, records the mapping skips, records to set aside."""

    read: int
    rows: list[Row] = field(default_factory=list)
    skipped: list[Record] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    cursor: str | None = None


def mapped(flow: str, apply: Apply, pages: Iterator[Page]) -> Iterator[MappedPage]:
    """Map every record of every page of ``flow``."""
    for page in pages:
        done = MappedPage(
            read=len(page.records) + len(page.rejects), cursor=page.cursor
        )
        done.asides.extend(quarantine.unreadable(flow, r) for r in page.rejects)
        for record in page.records:
            _map(flow, apply, record, done)
        yield done


def _map(flow: str, apply: Apply, record: Record, done: MappedPage) -> None:
    try:
        row = apply(record)
    except RecordError as error:
        done.asides.append(quarantine.unmapped(flow, record, error))
        return
    if row is None:
        done.skipped.append(record)
    else:
        done.rows.append(row)
