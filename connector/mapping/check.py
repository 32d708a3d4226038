"""Checks a flow against the CRM's own description of the objects it writes to."""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from connector.mapping.check_directory import KINDS
from connector.mapping.faults import Fault, suggest
from connector.mapping.fits import Finding, findings
from connector.mapping.flow import FieldRule, FindRule, Making, PushFlow, Written
from connector.mapping.offline_links import CALL_TYPE
from connector.mapping.target import family
from connector.mapping.told import (
    Found,
    needed,
    no_field,
    no_object,
    not_created,
    not_text,
    not_unique,
    not_updated,
    told,
)
from connector.mapping.verbs import Setting
from connector.model import CrmField, CrmObject

_Check = Callable[[PushFlow, CrmObject], Iterator[Found]]

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
    found = (each for check in _CHECKS for each in check(flow, target))
    return told(flow.file, found)


def check_making(flow: PushFlow, made: CrmObject) -> tuple[Fault, ...]:
    """Return what is wrong with the records of ``made`` that ``flow`` would make.

    The faults are as those of `check_against`.
    """
    makings = (find.making for find in flow.finds)
    return told(
        flow.file,
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
    return told(
        flow.file,
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


# ── the object and its key ─────────────────────────────────────────────────


def _about_object(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
    written = {rule.field for rule in flow.fields}
    linked = {rule.field for rule in flow.finds}
    for finding in (
        *not_created(target),
        *not_updated(target),
        *needed(target, written | linked, "add it to 'fields'"),
    ):
        yield flow.object_place, finding


def _about_key(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
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
    yield from not_unique(key, "mark it 'External ID' and 'Unique' in the CRM")
    yield from not_text(key)


# ── fields ─────────────────────────────────────────────────────────────────


def _about_fields(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
    for rule in flow.fields:
        for finding in _of(rule, flow, target):
            if finding.severity == "error" or rule.field != flow.key:
                yield rule.place, finding


def _of(rule: FieldRule, flow: PushFlow, target: CrmObject) -> Iterator[Finding]:
    field = target.fields.get(rule.field)
    if field is None:
        yield no_field(rule.field, target)
        return
    setting = Setting(zone=flow.zone, regions=flow.regions)
    yield from findings(rule, field, flow.stream, setting)


# ── links ──────────────────────────────────────────────────────────────────


def _about_links(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
    for rule in flow.finds:
        field = target.fields.get(rule.field)
        if field is None:
            yield rule.place, no_field(rule.field, target)
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
        yield no_object(name)
    elif field and field not in there.fields:
        yield no_field(field, there)
    elif field and asked and (kind := there.fields[field].type) not in _ASKED:
        message = f"{name}.{field} is {kind}, and is asked for by text"
        yield Finding(message, "look by a field with short text")


def _about_internal(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
    internal, field = flow.internal, target.fields.get(CALL_TYPE)
    if internal is None or internal.calls != "log" or field is None:
        return
    verb = Written(value="Internal")
    rule = FieldRule(field=CALL_TYPE, place=internal.place, verb=verb)
    for finding in _of(rule, flow, target):
        yield internal.place, finding


# ── records of others ──────────────────────────────────────────────────────


def _about_existing(flow: PushFlow, target: CrmObject) -> Iterator[Found]:
    existing = flow.existing
    field = existing and target.fields.get(existing.match)
    if existing and field and field.type not in _ASKED:
        message = (
            f"{target.name}.{field.name} is {field.type}, and is asked for by text"
        )
        yield existing.place, Finding(message, "match by a field with short text")


# ── records that are made ──────────────────────────────────────────────────


def _about_making(making: Making, flow: PushFlow, made: CrmObject) -> Iterator[Found]:
    mapped = {making.key, *(rule.field for rule in making.fields)}
    for finding in (
        *not_created(made),
        *needed(made, mapped, "add it to the fields of 'create'"),
        *_of_its_key(making, made),
    ):
        yield making.place, finding
    for rule in making.fields:
        for finding in _of(rule, flow, made):
            yield rule.place, finding


def _of_its_key(making: Making, made: CrmObject) -> Iterator[Finding]:
    if making.key is None:
        return
    key = made.fields.get(making.key)
    if key is None:
        yield no_field(making.key, made)
    else:
        yield from _no_key(key)


_CHECKS: tuple[_Check, ...] = (
    *(_about_object, _about_key, _about_fields, _about_links),
    *(_about_internal, _about_existing),
)
