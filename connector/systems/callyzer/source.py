"""The stream call_logs: reading on, looking back, by call time, and by id."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Final, cast
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RecordError
from connector.model import Estimate, Page, Record, Reject, Stream
from connector.ports import Source
from connector.systems.callyzer.calls_asked import MOST_IDS
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.expected import counted, spread
from connector.systems.callyzer.parse import parse_call, parse_reject
from connector.systems.callyzer.people_stream import EMPLOYEES, LEADS
from connector.systems.callyzer.reading import (
    MOST_PAST,
    SETTLED,
    Part,
    read_windows,
)
from connector.systems.callyzer.scans import Employees, Leads
from connector.systems.callyzer.stream import CALL_LOGS
from connector.systems.callyzer.waiting import Waits, unanswered
from connector.systems.callyzer.waiting_stream import NEVER_ATTENDED, NOT_PICKED_UP
from connector.systems.callyzer.wire import Filters, ListPage, Window
from connector.transport.retry import retrying

__all__ = ["CALL_LOGS", "SOURCES", "STREAMS", "CallLogs"]

OVERLAP = 5 * 60
"""Seconds before the cursor that are read again, for what was committed late."""
EARLIEST = 1
"""UNIX seconds; a timestamp must be positive."""
CURSOR = "%Y-%m-%dT%H:%M:%SZ"


class CallLogs:
    """Callyzer's call logs, by the time they were synced, or by that of the call.

    The cursor is a second in UTC, as 2026-11-21T08:40:39Z. Implements `Source`,
    `Rereadable`, `Backfillable` and `Refetchable`.
    """

    def __init__(
        self,
        *,
        client: CallyzerClient,
        zone: ZoneInfo,
        options: Mapping[str, object],
        clock: Clock,
    ) -> None:
        """``zone``: of the account's dates and times. ``options``: the stream's."""
        self._client = client
        self._zone = zone
        self._filters = _filters(options)
        self._clock = clock

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return CALL_LOGS

    def checked(self, cursor: str) -> str:
        """Return a cursor from a date or time; without a zone, the account's.

        ConfigError for what is neither, or not past yet.
        """
        second = self._second(cursor)
        if second > self._now():
            raise ConfigError(f"{cursor!r} is not past yet: calls would be left out")
        return _cursor(second)

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield what was synced from ``cursor`` (else ``since``) until now.

        What was synced shortly before the cursor comes again.
        """
        reached = 0 if cursor is None else self._second(cursor)
        start = int(since.timestamp()) if cursor is None else reached - OVERLAP
        for part in self._parts(start, self._now() - SETTLED):
            page = self._page(part.rows)
            if part.through is None or part.through <= reached:
                yield page
            else:
                reached = part.through
                yield Page(
                    records=page.records, rejects=page.rejects, cursor=_cursor(reached)
                )

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield again what was synced from ``start`` up to ``end``, or until now."""
        until = self._now() - SETTLED
        until = until if end is None else min(until, self._second(end))
        for part in self._parts(int(start.timestamp()), until):
            yield self._page(part.rows)

    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        """Yield the calls that began in [``start``, ``end``), from ``done`` on.

        By Callyzer's own times, UTC: which zone a handset was in does not matter.
        What was asked for beyond the ends, a second at each, is left out.
        """
        first, last = self._called(start, end, done)
        beyond = {int(start.timestamp()) - 1, math.ceil(end.timestamp())}
        for part in read_windows(self._ask, first, last, by="call", most=MOST_PAST):
            page = self._page(part.rows)
            records = [call for call in page.records if _second_of(call) not in beyond]
            cursor = _cursor(part.through) if part.through else None
            yield replace(page, records=records, cursor=cursor)

    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        """Ask for the first page of each longest window; see `between`."""
        windows = spread(*self._called(start, end, done))
        pages = [retrying(partial(self._ask, window, 1)) for window in windows]
        return counted(pages, self._client.seconds_per_request)

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the calls with these ids that Callyzer has and that can be read."""
        wanted = list(dict.fromkeys(ids))
        for first in range(0, len(wanted), MOST_IDS):
            chunk = wanted[first : first + MOST_IDS]
            yield from self._page(retrying(partial(self._client.get, chunk))).records

    def _parts(self, start: int, end: int) -> Iterator[Part]:
        return read_windows(self._ask, max(start, EARLIEST), end)

    def _called(
        self, start: datetime, end: datetime, done: str | None
    ) -> tuple[int, int]:
        """The first and the last second to ask for.

        Whether the ends belong to a window is not documented: so each is inside.
        """
        first = int(start.timestamp()) if done is None else self._second(done)
        last = min(math.ceil(end.timestamp()), self._now() - SETTLED)
        return max(first - 1, EARLIEST), last

    def _ask(self, window: Window, page_no: int) -> ListPage:
        return self._client.history(window, page_no, self._filters)

    def _page(self, rows: Sequence[object]) -> Page:
        records: list[Record] = []
        rejects: list[Reject] = []
        for row in rows:
            try:
                records.append(parse_call(row, self._zone))
            except RecordError as error:
                rejects.append(parse_reject(row, error))
        return Page(records=records, rejects=rejects)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _second(self, cursor: str) -> int:
        try:
            moment = datetime.fromisoformat(cursor.strip())
            aware = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
            return max(EARLIEST, int(aware.timestamp()))
        except (ValueError, OverflowError) as error:
            raise ConfigError(
                f"{cursor!r} is not a date or time such as 2026-11-21T08:40:39Z"
            ) from error


def _second_of(call: Record) -> int | None:
    """The UNIX second in which a call began, where it tells that."""
    began = call.fields.get("call.started_at")
    return int(began.timestamp()) if isinstance(began, datetime) else None


def _cursor(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime(CURSOR)


def _filters(options: Mapping[str, object]) -> Filters:
    """Read the options, which were checked against the stream's."""
    given = {name: value for name, value in options.items() if value is not None}
    return cast("Filters", given)


STREAMS: Final[Mapping[str, Stream]] = MappingProxyType(
    {
        stream.name: stream
        for stream in (CALL_LOGS, LEADS, NEVER_ATTENDED, NOT_PICKED_UP, EMPLOYEES)
    }
)
SOURCES: Final[Mapping[str, Callable[..., Source]]] = MappingProxyType(
    {
        CALL_LOGS.name: CallLogs,
        LEADS.name: Leads,
        NEVER_ATTENDED.name: Waits,
        NOT_PICKED_UP.name: unanswered,
        EMPLOYEES.name: Employees,
    }
)
