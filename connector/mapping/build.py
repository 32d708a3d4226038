"""Builds a flow from a file whose every part has been checked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from connector.errors import ConfigError
from connector.mapping import schema
from connector.mapping.conditions import OPERATORS, parse_conditions
from connector.mapping.convert import MISSING
from connector.mapping.document import Document
from connector.mapping.flow import (
    Constant,
    FieldRule,
    FirstOf,
    PushFlow,
    Reread,
    Template,
    Verb,
    Written,
)
from connector.mapping.names import Scope
from connector.mapping.template import parse_template
from connector.model import Operator

_REREAD_EVERY = timedelta(minutes=30)
_ZONE = "UTC"


def build_flow(pushed: schema.PushFile, document: Document, scope: Scope) -> PushFlow:
    """Return the flow that a file describes; ``scope`` has its stream."""
    source, to = pushed.from_, pushed.to
    if scope.stream is None:
        raise ConfigError(f"{source.system} has no {source.stream}")
    zone = ZoneInfo(pushed.zone or scope.world.zones.get(source.system, _ZONE))
    return PushFlow(
        name=pushed.flow,
        file=document.file,
        system=source.system,
        stream=scope.stream,
        since=source.since,
        options=source.options,
        every=pushed.every,
        cron=pushed.cron,
        reread=_reread(pushed.reread),
        zone=zone,
        deleted=pushed.deleted,
        when=parse_conditions(_operators(pushed.when), zone),
        object=to.object,
        object_place=document.place(("to", "object")),
        key=to.key,
        key_place=document.place(("to", "key")),
        fields=tuple(
            _rule(name, rule, document, zone) for name, rule in pushed.fields.items()
        ),
        regions=scope.world.regions,
    )


def _reread(given: timedelta | schema.RereadClock | None) -> Reread | None:
    if isinstance(given, timedelta):
        return Reread(back=given, every=_REREAD_EVERY)
    return None if given is None else Reread(back=given.back, every=given.every)


def _operators(
    when: Mapping[str, schema.Operators],
) -> dict[str, dict[Operator, object]]:
    return {
        field: {
            operator: given[operator]
            for given in [each.model_dump(by_alias=True, exclude_unset=True)]
            for operator in OPERATORS
            if operator in given
        }
        for field, each in when.items()
    }


def _rule(
    name: str, rule: schema.AnyRule, document: Document, zone: ZoneInfo
) -> FieldRule:
    if isinstance(rule, schema.FindRule):
        raise ConfigError("the verb 'find' is not supported in this version")
    has_default = "default" in rule.model_fields_set
    outputs = {text: _constant(value, zone) for text, value in rule.map.items()}
    return FieldRule(
        field=name,
        place=document.place(("fields", name), key=True),
        verb=_verb(rule, zone),
        map=MappingProxyType(outputs) if outputs else None,
        default=_constant(rule.default, zone) if has_default else MISSING,
        kind=rule.as_,
        truncate=rule.fit is not None,
        once=rule.write is not None,
    )


def _verb(rule: schema.Shaped, zone: ZoneInfo) -> Verb:
    match rule:
        case schema.FromRule(from_=name):
            return FirstOf(names=(name,))
        case schema.FirstRule(first=names):
            return FirstOf(names=tuple(names))
        case schema.TemplateRule(template=text):
            return Template(parts=parse_template(text))
        case schema.ValueRule(value=value):
            return Written(value=_constant(value, zone))
        case _:
            raise ConfigError("an unknown verb")


def _constant(value: Constant, zone: ZoneInfo) -> Constant:
    """Return the value; a time that was written without a zone is in ``zone``."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value
