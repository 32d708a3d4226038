"""What can be wrong between the parts of ``find``, ``internal`` and ``never``.

Every check takes the plain value, however wrong its other parts are, so that all
mistakes are told at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connector.mapping.document import Document, Path
from connector.mapping.faults import Fault, suggest
from connector.mapping.names import Scope
from connector.mapping.rules import verb_of
from connector.model import FieldType

BETWEEN = ("agent.phone", "customer.phone")
"""The stream's fields with the two numbers of a call."""

NEVER_IN = ("customer.phone",)
"""The stream's fields that are searched for numbers never to be logged."""

CALL_TYPE = "CallType"
"""The CRM's field that says Internal."""

USER = "User"
"""The object that no call makes a record of."""

_PHONES: frozenset[FieldType] = frozenset({"phone", "text"})
_TYPES: Mapping[str, frozenset[FieldType]] = MappingProxyType(
    {
        "phone": _PHONES,
        "email": frozenset[FieldType]({"text"}),
        "id": frozenset[FieldType]({"text", "integer"}),
        "field": frozenset[FieldType]({"text", "integer", "phone"}),
    }
)


def faults_in_links(document: Document, scope: Scope) -> Iterator[Fault]:
    """Yield what the parts of a file's links make wrong together."""
    for name, rule in document.section("fields").items():
        if isinstance(rule, dict) and verb_of(rule) == "find":
            find = _Find(path=("fields", name), rule=rule, file=document, scope=scope)
            for check in (_source, _types, _ties, _none, _create, _twice):
                yield from check(find)
    yield from _internal(document, scope)
    yield from _never(document, scope)


def objects_of(rule: Mapping[str, object]) -> list[object]:
    """Return what a rule has under ``find``, as a list."""
    given = rule.get("find")
    return given if isinstance(given, list) else [given]


def made_of(objects: Iterable[object]) -> object:
    """Return the object that ``none: create`` makes where the file doesn't say."""
    several = list(objects)
    return "Lead" if "Lead" in several else several[-1] if several else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Find:
    """One rule with ``find``, as the file has it."""

    path: tuple[str, str]
    rule: Mapping[str, object]
    file: Document
    scope: Scope

    def fault(
        self, *path: str | int, message: str, hint: str = "", key: bool = False
    ) -> Fault:
        return self.file.fault((*self.path, *path), message, hint, key=key)

    @property
    def create(self) -> Mapping[str, object]:
        given = self.rule.get("create")
        return given if isinstance(given, dict) else {}


# ── find ───────────────────────────────────────────────────────────────────


def _source(find: _Find) -> Iterator[Fault]:
    if "from" in find.rule and "first" in find.rule:
        yield find.fault(
            "first", message="'from' and 'first'", hint="keep one", key=True
        )
    if not ("from" in find.rule or "first" in find.rule):
        hint = "such as from: customer.phone"
        yield find.fault(message="'from' or 'first' is missing", hint=hint)


def _types(find: _Find) -> Iterator[Fault]:
    by = str(find.rule.get("by")).partition(" ")[0]
    first = find.rule.get("first")
    given: list[tuple[Path, object]] = [(("from",), find.rule.get("from"))]
    given += _items("first", first if isinstance(first, list) else [])
    for path, name in given:
        if by in _TYPES and (kind := _type_other_than(_TYPES[by], name, find.scope)):
            message = f"'{name}' is {kind}, and nobody is found by {by} with that"
            yield find.fault(*path, message=message)


def _items(key: str, items: Iterable[object]) -> Iterator[tuple[Path, object]]:
    """Yield each item of a list with its path."""
    return (((key, at), item) for at, item in enumerate(items))


def _type_other_than(
    kinds: frozenset[FieldType], name: object, scope: Scope
) -> FieldType | None:
    """Return the type of a field of the stream that is none of ``kinds``."""
    field = scope.stream.field(str(name)) if scope.stream else None
    return field.type if field and field.type not in kinds else None


