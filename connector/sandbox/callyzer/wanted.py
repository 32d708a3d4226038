"""A stored call, and what a request may want of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from connector.sandbox.callyzer.calls import Call

Span = tuple[int, int]
"""UNIX seconds, both ends included."""
Condition = Callable[["Stored"], bool]
TALKS: Final = frozenset({"Incoming", "Outgoing"})
"""The types of call in which somebody may have spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which calls are wanted; an empty condition holds for every call."""

    called: Span | None = None
    synced: Span | None = None
    call_types: frozenset[str] = frozenset()
    longer_than: int | None = None
    shorter_than: int | None = None
    emp_numbers: frozenset[str] = frozenset()
    emp_tags: frozenset[str] = frozenset()
    client_numbers: frozenset[str] = frozenset()
    excluded_too: bool = True
    by_phone: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A call, what is sent of it, and what it is looked up by.

    ``synced`` and ``called`` are UNIX seconds, ``employee`` and ``client`` their
    numbers as `national` writes them.
    """

    record: Call
    duration: int
    sent: bytes
    synced: int
    called: int
    employee: str
    client: str

    @property
    def kind(self) -> str:
        """Incoming, Outgoing, Missed or Rejected."""
        return str(self.record["call_type"])

    @property
    def talked(self) -> bool:
        """Whether the two spoke to each other."""
        return self.duration > 0 and self.kind in TALKS


def conditions(query: Query, excluded: frozenset[str]) -> Iterator[Condition]:
    """Yield only what the query asks for, so that the rest costs nothing."""
    yield from _call_conditions(query)
    if employees := query.emp_numbers:
        yield lambda call: bool(written(call.record, "emp") & employees)
    if clients := query.client_numbers:
        yield lambda call: bool(written(call.record, "client") & clients)
    if not query.excluded_too:
        yield lambda call: not written(call.record, "client") & excluded
    if wanted := query.emp_tags:
        yield lambda call: bool(wanted.intersection(tags(call.record)))
    if not query.by_phone:
        yield lambda _: False


def _call_conditions(query: Query) -> Iterator[Condition]:
    if span := query.called:
        yield lambda call: span[0] <= call.called <= span[1]
    if types := query.call_types:
        yield lambda call: call.record["call_type"] in types
    if (least := query.longer_than) is not None:
        yield lambda call: call.duration > least
    if (most := query.shorter_than) is not None:
        yield lambda call: call.duration < most


def written(record: Call, whose: str) -> set[str]:
    """The two ways in which a filter may name this call's number."""
    return ways(record[f"{whose}_country_code"], record[f"{whose}_number"])


def ways(country_code: object, number: object) -> set[str]:
    """The two ways in which a filter may name a number."""
    return {str(number), f"{country_code}-{number}"}


def national(number: object) -> str:
    """Write a number so that one line has one way: no country code, no leading zero.

    Ours: a client dialled within the country is the same client.
    """
    return str(number).rpartition("-")[2].lstrip("0")


def tags(record: Call) -> list[str]:
    """The employee's tags."""
    return [str(tag) for tag in cast("list[object]", record["emp_tags"])]
