"""Checks a dial file against the CRM's own description of what it reads and writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from connector.mapping.answered import ANSWER
from connector.mapping.check_claim import TOP, about_claim
from connector.mapping.check_staying import about_staying
from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.fits import Finding, findings
from connector.mapping.flow import DialFlow, FieldRule, FirstOf, Written
from connector.mapping.hidden import unguarded
from connector.mapping.path_values import stream_of
from connector.mapping.paths import Paths, names_of, paths_of, related, resolve
from connector.mapping.rules import IMPOSSIBLE
from connector.mapping.told import (
    Found,
    misjudged,
    no_field,
    no_object,
    not_updated,
    told,
)
from connector.mapping.verbs import Setting
from connector.model import CrmObject, Parameter, Stream

_USUAL: Final = ("Task", "Contact", "Lead", "Account", "Case", "Opportunity")
_TEXTS: Final = frozenset({"string", "textarea"})
_NO_TEXTS: Final = frozenset({"boolean", "date", "time", "datetime"})
_SHORT: Final = 255
"""The most characters that an answer has, but in its message."""


def asked_by_dial(flow: DialFlow, target: CrmObject | None) -> tuple[str, ...]:
    """Return the objects to describe for `check_dial`, beside ``target`` itself."""
    claims = [flow.claim.object] if flow.claim else []
    beyond = related(paths_of(flow), target) if target else ()
    return tuple(dict.fromkeys([*claims, *beyond]))


def check_dial(
    flow: DialFlow,
    target: CrmObject | None,
    described: Mapping[str, CrmObject],
    parameters: Iterable[Parameter],
) -> tuple[Fault, ...]:
    """Return what the CRM will not do of what ``flow`` asks (errors), or may not.

    ``target`` is the object of its records, None where the CRM does not have it.
    ``described`` has what there is of those that `asked_by_dial` names; ``parameters``
    are its dialer's. Errors mean that the flow must not run; the faults are in the
    file's order.
    """
    claims = described.get(flow.claim.object) if flow.claim else None
    found = [
        *_too_rare(flow),
        *about_staying(flow, target),
        *about_claim(flow, target, claims),
    ]
    if target is None:
        found.append((flow.object_place, no_object(flow.object, _USUAL)))
    else:
        paths = resolve(paths_of(flow), target, described.get)
        found += _about_record(flow, target, paths, tuple(parameters))
    return told(flow.file, found)


# ── the file alone ─────────────────────────────────────────────────────────


def _too_rare(flow: DialFlow) -> Iterator[Found]:
    if flow.every and flow.expires <= flow.every:
        message = (
            f"requests expire after {flow.expires.total_seconds():.0f} seconds, and are"
            f" looked for every {flow.every.total_seconds():.0f}: without nudges they"
            " expire before they are read"
        )
        place = flow.keys.get("expires", flow.keys.get("every", TOP))
        yield place, Finding(message, "let 'expires' be longer than 'every'", "warning")


# ── the record ─────────────────────────────────────────────────────────────


def _about_record(
    flow: DialFlow, target: CrmObject, paths: Paths, parameters: tuple[Parameter, ...]
) -> Iterator[Found]:
    if flow.answers:
        for finding in not_updated(target, "no answer could be written"):
            yield flow.object_place, finding
    for path, wrong in paths.wrong.items():
        yield _place(flow, path), _meant(flow, path, wrong, target)
    for path, finding in _of_what_is_read(flow, paths):
        yield _place(flow, path), finding
    for path in flow.guards.do_not_call:
        for name in unguarded(path, target, paths):
            message = f"{name} has no field '{path.partition('.')[2]}' that we may see"
            hint = "such records are called without that guard"
            yield _place(flow, path), Finding(message, hint, "warning")
    yield from _about_call(flow, paths, parameters)
    yield from _about_answers(flow, target, paths)


def _meant(flow: DialFlow, path: str, wrong: Finding, target: CrmObject) -> Finding:
    """Suggest a name of the answer as well, where only an answer reads ``path``."""
    if path in paths_of(replace(flow, answers={})):
        return wrong
    known = [field.name for field in ANSWER if "." not in path or "." in field.name]
    hint = suggest(path, known if "." in path else [*known, *target.fields])
    return wrong._replace(hint=hint) if hint.startswith("did you mean") else wrong


def _place(flow: DialFlow, path: str) -> Place:
    return flow.places.get(path, flow.object_place)


def _of_what_is_read(flow: DialFlow, paths: Paths) -> Iterator[tuple[str, Finding]]:
    """Yield the paths whose fields are of the wrong type for their use."""
    uses = (
        ((flow.request_id,), _TEXTS, "the request's id is text, new at every press"),
        ((flow.request_at,), {"datetime"}, "the time of the press is a date and time"),
        (flow.guards.do_not_call, {"boolean"}, "whom not to call is a checkbox"),
    )
    for names, types, why in uses:
        for path in names:
            for kind in sorted(_kinds(paths, path) - types):
                yield path, Finding(f"{path} is {kind}: {why}")
    for condition in flow.where:
        for field in paths.fields.get(condition.field, ()):
            for finding in misjudged(condition, field):
                yield condition.field, finding


def _kinds(paths: Paths, path: str) -> set[str]:
    return {field.type for field in paths.fields.get(path, ())}


# ── the call ───────────────────────────────────────────────────────────────


def _about_call(
    flow: DialFlow, paths: Paths, parameters: tuple[Parameter, ...]
) -> Iterator[Found]:
    kinds = {each.name: each.kind for each in parameters}
    stream = stream_of(paths)
    for rule in flow.call:
        for finding in (*_impossible(rule, stream), *_no_text(rule, stream)):
            yield rule.place, finding
        unread = kinds.get(rule.field) == "phone" and rule.kind != "phone"
        if unread and not isinstance(rule.verb, Written):
            message = f"{rule.field} is sent as it stands in the CRM, a number or not"
            yield rule.place, Finding(message, "add 'as: phone'", "warning")


def _no_text(rule: FieldRule, stream: Stream) -> Iterator[Finding]:
    """Yield what no parameter can be, though it could be written as text."""
    if rule.kind in _NO_TEXTS:
        yield Finding(f"{rule.field} is text, and this makes {rule.kind}")
    names = () if rule.map or rule.kind == "phone" else names_of(rule)
    for name in names if isinstance(rule.verb, FirstOf) else ():
        field = stream.field(name)
        if field and field.type in _NO_TEXTS:
            hint = "read another field, or add a 'map'"
            yield Finding(f"'{name}' is {field.type}, and {rule.field} is text", hint)


def _impossible(rule: FieldRule, stream: Stream) -> Iterator[Finding]:
    """Yield what a rule reads that can never become what its ``as`` says."""
    if rule.kind is None or rule.map is not None or not isinstance(rule.verb, FirstOf):
        return
    for name in rule.verb.names:
        field = stream.field(name)
        if field and field.type in IMPOSSIBLE.get(rule.kind, ()):
            message = f"'{name}' is {field.type}, which cannot be read as {rule.kind}"
            yield Finding(message)


# ── the answers ────────────────────────────────────────────────────────────


def _about_answers(flow: DialFlow, target: CrmObject, paths: Paths) -> Iterator[Found]:
    stream = stream_of(paths, ANSWER)
    setting = Setting(zone=flow.zone, regions=flow.regions)
    for rules in flow.answers.values():
        for rule in rules:
            for finding in _of_answer(rule, target, stream, setting):
                if finding.severity == "error" or not _is_short(rule, target, paths):
                    yield rule.place, finding


def _of_answer(
    rule: FieldRule, target: CrmObject, stream: Stream, setting: Setting
) -> Iterator[Finding]:
    field = target.fields.get(rule.field)
    if field is None:
        yield no_field(rule.field, target)
    elif not field.updateable:
        yield Finding(f"{field.name} cannot be updated", "leave it out")
    else:
        yield from _impossible(rule, stream)
        yield from findings(rule, replace(field, createable=True), stream, setting)


def _is_short(rule: FieldRule, target: CrmObject, paths: Paths) -> bool:
    """Say whether what a rule reads surely goes into its field of plain text."""
    field = target.fields.get(rule.field)
    names = names_of(rule)
    if field is None or field.type not in _TEXTS or not names:
        return False
    return all(0 < _longest(name, paths) <= field.length for name in names)


def _longest(name: str, paths: Paths) -> int:
    """Return how many characters a value may have; 0: any number."""
    if any(name == field.name for field in ANSWER):
        return 0 if name == "message" else _SHORT
    lengths = [field.length for field in paths.fields.get(name, ())]
    return max(lengths, default=0) if all(lengths) else 0
