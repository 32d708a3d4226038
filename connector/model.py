"""The plain values that travel: frozen, keyword-only, zone-aware.

Words are those of the design: a *stream* yields *records* in *pages*; a mapping
turns a record into a *row*; the CRM answers each row with an *outcome*.

What is made for every record and every look-up is a Struct: that costs a tenth of a
frozen dataclass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec
from msgspec import Struct

FieldType = Literal[
    "text", "integer", "number", "boolean", "date", "time", "datetime", "phone", "list"
]
"""Types of a stream's fields. A ``phone`` is text; ``datetime`` values are aware."""

Scalar = str | int | float | bool | None
Payload = dict[str, Scalar]
"""CRM field to JSON value, as it is sent."""


class Lane(StrEnum):
    """Ways of running a flow; each has its own lease."""

    LIVE = "live"
    REREAD = "reread"
    BACKFILL = "backfill"


# ── what a source shows ────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamField:
    """One field of a stream: its name in mapping files, its type and meaning."""

    name: str
    type: FieldType
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOption:
    """One key of ``from.options``. ``choices`` empty means any value."""

    name: str
    type: FieldType
    meaning: str
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind of record that a system yields, and its schema.

    ``scanned``: it is read whole every time, as its vendor can't say what is new.
    ``page``: about how many records a request brings.
    """

    system: str
    name: str
    fields: tuple[StreamField, ...]
    options: tuple[StreamOption, ...] = ()
    rereadable: bool = False
    scanned: bool = False
    page: int = 100

    def field(self, name: str) -> StreamField | None:
        """The field called ``name``, if there is one."""
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One vendor record.

    ``fields`` has the stream's names. A name that is missing was not in this
    reading and is left alone; a value of ``None`` or ``""`` was emptied.
    ``version`` orders readings of one record (greater or equal is as new), or is
    ``None`` where the vendor gives none.
    """

    id: str
    version: str | None
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """What a vendor showed that cannot be read as a record."""

    id: str
    payload: object
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records. ``cursor``: everything up to there has now been yielded."""

    records: Sequence[Record] = ()
    rejects: Sequence[Reject] = ()
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a reading will cost its vendor: ``requests``, about ``seconds`` at its rate.

    ``records`` None: it can't be told beforehand; ``requests`` are then the fewest.
    """

    records: int | None
    requests: int
    seconds: float


# ── what a mapping makes ───────────────────────────────────────────────────


class Want(Struct, frozen=True, kw_only=True):
    """A field that should point to somebody, and what they are found by.

    ``values``: what to look for, likeliest first: numbers as E.164, addresses in
    lower case, ids of 18 characters; none where the record has nothing to look for.
    ``lacks``: what stands there instead, in words, if anything does.
    """

    field: str
    values: tuple[str, ...] = ()
    lacks: str = ""


