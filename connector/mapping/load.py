"""Loads mapping files: text to a checked flow, or to every fault in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from connector.errors import MappingError
from connector.mapping import schema
from connector.mapping.build import build_flow
from connector.mapping.clash import clashes
from connector.mapping.document import Document, read_document
from connector.mapping.explain import explain
from connector.mapping.faults import Fault
from connector.mapping.flow import PushFlow, World
from connector.mapping.names import scope_of
from connector.mapping.offline import faults_between

__all__ = ["Folder", "PushFlow", "World", "load_folder", "load_text"]

_PATTERNS = ("*.yaml", "*.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The flows that can run, and every fault of the files that hold the others."""

    flows: tuple[PushFlow, ...]
    faults: tuple[Fault, ...]


def load_folder(path: Path, world: World) -> Folder:
    """Load every ``.yaml`` file of a folder; a broken one doesn't hide good ones.

    Files that claim one name or one key are all left out: which is meant is not
    ours to guess.
    """
    files = sorted(_files(path))
    flows: list[PushFlow] = []
    faults: list[Fault] = []
    for file in files:
        try:
            flows.append(load_text(_text_of(file), str(file), world))
        except MappingError as error:
            faults.extend(each for each in error.faults if isinstance(each, Fault))
    if not files:
        faults.append(_fault(path, "there is no mapping file (*.yaml) here"))
    clashing = tuple(clashes(flows))
    out = {file for clash in clashing for file in clash.files}
    return Folder(
        flows=tuple(flow for flow in flows if flow.file not in out),
        faults=(*faults, *(clash.fault for clash in clashing)),
    )


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


def load_text(text: str, file: str, world: World) -> PushFlow:
    """Return the flow that ``text`` describes; ``file`` is its name in faults.

    Raises MappingError with every fault that can be seen without the CRM.
    """
    document = read_document(text, file)
    unsupported = tuple(_unsupported(document))
    if unsupported:
        raise MappingError([*document.faults, *unsupported])
    scope = scope_of(document, world)
    faults = [*document.faults, *faults_between(document, scope)]
    try:
        pushed = schema.PushFile.model_validate(document.value, context=scope)
    except ValidationError as error:
        faults.extend(explain(error, document))
        raise MappingError(_in_order(faults)) from error
    if faults:
        raise MappingError(_in_order(faults))
    return build_flow(pushed, document, scope)


def _in_order(faults: list[Fault]) -> list[Fault]:
    once = dict.fromkeys(faults)
    return sorted(once, key=lambda fault: (fault.line, fault.column))


def _unsupported(document: Document) -> Iterator[Fault]:
    if not isinstance(document.value, dict):
        yield document.fault((), "this is not a mapping file", "it begins with flow:")
        return
    source = document.section("from")
    if "directory" in document.value:
        message = "directory files are not supported in this version"
        yield document.fault(("directory",), message, key=True)
    elif "crm" in source and "system" not in source:
        message = "dial files are not supported in this version"
        yield document.fault(("from", "crm"), message, key=True)
