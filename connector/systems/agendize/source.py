"""The stream calls: by sync token, by dates where there is none, and by id."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RecordError, RefusedError, UnavailableError
from connector.model import Estimate, Page, Record, Reject, Stream
from connector.systems.agendize.client import NO_SUCH, AgendizeClient
from connector.systems.agendize.parse import began, parse_call, parse_reject
from connector.systems.agendize.stream import CALLS, STREAMS
from connector.systems.agendize.wire import CallList
from connector.transport.jsontext import Json
from connector.transport.operation import Values
from connector.transport.retry import retrying

__all__ = ["SOURCES", "STREAMS", "Calls"]

OVERLAP: Final = timedelta(days=1)
"""How far back is read again by dates: statuses and recordings come late."""
WINDOW: Final = timedelta(days=7)
"""How wide a list by dates is; nothing is documented about how long one may get."""
BEFORE: Final = timedelta(seconds=1)
"""How much earlier a list begins than its window: bounds are exclusive."""
AFTER: Final = timedelta(days=1)
"""How much later it ends: endDate may be about when calls end, not when they begin."""
FOREVER: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""The end of the last list, so that its sync token knows no end either."""
TOKEN_REFUSED: Final = (400, 404, 410)
MOST_PAGES: Final = 10_000

Window = tuple[datetime, datetime]
"""The first moment of it, and the first after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where reading goes on: with ``token``, or else by dates from ``at`` on."""

    at: datetime
    token: str | None = None

    def text(self) -> str:
        """Write it down."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps({"at": at, "token": self.token})


@dataclass(slots=True, kw_only=True)
class Calls:
    """Agendize's calls. Implements `Readable`, `Rereadable`, `Backfillable` and
    `Refetchable`; ``zone`` is the company's."""

    client: AgendizeClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)
    _named: bool | None = None
    """Whether the dates mean what their names say; None: no call has told yet."""

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return CALLS

    def checked(self, cursor: str) -> str:
        """Return a cursor from a date or time; without a zone, the company's."""
        found = self._cursor(cursor)
        if found.at > self.clock.now():
            raise ConfigError(f"{cursor!r} is not past yet: calls would be left out")
        return found.text()

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield what changed since ``cursor``'s token was given.

        Where there is none, or it is refused: what began since ``cursor`` or ``since``.
        """
        if cursor is None:
            yield from self._by_dates(since)
            return
        known = self._cursor(cursor)
        if known.token:
            try:
                yield from self._changed(known, known.token)
            except RefusedError as error:
                if error.status not in TOKEN_REFUSED:
                    raise
            else:
                return
        yield from self._by_dates(known.at - OVERLAP)

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield again what began from ``start`` on."""
        del end  # a list by dates can't be told from which moment it is
        for window in _windows(start, self.clock.now()):
            for _, page in self._listed(window):
                yield page

    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        """Yield the calls that began in [``start``, ``end``), from ``done`` on."""
        first = datetime.fromisoformat(done) if done else start
        for window in _windows(first, min(end, self.clock.now())):
            for _, page in self._listed(window):
                yield page
            yield Page(cursor=window[1].isoformat())

    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        """Count the lists that `between` would ask for; how many calls is not told."""
        first = datetime.fromisoformat(done) if done else start
        count = len(list(_windows(first, min(end, self.clock.now()))))
        return Estimate(
            records=None,
            requests=count,
            seconds=count * self.client.seconds_per_request,
        )

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the calls with these ids that Agendize has and that can be read."""
        for call_id in dict.fromkeys(ids):
            try:
                raw = retrying(partial(self.client.get, call_id))
            except RefusedError as error:
                if error.status not in NO_SUCH:
                    raise
                continue
            yield from self._page([raw]).records

    # ── by token ───────────────────────────────────────────────────────────

    def _changed(self, known: Cursor, token: str) -> Iterator[Page]:
        at = self.clock.now()
        for part in self._paged({"syncToken": token}):
            page = self._page(part.items)
            if part.page_token:
                yield page
                continue
            reached = Cursor(at=_earlier(at, part.at), token=part.sync_token)
            yield _with(page, reached if part.sync_token else Cursor(at=known.at))

    # ── by dates ───────────────────────────────────────────────────────────

    def _by_dates(self, start: datetime) -> Iterator[Page]:
        now = self.clock.now()
        for first, last in _windows(start, now):
            end = FOREVER if last == now else last
            token, at = None, last
            for part, page in self._listed((first, end)):
                token, at = part.sync_token, _earlier(last, part.at)
                yield page
            kept = token if last == now and self._named is not None else None
            yield Page(cursor=Cursor(at=at, token=kept).text())

    def _listed(self, window: Window) -> Iterator[tuple[CallList, Page]]:
        """List the calls of a window, in whichever way the dates work.

        The document describes startDate as the upper bound and endDate as the lower
        one. Where one way shows no call of the window the other is tried as well,
        until one has shown some.
        """
        tried = (True, False) if self._named is None else (self._named,)
        refusals: list[RefusedError] = []
        for named in tried:
            parts = self._paged(_dates(window, named=named))
            try:
                first = next(parts)
            except RefusedError as error:
                refusals.append(error)
                continue
            yield from self._cut(chain([first], parts), window, named=named)
            if self._named is not None:
                return
        if len(refusals) == len(tried):
            raise refusals[0]

    def _cut(
        self, parts: Iterable[CallList], window: Window, *, named: bool
    ) -> Iterator[tuple[CallList, Page]]:
        for part in parts:
            page = self._page(part.items, window)
            if any(map(began, page.records)):
                self._named = named
            yield part, page

    def _paged(self, values: Values) -> Iterator[CallList]:
        asked: set[str] = set()
        more: dict[str, Json] = {}
        for _ in range(MOST_PAGES):
            part = retrying(partial(self.client.list, {**values, **more}))
            yield part
            if part.page_token is None:
                return
            if part.page_token in asked:
                break
            asked.add(part.page_token)
            more = {"pageToken": part.page_token}
        raise UnavailableError("Agendize's list does not come to an end")

    # ── what is shown ──────────────────────────────────────────────────────

    def _page(self, rows: Sequence[Json], window: Window | None = None) -> Page:
        records: list[Record] = []
        rejects: list[Reject] = []
        for row in rows:
            try:
                record = parse_call(row, self.zone)
            except RecordError as error:
                rejects.append(parse_reject(row, error))
            else:
                records += [record] if _inside(record, window) else []
        return Page(records=records, rejects=rejects)

    def _cursor(self, text: str) -> Cursor:
        try:
            given: Any = json.loads(text) if text.lstrip().startswith("{") else text
            token = given.get("token") if isinstance(given, dict) else None
            moment = datetime.fromisoformat(
                given["at"] if isinstance(given, dict) else given.strip()
            )
            aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            return Cursor(at=aware.astimezone(UTC), token=token)
        except (ValueError, OverflowError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{text!r} is not a date or time such as 2026-11-21T08:40:39Z"
            ) from error


def _windows(start: datetime, end: datetime) -> Iterator[Window]:
    """Yield the windows from ``start`` to ``end``; the last ends there."""
    while start < end:
        last = min(start + WINDOW, end)
        yield start, last
        start = last


def _dates(window: Window, *, named: bool) -> Values:
    """Ask for a window and what is around it, as either way has it."""
    asked = window[0] - BEFORE, window[1] + AFTER
    one, other = (moment.astimezone(UTC).isoformat() for moment in asked)
    return dict(zip(("startDate", "endDate"), (one, other) if named else (other, one)))  # noqa: B905  both are pairs


def _inside(record: Record, window: Window | None) -> bool:
    """Whether a call began in the window, as far as that can be told."""
    at = began(record)
    return window is None or at is None or window[0] <= at < window[1]


def _earlier(ours: datetime, theirs: datetime | None) -> datetime:
    return min(ours, theirs) if theirs else ours


def _with(page: Page, cursor: Cursor) -> Page:
    return Page(records=page.records, rejects=page.rejects, cursor=cursor.text())


SOURCES: Final[Mapping[str, Callable[..., Calls]]] = MappingProxyType(
    {CALLS.name: Calls}
)
