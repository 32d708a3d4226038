"""Whether whom a file makes will be in the directory, so that nobody is made twice."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum, auto
from types import MappingProxyType

from connector.mapping.convert import MISSING, Missing, to_text
from connector.mapping.faults import Place
from connector.mapping.flow import (
    Constant,
    DirectoryFlow,
    FieldRule,
    FindRule,
    FirstOf,
    Indexed,
    Making,
    Written,
)
from connector.mapping.where import judge
from connector.model import Condition, CrmField

_AT_FIRST: Mapping[str, Constant] = MappingProxyType(
    {"IsConverted": False, "IsDeleted": False}
)
"""What every new record has, though nobody says so."""


class _Holds(Enum):
    YES = auto()
    NO = auto()
    UNTOLD = auto()


def not_found_again(
    directory: DirectoryFlow, find: FindRule, making: Making
) -> Iterator[tuple[Place, str, str]]:
    """Yield why a record that ``find`` makes may be missing in the directory.

    Each with its place and what to do. Where it can't be told, a ``key`` will do: the
    CRM itself then refuses a second record.
    """
    indexed = next((o for o in directory.objects if o.name == making.object), None)
    if indexed is None:
        return
    if indexed.phones and not any(r.field in indexed.phones for r in making.fields):
        yield _without_number(indexed, find, making)
    for condition in indexed.where:
        rule = next((r for r in making.fields if r.field == condition.field), None)
        holds = _holds(condition, rule, find, directory)
        place = rule.place if rule else making.place
        wanted = f"{directory.file} wants {_said(condition)}"
        if holds is _Holds.NO:
            why = f"a {making.object} made here is not in the directory: {wanted}"
            yield place, why, f"make it so, or change where in {directory.file}"
        elif holds is _Holds.UNTOLD and making.key is None:
            message = (
                f"whether a {making.object} made here is in the directory can't be "
                f"told: {wanted}"
            )
            hint = (
                f"give {condition.field} a value in create, or add key: an external "
                "id that gets the number"
            )
            yield place, message, hint


def _without_number(
    indexed: Indexed, find: FindRule, making: Making
) -> tuple[Place, str, str]:
    message = (
        f"a {making.object} made here would not be found again: none of "
        f"{', '.join(indexed.phones)} gets its number"
    )
    rule = f"{indexed.phones[0]}: {{from: {find.names[0]}, as: phone}}"
    return making.place, message, f"add create: {{fields: {{{rule}}}}}"


def _holds(
    condition: Condition, rule: FieldRule | None, find: FindRule, flow: DirectoryFlow
) -> _Holds:
    """Say whether a condition holds for a new record, as far as the files tell."""
    value = _value(rule) if rule else _AT_FIRST.get(condition.field, MISSING)
    if value is not MISSING:
        field = CrmField(name=condition.field, type="string")
        fits = judge((condition,), {condition.field: field}, flow.zone)
        made = value.isoformat() if isinstance(value, date) else value
        return _Holds.YES if fits({condition.field: made}) else _Holds.NO
    if condition.operator == "blank" and rule and _has_number(rule, find):
        return _Holds.NO if condition.value else _Holds.YES
    return _Holds.UNTOLD


def _value(rule: FieldRule) -> Constant | Missing:
    """Return what a field always gets; MISSING where it depends on the call."""
    if isinstance(rule.verb, Written) and rule.map is None:
        return rule.verb.value
    return MISSING


def _has_number(rule: FieldRule, find: FindRule) -> bool:
    """Whether a field gets the number, if nothing else, and so is never blank."""
    return isinstance(rule.verb, FirstOf) and set(find.names) <= set(rule.verb.names)


def _said(condition: Condition) -> str:
    value = condition.value
    if isinstance(value, tuple):
        shown = f"[{', '.join(map(to_text, value))}]"
    else:
        shown = to_text(value)
    return f"{condition.field}: {{{condition.operator}: {shown}}}"
