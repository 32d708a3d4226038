"""Faults between files: one name, one key, one request twice, or two directories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from connector.mapping.convert import to_text
from connector.mapping.faults import Fault, Place
from connector.mapping.flow import (
    DialFlow,
    DirectoryFlow,
    Flow,
    PushFlow,
    Template,
)
from connector.model import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two files that cannot both run, and the fault that says so."""

    files: tuple[str, str]
    fault: Fault


def clashes(flows: Sequence[Flow]) -> Iterator[Clash]:
    """Yield each pair of flows with one name, or with keys that could be equal.

    So are two that could dial for one request, and two directories: there is one.
    """
    for first, second in combinations(flows, 2):
        if first.name.casefold() == second.name.casefold():
            message = f"the flow '{second.name}' is also in {first.file}"
            hint = "give one of them another name"
            yield _clash(first, second, Place(1, 1), (message, hint))
        elif isinstance(first, PushFlow) and isinstance(second, PushFlow):
            yield from _about_keys(first, second)
        elif isinstance(first, DialFlow) and isinstance(second, DialFlow):
            yield from _about_requests(first, second)
        elif isinstance(first, DirectoryFlow) and isinstance(second, DirectoryFlow):
            message = f"there is one directory, and {first.file} has it"
            hint = "put the objects of both into one file"
            yield _clash(first, second, second.objects[0].place, (message, hint))


def _about_keys(first: PushFlow, second: PushFlow) -> Iterator[Clash]:
    if not _share_keys(first, second):
        return
    message = (
        f"{second.object}.{second.key} could get the same keys as in "
        f"{first.file}, and each key belongs to one flow"
    )
    hint = (
        "begin the keys of each with text of its own, such as "
        f'{{template: "{second.name}:{{…}}"}}'
    )
    yield _clash(first, second, second.key_rule.place, (message, hint))


def _clash(first: Flow, second: Flow, place: Place, words: tuple[str, str]) -> Clash:
    fault = Fault(
        file=second.file,
        line=place.line,
        column=place.column,
        message=words[0],
        hint=words[1],
    )
    return Clash(files=(first.file, second.file), fault=fault)


def _share_keys(first: PushFlow, second: PushFlow) -> bool:
    if _field(first) != _field(second):
        return False
    prefixes = (_prefix(first), _prefix(second))
    shorter, longer = sorted(prefixes, key=len)
    return longer.startswith(shorter)


def _field(flow: PushFlow) -> tuple[str, str]:
    return flow.object.casefold(), flow.key.casefold()


def _prefix(flow: PushFlow) -> str:
    """Return the text that every key of the flow begins with, letter case aside."""
    rule = flow.key_rule
    if not isinstance(rule.verb, Template) or rule.map:
        return ""
    start = rule.verb.parts[0]
    return start.casefold() if isinstance(start, str) else ""


# ── requests ───────────────────────────────────────────────────────────────


def _about_requests(first: DialFlow, second: DialFlow) -> Iterator[Clash]:
    if _requests(first) != _requests(second) or _apart(first, second):
        return
    message = (
        f"{first.file} and {second.file} could dial for the same {second.object}"
        " records, so neither runs"
    )
    hint = "tell them apart in 'where', by one field that is not the same in both"
    yield _clash(first, second, second.object_place, (message, hint))


def _requests(flow: DialFlow) -> tuple[str, str]:
    return flow.object.casefold(), flow.request_id.casefold()


def _apart(first: DialFlow, second: DialFlow) -> bool:
    """Say whether no record can be wanted by both, as far as the files tell."""
    return any(
        one.field.casefold() == other.field.casefold()
        and (_excludes(one, other) or _excludes(other, one))
        for one in first.where
        for other in second.where
    )


def _excludes(one: Condition, other: Condition) -> bool:
    """Say whether what fits ``one``, which names its values, can't fit ``other``."""
    if one.operator not in {"is", "in"}:
        return one.operator == "blank" == other.operator and one.value != other.value
    if other.operator in {"is", "in"}:
        return _values(one).isdisjoint(_values(other))
    if other.operator == "not":
        return _values(one) <= _values(other)
    return other.operator == "blank" and other.value is True


def _values(condition: Condition) -> frozenset[str]:
    """Return what a field is compared with, letter case aside as to the CRM."""
    value = condition.value
    several = value if isinstance(value, tuple) else (value,)
    return frozenset(to_text(each).casefold() for each in several)