class Link(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which record a field was pointed at, and why. It is decided once.

    ``id`` is None where it points to nobody. ``who``: the record in words.
    ``among``: those it was chosen from, where there were several. ``values``: what
    was looked for.
    """

    id: str | None
    why: str
    who: str = ""
    object: str = ""
    among: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


INTERNAL = "(internal)"
"""Stands among the links of a call between colleagues; no field is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record as the mapping wants it in the CRM.

    ``update`` may be sent at any time; ``create`` only with a record that does
    not exist yet. Both lack the key, which ``key`` has. ``hash`` is of ``update``.
    ``wants`` are looked up before the record is created.
    """

    key: str
    record: Record
    update: Payload
    create: Payload
    hash: bytes
    wants: tuple[Want, ...] = ()


# ── who is who in the CRM ──────────────────────────────────────────────────


class Person(Struct, frozen=True, kw_only=True):
    """Somebody the directory knows: a contact, a lead, an account or a user.

    ``created``: seconds since 1970. ``became``: what a converted lead was made
    into, object to id. ``rank``: the place of the field that has what was looked
    for, among those the directory reads.
    """

    crm_id: str
    object: str
    name: str
    created: float
    became: Mapping[str, str] = msgspec.field(default_factory=dict)
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody as the directory takes them in: ``entries`` are value and rank."""

    person: Person
    entries: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlisted:
    """What came of taking people in: how many were not known before, and how many had
    changed. ``learned``: values that they did not have before."""

    created: int = 0
    updated: int = 0
    learned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """A field of a record that points to nobody; ``value``: what was looked for.

    ``sought``: what the directory has it under, empty: under the value itself.
    ``due``: the directory may know another answer since: look again.
    """

    key: str
    field: str
    value: str
    sought: str = ""
    due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """How far the directory has read an object.

    ``fingerprint``: what it reads, as JSON; another one means to begin anew.
    ``cursor``: the SystemModstamp to read on from. ``load`` counts the full loads;
    ``begun_at``: when this one began, None once it is through; ``full_at``: when it
    did, or else the last one. ``complete_at``: when everybody was known last; None
    where not all of what is read now ever was.
    """

    object: str
    fingerprint: str
    load: int
    cursor: str | None = None
    begun_at: datetime | None = None
    full_at: datetime | None = None
    complete_at: datetime | None = None


# ── what the CRM says ──────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmField:
    """A field as the CRM describes it. ``length`` 0: not limited."""

    name: str
    type: str
    label: str = ""
    length: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted: bool = False
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    restricted: bool = False
    choices: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmObject:
    """An object as the CRM describes it."""

    name: str
    fields: Mapping[str, CrmField]
    createable: bool = True
    updateable: bool = True
    prefix: str = ""
    """What the ids of its records begin with."""


class Remedy(StrEnum):
    """What helps against a refusal of one row."""

    RETRY = "retry"
    """Nothing is wrong with the row: try it again in a while."""
    SET_ASIDE = "set aside"
    """The row must change, or the CRM must."""
    UNLINK = "unlink"
    """The row goes in without the broken link in ``fields``."""
    REOWN = "reown"
    """The owner in ``fields`` can't own anything: the row goes in with another."""
    EXISTS = "exists"
    """The key is taken: ``crm_id`` is the record that has it."""
    GONE = "gone"
    """The record was deleted."""
    PAUSE = "pause"
    """It is about the object, a field or a permission, not about this row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The CRM has this row."""

    crm_id: str
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The CRM refused this row, in its own words."""

    code: str
    message: str
    remedy: Remedy
    fields: tuple[str, ...] = ()
    crm_id: str | None = None


Outcome = Written | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The CRM's daily API calls, as it last told them."""

    used: int
    limit: int

    @property
    def percent(self) -> float:
        """Used, in percent."""
        return 100 * self.used / self.limit if self.limit else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the CRM told of its quota, and when; UTC."""

    quota: Quota
    at: datetime


Operator = Literal["is", "not", "in", "at least", "at most", "blank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition on one field, of a stream or of the CRM."""

    field: str
    operator: Operator
    value: Scalar | datetime | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A read of CRM records; all of ``where`` must hold."""

    object: str
    fields: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    deleted_too: bool = False
    order: tuple[str, ...] = ()


# ── what the state keeps ───────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to run one flow in one lane, until it expires."""

    flow: str
    lane: Lane
    owner: str
    epoch: int

    @property
    def token(self) -> str:
        """What marks a key as in flight by this writer."""
        return f"{self.lane}:{self.epoch}"

    @property
    def cursor(self) -> str:
        """The name of the cursor that this writer moves; a backfill has its own."""
        return f"{self.flow}/{self.lane}" if self.lane is Lane.BACKFILL else self.flow


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What is known of one (object, key).

    ``hash`` is what the CRM last confirmed; it means nothing while ``in_flight``
    names a writer. ``deleted``: an agent deleted the record, it stays deleted.
    """

    key: str
    flow: str
    crm_id: str | None = None
    hash: bytes | None = None
    version: str | None = None
    in_flight: str | None = None
    deleted: bool = False
    links: Mapping[str, Link] | None = None
    """By field; None: never decided here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A record to be fetched from the vendor; a later nudge has a higher ``id``."""

    id: int
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a vendor posted to us. ``headers`` have names in lower case.

    ``secret``: what came after the system's name in the path.
    """

    headers: Mapping[str, str]
    body: bytes
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A record set aside: the latest payload, why, and when it is tried again."""

    flow: str
    record_id: str
    key: str | None
    record: Mapping[str, object]
    version: str | None
    fingerprint: bytes
    code: str
    message: str
    fields: tuple[str, ...] = ()
    attempts: int = 1
    retry_at: datetime | None = None
    discarded: bool = False
    """Forgotten by a person: it stays out until the record changes."""
    awaits: tuple[Unlinked, ...] = ()
    """What it is tried again for, once the directory learns it; not read back."""
    id: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a run did, in records; ``errors`` counts the rows a run set aside."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    set_aside: int = 0
    healed: int = 0
    deleted: int = 0
    unlinked: int = 0
    """Created on nobody, though the mapping looked for somebody."""
    linked: int = 0
    """Linked after they were created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a flow in a lane."""

    flow: str
    lane: Lane
    started_at: datetime
    id: int | None = None
    ended_at: datetime | None = None
    outcome: str = "running"
    message: str = ""
    retry_after: float | None = None
    """Seconds that somebody asked us to wait; not stored."""
    needs_directory: bool = False
    """It waits until the directory is loaded; not stored."""
    counts: Counts = field(default_factory=Counts)