def _none(find: _Find) -> Iterator[Fault]:
    none = find.rule.get("none")
    for key in ("default", "create"):
        if key in find.rule and none != key:
            hint = f"add 'none: {key}', or leave '{key}' out"
            message = f"'{key}' does nothing without 'none: {key}'"
            yield find.fault(key, message=message, hint=hint, key=True)
    by = find.rule.get("by")
    if none == "create" and isinstance(by, str) and by != "phone":
        message = "only where somebody is looked for by phone can they be created"
        yield find.fault("none", message=message, hint="say by: phone, or none: leave")
    made = find.create.get("object", made_of(objects_of(find.rule)))
    if none == "create" and made == USER:
        message = "no call makes a User: administrators do"
        yield find.fault("none", message=message, hint="say none: default, or leave")


def _ties(find: _Find) -> Iterator[Fault]:
    if "ties" in find.rule and find.rule.get("by") == "id":
        message = "'ties' does nothing with 'by: id': an id is one record's"
        yield find.fault("ties", message=message, hint="leave it out", key=True)


def _create(find: _Find) -> Iterator[Fault]:
    made, objects = find.create.get("object"), objects_of(find.rule)
    if isinstance(made, str) and made not in objects:
        message = f"'{made[:80]}' is not among the objects to find"
        hint = suggest(made, map(str, objects))
        yield find.fault("create", "object", message=message, hint=hint)
    fields = find.create.get("fields")
    for name, rule in (fields if isinstance(fields, dict) else {}).items():
        path = ("create", "fields", name)
        if name == find.create.get("key"):
            message = f"'{name}' is the key, which gets the number by itself"
            yield find.fault(*path, message=message, hint="leave it out", key=True)
        if isinstance(rule, dict) and "write" in rule:
            message = "'write' does nothing here: the record is made once"
            yield find.fault(*path, "write", message=message, key=True)


def _twice(find: _Find) -> Iterator[Fault]:
    objects = objects_of(find.rule)
    for at, name in enumerate(objects):
        if isinstance(name, str) and name in objects[:at]:
            yield find.fault("find", at, message=f"'{name[:80]}' is here twice")
    yield from same_names(find.file, (*find.path, "create", "fields"))


def same_names(document: Document, path: tuple[str, ...]) -> Iterator[Fault]:
    """Yield the keys at ``path`` that the CRM takes for one name."""
    first: dict[str, str] = {}
    for name in document.section(*path):
        known = first.setdefault(name.casefold(), name)
        if known != name:
            message = f"'{known}' and '{name}' are the same field to the CRM"
            yield document.fault((*path, name), message, key=True)


# ── internal and never ─────────────────────────────────────────────────────


def _internal(document: Document, scope: Scope) -> Iterator[Fault]:
    given = document.at(("internal",))
    if given is None:
        return
    section = given if isinstance(given, dict) else {"calls": given}
    if section.get("calls") == "log" and CALL_TYPE not in document.section("fields"):
        message = f"calls cannot be logged as internal without the field {CALL_TYPE}"
        hint = f"add {CALL_TYPE} to 'fields', or say skip"
        yield document.fault(("internal",), message, hint, key=True)
    hint = "say which two have the numbers: {calls: skip, between: [one, other]}"
    path = ("internal", "between")
    yield from _numbers_in(document, scope, path, (BETWEEN, hint))


def _never(document: Document, scope: Scope) -> Iterator[Fault]:
    if document.at(("never",)) is not None:
        hint = "say where to look: {numbers: […], fields: [one, other]}"
        path = ("never", "fields")
        yield from _numbers_in(document, scope, path, (NEVER_IN, hint))


def _numbers_in(
    document: Document,
    scope: Scope,
    path: tuple[str, str],
    otherwise: tuple[tuple[str, ...], str],
) -> Iterator[Fault]:
    """Check the fields that have numbers; ``otherwise``: the usual ones, and a hint."""
    given = document.at(path)
    usual, hint = otherwise
    for at, name in enumerate(given if isinstance(given, list) else ()):
        if kind := _type_other_than(_PHONES, name, scope):
            message = f"'{name}' is {kind}, and holds no phone number"
            yield document.fault((*path, at), message)
    for name in usual if given is None and scope.stream else ():
        if scope.stream and scope.stream.field(name) is None:
            message = f"the stream has no field '{name}'"
            yield document.fault(path[:1], message, hint, key=True)
