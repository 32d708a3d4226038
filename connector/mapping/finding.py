"""Compiles what a flow looks for: whom to find, whose calls are never logged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connector.errors import SchemaMismatchError
from connector.mapping.convert import MISSING, blank, to_text
from connector.mapping.flow import FindRule, FirstOf, PushFlow
from connector.mapping.flow_calls import Internal, Never
from connector.mapping.keys import email_key
from connector.mapping.phones import readings
from connector.mapping.ranges import listed_as
from connector.mapping.record_ids import long_id
from connector.mapping.verbs import Fields, reader, shown
from connector.model import CrmObject, Want

Values = tuple[str, ...]
Sides = tuple[Values, Values]
_Read = Callable[[str], Values]

_KINDS = MappingProxyType(
    {"phone": "phone number", "email": "address", "id": "id", "field": "value"}
)
_LONGEST = 255
"""Characters of what can be looked for: no field that is searched holds more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A compiled rule: ``read`` gives what to look for, likeliest first.

    ``text``: what it is read from. ``references``: the objects that the field can
    point to.
    """

    rule: FindRule
    read: Callable[[Fields], Values]
    references: tuple[str, ...]
    text: Callable[[Fields], str] = lambda _: ""

    def want(self, fields: Fields) -> Want:
        """Return what to look for in a record, or why there is nothing."""
        values = self.read(fields)
        text = "" if values else self.text(fields)
        lacks = f"{shown(text)} is no {_KINDS[self.rule.by]}" if text else ""
        return Want(field=self.rule.field, values=values, lacks=lacks)


def compile_finds(flow: PushFlow, described: CrmObject) -> tuple[Find, ...]:
    """Return what ``flow`` finds, in the file's order.

    Raises SchemaMismatchError where ``described`` lacks one of the fields.
    """
    return tuple(_find(rule, flow.regions, described) for rule in flow.finds)


def _find(rule: FindRule, regions: tuple[str, ...], described: CrmObject) -> Find:
    field = described.fields.get(rule.field)
    if field is None:
        raise SchemaMismatchError(f"{described.name} has no field {rule.field}")
    values = _phones(regions) if rule.by == "phone" else _READ[rule.by]
    return Find(
        rule=rule,
        read=_reading(rule.names, values),
        references=field.references,
        text=_texts(rule.names),
    )


def compile_never(never: Never, regions: tuple[str, ...]) -> Callable[[Fields], bool]:
    """Return what says whether a record is of a call that is never logged."""
    has = never.numbers.has
    read = tuple(_reading((name,), _listed(regions)) for name in never.fields)

    def holds(fields: Fields) -> bool:
        return any(has(number) for each in read for number in each(fields))

    return holds


def compile_sides(
    internal: Internal, regions: tuple[str, ...]
) -> Callable[[Fields], Sides]:
    """Return what reads the numbers at both ends of a call, as `listed_as` does."""
    one, other = (_reading((name,), _listed(regions)) for name in internal.between)
    return lambda fields: (one(fields), other(fields))


# ── values to look for ─────────────────────────────────────────────────────


def _reading(names: tuple[str, ...], values: _Read) -> Callable[[Fields], Values]:
    """Return what reads the first of some fields; it never raises."""
    text_of = _texts(names)

    def sought(fields: Fields) -> Values:
        text = text_of(fields)
        return values(text) if text else ()

    return sought


def _texts(names: tuple[str, ...]) -> Callable[[Fields], str]:
    read = reader(FirstOf(names=names))

    def text_of(fields: Fields) -> str:
        value = read(fields)
        return "" if value is MISSING or blank(value) else _text(value)

    return text_of


def _text(value: object) -> str:
    """Return what can be searched of a value; "" where nothing can."""
    try:
        text = to_text(value).strip()
        text.encode()
    except (ValueError, OverflowError):
        return ""
    return text if len(text) <= _LONGEST else ""


def _phones(regions: tuple[str, ...]) -> _Read:
    return lambda text: readings(text, regions)


def _listed(regions: tuple[str, ...]) -> _Read:
    return lambda text: listed_as(text, regions)


def _email(text: str) -> Values:
    return (email_key(text),) if "@" in text else ()


def _id(text: str) -> Values:
    return (long_id(text) or text,)


_READ: Mapping[str, _Read] = MappingProxyType(
    {"email": _email, "id": _id, "field": lambda text: (text,)}
)
