"""A vendor's documented operation, as data: where it is, what it takes, and in which
words it refuses what is wrong. So that is known before a request leaves.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import quote

from connector.errors import RefusedError
from connector.transport.jsontext import Json
from connector.transport.request import Request, Upload

Kind = Literal[
    "text", "integer", "number", "boolean", "list", "object", "text or object", "file"
]
Place = Literal["body", "whole", "query", "path", "form", "file"]
"""``whole``: it is the body, all of it. ``form``: one of a form's fields."""
Values = Mapping[str, Json]
"""What is asked for, by the document's names; objects and lists nested as they are."""

BLANK: Final[tuple[object, ...]] = (None, "", [], {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One documented parameter.

    ``name`` as the document has it: inside an object ``from.agentId``, inside each
    object of a list ``accounts[].email``; a query's names, such as ``updated_at[from]``,
    are themselves. ``least`` and ``most`` are of a text's
    characters, of a number's value, of a list's items. ``choices``: with ``any_case``
    however they are written. ``fits``: a regular expression
    for a whole text, or for each text of a list. ``missing`` and ``refusal`` are the
    vendor's words, where it has some; ``{name}`` and ``{value}`` stand for those.
    """

    name: str
    kind: Kind = "text"
    place: Place = "body"
    required: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    any_case: bool = False
    fits: str = ""
    missing: str = "{name} is required"
    refusal: str = ""

    def refusals(self, values: Values) -> Iterator[str]:
        """Yield what is wrong with it in ``values``, in the vendor's words."""
        for value in self._given(values):
            if value in BLANK:
                if self.required:
                    yield self.missing.format(name=self.name)
            elif found := next((w for ok, w in _TESTS if not ok(self, value)), None):
                words = self.refusal or found(self)
                yield words.format(name=self.name, value=_shown(value))

    @property
    def key(self) -> str:
        """The name among the values: its own, or that of what it is inside of."""
        return self.name if self.place == "query" else _top(self.name)

    def _given(self, values: Values) -> Iterator[Json]:
        if self.place == "query":
            yield values.get(self.name)
        else:
            yield from _at(values, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A documented rule about several parameters; ``name`` is the one to blame."""

    name: str
    kept: Callable[[Values], bool]
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a vendor's document.

    ``name`` is that of the client's method. ``path`` has its parameters in braces.
    ``once``: done twice it would be done two times (see `Request`). ``refusals``:
    messages of a 4xx that are documented beside those of its parameters and rules,
    as regular expressions. ``section``: where the document has it.
    """

    name: str
    method: str
    path: str
    section: str
    params: tuple[Param, ...] = ()
    rules: tuple[Rule, ...] = ()
    refusals: tuple[str, ...] = ()
    once: bool = False

    def request(self, values: Values) -> Request:
        """Return the request for ``values``; blank ones are left out.

        Raises RefusedError for the first thing that the vendor would refuse.
        """
        given = {name: value for name, value in values.items() if value is not None}
        self._check(given)
        parts: dict[Place, dict[str, Json]] = {}
        for name, value in given.items():
            parts.setdefault(self._places[name], {})[name] = value
        path = {n: quote(str(v), safe="") for n, v in parts.get("path", {}).items()}
        return Request(
            method=self.method,
            path=self.path.format(**path),
            query=tuple(_texts(parts.get("query", {}))),
            json=self._json(parts),
            form=dict(_texts(parts["form"])) if "form" in parts else None,
            files=parts.get("file", {}),
            once=self.once,
        )

    @property
    def _places(self) -> Mapping[str, Place]:
        return {param.key: param.place for param in self.params}

    def _json(self, parts: Mapping[Place, Mapping[str, Json]]) -> Json | None:
        if "whole" in parts:
            (body,) = parts["whole"].values()
            return body
        if "body" in parts or "body" in self._places.values():
            return dict(parts.get("body", {}))
        return None

    def _check(self, values: Values) -> None:
        for name in values:
            if name not in self._places:
                message = f"{self.path} has no parameter {name}"
                raise RefusedError(message, parameter=name)
        for param in self.params:
            for words in param.refusals(values):
                raise RefusedError(words, parameter=param.name)
        for rule in self.rules:
            if not rule.kept(values):
                raise RefusedError(rule.refusal, parameter=rule.name)


def _top(name: str) -> str:
    """The name of the parameter that another one is inside of."""
    return re.split(r"[.\[]", name, maxsplit=1)[0]


def _at(values: Json, name: str) -> Iterator[Json]:
    """Yield what is at a name; what is not there is None, inside what is there."""
    head, dot, rest = name.partition(".")
    each = head.endswith("[]")
    value = values.get(head.removesuffix("[]")) if isinstance(values, Mapping) else None
    found = value if each and isinstance(value, list) else [value]
    for one in found:
        if not dot:
            yield one
        elif one is not None:
            yield from _at(one, rest)


def _texts(values: Values) -> Iterator[tuple[str, str]]:
    """Yield values as a query or a form has them; a list's each by itself."""
    for name, value in values.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            yield name, str(one).lower() if isinstance(one, bool) else str(one)


# ── what can be wrong with a value ─────────────────────────────────────────


def _is_kind(param: Param, value: Json) -> bool:
    return _KINDS[param.kind](value)


def _is_sized(param: Param, value: Json) -> bool:
    size: Any = len(value) if isinstance(value, Sequence) else value
    if isinstance(value, bool | Mapping | Upload):
        return True
    low = param.least is None or size >= param.least
    return low and (param.most is None or size <= param.most)


def _is_choice(param: Param, value: Json) -> bool:
    each = value if isinstance(value, list) else [value]
    if param.any_case:
        lower = {choice.lower() for choice in param.choices}
        return all(str(one).lower() in lower for one in each)
    return not param.choices or all(one in param.choices for one in each)


def _is_fit(param: Param, value: Json) -> bool:
    each = value if isinstance(value, list) else [value]
    return not param.fits or all(re.fullmatch(param.fits, str(one)) for one in each)


def _size_words(param: Param) -> str:
    unit = {"text": " characters", "list": " items"}.get(param.kind, "")
    match param.least, param.most:
        case None, most:
            return f"{{name}}: at most {most:g}{unit}"
        case least, None:
            return f"{{name}}: at least {least:g}{unit}"
        case least, most:
            return f"{{name}}: {least:g} to {most:g}{unit}"


_KINDS: Mapping[Kind, Callable[[Json], bool]] = MappingProxyType(
    {
        "text": lambda value: isinstance(value, str),
        "integer": lambda value: type(value) is int,
        "number": lambda v: isinstance(v, Real) and not isinstance(v, bool),
        "boolean": lambda value: isinstance(value, bool),
        "list": lambda value: isinstance(value, list),
        "object": lambda value: isinstance(value, Mapping),
        "text or object": lambda value: isinstance(value, str | Mapping),
        "file": lambda value: isinstance(value, Upload),
    }
)
_Test = Callable[[Param, Json], bool]
_TESTS: tuple[tuple[_Test, Callable[[Param], str]], ...] = (
    (_is_kind, lambda param: f"{{name}} must be {param.kind}"),
    (_is_sized, _size_words),
    (_is_choice, lambda p: f"{{name}} must be one of {', '.join(p.choices)}"),
    (_is_fit, lambda _: "{name}: {value} is not as documented"),
)
"""In this order, and how each is said where the vendor has no words of its own."""


def _shown(value: Json) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
