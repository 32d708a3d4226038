"""Compiles a dial flow to plain functions of a record and of what became of its call."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from connector.errors import ConfigError, RecordError, SchemaMismatchError
from connector.mapping.answered import answer_fields
from connector.mapping.convert import MISSING, blank
from connector.mapping.flow import Claim, DialFlow, FieldRule
from connector.mapping.hidden import beyond, hidden_among, with_ids
from connector.mapping.path_values import reader_of, stream_of
from connector.mapping.paths import Paths, names_of, paths_of, resolve
from connector.mapping.phones import valid_readings
from connector.mapping.verbs import Evaluate, Fields, Setting, evaluator, shown
from connector.mapping.where import asked, judge
from connector.model import (
    Call,
    CallValue,
    CrmField,
    CrmObject,
    Dial,
    Parameter,
    Payload,
    Query,
    Scalar,
)

Record = Mapping[str, Scalar]

_ITEMS = re.compile("[;,]")
_CHOICES = re.compile(";")


@dataclass(frozen=True, slots=True, kw_only=True)
class DialPlan:
    """A dial flow as it is used.

    ``query`` reads all that the rest needs, ``Id`` first; its conditions are those
    that the CRM judges as we do. ``fits`` judges all of ``where``. ``call``: what the
    dialer is asked for a record, without what is blank. ``hidden``: the guards of
    ``do_not_call`` that our user may not see of a record. ``answer``: what is written
    onto the record of a dial in its state, {} where the file has nothing for it.
    ``call`` and ``answer`` raise RecordError, and nothing else. ``target`` and
    ``claim`` are the objects of the records and of the claims, as the CRM describes
    them.
    """

    flow: DialFlow
    query: Query
    fits: Callable[[Record], bool]
    call: Callable[[Record], Call]
    hidden: Callable[[Record], tuple[str, ...]]
    answer: Callable[[Dial, Record], Payload]
    target: CrmObject
    claim: CrmObject | None


def compile_dial(
    flow: DialFlow,
    described: Callable[[str], CrmObject],
    parameters: Sequence[Parameter],
) -> DialPlan:
    """Return the plan of ``flow``; ``parameters`` are those of its dialer.

    Raises SchemaMismatchError where the CRM lacks an object or a field that the flow
    names, and what ``described`` raises, which is that for an object that is not there.
    """
    target = described(flow.object)
    there = _if_there(described)
    paths = resolve(paths_of(flow), target, there)
    for finding in paths.wrong.values():
        raise SchemaMismatchError(finding.message)
    fields = {path: several[0] for path, several in paths.fields.items()}
    guards = tuple(beyond(flow.guards.do_not_call, target, paths, there))
    read = with_ids(paths, guards)
    return DialPlan(
        flow=flow,
        query=Query(
            object=flow.object,
            fields=tuple(dict.fromkeys(["Id", *read.plain])),
            where=asked(flow.where, fields),
            typed=read.typed,
        ),
        fits=judge(flow.where, fields, flow.zone),
        call=_calling(flow, paths, parameters),
        hidden=hidden_among(guards),
        answer=_answering(flow, paths, target),
        target=target,
        claim=_of_claims(flow.claim, described) if flow.claim else None,
    )


def _if_there(
    described: Callable[[str], CrmObject],
) -> Callable[[str], CrmObject | None]:
    def there(name: str) -> CrmObject | None:
        try:
            return described(name)
        except SchemaMismatchError:
            return None

    return there


def _of_claims(claim: Claim, described: Callable[[str], CrmObject]) -> CrmObject:
    found = described(claim.object)
    _described(claim.key, found)
    return found


def _described(name: str, target: CrmObject) -> CrmField:
    try:
        return target.fields[name]
    except KeyError:
        raise SchemaMismatchError(f"{target.name} has no field {name}") from None


# ── the call ───────────────────────────────────────────────────────────────

_Make = Callable[[Fields], CallValue]


def _calling(
    flow: DialFlow, paths: Paths, parameters: Iterable[Parameter]
) -> Callable[[Record], Call]:
    read, known = reader_of(paths), {each.name: each for each in parameters}
    setting = Setting(zone=flow.zone, regions=flow.regions)
    makers: dict[str, _Make] = {}
    for rule in flow.call:
        if rule.field not in known:
            raise ConfigError(f"{flow.dialer} cannot be told '{rule.field}'")
        makers[rule.field] = _maker(rule, known[rule.field], paths, setting)

    def call(record: Record) -> Call:
        fields = read(record)
        made = {name: make(fields) for name, make in makers.items()}
        return {name: value for name, value in made.items() if not blank(value)}

    return call


def as_field(parameter: Parameter) -> CrmField:
    """Return the field of text that a parameter is to a rule."""
    several = parameter.kind == "list"
    length = 0 if several else parameter.longest
    return CrmField(name=parameter.name, type="string", length=length)


def _maker(
    rule: FieldRule, parameter: Parameter, paths: Paths, setting: Setting
) -> _Make:
    text = _text(evaluator(rule, as_field(parameter), setting))
    if parameter.kind == "list":
        return _several(text, _CHOICES if _all_choices(rule, paths) else _ITEMS)
    return _dialable(text, parameter, setting) if rule.kind == "phone" else text


def _text(evaluate: Evaluate) -> Callable[[Fields], str]:
    def text(fields: Fields) -> str:
        value = evaluate(fields)
        return "" if value is MISSING or value is None else str(value)

    return text


def _all_choices(rule: FieldRule, paths: Paths) -> bool:
    """Say whether a rule reads fields of several choices: these may have commas."""
    stream = stream_of(paths)
    fields = [stream.field(name) for name in names_of(rule)]
    return bool(fields) and all(each and each.type == "list" for each in fields)


def _several(text: Callable[[Fields], str], between: re.Pattern[str]) -> _Make:
    def make(fields: Fields) -> CallValue:
        items = (item.strip() for item in between.split(text(fields)))
        return tuple(item for item in items if item)

    return make


def _dialable(
    text: Callable[[Fields], str], parameter: Parameter, setting: Setting
) -> _Make:
    def make(fields: Fields) -> CallValue:
        number = text(fields)
        if number and not valid_readings(number, setting.regions):
            raise _no_number(number, parameter)
        return number

    return make


def _no_number(number: str, parameter: Parameter) -> RecordError:
    """Return what the agent is told, who knows of no parameters."""
    message = f"{shown(number)} is not a phone number that can be called."
    if parameter.kind != "phone":
        message = f"{parameter.name}: {shown(number)} as phone: not a phone number"
    return RecordError(message, code="WRONG_TYPE", fields=(parameter.name,))


# ── the answer ─────────────────────────────────────────────────────────────


def _answering(
    flow: DialFlow, paths: Paths, target: CrmObject
) -> Callable[[Dial, Record], Payload]:
    read = reader_of(paths)
    setting = Setting(zone=flow.zone, regions=flow.regions)
    answers = {
        state: [
            (rule.field, evaluator(rule, _described(rule.field, target), setting))
            for rule in rules
        ]
        for state, rules in flow.answers.items()
    }

    def answer(dial: Dial, record: Record) -> Payload:
        fields = {**read(record), **answer_fields(dial)}
        made = [(name, make(fields)) for name, make in answers.get(dial.state, ())]
        return {name: value for name, value in made if value is not MISSING}

    return answer
