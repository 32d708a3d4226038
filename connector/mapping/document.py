"""Reads YAML into plain values and remembers where each one was written.

The node tree is walked here rather than by the library's constructor, which stops
at the first duplicate key: an administrator wants to see every mistake at once.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from connector.errors import MappingError
from connector.mapping.faults import Fault, Place

Path = tuple[str | int, ...]
START = Place(1, 1)

_MOST_NODES = 20_000
_TAG = "tag:yaml.org,2002:"
_PADDED = re.compile(r"[+-]?0\d")
_TRUE = frozenset({"true", "yes", "on"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's values, the places of its values and keys, and what was wrong."""

    file: str
    value: object
    values: Mapping[Path, Place]
    keys: Mapping[Path, Place]
    faults: tuple[Fault, ...]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where the value at ``path`` is, or its ``key``, or what is nearest to it."""
        places = self.keys if key else self.values
        while path and path not in places:
            path = path[:-1]
        return places.get(path, START)

    def at(self, path: tuple[str, ...]) -> object:
        """Return the value at ``path``; None where there is nothing."""
        value = self.value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def section(self, *path: str) -> dict[str, object]:
        """Return the mapping at ``path``; an empty one where it isn't one."""
        value = self.at(path)
        return value if isinstance(value, dict) else {}

    def fault(
        self, path: Path, message: str, hint: str = "", *, key: bool = False
    ) -> Fault:
        """Return a fault at ``path``."""
        line, column = self.place(path, key=key)
        return Fault(
            file=self.file, line=line, column=column, message=message, hint=hint
        )


def read_document(text: str, file: str) -> Document:
    """Read one YAML document.

    Raises MappingError where the text is not YAML; what else is wrong (duplicate
    keys, unknown tags) is in the document's ``faults``.
    """
    try:
        root = _compose(text)
        reader = _Reader(file=file)
        value = None if root is None else reader.read(root, ())
    except (YAMLError, RecursionError, ValueError) as error:
        raise MappingError([_syntax(error, file)]) from error
    return Document(
        file=file,
        value=value,
        values=reader.values,
        keys=reader.keys,
        faults=tuple(reader.faults),
    )


def _compose(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    # Giving two nodes one anchor is valid YAML, and warnings go nowhere useful.
    yaml.composer.warn_double_anchors = False
    root: Node | None = yaml.compose(text)
    return root


def _syntax(error: Exception, file: str) -> Fault:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    line, column = (mark.line + 1, mark.column + 1) if mark else START
    if isinstance(error, RecursionError):
        problem = "nested too deeply"
    elif isinstance(error, MarkedYAMLError):
        problem = str(error.problem or error.context or "")
    else:
        problem = str(error).partition("\n")[0]
    message = f"not valid YAML: {problem}"
    return Fault(file=file, line=line, column=column, message=message)


def _integer(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError(f"write '{text}' in quotes, or {number} if it is a number")
    return number


def _number(text: str) -> float:
    number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    if not math.isfinite(number) or _PADDED.match(text):
        raise ValueError(f"{text} is not a number that can be sent; quote it if text")
    return number


def _moment(text: str) -> date | datetime | str:
    if len(text) == len("2026-01-31"):
        return date.fromisoformat(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


_SCALARS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        f"{_TAG}str": str,
        f"{_TAG}null": lambda _: None,
        f"{_TAG}bool": lambda text: text.lower() in _TRUE,
        f"{_TAG}int": _integer,
        f"{_TAG}float": _number,
        f"{_TAG}timestamp": _moment,
    }
)


@dataclass(slots=True, kw_only=True)
class _Reader:
    file: str
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    seen: int = 0

    def read(self, node: Node, path: Path) -> object:
        """Return the node's plain value; note where it is."""
        self.values.setdefault(path, _place(node))
        self.seen += 1
        if id(node) in self.open or self.seen > _MOST_NODES:
            raise ValueError("an alias that contains itself, or far too many values")
        self.open.add(id(node))
        value = self._value(node, path)
        self.open.discard(id(node))
        return value

    def _value(self, node: Node, path: Path) -> object:
        if isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.read(item, (*path, at)) for at, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        self._wrong(node, f"the tag '{node.tag}' is not supported")
        return None

    def _scalar(self, node: ScalarNode) -> object:
        try:
            return _SCALARS[str(node.tag)](_whole(node))
        except KeyError:
            self._wrong(node, f"the tag '{node.tag}' is not supported")
        except ValueError as error:
            self._wrong(node, _first_line(error))
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key_node, value_node in node.value:
            if key_node.tag == f"{_TAG}merge":
                merged = self._merged(value_node, path) | merged
            else:
                self._entry(found, key_node, value_node, path)
        return merged | found

    def _entry(
        self, found: dict[str, object], key_node: Node, value_node: Node, path: Path
    ) -> None:
        key = self._key(key_node)
        if key is None:
            return
        if key in found:
            first = self.keys[*path, key].line
            message = f"'{key}' is here twice (the first is in line {first})"
            self._wrong(key_node, message)
            return
        self.keys[*path, key] = _place(key_node)
        self.values[*path, key] = _place(value_node)
        found[key] = self.read(value_node, (*path, key))

    def _key(self, node: Node) -> str | None:
        if not isinstance(node, ScalarNode) or node.tag == f"{_TAG}null":
            self._wrong(node, "a key must be text")
            return None
        try:
            text = _whole(node)
        except ValueError as error:
            self._wrong(node, _first_line(error))
            return None
        # As written, so that a map's 007 or +358 keeps its first characters.
        return text.lower() if node.tag == f"{_TAG}bool" else text

    def _merged(self, node: Node, path: Path) -> dict[str, object]:
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        merged: dict[str, object] = {}
        for each in nodes:
            if not isinstance(each, MappingNode):
                self._wrong(each, "'<<' takes a mapping, or a list of mappings")
                continue
            value = self.read(each, path)
            merged = (value if isinstance(value, dict) else {}) | merged
        return merged

    def _wrong(self, node: Node, message: str) -> None:
        line, column = _place(node)
        self.faults.append(
            Fault(file=self.file, line=line, column=column, message=message)
        )


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _whole(node: ScalarNode) -> str:
    text = str(node.value)
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("half of a character: it cannot be sent")
    return text
