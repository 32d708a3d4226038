"""Checks a directory file against the CRM's own description of its objects."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from connector.mapping.faults import Fault
from connector.mapping.fits import Finding
from connector.mapping.flow import DirectoryFlow, Indexed
from connector.mapping.target import family
from connector.mapping.told import Found, misjudged, no_field, no_object, told
from connector.model import Condition, CrmField, CrmObject

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
    found = (
        each
        for indexed in flow.objects
        for each in _about(indexed, described.get(indexed.name), flow)
    )
    return told(flow.file, found)


def _about(
    indexed: Indexed, target: CrmObject | None, flow: DirectoryFlow
) -> Iterator[Found]:
    if target is None:
        others = {*_USUAL, *(each.name for each in flow.objects)}
        yield indexed.place, no_object(indexed.name, others)
        return
    for use, name in _fields(indexed):
        place = indexed.places.get(name, indexed.place)
        field = target.fields.get(name)
        if field is None:
            yield place, no_field(name, target)
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


def _conditions(indexed: Indexed, target: CrmObject) -> Iterator[Found]:
    for condition in indexed.where:
        place = indexed.places.get(condition.field, indexed.place)
        field = target.fields.get(condition.field)
        if field is None:
            yield place, no_field(condition.field, target)
        else:
            for finding in _of(condition, field):
                yield place, finding


def _of(condition: Condition, field: CrmField) -> Iterator[Finding]:
    if family(field) is None:
        yield Finding(f"{field.name} is {field.type}, and no condition can ask for it")
    yield from misjudged(condition, field)
