"""What push files want of the directory: whether it has it, and what it must have."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.flow import DirectoryFlow, Indexed, PushFlow
from connector.mapping.found_again import not_found_again
from connector.mapping.ranges import Numbers

_WAYS: Mapping[str, str] = MappingProxyType({"phone": "phones", "email": "emails"})
_PHONES: Mapping[str, str] = MappingProxyType({"Account": "Phone"})
_MOST = "Phone, MobilePhone"
_MEND = "mend that file first"


def with_keys(directory: DirectoryFlow, flows: Iterable[PushFlow]) -> DirectoryFlow:
    """Return the directory with the fields by which ``flows`` look somebody up."""
    wanted = {
        (name, find.name)
        for flow in flows
        for find in flow.finds
        if find.by == "field"
        for name in find.objects
    }
    objects = tuple(
        replace(
            each, keys=tuple(sorted(key for name, key in wanted if name == each.name))
        )
        for each in directory.objects
    )
    return replace(directory, objects=objects)


def missing_in(
    directory: DirectoryFlow | None, flow: PushFlow, broken: str = ""
) -> Iterator[Fault]:
    """Yield what ``flow`` needs of the directory and does not get.

    ``broken``: the file that should have it and can't be used, if there is one.
    """
    for place, name, way in _needs(flow):
        words = _lack(directory, name, way, broken)
        if words:
            yield _fault(flow, place, words)
    for find in flow.finds:
        if find.making and directory:
            lost = not_found_again(directory, find, find.making)
            yield from (_fault(flow, place, (why, do)) for place, why, do in lost)


def _needs(flow: PushFlow) -> Iterator[tuple[Place, str, str]]:
    """Yield an object and what the directory must have of it, with the reason's place."""
    for find in flow.finds:
        if find.by in _WAYS:
            yield from ((find.place, name, _WAYS[find.by]) for name in find.objects)
    if flow.internal and flow.internal.numbers == Numbers():
        yield flow.internal.place, "User", "phones"


def _lack(
    directory: DirectoryFlow | None, name: str, way: str, broken: str
) -> tuple[str, str] | None:
    """Say what is lacking and what to add; None where nothing is."""
    line = f"{name}: {{{way}: [{_fields(name, way)}]}}"
    if directory is None and broken:
        return f"{name} is looked up in the directory, and {broken} is broken", _MEND
    if directory is None:
        hint = f'begin a file with "flow: directory" and "directory: {{{line}}}"'
        return f"{name} is looked up in the directory, and no file has that", hint
    indexed = _indexed(directory, name)
    if indexed is None:
        near = suggest(name, (each.name for each in directory.objects))
        near = near if near.startswith("did you mean") else f"add {line} to it"
        return f"{name} is not in {directory.file}", near
    if not getattr(indexed, way):
        hint = f"add {way}: [{_fields(name, way)}] to it"
        return f"{name} has no {way} in {directory.file}", hint
    return None


def _fields(name: str, way: str) -> str:
    return _PHONES.get(name, _MOST) if way == "phones" else "Email"


def _indexed(directory: DirectoryFlow, name: str) -> Indexed | None:
    return next((each for each in directory.objects if each.name == name), None)


def _fault(flow: PushFlow, place: Place, words: tuple[str, str]) -> Fault:
    return Fault(
        file=flow.file,
        line=place.line,
        column=place.column,
        message=words[0],
        hint=words[1],
    )
