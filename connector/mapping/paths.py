"""What a dial file reads of a record: its fields, and those of records it points to.

A *path* is ``Field`` or ``Relationship.Field`` (``Who.Phone``). Of a relationship that
may lead to records of several objects a plain path reaches hardly more than the name;
the rest is asked for object by object (SOQL and SOSL Reference, "TYPEOF").
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from connector.mapping.answered import ANSWER
from connector.mapping.faults import suggest
from connector.mapping.fits import Finding
from connector.mapping.flow import DialFlow, FieldRule, FirstOf, Template
from connector.mapping.target import family
from connector.mapping.template import names_in
from connector.mapping.told import no_field
from connector.model import CrmField, CrmObject

Describe = Callable[[str], CrmObject | None]

USUAL: Final = (
    *("Account", "Contact", "Lead", "Case", "Opportunity", "Campaign", "User"),
    *("Asset", "Contract", "Order", "Group"),
)
"""What is looked at of a relationship that may lead nearly anywhere."""

_FEW: Final = 8
_TYPE: Final = "Type"
_OF_ANY: Final = frozenset({"Name", _TYPE})
"""What every record is asked by a plain path, whatever object it is of."""

_ANSWERED: Final = frozenset(field.name for field in ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """What a query asks for, and what is read by it.

    ``plain`` and ``typed`` are as those of a Query. ``fields``: by path, the field of
    each object that it may be of. ``wrong``: why the other paths can't be read.
    """

    plain: tuple[str, ...]
    typed: Mapping[str, Mapping[str, tuple[str, ...]]]
    fields: Mapping[str, tuple[CrmField, ...]]
    wrong: Mapping[str, Finding]


def paths_of(flow: DialFlow) -> tuple[str, ...]:
    """Return every path that ``flow`` reads, in the file's order and once."""
    read = (
        *(each.field for each in flow.where),
        *(flow.request_id, flow.request_at),
        *(name for rule in flow.call for name in names_of(rule)),
        *flow.guards.do_not_call,
        *(
            name
            for rules in flow.answers.values()
            for rule in rules
            for name in names_of(rule)
            if name not in _ANSWERED
        ),
    )
    return tuple(dict.fromkeys(read))


def names_of(rule: FieldRule) -> tuple[str, ...]:
    """Return what a rule reads."""
    match rule.verb:
        case FirstOf(names=names):
            return names
        case Template(parts=parts):
            return names_in(parts)
        case _:
            return ()


# ── which objects ──────────────────────────────────────────────────────────


def related(paths: Iterable[str], target: CrmObject) -> tuple[str, ...]:
    """Return the objects that must be described to resolve paths from ``target``."""
    return tuple(
        dict.fromkeys(
            name
            for relationship, wanted in _beyond(paths).items()
            if (field := leading(relationship, target))
            for name in _described(field, wanted)
        )
    )


def _beyond(paths: Iterable[str]) -> dict[str, list[str]]:
    """Group the paths across relationships: what is read of each."""
    grouped: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        relationship, dot, name = path.partition(".")
        if dot:
            grouped.setdefault(relationship, []).append(name)
    return grouped


def leading(relationship: str, target: CrmObject) -> CrmField | None:
    """Return the field that ``relationship`` begins at."""
    fields = (field for field in target.fields.values() if field.references)
    return next((each for each in fields if each.relationship == relationship), None)


def _is_of_any(field: CrmField, wanted: Iterable[str]) -> bool:
    return field.polymorphic and _OF_ANY.issuperset(wanted)


def _described(field: CrmField, wanted: Iterable[str]) -> tuple[str, ...]:
    return () if _is_of_any(field, wanted) else looked_at(field)


def looked_at(field: CrmField) -> tuple[str, ...]:
    """Return the objects that it may lead to: of very many, the usual ones."""
    if len(field.references) <= _FEW:
        return field.references
    return tuple(name for name in USUAL if name in field.references)


# ── resolving ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where a path leads: to these fields, of these ``objects`` if it is typed."""

    fields: tuple[CrmField, ...]
    objects: tuple[str, ...] = ()


