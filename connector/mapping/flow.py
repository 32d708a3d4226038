"""A mapping file as it is used: every name looked up, every length a timedelta."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from connector.mapping.convert import MISSING, Missing
from connector.mapping.faults import Place
from connector.mapping.flow_calls import Existing, Internal, Never
from connector.mapping.template import Part
from connector.model import (
    Call,
    Condition,
    DialState,
    FieldType,
    Objection,
    Parameter,
    Stream,
)

Constant = str | int | float | bool | date | datetime | None
"""A value written in a mapping file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is outside the files.

    ``streams``: of each system, by name. ``zones``: each system's time zone.
    ``regions``: where phone numbers without a country's code are from, in order.
    ``dialers``: what each can be told, by name; ``objections``: what it has against a
    call, where it can say so beforehand.
    """

    streams: Mapping[str, Mapping[str, Stream]]
    zones: Mapping[str, str]
    regions: tuple[str, ...]
    dialers: Mapping[str, tuple[Parameter, ...]] = field(default_factory=dict)
    objections: Mapping[str, Callable[[Call], Objection | None]] = field(
        default_factory=dict
    )


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


Ties = Literal["newest", "priority", "leave"]
"""Which of several records of one object: the one made last, the one that has the
number in the field named first, or none."""

Nobody = Literal["leave", "create", "default", "set aside"]
"""What to do where no record is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """The record that is made where nobody has a number.

    ``key``: an external id of the object that gets the number, where there is one.
    """

    object: str
    place: Place
    key: str | None
    fields: tuple[FieldRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRule:
    """How a field that points to a record gets it: the verb ``find``.

    ``objects`` in order of priority. ``by``: phone, email, id, or field, which is
    then called ``name``. The value looked for is the first of ``names`` that is not
    blank. ``default`` is a record id, MISSING where there is none.
    """

    field: str
    place: Place
    objects: tuple[str, ...]
    by: Literal["phone", "email", "id", "field"]
    name: str = ""
    names: tuple[str, ...]
    ties: Ties = "leave"
    none: Nobody = "leave"
    default: str | Missing = MISSING
    making: Making | None = None

    @property
    def of_agents(self) -> bool:
        """Whether it says whose a record is, rather than whom it is on."""
        return self.objects == ("User",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFlow:
    """A mapping file that pushes a stream to a CRM object.

    One of ``every`` and ``cron`` is set. ``fields`` are in the file's order and
    have ``key`` among them. ``since``: how far back from now, or from what day; None:
    all there is, where the stream is read whole.
    """

    name: str
    file: str
    system: str
    stream: Stream
    since: timedelta | date | None
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
    finds: tuple[FindRule, ...] = ()
    internal: Internal | None = None
    never: Never | None = None
    existing: Existing | None = None

    def since_at(self, now: datetime) -> datetime:
        """Where a flow without a cursor begins, UTC."""
        if self.since is None:
            return datetime.fromtimestamp(0, UTC)
        if isinstance(self.since, timedelta):
            return now - self.since
        start = datetime.combine(self.since, time.min, self.zone)
        return start.astimezone(UTC)

    @property
    def key_rule(self) -> FieldRule:
        """The rule for the key."""
        return next(rule for rule in self.fields if rule.field == self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """One object of the directory: which of its fields say who somebody is.

    ``phones`` in order of priority. ``keys``: fields that a mapping looks up by.
    ``country``: the field that tells where numbers without a country's code are from.
    ``places``: where the file names each field.
    """

    name: str
    place: Place
    phones: tuple[str, ...]
    emails: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    country: str | None = None
    where: tuple[Condition, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFlow:
    """A mapping file that says whom the directory knows.

    One of ``every`` and ``cron`` is set.
    """

    name: str
    file: str
    every: timedelta | None
    cron: str | None
    zone: ZoneInfo
    objects: tuple[Indexed, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The CRM object of which one record a request is made, before it is dialled.

    ``key``: its unique field, which gets the request's id.
    """

    object: str
    place: Place
    key: str
    key_place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """When a call is not placed, though it was asked for.

    ``do_not_call``: fields of which none may be set. ``hours``: when it may ring,
    wherever the number can be; the end may be after midnight.
    """

    do_not_call: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None
    same_number_within: timedelta | None = None
    one_per_agent: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFlow:
    """A mapping file that dials for records of the CRM.

    One of ``every`` and ``cron`` is set. ``request_id`` and ``request_at``: the fields
    with the request's id, and the time of the press. ``call``: a rule a parameter of
    the ``dialer``, which its ``field`` names. ``answers``: what is written onto the
    record, by what became of the call. What the rules read are fields of the record,
    also across a relationship (``Who.Phone``); ``answers`` read those of the answer
    too (``call.id``). ``places``: where the file names each field that is read;
    ``keys``: where it has each of its own keys, and the states of ``answer``
    (``answer.placed``).
    """

    name: str
    file: str
    every: timedelta | None
    cron: str | None
    zone: ZoneInfo
    regions: tuple[str, ...]
    object: str
    object_place: Place
    where: tuple[Condition, ...]
    request_id: str
    request_at: str
    claim: Claim | None
    expires: timedelta
    dialer: str
    dialer_place: Place
    call: tuple[FieldRule, ...]
    guards: Guards
    answers: Mapping[DialState, tuple[FieldRule, ...]]
    places: Mapping[str, Place] = field(default_factory=dict)
    keys: Mapping[str, Place] = field(default_factory=dict)


Flow = PushFlow | DirectoryFlow | DialFlow
