"""Checks a directory file against the CRM's own description of its objects."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from connector.mapping.faults import Fault, Place, suggest
from connector.mapping.fits import Finding
from connector.mapping.flow import DirectoryFlow, Indexed
from connector.mapping.offline import comparable
from connector.mapping.target import family
from connector.mapping.verbs import shown
from connector.model import Condition, CrmField, CrmObject

_Found = tuple[Place, Finding]

_USUAL = ("Contact", "Lead", "Account", "User", "Case", "Opportunity")
KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "phones": frozenset({"phone", "string"}),
        "emails": frozenset({"email", "string"}),
        "country": frozenset({"string", "picklist"}),
        "keys": frozenset(
            {"string", "phone", "email", "url", "picklist", "int", "double", "id"}
        ),
    }
)
"""Describe's types of the fields that can say who somebody is."""


def check_directory(
    flow: DirectoryFlow, described: Mapping[str, CrmObject]
) -> tuple[Fault, ...]:
    """Return what the CRM does not have of what ``flow`` reads, in the file's order.

    ``described`` lacks the objects that the CRM does not know.
    """
    found = [
        each
        for indexed in flow.objects
        for each in _about(indexed, described.get(indexed.name), flow)
    ]
    return tuple(
        Fault(
            file=flow.file,
            line=place.line,
            column=place.column,
            message=finding.message,
            hint=finding.hint,
        )
        for place, finding in sorted(found, key=lambda each: each[0])
    )


def _about(
    indexed: Indexed, target: CrmObject | None, flow: DirectoryFlow
) -> Iterator[_Found]:
    if target is None:
        message = f"the CRM has no object '{indexed.name}' that this user may see"
        others = {*_USUAL, *(each.name for each in flow.objects)} - {indexed.name}
        yield indexed.place, Finding(message, suggest(indexed.name, others))
        return
    for use, name in _fields(indexed):
        place = indexed.places.get(name, indexed.place)
        field = target.fields.get(name)
        if field is None:
            message = f"{target.name} has no field '{name}'"
            yield place, Finding(message, suggest(name, target.fields))
        elif field.type not in KINDS[use]:
            yield place, Finding(f"{name} is {field.type}: {WHY[use]}")
    yield from _conditions(indexed, target)


WHY: Mapping[str, str] = MappingProxyType(
    {
        "phones": "numbers are in fields for phones or text",
        "emails": "addresses are in fields for emails or text",
        "country": "countries are in fields for text or choices",
        "keys": "a mapping looks somebody up by it, which takes short text or a number",
    }
)


def _fields(indexed: Indexed) -> Iterator[tuple[str, str]]:
    """Yield what is read of an object: the use, and the field."""
    yield from (("phones", name) for name in indexed.phones)
    yield from (("emails", name) for name in indexed.emails)
    yield from (("keys", name) for name in indexed.keys)
    if indexed.country:
        yield "country", indexed.country


# ── where ──────────────────────────────────────────────────────────────────


def _conditions(indexed: Indexed, target: CrmObject) -> Iterator[_Found]:
    for condition in indexed.where:
        place = indexed.places.get(condition.field, indexed.place)
        field = target.fields.get(condition.field)
        if field is None:
            message = f"{target.name} has no field '{condition.field}'"
            yield place, Finding(message, suggest(condition.field, target.fields))
        else:
            for finding in _of(condition, field):
                yield place, finding


def _of(condition: Condition, field: CrmField) -> Iterator[Finding]:
    kind = family(field)
    if kind is None:
        yield Finding(f"{field.name} is {field.type}, and no condition can ask for it")
        return
    several = condition.value
    for value in several if isinstance(several, tuple) else (several,):
        if condition.operator != "blank" and not comparable(value, kind):
            yield Finding(f"{shown(value)} is not {kind}, as {field.name} is")
