"""Whether what a rule makes goes into the CRM field it is for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple

from connector.errors import RecordError
from connector.mapping.convert import MISSING
from connector.mapping.faults import suggest
from connector.mapping.flow import Constant, FieldRule, FirstOf, Template, Written
from connector.mapping.rules import IMPOSSIBLE
from connector.mapping.target import family, units
from connector.mapping.verbs import Setting, finisher, shown
from connector.model import CrmField, FieldType, Scalar, Stream

_SHORT = 255
_NOTES = frozenset({"text", "list"})
_PLAIN_TEXT = frozenset({"string", "textarea"})
PICKLISTS = frozenset({"picklist", "multipicklist"})

_TYPES: Mapping[type, FieldType] = MappingProxyType(
    {
        str: "text",
        bool: "boolean",
        int: "integer",
        float: "number",
        date: "date",
        datetime: "datetime",
    }
)


class Finding(NamedTuple):
    """Something that the CRM will not take (an error) or may not (a warning)."""

    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"


def findings(
    rule: FieldRule, field: CrmField, stream: Stream, setting: Setting
) -> Iterator[Finding]:
    """Yield what is wrong with writing ``rule``'s values into ``field``."""
    kind = family(field)
    if not field.createable:
        yield Finding(f"{field.name} cannot be written", "leave it out")
    elif kind is None:
        yield Finding(f"{field.name} is {field.type}, which no mapping can write")
    elif rule.truncate and kind != "text":
        yield Finding(f"'fit' cuts text, and {field.name} is {field.type}")
    elif not _goes_into(result_type(rule, stream), kind):
        yield _mismatch(rule, field, stream, kind)
    else:
        yield from _constants(rule, field, setting)
        yield from _too_short(rule, field, stream)


# ── types ──────────────────────────────────────────────────────────────────


def result_type(rule: FieldRule, stream: Stream) -> FieldType | None:
    """Return the type of the values that ``rule`` makes, None where it varies."""
    if rule.kind is not None:
        return rule.kind
    if rule.map is not None:
        return _common(_type_of(value) for value in rule.map.values())
    match rule.verb:
        case Template():
            return "text"
        case Written(value=value):
            return _type_of(value)
        case FirstOf(names=names):
            return _common(_type_in(stream, name) for name in names)


def _type_in(stream: Stream, name: str) -> FieldType | None:
    field = stream.field(name)
    return field.type if field else None


def _type_of(value: Constant) -> FieldType | None:
    return _TYPES.get(type(value))


def _common(types: Iterable[FieldType | None]) -> FieldType | None:
    several = {each for each in types if each is not None}
    return several.pop() if len(several) == 1 else None


def _goes_into(made: FieldType | None, kind: FieldType) -> bool:
    if made is None or (made, kind) == ("integer", "number"):
        return True
    return kind in {made, "text"}


def _mismatch(
    rule: FieldRule, field: CrmField, stream: Stream, kind: FieldType
) -> Finding:
    made = result_type(rule, stream)
    possible = made is not None and made not in IMPOSSIBLE[kind]
    hint = f"add 'as: {kind}'" if possible and rule.kind is None else ""
    return Finding(f"{field.name} is {field.type}, and this makes {made}", hint)


# ── what the file itself says ──────────────────────────────────────────────


def _constants(rule: FieldRule, field: CrmField, setting: Setting) -> Iterator[Finding]:
    finish = finisher(replace(rule, map=None), field, setting)
    for value in _written(rule):
        try:
            made = finish(value)
        except (RecordError, ValueError, OverflowError) as error:
            yield Finding(f"{shown(value)} cannot go into {field.name}: {error}")
        else:
            yield from _too_long(made, field)
            yield from _not_a_choice(made, field)


def _written(rule: FieldRule) -> Iterator[Constant]:
    if rule.map is not None:
        yield from rule.map.values()
    elif isinstance(rule.verb, Written):
        yield rule.verb.value
    if rule.default is not MISSING:
        yield rule.default


def _too_long(made: Scalar, field: CrmField) -> Iterator[Finding]:
    if isinstance(made, str) and 0 < field.length < units(made):
        message = f"{shown(made)} is longer than {field.length} characters"
        yield Finding(message, "shorten it, or add 'fit: truncate'")


def _not_a_choice(made: Scalar, field: CrmField) -> Iterator[Finding]:
    if not (isinstance(made, str) and field.type in PICKLISTS and field.choices):
        return
    choices = made.split(";") if field.type == "multipicklist" else [made]
    for choice in choices:
        if choice not in field.choices:
            message = f"{shown(choice)} is not a choice of {field.name}"
            severity: Literal["error", "warning"]
            severity = "error" if field.restricted else "warning"
            yield Finding(message, suggest(choice, field.choices), severity)


def _too_short(rule: FieldRule, field: CrmField, stream: Stream) -> Iterator[Finding]:
    if not isinstance(rule.verb, FirstOf) or rule.truncate:
        return
    endless = result_type(rule, stream) in _NOTES and rule.map is None
    if endless and field.type in _PLAIN_TEXT and 0 < field.length <= _SHORT:
        message = f"text over {field.length} characters will be refused"
        yield Finding(message, "add 'fit: truncate'", "warning")
