"""Builds what a file says of links, and of some calls: ``internal``, ``never``,
``existing``."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Literal

from connector.mapping.build_rules import Origin, build_rule
from connector.mapping.convert import MISSING
from connector.mapping.flow import FieldRule, FindRule, FirstOf, Making, Written
from connector.mapping.flow_calls import Existing, Internal, Never
from connector.mapping.offline_links import BETWEEN, NEVER_IN, made_of
from connector.mapping.ranges import parse_numbers
from connector.mapping.schema import InternalCalls, NeverLogged, PushFile
from connector.mapping.schema_rules import CreateRule
from connector.mapping.schema_rules import FindRule as Finding

By = Literal["phone", "email", "id", "field"]
_BY: Mapping[str, By] = MappingProxyType(
    {"phone": "phone", "email": "email", "id": "id", "field": "field"}
)
_CALLER: Final = "customer.name"
_NAMED: Mapping[str, str] = MappingProxyType(
    {"Contact": "LastName", "Lead": "LastName", "Account": "Name"}
)
"""Where the name of whoever called goes, by object."""

_NO_COMPANY: Final = "[not provided]"
"""What the CRM itself writes for a company that nobody gave."""


def build_finds(pushed: PushFile, origin: Origin) -> Iterator[FindRule]:
    """Yield the rules that find somebody, in the file's order."""
    for name, rule in pushed.fields.items():
        if isinstance(rule, Finding):
            yield _find(name, rule, origin)


def _find(name: str, rule: Finding, origin: Origin) -> FindRule:
    by, _, field = rule.by.partition(" ")
    find = FindRule(
        field=name,
        place=origin.document.place(("fields", name), key=True),
        objects=tuple(rule.find) if isinstance(rule.find, list) else (rule.find,),
        by=_BY[by],
        name=field,
        names=tuple(rule.first or [str(rule.from_)]),
        ties=rule.ties or "leave",
        none=rule.none or "leave",
        default=rule.default or MISSING,
    )
    if find.none != "create":
        return find
    return replace(find, making=_making(find, rule.create or CreateRule(), origin))


def _making(find: FindRule, create: CreateRule, origin: Origin) -> Making:
    path = ("fields", find.field, "create")
    made = create.object or str(made_of(find.objects))
    place = origin.document.place(path, key=True)
    given = [
        build_rule((*path, "fields", name), rule, origin)
        for name, rule in create.fields.items()
    ]
    taken = {create.key, *(rule.field for rule in given)}
    names = [_CALLER] if _has(origin, _CALLER) else []
    usual = [
        replace(rule, place=place)
        for rule in _usual(made, (*names, *find.names), find)
        if rule.field not in taken
    ]
    return Making(object=made, place=place, key=create.key, fields=(*usual, *given))


def _has(origin: Origin, name: str) -> bool:
    stream = origin.scope.stream
    return stream is not None and stream.field(name) is not None


def _usual(made: str, names: tuple[str, ...], find: FindRule) -> Iterator[FieldRule]:
    """Yield what a record has that the file says nothing of: a name and the number."""
    if made not in _NAMED:
        return
    place = find.place
    verb = FirstOf(names=names)
    yield FieldRule(field=_NAMED[made], place=place, verb=verb, truncate=True)
    if made == "Lead":
        yield FieldRule(field="Company", place=place, verb=Written(value=_NO_COMPANY))
    number = FirstOf(names=find.names)
    yield FieldRule(field="Phone", place=place, verb=number, kind="phone")


# ── some calls ─────────────────────────────────────────────────────


def build_internal(pushed: PushFile, origin: Origin) -> Internal | None:
    """Return what becomes of calls between colleagues; None: nothing special."""
    given = pushed.internal
    if given is None:
        return None
    said = given if isinstance(given, InternalCalls) else InternalCalls(calls=given)
    one, other = said.between or BETWEEN
    return Internal(
        calls=said.calls,
        numbers=parse_numbers(said.numbers or [], origin.scope.world.regions),
        between=(one, other),
        place=origin.document.place(("internal",), key=True),
    )


def build_never(pushed: PushFile, origin: Origin) -> Never | None:
    """Return whose calls are never logged; None: all are."""
    given = pushed.never
    if given is None:
        return None
    fields = given.fields if isinstance(given, NeverLogged) else None
    numbers = given.numbers if isinstance(given, NeverLogged) else given
    return Never(
        numbers=parse_numbers(numbers, origin.scope.world.regions),
        fields=tuple(fields or NEVER_IN),
    )


def build_existing(pushed: PushFile, origin: Origin) -> Existing | None:
    """Return what becomes of calls that are in the CRM; None: nobody is asked."""
    given = pushed.existing
    if given is None:
        return None
    place = origin.document.place(("existing", "match"))
    return Existing(match=given.match, found=given.found, place=place)
