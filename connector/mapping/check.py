"""Checks a flow against the CRM's own description of the objects it writes to."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from connector.mapping.check_directory import KINDS
from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.fits import Finding, findings
from connector.mapping.flow import FieldRule, FindRule, Making, PushFlow, Written
from connector.mapping.offline_links import CALL_TYPE
from connector.mapping.target import family
from connector.mapping.verbs import Setting
from connector.model import CrmField, CrmObject

_Found = tuple[Place, Finding]
_Check = Callable[[PushFlow, CrmObject], Iterator[_Found]]

_IN_THE_CRM = frozenset({"id", "field"})
_ASKED = KINDS["keys"] - {"int", "double"}
"""Types of the fields that the CRM can be asked for by a text."""

_BECOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"Lead": ("Contact", "Account", "Opportunity")}
)
"""What a converted record was made into: a link follows it there."""


def check_against(flow: PushFlow, target: CrmObject) -> tuple[Fault, ...]:
    """Return what ``target`` will not take of ``flow`` (errors), or may not (warnings).

    Errors mean that the flow must not run; the faults are in the file's order.
    """
    return _told(flow, (each for check in _CHECKS for each in check(flow, target)))


def check_making(flow: PushFlow, made: CrmObject) -> tuple[Fault, ...]:
    """Return what is wrong with the records of ``made`` that ``flow`` would make.

    The faults are as those of `check_against`.
    """
    makings = (find.making for find in flow.finds)
    return _told(
        flow,
        (
            found
            for making in makings
            if making and making.object == made.name
            for found in _about_making(making, flow, made)
        ),
    )


def check_found(
    flow: PushFlow, described: Mapping[str, CrmObject], listed: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Return which objects and fields ``flow`` can't look by.

    ``described`` has what there is of the objects that `asked_for` names; ``listed``:
    those of the directory, whose fields are checked with it. The faults are as those
    of `check_against`.
    """
    return _told(
        flow,
        (
            (rule.place, finding)
            for rule in flow.finds
            if rule.by in _IN_THE_CRM
            for name in rule.objects
            for finding in _of_found(
                name, rule.name, described.get(name), asked=name not in listed
            )
        ),
    )


def asked_for(flow: PushFlow) -> tuple[str, ...]:
    """Return the objects that a look for ids and fields, or a making, needs."""
    found = [
        name for rule in flow.finds if rule.by in _IN_THE_CRM for name in rule.objects
    ]
    made = [rule.making.object for rule in flow.finds if rule.making]
    return tuple(dict.fromkeys([*found, *made]))


def _told(flow: PushFlow, found: Iterable[_Found]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            file=flow.file,
            line=place.line,
            column=place.column,
            message=finding.message,
            hint=finding.hint,
            severity=finding.severity,
        )
        for place, finding in sorted(found, key=lambda each: each[0])
    )


# ── the object and its key ─────────────────────────────────────────────────