_Ends = Iterator[tuple[str, _At | Finding]]


def resolve(paths: Iterable[str], target: CrmObject, described: Describe) -> Paths:
    """Find out how to read ``paths`` of the records of ``target``.

    ``described`` returns None for an object that is not there.
    """
    names = tuple(dict.fromkeys(paths))
    ends = dict(_own((name for name in names if "." not in name), target))
    for relationship, wanted in _beyond(names).items():
        ends |= dict(_across(relationship, wanted, target, described))
    there = {name: at for name in names if isinstance(at := ends[name], _At)}
    wrong = {name: it for name in names if isinstance(it := ends[name], Finding)}
    return Paths(
        plain=tuple(name for name, at in there.items() if not at.objects),
        typed=_by_object(there),
        fields={name: at.fields for name, at in there.items()},
        wrong=wrong,
    )


def _by_object(there: Mapping[str, _At]) -> dict[str, dict[str, tuple[str, ...]]]:
    typed: dict[str, dict[str, tuple[str, ...]]] = {}
    for path, at in there.items():
        relationship, _, name = path.partition(".")
        for each in at.objects:
            cases = typed.setdefault(relationship, {})
            cases[each] = (*cases.get(each, ()), name)
    return typed


def _own(names: Iterable[str], target: CrmObject) -> _Ends:
    for name in names:
        field = target.fields.get(name)
        yield name, _read(name, field) if field else no_field(name, target)


def _across(
    relationship: str, wanted: Sequence[str], target: CrmObject, described: Describe
) -> _Ends:
    field = leading(relationship, target)
    if field is None:
        finding = _no_relationship(relationship, target)
        yield from ((f"{relationship}.{name}", finding) for name in wanted)
        return
    each = (described(name) for name in _described(field, wanted))
    objects = [there for there in each if there]
    for name in wanted:
        yield f"{relationship}.{name}", _beyond_it(field, name, wanted, objects)


def _beyond_it(
    field: CrmField, name: str, wanted: Sequence[str], objects: Sequence[CrmObject]
) -> _At | Finding:
    """Say where ``name`` leads, one of those ``wanted`` of what ``field`` points to."""
    path = f"{field.relationship}.{name}"
    if "." in name:
        return Finding(f"'{path}' follows two relationships, and one is the most")
    if _is_of_any(field, wanted):
        return _At(fields=(CrmField(name=name, type="string"),))
    if field.polymorphic and name == _TYPE:
        message = f"'{path}' cannot be read beside other fields of {field.relationship}"
        return Finding(message, f"keep {path}, or keep the others")
    having = [each for each in objects if name in each.fields]
    if not having:
        return _nowhere(field, name, objects)
    at = _read(path, *(each.fields[name] for each in having))
    if isinstance(at, Finding) or not field.polymorphic:
        return at
    return replace(at, objects=tuple(each.name for each in having))


def _read(path: str, *fields: CrmField) -> _At | Finding:
    kind = next((each.type for each in fields if family(each) is None), None)
    if kind:
        return Finding(f"{path} is {kind}, which no rule can read")
    return _At(fields=fields)


# ── what is not there ──────────────────────────────────────────────────────


def _no_relationship(name: str, target: CrmObject) -> Finding:
    message = f"{target.name} has no relationship '{name}'"
    field = target.fields.get(name)
    if field and field.relationship:
        return Finding(message, f"did you mean '{field.relationship}'?")
    known = (each.relationship for each in target.fields.values() if each.references)
    return Finding(message, suggest(name, filter(None, known)))


def _nowhere(field: CrmField, name: str, objects: Sequence[CrmObject]) -> Finding:
    them = ", ".join(looked_at(field)) or "no object"
    if not objects:
        return Finding(f"the CRM has no {them} that this user may see")
    hint = suggest(name, {each for there in objects for each in there.fields})
    if not field.polymorphic:
        return Finding(f"{them} has no field '{name}'", hint)
    message = f"{field.relationship} leads to {them}: none has a field '{name}'"
    return Finding(message, hint)
