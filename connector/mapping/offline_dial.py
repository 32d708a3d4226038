"""What can be wrong between the parts of a dial file, and every name that it reads.

Every check takes the plain value, however wrong its other parts are, so that all
mistakes are told at once.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from connector.mapping.answered import ANSWER
from connector.mapping.document import Document, Path
from connector.mapping.faults import Fault, suggest
from connector.mapping.names import Scope
from connector.mapping.offline_call import faults_in_call, parameters_in
from connector.mapping.offline_links import same_names
from connector.mapping.rules import IMPOSSIBLE
from connector.mapping.template import names_in, parse_template
from connector.model import FieldType

_ANSWER: Final[Mapping[str, FieldType]] = MappingProxyType(
    {field.name: field.type for field in ANSWER}
)
_OF_ANSWER: Final = tuple({f"{name.split('.')[0]}." for name in _ANSWER if "." in name})
"""How the names of an answer begin that have a dot."""


class Read(NamedTuple):
    """A name that a file reads, and where it stands; ``key``: as a key, not a value."""

    name: str
    path: Path
    key: bool = False


def fields_read(document: Document) -> Iterator[Read]:
    """Yield what a dial file reads of its records, in the file's order of sections."""
    for name in document.section("from", "where"):
        yield Read(name, ("from", "where", name), key=True)
    yield from _texts(document.section("request"), ("request",), ("id", "at"))
    for read in (*_by_call(document), *_by_guards(document)):
        yield read
    for read in _by_answer(document):
        if read.name not in _ANSWER:
            yield read


def _by_call(document: Document) -> Iterator[Read]:
    for name in parameters_in(document):
        yield from _by_rule(document, ("call", name))


def _by_guards(document: Document) -> Iterator[Read]:
    yield from _listed(document, ("guards", "do_not_call"))


def _by_answer(document: Document) -> Iterator[Read]:
    for state in document.section("answer"):
        for name in document.section("answer", state):
            yield from _by_rule(document, ("answer", state, name))


def _by_rule(document: Document, path: tuple[str, ...]) -> Iterator[Read]:
    rule = document.section(*path)
    yield from _texts(rule, path, ("from",))
    yield from _listed(document, (*path, "first"))
    try:
        parts = parse_template(str(rule.get("template", "")))
    except ValueError:
        return
    yield from (Read(name, (*path, "template")) for name in names_in(parts))


def _texts(
    given: Mapping[str, object], path: Path, keys: tuple[str, ...]
) -> Iterator[Read]:
    for key in keys:
        name = given.get(key)
        if isinstance(name, str):
            yield Read(name, (*path, key))


def _listed(document: Document, path: tuple[str, ...]) -> Iterator[Read]:
    given = document.at(path)
    for at, name in enumerate(given if isinstance(given, list) else ()):
        if isinstance(name, str):
            yield Read(name, (*path, at))


# ── faults ─────────────────────────────────────────────────────────────────


def faults_in_dial(document: Document, scope: Scope) -> Iterator[Fault]:
    """Yield what the parts of a dial file make wrong together."""
    yield from same_names(document, ("from", "where"))
    yield from _request(document)
    yield from _claim(document)
    yield from faults_in_call(document, scope)
    yield from _too_early(document)
    yield from _answer(document)


def _request(document: Document) -> Iterator[Fault]:
    one, other = (_field(document, key) for key in ("id", "at"))
    if one and one == other:
        message = f"'{one[:80]}' cannot be both the request's id and its time"
        yield document.fault(("request", "at"), message)


def _field(document: Document, key: str) -> str:
    """Return a field of ``request``, letter case aside as to the CRM."""
    return str(document.section("request").get(key) or "").casefold()


def _claim(document: Document) -> Iterator[Fault]:
    claimed, asking = document.at(("claim", "object")), document.at(("from", "crm"))
    if isinstance(claimed, str) and claimed.casefold() == str(asking).casefold():
        message = f"a claim cannot be a {claimed[:80]}: that is what asks for the call"
        hint = "claims have an object of their own, such as Call_Dial__c"
        yield document.fault(("claim", "object"), message, hint)


# ── names ──────────────────────────────────────────────────────────────────


def _too_early(document: Document) -> Iterator[Fault]:
    for read in (*_by_call(document), *_by_guards(document)):
        if read.name in _ANSWER or read.name.startswith(_OF_ANSWER):
            message = f"'{read.name[:80]}' is known after the call only"
            yield document.fault(read.path, message, "it goes into 'answer'")


# ── answer ─────────────────────────────────────────────────────────────────


def _answer(document: Document) -> Iterator[Fault]:
    if document.at(("answer",)) == {}:
        hint = "such as placed: {Call_Request__c: {value: Placed}}"
        yield document.fault(("answer",), "'answer' says nothing", hint, key=True)
    for read in _by_answer(document):
        if read.name not in _ANSWER and read.name.startswith(_OF_ANSWER):
            message = f"an answer has no '{read.name[:80]}'"
            yield document.fault(read.path, message, suggest(read.name, _ANSWER))
        else:
            yield from _type(document, read)
    for state in document.section("answer"):
        yield from same_names(document, ("answer", state))
        yield from _request_again(document, state)


def _type(document: Document, read: Read) -> Iterator[Fault]:
    """Tell where ``as`` says what an answer's field can never be."""
    rule = document.section(*map(str, read.path[:3]))
    kind, wanted = _ANSWER.get(read.name), rule.get("as")
    if "map" in rule or "template" in rule:
        return
    if any(each == wanted and kind in bad for each, bad in IMPOSSIBLE.items()):
        message = f"'{read.name}' is {kind}, which cannot be read as {wanted}"
        yield document.fault(read.path, message)


def _request_again(document: Document, state: str) -> Iterator[Fault]:
    """Tell where an answer would look like another press of the button."""
    fields = {_field(document, "id"): "id", _field(document, "at"): "time"}
    for name in document.section("answer", state):
        if what := fields.get(name.casefold()):
            message = f"{name} is the request's {what}: only the button writes it"
            hint = "leave it out, or it would be another request"
            yield document.fault(("answer", state, name), message, hint, key=True)
