"""A mapping file as it is used: every name looked up, every length a timedelta."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from connector.mapping.convert import MISSING, Missing
from connector.mapping.faults import Place
from connector.mapping.template import Part
from connector.model import Condition, FieldType, Stream

Constant = str | int | float | bool | date | datetime | None
"""A value written in a mapping file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is outside the files.

    ``streams``: of each system, by name. ``zones``: each system's time zone.
    ``regions``: where phone numbers without a country's code are from, in order.
    """

    streams: Mapping[str, Mapping[str, Stream]]
    zones: Mapping[str, str]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """Look ``back`` for late changes, as often as ``every``."""

    back: timedelta
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The verb ``value``: always the same."""

    value: Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOf:
    """The verbs ``from`` and ``first``: the first of these that is not blank."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The verb ``template``."""

    parts: tuple[Part, ...]


Verb = Written | FirstOf | Template


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one CRM field gets its value, and where the file says so.

    ``map`` is by the text of a value. ``default`` MISSING: there is none.
    """

    field: str
    place: Place
    verb: Verb
    map: Mapping[str, Constant] | None = None
    default: Constant | Missing = MISSING
    kind: FieldType | None = None
    truncate: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFlow:
    """A mapping file that pushes a stream to a CRM object.

    One of ``every`` and ``cron`` is set. ``fields`` are in the file's order and
    have ``key`` among them. ``since``: how far back from now, or from what day.
    """

    name: str
    file: str
    system: str
    stream: Stream
    since: timedelta | date
    options: dict[str, object]
    every: timedelta | None
    cron: str | None
    reread: Reread | None
    zone: ZoneInfo
    deleted: Literal["leave", "recreate"]
    when: tuple[Condition, ...]
    object: str
    object_place: Place
    key: str
    key_place: Place
    fields: tuple[FieldRule, ...]
    regions: tuple[str, ...]

    def since_at(self, now: datetime) -> datetime:
        """Where a flow without a cursor begins, UTC."""
        if isinstance(self.since, timedelta):
            return now - self.since
        start = datetime.combine(self.since, time.min, self.zone)
        return start.astimezone(UTC)

    @property
    def key_rule(self) -> FieldRule:
        """The rule for the key."""
        return next(rule for rule in self.fields if rule.field == self.key)
