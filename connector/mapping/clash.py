"""Faults between files: one name twice, two directories, or two flows with one key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from connector.mapping.faults import Fault, Place
from connector.mapping.flow import DirectoryFlow, Flow, PushFlow, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two files that cannot both run, and the fault that says so."""

    files: tuple[str, str]
    fault: Fault


def clashes(flows: Sequence[Flow]) -> Iterator[Clash]:
    """Yield each pair of flows with one name, or with keys that could be equal.

    Two directories are such a pair too: there is one.
    """
    for first, second in combinations(flows, 2):
        if first.name.casefold() == second.name.casefold():
            message = f"the flow '{second.name}' is also in {first.file}"
            hint = "give one of them another name"
            yield _clash(first, second, Place(1, 1), (message, hint))
        elif isinstance(first, PushFlow) and isinstance(second, PushFlow):
            yield from _about_keys(first, second)
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
