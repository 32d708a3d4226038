"""Loads mapping files: text to a checked flow, or to every fault in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from connector.errors import MappingError
from connector.mapping import schema
from connector.mapping.between import missing_in, with_keys
from connector.mapping.build import build_flow
from connector.mapping.clash import clashes
from connector.mapping.document import Document, read_document
from connector.mapping.explain import explain
from connector.mapping.faults import Fault
from connector.mapping.flow import DialFlow, DirectoryFlow, Flow, PushFlow, World
from connector.mapping.names import scope_of
from connector.mapping.offline import faults_between

__all__ = [
    "DialFlow",
    "DirectoryFlow",
    "Folder",
    "PushFlow",
    "World",
    "load_folder",
    "load_text",
]

_PATTERNS = ("*.yaml", "*.yml")
_MEANT_AS_DIRECTORY = re.compile(r"^directory\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The flows that can run, and every fault of the files that hold the others.

    ``flows`` push, ``dials`` dial. ``directory`` has the fields by which the ``flows``
    look somebody up. ``left_out``: why flows that are well can't run here, by name.
    """

    flows: tuple[PushFlow, ...]
    faults: tuple[Fault, ...]
    directory: DirectoryFlow | None = None
    dials: tuple[DialFlow, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def mapped(self) -> tuple[PushFlow | DialFlow, ...]:
        """All flows but the directory."""
        return (*self.flows, *self.dials)


def load_folder(path: Path, world: World) -> Folder:
    """Load every ``.yaml`` file of a folder; a broken one doesn't hide good ones.

    Files that claim one name, one key or the directory are all left out: which is
    meant is not ours to guess. So is a file that needs of the directory what it
    does not have.
    """
    files = sorted(_files(path))
    read = _Read()
    for file in files:
        read.take(file, world)
    if not files:
        read.faults.append(_fault(path, "there is no mapping file (*.yaml) here"))
    folder = _side_by_side(read.flows, read.broken_directory)
    return replace(folder, faults=(*read.faults, *folder.faults))


@dataclass(slots=True, kw_only=True)
class _Read:
    """What the files of a folder hold, each on its own."""

    flows: list[Flow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    broken_directory: str = ""

    def take(self, file: Path, world: World) -> None:
        text = ""
        try:
            text = _text_of(file)
            self.flows.append(load_text(text, str(file), world))
        except MappingError as error:
            self.faults += [each for each in error.faults if isinstance(each, Fault)]
            if _MEANT_AS_DIRECTORY.search(text):
                self.broken_directory = str(file)


def _side_by_side(flows: Sequence[Flow], broken_directory: str) -> Folder:
    """Tell which flows can run beside each other, and why the others can't."""
    clashing = tuple(clashes(flows))
    out = {file for clash in clashing for file in clash.files}
    kept = [flow for flow in flows if flow.file not in out]
    directory = next(_directories(kept), None)
    unusable = next((each.file for each in _directories(flows)), broken_directory)
    pushes = [flow for flow in kept if isinstance(flow, PushFlow)]
    lacks = {each.file: tuple(missing_in(directory, each, unusable)) for each in pushes}
    good = tuple(flow for flow in pushes if not lacks[flow.file])
    return Folder(
        flows=good,
        directory=directory and with_keys(directory, good),
        dials=tuple(flow for flow in kept if isinstance(flow, DialFlow)),
        faults=(*(clash.fault for clash in clashing), *chain(*lacks.values())),
    )


def _directories(flows: Sequence[Flow]) -> Iterator[DirectoryFlow]:
    return (flow for flow in flows if isinstance(flow, DirectoryFlow))


def _files(path: Path) -> Iterator[Path]:
    """Yield the mapping files; hidden ones are an editor's."""
    for pattern in _PATTERNS:
        yield from (each for each in path.glob(pattern) if each.name[0] != ".")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError([_fault(file, "is not UTF-8 text")]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise MappingError([_fault(file, message)]) from error


def _fault(path: Path, message: str) -> Fault:
    return Fault(file=str(path), line=1, column=1, message=message)


def load_text(text: str, file: str, world: World) -> Flow:
    """Return the flow that ``text`` describes; ``file`` is its name in faults.

    Raises MappingError with every fault that can be seen without the CRM and
    without the other files.
    """
    document = read_document(text, file)
    of_no_kind = tuple(_of_no_kind(document))
    if of_no_kind:
        raise MappingError([*document.faults, *of_no_kind])
    scope = scope_of(document, world)
    faults = [*document.faults, *faults_between(document, scope)]
    try:
        checked = schema.FILE.validate_python(document.value, context=scope)
    except ValidationError as error:
        faults.extend(explain(error, document))
        raise MappingError(_in_order(faults)) from error
    if faults:
        raise MappingError(_in_order(faults))
    return build_flow(checked, document, scope)


def _in_order(faults: list[Fault]) -> list[Fault]:
    once = dict.fromkeys(faults)
    return sorted(once, key=lambda fault: (fault.line, fault.column))


def _of_no_kind(document: Document) -> Iterator[Fault]:
    """Yield why it can't be told which kind of file this is meant to be."""
    if not isinstance(document.value, dict):
        yield document.fault((), "this is not a mapping file", "it begins with flow:")
        return
    source = document.section("from")
    if "crm" in source and "system" in source:
        message = "'from' has both 'system' and 'crm'"
        hint = "keep one: calls come from a system, requests to call from the CRM"
        yield document.fault(("from", "crm"), message, hint, key=True)
    if "crm" in source and "directory" in document.section():
        message = "a file that dials has no 'directory'"
        yield document.fault(("directory",), message, "make it two files", key=True)
