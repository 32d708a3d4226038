"""The streams never_attended and not_picked_up: one record a wait for an answer.

A wait begins with a client's first call that nobody answered, and is over when the two
have spoken. Source: Callyzer API 2.1, call-log/never-attended,
call-log/not-pickup-by-client and call-log/history.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RecordError
from connector.model import Page, Record, Reject, Stream
from connector.systems.callyzer.calls_asked import SECONDS_TOO_LONG
from connector.systems.callyzer.client import CallyzerClient
from connector.systems.callyzer.listing import read_list
from connector.systems.callyzer.parse import parse_reject
from connector.systems.callyzer.reading import LONGEST, SETTLED, read_windows
from connector.systems.callyzer.waiting_stream import NEVER_ATTENDED, NOT_PICKED_UP
from connector.systems.callyzer.waits import (
    TALKS,
    Item,
    Known,
    Wait,
    client_fields,
    client_of,
    contact,
    employee_fields,
    first_fields,
    parse_wait,
    read_known,
)
from connector.systems.callyzer.wire import Filters, ListPage, Window
from connector.transport.jsontext import Json

OVERLAP: Final = 5 * 60
"""Seconds before the cursor that are read again, for what was committed late."""
ON_A_PAGE: Final = 100
CONNECTED: Final[Filters] = {"call_types": list(TALKS), "duration_grt_than": 0}
OPEN, DONE = "0", "1"
"""What versions begin with: a wait that is over is newer than any reading before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One of the two reports: its stream, and what is a call without an answer."""

    stream: Stream
    operation: str
    kinds: tuple[str, ...]


MISSED: Final = Report(
    stream=NEVER_ATTENDED, operation="never_attended", kinds=("Missed",)
)
UNANSWERED: Final = Report(
    stream=NOT_PICKED_UP, operation="not_picked_up", kinds=("Outgoing",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """One of the two streams. Implements `Readable`; ``zone`` is the account's."""

    client: CallyzerClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)
    report: Report = MISSED

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return self.report.stream

    def checked(self, cursor: str) -> str:
        """Return a cursor from a date or time; without a zone, the account's.

        ConfigError for what is neither, or not past yet.
        """
        known = read_known(cursor, self.zone)
        if known.at > self._now():
            raise ConfigError(f"{cursor!r} is not past yet: calls would be left out")
        return known.text()

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield who waits since ``since``, and whose wait is over since ``cursor``.

        The report is of the calls from ``since`` on, each time, less than 180 days.
        """
        now, begin = self._now(), max(1, int(since.timestamp()))
        known = Known(at=begin) if cursor is None else read_known(cursor, self.zone)
        start = max(begin, now - LONGEST)
        if start >= now:
            return
        known.forget(opened=now - SECONDS_TOO_LONG, done=start)
        waits, rejects = self._reported(start, now)
        yield Page(
            records=self._over_by_report(known, waits),
            rejects=rejects,
            cursor=known.text(),
        )
        yield from self._over_by_calls(known, {wait.client for wait in waits}, now)
        yield from self._waiting(known, waits)

    # ── who is on the report ───────────────────────────────────────────────

    def _reported(self, start: int, end: int) -> tuple[list[Wait], list[Reject]]:
        given = {n: value for n, value in self.options.items() if value is not None}
        asked = {**given, "call_from": start, "call_to": end}
        waits: dict[tuple[str, str], Wait] = {}
        rejects: list[Reject] = []
        ask = getattr(self.client, self.report.operation)
        for rows in read_list(lambda number: ask({**asked, "page_no": number}), _key):
            for row in rows:
                try:
                    wait = parse_wait(row, self.zone)
                except RecordError as error:
                    rejects.append(parse_reject(row, error))
                else:
                    waits[wait.client, wait.employee] = wait
        return list(waits.values()), rejects

    def _waiting(self, known: Known, waits: list[Wait]) -> Iterator[Page]:
        shown = known.shown()
        for first in range(0, len(waits), ON_A_PAGE):
            records = [
                self._open(known, wait, shown)
                for wait in waits[first : first + ON_A_PAGE]
            ]
            yield Page(
                records=[record for record in records if record], cursor=known.text()
            )

    def _open(
        self, known: Known, wait: Wait, shown: Mapping[tuple[str, str], str]
    ) -> Record | None:
        """Return a wait that is not over, under the id that it had before."""
        talked = known.done.get(wait.client, 0)
        calls = wait.since(talked, self.report.kinds)
        if not calls:
            return None
        first, last = calls[0], calls[-1]
        record_id = shown.get((wait.client, wait.employee))
        if record_id is None:
            record_id = f"{wait.client}:{first.id}"
            known.open[record_id] = Item(wait.client, wait.employee, first.at)
        fields = {
            **employee_fields(wait.row),
            **client_fields(wait.row),
            **first_fields(record_id, known.open[record_id].first),
            "last.at": _moment(last.at),
            "calls": len(calls),
        }
        return Record(id=record_id, version=_version(OPEN, last.at), fields=fields)

    # ── whose wait is over ─────────────────────────────────────────────────

    def _over_by_report(self, known: Known, waits: list[Wait]) -> list[Record]:
        """Note the talks that the report's own rows have."""
        return [
            record
            for wait in waits
            if (at := wait.talk(self.report.kinds))
            for record in _over(known, wait.client, at, wait.row)
        ]

    def _over_by_calls(
        self, known: Known, clients: set[str], now: int
    ) -> Iterator[Page]:
        """Note the talks that were synced since the cursor, with who waits."""
        wanted = clients | {each.client for each in known.open.values()}
        start = max(1, known.at - OVERLAP)
        for part in read_windows(self._ask, start, now - SETTLED):
            records = [r for row in part.rows for r in self._ended(known, row, wanted)]
            if part.through is None:
                yield Page(records=records)
                continue
            known.at = max(known.at, part.through)
            yield Page(records=records, cursor=known.text())

    def _ended(self, known: Known, row: Json, wanted: set[str]) -> list[Record]:
        if not isinstance(row, dict) or client_of(row) not in wanted:
            return []
        call = contact(row, self.zone)
        talked = call is not None and call.talked
        return _over(known, client_of(row), call.at, row) if call and talked else []

    def _ask(self, window: Window, page_no: int) -> ListPage:
        return self.client.history(window, page_no, CONNECTED)

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _over(known: Known, client: str, at: int, row: Mapping[str, Json]) -> list[Record]:
    """Return the waits of a client who spoke to somebody in the second ``at``."""
    return [
        Record(
            id=record_id,
            version=_version(DONE, at),
            fields={
                **client_fields(row),
                **first_fields(record_id, item.first),
                "done": "true",
                "done_at": _moment(at),
            },
        )
        for record_id, item in known.talked(client, at).items()
    ]


def _version(state: str, at: int) -> str:
    return f"{state}:{_moment(at):%Y-%m-%dT%H:%M:%SZ}"


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _key(row: Json) -> tuple[str, str]:
    """Which row of a report it is, and what it says."""
    if not isinstance(row, dict):
        return repr(row), ""
    names = ("emp_country_code", "emp_number", "client_country_code", "client_number")
    return " ".join(str(row.get(name)) for name in names), repr(row.get("call_logs"))


def unanswered(**parts: Any) -> Waits:  # noqa: ANN401  passed on
    """Build the stream not_picked_up."""
    return Waits(report=UNANSWERED, **parts)
