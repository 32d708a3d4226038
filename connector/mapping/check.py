"""Checks a flow against the CRM's own description of the object it writes to."""

from collections.abc import Iterator

from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.fits import Finding, findings
from connector.mapping.flow import FieldRule, PushFlow
from connector.mapping.target import family
from connector.mapping.verbs import Setting
from connector.model import CrmObject


def check_against(flow: PushFlow, target: CrmObject) -> tuple[Fault, ...]:
    """Return what ``target`` will not take of ``flow`` (errors), or may not (warnings).

    Errors mean that the flow must not run; the faults are in the file's order.
    """
    found = [
        *((flow.object_place, each) for each in _about_object(flow, target)),
        *((flow.key_place, each) for each in _about_key(flow, target)),
        *(
            (rule.place, each)
            for rule in flow.fields
            for each in _of(rule, flow, target)
        ),
    ]
    return tuple(
        _fault(flow, *each) for each in sorted(found, key=lambda each: each[0])
    )


def _fault(flow: PushFlow, place: Place, finding: Finding) -> Fault:
    return Fault(
        file=flow.file,
        line=place.line,
        column=place.column,
        message=finding.message,
        hint=finding.hint,
        severity=finding.severity,
    )


def _about_object(flow: PushFlow, target: CrmObject) -> Iterator[Finding]:
    if not target.createable:
        yield Finding(f"{target.name} records cannot be created by this user")
    if not target.updateable:
        yield Finding(f"{target.name} records cannot be updated by this user")
    mapped = {rule.field for rule in flow.fields}
    for field in target.fields.values():
        required = field.createable and not (field.nillable or field.defaulted)
        if required and field.name not in mapped:
            message = f"{target.name} needs the field {field.name}"
            yield Finding(message, "add it to 'fields'")


def _about_key(flow: PushFlow, target: CrmObject) -> Iterator[Finding]:
    key = target.fields.get(flow.key)
    if key is None:
        return
    if not (key.external_id and key.unique):
        hint = "mark it 'External ID' and 'Unique' in the CRM"
        yield Finding(f"the key {key.name} must be an external id and unique", hint)
    if family(key) != "text":
        yield Finding(f"the key {key.name} is {key.type}; a key must be text")
    elif not key.case_sensitive:
        message = f"two keys that differ only by letter case are one to {key.name}"
        hint = "make the field case sensitive in the CRM, if the ids are"
        yield Finding(message, hint, "warning")


def _of(rule: FieldRule, flow: PushFlow, target: CrmObject) -> Iterator[Finding]:
    field = target.fields.get(rule.field)
    if field is None:
        message = f"{target.name} has no field '{rule.field}'"
        yield Finding(message, suggest(rule.field, target.fields))
        return
    setting = Setting(zone=flow.zone, regions=flow.regions)
    for finding in findings(rule, field, flow.stream, setting):
        if finding.severity == "error" or rule.field != flow.key:
            yield finding
