"""Compiles a push flow to one plain function from a record to a row."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2b

import msgspec

from connector.errors import RecordError, SchemaMismatchError
from connector.mapping.conditions import predicate
from connector.mapping.convert import MISSING, blank, to_text
from connector.mapping.finding import Find, compile_finds, compile_never
from connector.mapping.flow import (
    FieldRule,
    FirstOf,
    Making,
    PushFlow,
    Template,
    Verb,
)
from connector.mapping.offline_links import CALL_TYPE
from connector.mapping.target import units
from connector.mapping.verbs import (
    Evaluate,
    Fields,
    Read,
    Setting,
    evaluator,
    reader,
    shown,
)
from connector.model import CrmField, CrmObject, Payload, Record, Row, Want

Apply = Callable[[Record], Row | None]
_Rules = tuple[tuple[str, Evaluate], ...]

_HASH_BYTES = 16
_INTERNAL = "Internal"

_canonical = msgspec.json.Encoder(order="sorted").encode


def compile_push(flow: PushFlow, target: CrmObject) -> Apply:
    """Return the function that makes a record the row that ``flow`` wants.

    It returns None for a record that ``when`` or ``never`` leaves out, and raises
    RecordError, and nothing else, for one that can't go in. Raises SchemaMismatchError where
    ``target`` lacks a field that the flow names.
    """
    setting = Setting(zone=flow.zone, regions=flow.regions)
    holds = _taken(flow)
    wants = _wants(compile_finds(flow, target))
    key = _key(flow, target, setting)
    always = _rules(_sent_always(flow, target), target, setting)
    once = _rules(_sent_once(flow, target), target, setting)

    def apply(record: Record) -> Row | None:
        fields = record.fields
        if not holds(fields):
            return None
        update = _payload(always, fields)
        return Row(
            key=key(fields),
            record=record,
            update=update,
            create=update | _payload(once, fields) if once else update,
            hash=payload_hash(update),
            wants=wants(fields),
        )

    return apply


def as_internal(row: Row) -> Row:
    """Return the row of a call between colleagues, as its CallType says.

    What is sent on creation only stays so.
    """
    once = CALL_TYPE in row.create and CALL_TYPE not in row.update
    update = row.update if once else {**row.update, CALL_TYPE: _INTERNAL}
    create = {**row.create, CALL_TYPE: _INTERNAL}
    return replace(row, update=update, create=create, hash=payload_hash(update))


def compile_making(
    making: Making, described: CrmObject, setting: Setting
) -> Callable[[Fields], Payload]:
    """Return what makes the record for somebody whom nobody knows.

    It lacks ``making.key``, which gets the number, and what is blank, and raises
    RecordError, and nothing else. Raises SchemaMismatchError where ``described``
    lacks a field.
    """
    rules = _rules(making.fields, described, setting)

    def make(fields: Fields) -> Payload:
        made = _payload(rules, fields)
        return {name: value for name, value in made.items() if value is not None}

    return make


def payload_hash(payload: Payload) -> bytes:
    """Return what tells one payload from another: 16 bytes, whatever the order."""
    return blake2b(_canonical(payload), digest_size=_HASH_BYTES).digest()


def _payload(rules: _Rules, fields: Fields) -> Payload:
    payload: Payload = {}
    for name, evaluate in rules:
        value = evaluate(fields)
        if value is not MISSING:
            payload[name] = value
    return payload


def _taken(flow: PushFlow) -> Callable[[Fields], bool]:
    """Return what says whether a record is wanted at all."""
    holds = predicate(flow.when, flow.zone)
    if flow.never is None:
        return holds
    never = compile_never(flow.never, flow.regions)
    return lambda fields: holds(fields) and not never(fields)


def _wants(finds: tuple[Find, ...]) -> Callable[[Fields], tuple[Want, ...]]:
    if not finds:
        return lambda _: ()
    return lambda fields: tuple([find.want(fields) for find in finds])


# ── which fields go when ───────────────────────────────────────────────────


def _sent_always(flow: PushFlow, target: CrmObject) -> Iterable[FieldRule]:
    return (rule for rule in _but_key(flow) if not _is_once(rule, target))


def _sent_once(flow: PushFlow, target: CrmObject) -> Iterable[FieldRule]:
    return (rule for rule in _but_key(flow) if _is_once(rule, target))


def _but_key(flow: PushFlow) -> Iterable[FieldRule]:
    return (rule for rule in flow.fields if rule.field != flow.key)


def _is_once(rule: FieldRule, target: CrmObject) -> bool:
    return rule.once or not _described(rule.field, target).updateable


def _rules(rules: Iterable[FieldRule], target: CrmObject, setting: Setting) -> _Rules:
    return tuple(
        (rule.field, evaluator(rule, _described(rule.field, target), setting))
        for rule in rules
    )


def _described(name: str, target: CrmObject) -> CrmField:
    try:
        return target.fields[name]
    except KeyError:
        raise SchemaMismatchError(f"{target.name} has no field {name}") from None


# ── the key ────────────────────────────────────────────────────────────────


def _key(
    flow: PushFlow, target: CrmObject, setting: Setting
) -> Callable[[Fields], str]:
    rule, field = flow.key_rule, _described(flow.key, target)
    evaluate = evaluator(rule, field, setting)
    sources = _sources(rule.verb)

    def key(fields: Fields) -> str:
        value = evaluate(fields)
        if value is MISSING or blank(value) or _lacking(sources, fields):
            message = f"{flow.key}: the key is blank, so the record has no identity"
            raise RecordError(message, code="KEY_BLANK", fields=(flow.key,))
        text = to_text(value).strip()
        if field.length and units(text) > field.length:
            message = f"{flow.key}: {shown(text)} is over {field.length} characters"
            raise RecordError(message, code="KEY_TOO_LONG", fields=(flow.key,))
        return text

    return key


def _sources(verb: Verb) -> tuple[Read, ...]:
    """Return what reads each placeholder: one blank one would let records share a key."""
    if not isinstance(verb, Template):
        return ()
    groups = (part for part in verb.parts if not isinstance(part, str))
    return tuple(reader(FirstOf(names=names)) for names in groups)


def _lacking(sources: tuple[Read, ...], fields: Fields) -> bool:
    return any(blank(read(fields)) for read in sources)
