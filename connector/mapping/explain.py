"""Says in an administrator's words, and with places, what pydantic found."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType, NoneType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from connector.mapping import names, schema, schema_dial
from connector.mapping.document import Document, Path
from connector.mapping.faults import Fault, suggest
from connector.mapping.kinds import kind_of
from connector.mapping.rules import verb_of
from connector.mapping.schema_rules import BY_VERB, CreateRule
from connector.mapping.schema_words import Operators, Section

# Pydantic's error types (pydantic 2, "Validation errors") that a file can cause.
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bool_type": "must be true or false",
        "dict_type": "must be a mapping of keys to values",
        "list_type": "must be a list",
        "literal_error": "must be {expected}",
        "model_type": "must be a mapping of keys to values",
        "string_pattern_mismatch": "must be letters, digits and _ (or -, in a flow)",
        "string_too_long": "is longer than {max_length} characters",
        "too_short": "must not be empty",
    }
)

_SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "from": schema.PushFrom,
        "to": schema.PushTo,
        "reread": schema.RereadClock,
        "internal": schema.InternalCalls,
        "never": schema.NeverLogged,
        "existing": schema.ExistingRecords,
    }
)

_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "from": "such as from: {crm: Task, where: {Call_Request__c: {is: Requested}}}",
        "where": "such as where: {Call_Request__c: {is: Requested}}",
        "request": "such as request: {id: Call_Request_Id__c, at: Call_Requested_At__c}",
        "call": "such as call: {dialer: newvoicemedia, to.telephoneNumber: {from: Phone}}",
        "answer": "such as answer: {placed: {Call_Request__c: {value: Placed}}}",
    }
)
"""What a section of a dial file that is missing may look like."""

_AFTER_FINDING = "does not go with 'find': a link is decided once, as it is"
_FIND_ONLY = "goes with 'find' only"
_OF_OTHER_KINDS: Mapping[type[Section], tuple[str, ...]] = MappingProxyType(
    {schema.PushFile: ("directory",), schema.PushFrom: ("crm",)}
)
"""Keys that make a file one of another kind, which it may be meant to be."""
_TO_PUSH = "belongs to a file that pushes, and this one dials"
_TO_DIAL = "belongs to a file that dials, and this one pushes"
_ELSEWHERE: Mapping[type[Section], tuple[type[Section], str]] = MappingProxyType(
    {
        schema_dial.DialFile: (schema.PushFile, _TO_PUSH),
        schema_dial.DialFrom: (schema.PushFrom, _TO_PUSH),
        schema.PushFile: (schema_dial.DialFile, _TO_DIAL),
    }
)
"""Where else a key may be known, and how that is said."""
_OWN_FIELDS: Mapping[str | int, int] = MappingProxyType(
    {"from": 3, "request": 2, "answer": 3, "directory": 3}
)
"""Sections with a record's fields, and how deep these stand at least."""
_MISPLACED: Mapping[tuple[bool, str], str] = MappingProxyType(
    {
        **{(True, key): _AFTER_FINDING for key in ("map", "as", "fit", "write")},
        **{(False, key): _FIND_ONLY for key in ("by", "ties", "none", "create")},
    }
)
"""Why a key does not go with a rule: whether the rule is a ``find``, and the key."""


def explain(error: ValidationError, document: Document) -> Iterator[Fault]:
    """Yield a fault for each of pydantic's errors."""
    for each in error.errors(include_url=False, include_input=False):
        path = _path(each["loc"], document.value)
        kind = each["type"]
        if kind == "none_required":
            continue  # the other half of an optional key, which is told as well
        if kind == "extra_forbidden":
            yield _unknown_key(path, document)
        elif kind == "missing":
            name = str(each["loc"][-1])
            hint = _EXAMPLES.get(name, "") if _dials(document) else ""
            yield document.fault(path, f"'{name}' is missing", hint, key=True)
        else:
            message = f"{_dotted(path)}{_words(each, path, document)}"
            hint = each.get("ctx", {}).get("hint", "")
            is_key = each["loc"][-1] == "[key]"
            yield document.fault(path, message, hint, key=is_key)


