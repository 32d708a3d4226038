"""What a query is once it is read."""

from dataclasses import dataclass
from typing import Literal

Path = tuple[str, ...]
LiteralKind = Literal["string", "number", "boolean", "null", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Value:
    """A literal. ``value`` of a date or time is as records have it."""

    kind: LiteralKind
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field, an operator in capitals, and one value, or several for IN."""

    path: Path
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Conditions of which ``all`` (AND) or one (OR) must hold."""

    all: bool
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that must not hold."""

    part: "Condition"


Condition = Comparison | Combination | Negation


@dataclass(frozen=True, slots=True)
class TypeOf:
    """Fields of a polymorphic relationship, by the object it leads to."""

    relationship: str
    cases: tuple[tuple[str, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    path: Path
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A whole query. No ``fields``: it only counts."""

    fields: tuple[Path | TypeOf, ...]
    object: str
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