def _about_object(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    place = flow.object_place
    if not target.createable:
        yield place, Finding(f"{target.name} records cannot be created by this user")
    if not target.updateable:
        yield place, Finding(f"{target.name} records cannot be updated by this user")
    written = {rule.field for rule in flow.fields}
    linked = {rule.field for rule in flow.finds}
    for finding in _needed(target, written | linked, "'fields'"):
        yield place, finding


def _needed(
    target: CrmObject, mapped: Collection[str | None], to: str
) -> Iterator[Finding]:
    for field in target.fields.values():
        required = field.createable and not (field.nillable or field.defaulted)
        if required and field.name not in mapped:
            message = f"{target.name} needs the field {field.name}"
            yield Finding(message, f"add it to {to}")


def _about_key(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    key, place = target.fields.get(flow.key), flow.key_place
    if key is None:
        return
    for finding in _no_key(key):
        yield place, finding
    if family(key) == "text" and not key.case_sensitive:
        message = f"two keys that differ only by letter case are one to {key.name}"
        hint = "make the field case sensitive in the CRM, if the ids are"
        yield place, Finding(message, hint, "warning")


def _no_key(key: CrmField) -> Iterator[Finding]:
    if not (key.external_id and key.unique):
        hint = "mark it 'External ID' and 'Unique' in the CRM"
        yield Finding(f"the key {key.name} must be an external id and unique", hint)
    if family(key) != "text":
        yield Finding(f"the key {key.name} is {key.type}; a key must be text")


# ── fields ─────────────────────────────────────────────────────────────────


def _about_fields(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    for rule in flow.fields:
        for finding in _of(rule, flow, target):
            if finding.severity == "error" or rule.field != flow.key:
                yield rule.place, finding


def _of(rule: FieldRule, flow: PushFlow, target: CrmObject) -> Iterator[Finding]:
    field = target.fields.get(rule.field)
    if field is None:
        yield _no_field(rule.field, target)
        return
    setting = Setting(zone=flow.zone, regions=flow.regions)
    yield from findings(rule, field, flow.stream, setting)


def _no_field(name: str, target: CrmObject) -> Finding:
    message = f"{target.name} has no field '{name}'"
    return Finding(message, suggest(name, target.fields))


# ── links ──────────────────────────────────────────────────────────────────


def _about_links(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    for rule in flow.finds:
        field = target.fields.get(rule.field)
        if field is None:
            yield rule.place, _no_field(rule.field, target)
            continue
        for finding in _of_link(rule, field):
            yield rule.place, finding


def _of_link(rule: FindRule, field: CrmField) -> Iterator[Finding]:
    if not field.references:
        message = f"{field.name} is {field.type}, and points to no record"
        yield Finding(message, "write a value with 'from' or 'value'")
    elif not field.createable:
        yield Finding(f"{field.name} cannot be written", "leave it out")
    else:
        yield from _of_objects(rule, field)


def _of_objects(rule: FindRule, field: CrmField) -> Iterator[Finding]:
    never = [name for name in rule.objects if not _leads_to(name, field.references)]
    severity: Literal["error", "warning"]
    severity = "error" if len(never) == len(rule.objects) else "warning"
    for name in never:
        message = f"{field.name} never points to a record of {name}"
        yield Finding(message, suggest(name, field.references), severity)


def _leads_to(name: str, references: Collection[str]) -> bool:
    return any(each in references for each in (name, *_BECOMES.get(name, ())))


def _of_found(
    name: str, field: str, there: CrmObject | None, *, asked: bool
) -> Iterator[Finding]:
    """``asked``: whether the CRM is asked for the field's values."""
    if there is None:
        yield Finding(f"the CRM has no object '{name}' that this user may see")
    elif field and field not in there.fields:
        yield _no_field(field, there)
    elif field and asked and (kind := there.fields[field].type) not in _ASKED:
        message = f"{name}.{field} is {kind}, and is asked for by text"
        yield Finding(message, "look by a field with short text")


def _about_internal(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    internal, field = flow.internal, target.fields.get(CALL_TYPE)
    if internal is None or internal.calls != "log" or field is None:
        return
    verb = Written(value="Internal")
    rule = FieldRule(field=CALL_TYPE, place=internal.place, verb=verb)
    for finding in _of(rule, flow, target):
        yield internal.place, finding


# ── records of others ──────────────────────────────────────────────────────


def _about_existing(flow: PushFlow, target: CrmObject) -> Iterator[_Found]:
    existing = flow.existing
    field = existing and target.fields.get(existing.match)
    if existing and field and field.type not in _ASKED:
        message = f"{target.name}.{field.name} is {field.type}, and is asked for by text"
        yield existing.place, Finding(message, "match by a field with short text")


# ── records that are made ──────────────────────────────────────────────────


def _about_making(making: Making, flow: PushFlow, made: CrmObject) -> Iterator[_Found]:
    if not made.createable:
        message = f"{made.name} records cannot be created by this user"
        yield making.place, Finding(message)
    mapped = {making.key, *(rule.field for rule in making.fields)}
    for finding in _needed(made, mapped, "the fields of 'create'"):
        yield making.place, finding
    for finding in _of_its_key(making, made):
        yield making.place, finding
    for rule in making.fields:
        for finding in _of(rule, flow, made):
            yield rule.place, finding


def _of_its_key(making: Making, made: CrmObject) -> Iterator[Finding]:
    if making.key is None:
        return
    key = made.fields.get(making.key)
    if key is None:
        yield _no_field(making.key, made)
    else:
        yield from _no_key(key)


_CHECKS: tuple[_Check, ...] = (
    *(_about_object, _about_key, _about_fields, _about_links),
    *(_about_internal, _about_existing),
)
