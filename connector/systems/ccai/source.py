"""The stream calls: a tail by the time of the last change, and by id."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RecordError
from connector.model import Estimate, Page, Record, Reject, Stream
from connector.systems.ccai.agents import Agents, by_ids
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.operations import PER
from connector.systems.ccai.parse import began, parse_call, parse_reject
from connector.systems.ccai.reading import Tail
from connector.systems.ccai.stream import CALLS, STREAMS, UNDER_WAY
from connector.systems.ccai.wire import ListPage
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

__all__ = ["SOURCES", "STREAMS", "Calls"]

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
Taken = Callable[[Record], bool]


@dataclass(slots=True, kw_only=True)
class Calls:
    """The platform's calls. Implements `Readable`, `Rereadable`, `Backfillable` and
    `Refetchable`. A cursor is a moment, as 2026-11-21T08:40:39.123Z; ``zone`` is of
    one that a person wrote without a zone.
    """

    client: CcaiClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)
    _agents: Agents = field(init=False)

    def __post_init__(self) -> None:
        """Know nobody yet."""
        self._agents = Agents(client=self.client)

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return CALLS

    def checked(self, cursor: str) -> str:
        """Return a cursor from a date or time; ConfigError if it is not past yet."""
        at = self._moment(cursor)
        if at > self.clock.now():
            raise ConfigError(f"{cursor!r} is not past yet: calls would be left out")
        return _text(at)

    def read(self, cursor: str | None, since: datetime) -> Iterator[Page]:
        """Yield what changed from ``cursor``, else ``since``, until now.

        A call that changed shortly before the last reading comes again.
        """
        start = since if cursor is None else self._moment(cursor)
        reached = _text(start) if cursor else ""
        for page in self._tail(start):
            if page.cursor and page.cursor <= reached:
                yield replace(page, cursor=None)
            else:
                reached = page.cursor or reached
                yield page

    def reread(self, start: datetime, end: str | None) -> Iterator[Page]:
        """Yield again what changed from ``start`` up to ``end``."""
        until = self._moment(end) if end else None
        for page in self._tail(start, until):
            yield replace(page, cursor=None)

    def between(
        self, start: datetime, end: datetime, done: str | None
    ) -> Iterator[Page]:
        """Yield the calls that began in [``start``, ``end``).

        A call changes last when it is over, or later: so what changed from ``start``
        until now is read, and the others are left out. ``done`` is such a change.
        """

        def inside(record: Record) -> bool:
            at = began(record)
            return at is None or start <= at < end

        return self._tail(self._moment(done) if done else start, taken=inside)

    def expected(
        self, start: datetime, end: datetime, done: str | None = None
    ) -> Estimate:
        """Ask how many changes there are to read; how many fit is not told."""
        del end  # a call that began before it may have changed after it
        first = self._moment(done) if done else start
        page = retrying(partial(self._ask, first, 1))
        requests = -(-(page.total or 1) // (PER - 1))
        return Estimate(
            records=None,
            requests=max(1, requests),
            seconds=max(1, requests) * self.client.seconds_per_request,
        )

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the calls with these ids that there are, and that are over."""
        wanted = [each for each in dict.fromkeys(ids) if _is_id(each)]
        for rows in by_ids(self._ask_ids, wanted):
            yield from self._page(rows).records

    # ── asking ─────────────────────────────────────────────────────────────

    def _tail(
        self,
        start: datetime,
        until: datetime | None = None,
        taken: Taken = lambda _: True,
    ) -> Iterator[Page]:
        at = max(start.astimezone(UTC), EARLIEST)
        tail = Tail(ask=self._ask, at=at, until=until, clock=self.clock.now)
        for part in tail.parts():
            page = self._page(part.rows, taken)
            yield replace(page, cursor=_text(part.through)) if part.through else page

    def _ask(self, at: datetime, page: int) -> ListPage:
        return self.client.list_calls(
            {
                "page": page,
                "per": PER,
                "sort_column": "updated_at",
                "sort_direction": "ASC",
                "updated_at[from]": _text(at),
            }
        )

    def _ask_ids(self, ids: Sequence[str]) -> ListPage:
        return self.client.list_calls({"id[]": list(ids), "per": PER})

    # ── what is shown ──────────────────────────────────────────────────────

    def _page(self, rows: Sequence[Json], taken: Taken = lambda _: True) -> Page:
        records: list[Record] = []
        rejects: list[Reject] = []
        for row in rows:
            try:
                record = parse_call(row)
            except RecordError as error:
                rejects.append(parse_reject(row, error))
            else:
                records += [record] if self._shown(record) and taken(record) else []
        return Page(records=self._addressed(records), rejects=rejects)

    def _shown(self, record: Record) -> bool:
        """Whether a call's status is one that is wanted: by default, that it is over.

        One that is not in the document is shown: better early than never.
        """
        status, wanted = record.fields.get("status"), self.options.get("statuses")
        if isinstance(wanted, Sequence) and not isinstance(wanted, str):
            return status in wanted
        return status not in UNDER_WAY

    def _addressed(self, records: Sequence[Record]) -> list[Record]:
        """Add the agents' addresses, where they are known; nobody has none."""
        ids = {str(a) for r in records if (a := r.fields.get("agent_info.id"))}
        self._agents.learn(ids)
        emails = self._agents.emails
        return [_with_email(record, emails) for record in records]

    def _moment(self, cursor: str) -> datetime:
        try:
            found = datetime.fromisoformat(cursor.strip())
            aware = found if found.tzinfo else found.replace(tzinfo=self.zone)
            return max(aware.astimezone(UTC), EARLIEST)
        except (ValueError, OverflowError) as error:
            raise ConfigError(
                f"{cursor!r} is not a date or time such as 2026-11-21T08:40:39Z"
            ) from error


def _with_email(record: Record, emails: Mapping[str, str | None]) -> Record:
    """Add the address of a call's agent; nobody has none, and of one who is not known
    nothing is said."""
    agent = record.fields.get("agent_info.id", "")
    if agent is not None and agent not in emails:
        return record
    email = emails[str(agent)] if agent else None
    return replace(record, fields={**record.fields, "agent.email": email})


def _is_id(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= 18  # noqa: PLR2004  digits of a 64 bit integer


def _text(at: datetime) -> str:
    return (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{at.microsecond // 1000:03}Z"
    )


SOURCES: Final[Mapping[str, Callable[..., Calls]]] = MappingProxyType(
    {CALLS.name: Calls}
)