def _words(each: ErrorDetails, path: Path, document: Document) -> str:
    """Say what is wrong with the value at ``path``, or with its key."""
    kind, loc = each["type"], each["loc"]
    there = document.at(tuple(map(str, path)))
    if kind == "string_type":
        return _no_text(there, several="<one>" in loc)
    name = path[-1] if loc[-1] == "[key]" else there
    if kind == "string_pattern_mismatch" and _is_beyond(name, path):
        return "only the record's own fields can stand here"
    return _worded(kind, each.get("ctx", {}), each["msg"])


def _is_beyond(name: object, path: Path) -> bool:
    """Say whether this is a field of another record, where fields are to stand."""
    is_field = len(path) >= _OWN_FIELDS.get(path[0], len(path) + 1)
    return is_field and "." in str(name) and bool(names.PATH.fullmatch(str(name)))


def _path(loc: tuple[str | int, ...], value: Any) -> Path:  # noqa: ANN401 - it is YAML
    """Return where ``loc`` is in the file: pydantic puts words of its own in it."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(value, dict):
            inside = part in value
        else:
            inside = isinstance(value, list) and part in range(len(value))
        if inside:
            value = value[part]
            path.append(part)
    return tuple(path)


def _worded(kind: str, context: Mapping[str, Any], otherwise: str) -> str:
    if kind == "mapping":
        return str(context["message"])
    return _WORDS[kind].format_map(context) if kind in _WORDS else otherwise


def _no_text(value: object, *, several: bool) -> str:
    """Say what stands where a text should; ``several``: or a list of them."""
    if isinstance(value, list):
        return "must be one name or text, not a list"
    if isinstance(value, dict):
        other = "; several stand in a list: [one, other]" if several else ""
        return f"must be one name or text, not a mapping{other}"
    return "must be text; put it in quotes"


def _dotted(path: Path) -> str:
    return f"{'.'.join(str(part)[:80] for part in path)}: " if path else ""


def _unknown_key(path: Path, document: Document) -> Fault:
    name = str(path[-1])
    if reason := _misplaced(path, document):
        return document.fault(path, f"'{name}' {reason}", key=True)
    other, reason = _ELSEWHERE.get(_model_at(path, document), (Section, ""))
    if name in _known(other):
        return document.fault(path, f"'{name}' {reason}", "leave it out", key=True)
    hint = suggest(name, _keys_at(path, document))
    return document.fault(path, f"unknown key '{name[:80]}'", hint, key=True)


def _misplaced(path: Path, document: Document) -> str | None:
    match path:
        case ("fields", str(field), str(key)):
            finds = _verb_at(document, "fields", field) == "find"
            return _MISPLACED.get((finds, key))
        case _:
            return None


def _keys_at(path: Path, document: Document) -> list[str]:
    model = _model_at(path, document)
    return [*_known(model), *_OF_OTHER_KINDS.get(model, ())]


def _known(model: type[Section]) -> list[str]:
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if field.annotation is not NoneType  # which is there only to be refused
    ]


def _dials(document: Document) -> bool:
    return kind_of(document.value) == "<dial>"


def _model_at(path: Path, document: Document) -> type[Section]:
    """Return the section that the last key of ``path`` should be one of."""
    kind = kind_of(document.value)
    if kind == "<dial>":
        return _dial_model_at(path, document)
    match path:
        case ("when", _, _) | ("directory", _, "where", _, _):
            return Operators
        case ("directory", _, _):
            return schema.IndexedObject
        case ("fields", _, _, *_):
            return _rule_at(path, document)
        case (str(section), _) if section in _SECTIONS:
            return _SECTIONS[section]
        case _:
            return schema.BY_FILE[kind]


def _dial_model_at(path: Path, document: Document) -> type[Section]:
    match path:
        case ("from", "where", _, _):
            return Operators
        case ("call", _, _) | ("answer", _, _, _):
            return schema_dial.BY_VERB[_verb_at(document, *map(str, path[:-1]))]
        case (str(section), _) if section in schema_dial.SECTIONS:
            return schema_dial.SECTIONS[section]
        case _:
            return schema_dial.DialFile


def _rule_at(path: Path, document: Document) -> type[Section]:
    if path[2:-1] == ("create",):
        return CreateRule
    return BY_VERB[_verb_at(document, *map(str, path[:-1]))]


def _verb_at(document: Document, *path: str) -> str:
    return verb_of(document.at(path))
