"""What a mapping makes of a record: a row, and whom it should point to."""

from dataclasses import dataclass

from msgspec import Struct

from connector.model.stream import Record
from connector.model.values import Payload


class Want(Struct, frozen=True, kw_only=True, gc=False):
    """A field that should point to somebody, and what they are found by.

    ``values``: what to look for, likeliest first: numbers as E.164, addresses in
    lower case, ids of 18 characters; none where the record has nothing to look for.
    ``lacks``: what stands there instead, in words, if anything does.
    """

    field: str
    values: tuple[str, ...] = ()
    lacks: str = ""


class Link(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
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
