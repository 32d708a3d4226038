"""What can be wrong between the parts of one file, without asking anybody.

Every check takes the plain value, however wrong its other parts are, so that all
mistakes are told at once.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from types import MappingProxyType

from connector.mapping.convert import to_date, to_datetime, to_time
from connector.mapping.document import Document
from connector.mapping.faults import Fault, suggest
from connector.mapping.kinds import kind_of
from connector.mapping.names import Scope
from connector.mapping.offline_dial import faults_in_dial
from connector.mapping.offline_directory import faults_in_directory
from connector.mapping.offline_existing import faults_in_existing
from connector.mapping.offline_links import faults_in_links, same_names
from connector.model import FieldType, StreamOption

# What may not be said of the key, and why.
_NOT_OF_THE_KEY: Mapping[str, str] = MappingProxyType(
    {
        "value": "every record would have the same key",
        "default": "every record without a key would have the same one",
        "fit": "two keys that begin alike would become one",
        "write": "the key is sent always",
        "find": "the key is the vendor's own id",
    }
)


def faults_between(document: Document, scope: Scope) -> Iterator[Fault]:
    """Yield what the parts of a file make wrong together."""
    kind = kind_of(document.value)
    if kind == "<directory>":
        yield from _clock(document, scope)
        yield from faults_in_directory(document)
        return
    if kind == "<dial>":
        yield from _clock(document, scope)
        yield from faults_in_dial(document, scope)
        return
    for check in (
        _clock,
        _since,
        _reread,
        _key,
        _twice,
        _options,
        _compared,
        faults_in_links,
        faults_in_existing,
    ):
        yield from check(document, scope)


def _clock(document: Document, _: Scope) -> Iterator[Fault]:
    given = document.section()
    if "every" in given and "cron" in given:
        yield document.fault(("cron",), "'every' and 'cron'", "keep one", key=True)
    if not ("every" in given or "cron" in given):
        hint = "such as every: 2 minutes"
        yield document.fault((), "'every' or 'cron' is missing", hint)


def _since(document: Document, scope: Scope) -> Iterator[Fault]:
    if scope.stream is None:
        return
    given = "since" in document.section("from")
    if given and scope.stream.scanned:
        message = f"{scope.system}'s {scope.stream.name} is read whole every time"
        yield document.fault(("from", "since"), message, "leave 'since' out", key=True)
    elif not given and not scope.stream.scanned:
        yield document.fault(("from",), "'since' is missing", "such as since: 7 days")


def _reread(document: Document, scope: Scope) -> Iterator[Fault]:
    if "reread" in document.section() and scope.stream and not scope.stream.rereadable:
        message = f"{scope.system}'s {scope.stream.name} cannot be read again"
        yield document.fault(("reread",), message, "leave 'reread' out", key=True)


def _key(document: Document, _: Scope) -> Iterator[Fault]:
    fields, key = document.section("fields"), document.section("to").get("key")
    if not isinstance(key, str) or not fields:
        return
    if key not in fields:
        hint = suggest(key, fields) if len(fields) > 1 else ""
        message = f"the key '{key[:80]}' is not among the fields"
        yield document.fault(("to", "key"), message, hint)
        return
    for word in _NOT_OF_THE_KEY.keys() & document.section("fields", key).keys():
        message = f"the key cannot have '{word}': {_NOT_OF_THE_KEY[word]}"
        yield document.fault(("fields", key, word), message, key=True)


def _twice(document: Document, _: Scope) -> Iterator[Fault]:
    yield from same_names(document, ("fields",))


# ── options ────────────────────────────────────────────────────────────────


def _options(document: Document, scope: Scope) -> Iterator[Fault]:
    if scope.stream is None:
        return
    known = {option.name: option for option in scope.stream.options}
    for name, value in document.section("from", "options").items():
        path = ("from", "options", name)
        if name not in known:
            message = f"unknown option '{name[:80]}'"
            yield document.fault(path, message, suggest(name, known), key=True)
            continue
        yield from (
            document.fault(path, f"{name}: {message}", hint)
            for message, hint in _wrong_option(value, known[name])
        )


def _wrong_option(value: object, option: StreamOption) -> Iterator[tuple[str, str]]:
    if isinstance(value, list) != option.many:
        yield ("must be a list" if option.many else "must be one value", "")
        return
    for item in value if isinstance(value, list) else [value]:
        if not _is_a(item, option.type):
            hint = "put it in quotes" if option.type in _QUOTED else ""
            yield f"'{str(item)[:80]}' is not {option.type}", hint
        elif option.choices and str(item) not in option.choices:
            yield (
                f"unknown choice '{str(item)[:80]}'",
                suggest(str(item), option.choices),
            )


# ── values of a type ───────────────────────────────────────────────────────

_QUOTED: frozenset[FieldType] = frozenset({"text", "phone"})


def _compared(document: Document, scope: Scope) -> Iterator[Fault]:
    if scope.stream is None:
        return
    for name, operators in document.section("when").items():
        field = scope.stream.field(name)
        for operator, value in _constants(operators):
            if field and not comparable(value, field.type):
                message = f"'{str(value)[:80]}' is not {field.type}, as {name} is"
                yield document.fault(("when", name, operator), message)


def _constants(operators: object) -> Iterator[tuple[str, object]]:
    given = operators if isinstance(operators, dict) else {}
    for operator, value in given.items():
        if operator != "blank":
            values = value if isinstance(value, list) else [value]
            yield from ((operator, item) for item in values)


def comparable(value: object, kind: FieldType) -> bool:
    """Say whether values of a ``kind`` can be compared with a constant of a file."""
    if value is None or kind in {"text", "phone", "list"}:
        return True
    return _is_a(value, "number" if kind == "integer" else kind)


def _is_a(value: object, kind: FieldType) -> bool:
    try:
        return _KINDS[kind](value)
    except (ValueError, OverflowError):
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _reads(read: Callable[[object], object], value: object) -> bool:
    read(value)
    return True


_KINDS: Mapping[FieldType, Callable[[object], bool]] = MappingProxyType(
    {
        "text": lambda value: isinstance(value, str),
        "phone": lambda value: isinstance(value, str),
        "list": lambda value: isinstance(value, str),
        "integer": lambda value: _is_number(value) and not isinstance(value, float),
        "number": _is_number,
        "boolean": lambda value: isinstance(value, bool),
        "date": lambda value: _reads(lambda given: to_date(given, UTC), value),
        "datetime": lambda value: _reads(lambda given: to_datetime(given, UTC), value),
        "time": lambda value: _reads(lambda given: to_time(given, UTC), value),
    }
)
