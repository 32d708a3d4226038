"""Who is who in the CRM, as the directory knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct


class Person(Struct, frozen=True, kw_only=True, array_like=True, gc=False):
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
