"""Builds the rules of a file's fields; every part of them has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from connector.errors import ConfigError
from connector.mapping.conditions import OPERATORS, parse_conditions
from connector.mapping.convert import MISSING
from connector.mapping.document import Document
from connector.mapping.flow import (
    Constant,
    FieldRule,
    FirstOf,
    Template,
    Verb,
    Written,
)
from connector.mapping.names import Scope
from connector.mapping.schema_rules import (
    FirstRule,
    FromRule,
    Shaped,
    TemplateRule,
    ValueRule,
)
from connector.mapping.schema_words import Operators
from connector.mapping.template import parse_template
from connector.model import Condition, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a flow's parts come from: its file, its stream's scope, its zone."""

    document: Document
    scope: Scope
    zone: ZoneInfo


def build_rule(path: tuple[str, ...], rule: Shaped, origin: Origin) -> FieldRule:
    """Return the rule at ``path``, which ends with its field's name."""
    zone = origin.zone
    has_default = "default" in rule.model_fields_set
    outputs = {text: _constant(value, zone) for text, value in rule.map.items()}
    return FieldRule(
        field=path[-1],
        place=origin.document.place(path, key=True),
        verb=_verb(rule, zone),
        map=MappingProxyType(outputs) if outputs else None,
        default=_constant(rule.default, zone) if has_default else MISSING,
        kind=rule.as_,
        truncate=rule.fit is not None,
        once=rule.write is not None,
    )


def _verb(rule: Shaped, zone: ZoneInfo) -> Verb:
    match rule:
        case FromRule(from_=name):
            return FirstOf(names=(name,))
        case FirstRule(first=names):
            return FirstOf(names=tuple(names))
        case TemplateRule(template=text):
            return Template(parts=parse_template(text))
        case ValueRule(value=value):
            return Written(value=_constant(value, zone))
        case _:
            raise ConfigError("an unknown verb")


def _constant(value: Constant, zone: ZoneInfo) -> Constant:
    """Return the value; a time that was written without a zone is in ``zone``."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def operators(when: Mapping[str, Operators]) -> dict[str, dict[Operator, object]]:
    """Return what each field is compared with."""
    return {
        field: {
            operator: given[operator]
            for given in [each.model_dump(by_alias=True, exclude_unset=True)]
            for operator in OPERATORS
            if operator in given
        }
        for field, each in when.items()
    }


def asked_of_crm(
    where: Mapping[str, Operators], zone: ZoneInfo
) -> tuple[Condition, ...]:
    """Return what the CRM's records must be, each condition as the CRM takes it."""
    return tuple(
        one
        for condition in parse_conditions(operators(where), zone)
        for one in _each(condition)
    )


def _each(condition: Condition) -> tuple[Condition, ...]:
    """Split a ``not`` of several values, which the CRM compares one by one."""
    if condition.operator != "not" or not isinstance(condition.value, tuple):
        return (condition,)
    return tuple(
        Condition(field=condition.field, operator="not", value=value)
        for value in condition.value
    )
