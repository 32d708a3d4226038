"""The streams click_to_calls and rsvp_calls: read whole, and by id."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from connector.clock import Clock
from connector.errors import ConfigError, RefusedError, UnavailableError
from connector.log import get_logger
from connector.model import Page, Record, Reject, Stream
from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.parse import call_id, groups, parse_call, unfolded
from connector.systems.multisender.stream import CLICK_TO_CALLS, RSVP_CALLS, STREAMS
from connector.systems.multisender.values import text
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

log = get_logger()

__all__ = ["SOURCES", "STREAMS", "Kind", "Receivers"]

PAGE: Final = 200
"""How many receivers are handed on at once, at most."""
PATIENCE: Final = 3
"""After so many groups that are not told, a run asks for each of the others once."""
NOT_TOLD: Final = (ConfigError, UnavailableError)
"""After these a group stays one receiver: the other calls are not held up for it."""
_GONE: Final = 404
_NO_SUCH: Final = (None, 400, _GONE)
"""What is answered, or seen beforehand, of an id that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of call: how all are asked for, and one by its id.

    ``outcomes``: how those of all its receivers are asked for, also of the accounts in
    a group; None where the document has no such operation.
    """

    stream: Stream
    every: Callable[[MultisenderClient], list[Json]]
    one: Callable[[MultisenderClient, str], Json]
    outcomes: Callable[[MultisenderClient, str], list[Json]] | None = None


CLICKS: Final = Kind(
    stream=CLICK_TO_CALLS,
    every=lambda client: client.list_click_to_calls(),
    one=lambda client, call: client.get_click_to_call(call),
)
RSVPS: Final = Kind(
    stream=RSVP_CALLS,
    every=lambda client: client.list_rsvp_calls(),
    one=lambda client, call: client.get_rsvp_call(call),
    outcomes=lambda client, call: client.list_rsvp_call_receivers(call),
)


@dataclass(slots=True, kw_only=True)
class Receivers:
    """Receivers of calls and what came of them. Implements `Scannable` and
    `Refetchable`; ``zone`` is the account's.

    A record's id is the call's id and the receiver's, with a colon between.
    """

    kind: Kind
    client: MultisenderClient
    zone: ZoneInfo
    clock: Clock
    options: Mapping[str, object] = field(default_factory=dict)
    _members: dict[str, list[Json]] = field(default_factory=dict)
    """The accounts of groups that were asked for."""
    _untold: int = 0
    """How often a group was not told, but for those that are gone."""

    @property
    def stream(self) -> Stream:
        """What the records look like."""
        return self.kind.stream

    def scan(self) -> Iterator[Page]:
        """Yield every receiver of every call that there is.

        Raises RateLimitedError, also of a group, after which nobody may ask.
        """
        records: list[Record] = []
        rejects: list[Reject] = []
        for call in retrying(partial(self.kind.every, self.client)):
            if (records or rejects) and self._has_groups(call):  # it may take long
                yield Page(records=records, rejects=rejects)
                records, rejects = [], []
            page = self._read(call)
            records += page.records
            rejects += page.rejects
            while len(records) + len(rejects) >= PAGE:
                yield Page(records=records[:PAGE], rejects=rejects[:PAGE])
                records, rejects = records[PAGE:], rejects[PAGE:]
        yield Page(records=records, rejects=rejects)

    def fetch(self, ids: Sequence[str]) -> Iterator[Record]:
        """Yield the receivers with these ids; of a call's id, all its receivers.

        So are they where a call has nobody with an id, who may be one of a group.
        Calls that are gone, and ids that are none, are left out.
        """
        wanted: dict[str, set[str]] = {}
        for each in ids:
            wanted.setdefault(each.partition(":")[0], set()).add(each)
        for call, names in wanted.items():
            try:
                raw = retrying(partial(self.kind.one, self.client, call))
            except RefusedError as error:
                if error.status not in _NO_SUCH:
                    raise
                continue
            yield from _picked(self._read(raw).records, names)

    def _read(self, raw: Json) -> Page:
        return parse_call(self._with_members(raw), self.stream, self.zone)

    # ── groups ─────────────────────────────────────────────────────────────

    def _has_groups(self, raw: Json) -> bool:
        return self.kind.outcomes is not None and bool(groups(raw))

    def _with_members(self, raw: Json) -> Json:
        """Put a group's accounts in its place, where their outcomes are told."""
        bare, call = groups(raw), call_id(raw, self.stream)
        if not (bare and call and self.kind.outcomes):
            return raw
        outcomes = self._told(partial(self.kind.outcomes, self.client, call))
        if not outcomes:
            return raw
        members = (member for group in bare for member in self._of_group(group))
        return unfolded(raw, outcomes, _by_account(members))

    def _of_group(self, group: str) -> list[Json]:
        if group not in self._members:
            ask = partial(self.client.list_group_accounts, group)
            self._members[group] = self._told(ask)
        return self._members[group]

    def _told(self, ask: Callable[[], list[Json]]) -> list[Json]:
        """Return what is told of a group; nothing where that can't be had."""
        try:
            return retrying(ask) if self._untold < PATIENCE else ask()
        except NOT_TOLD as error:
            if not (isinstance(error, RefusedError) and error.status == _GONE):
                self._note(error.message)
            return []

    def _note(self, message: str) -> None:
        """Say it once a run: what is wrong with one group is often so with all."""
        if not self._untold:
            log.warning("groups_untold", system="multisender", message=message)
        self._untold += 1


def _by_account(members: Iterator[Json]) -> dict[str, dict[str, Json]]:
    rows = (member for member in members if isinstance(member, dict))
    return {text(row.get("accountId")) or "": row for row in rows}


def _picked(records: Sequence[Record], names: Collection[str]) -> Iterator[Record]:
    """Yield those with these ids, whom ``call:account`` names however often."""
    found = {record.id: ":".join(record.id.split(":")[:2]) for record in records}
    known = {*found, *found.values()}
    every = any(name not in known for name in names)
    for record in records:
        if every or record.id in names or found[record.id] in names:
            yield record


SOURCES: Final[Mapping[str, Callable[..., Receivers]]] = MappingProxyType(
    {kind.stream.name: partial(Receivers, kind=kind) for kind in (CLICKS, RSVPS)}
)
