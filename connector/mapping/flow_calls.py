"""What a file says of some calls: between colleagues, never logged, already there."""

from dataclasses import dataclass
from typing import Literal

from connector.mapping.faults import Place
from connector.mapping.ranges import Numbers

_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Internal:
    """What becomes of calls between colleagues: both numbers are users', or listed.

    ``between``: the stream's fields with the two numbers.
    """

    calls: Literal["skip", "log"]
    numbers: Numbers
    between: tuple[str, str]
    place: Place = _NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Numbers whose calls are never logged, and the stream's fields to look in."""

    numbers: Numbers
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """What becomes of a call of which somebody else made a record already.

    Such a record has the call's value in the field ``match``, and no key.
    """

    match: str
    found: Literal["enrich", "skip"]
    place: Place = _NOWHERE
