"""Compiles a flow against what the CRM says of its objects."""

from collections.abc import Callable, Iterable

from connector.engine.batch import Target
from connector.engine.choosing import WHAT, WHO
from connector.engine.existing import ExistingPlan
from connector.engine.linker import Colleagues, LinkPlan, Recipe
from connector.engine.plan import Plan
from connector.errors import MappingError
from connector.mapping.check import check_against, check_making
from connector.mapping.compile import as_internal, compile_making, compile_push
from connector.mapping.faults import Fault
from connector.mapping.finding import compile_finds, compile_sides
from connector.mapping.flow import FieldRule, FindRule, Making, PushFlow
from connector.mapping.verbs import Setting
from connector.model import CrmObject

Describe = Callable[[str], CrmObject]

SHORT = 255
"""Characters of a text that can be asked for, where the CRM tells no length."""


def compiled(flow: PushFlow, describe: Describe) -> Plan:
    """Compile ``flow``; raises MappingError if it can't be, and what describe does."""
    described = describe(flow.object)
    _refuse(check_against(flow, described))
    once = any(_create_only(rule, described) for rule in flow.fields)
    return Plan(
        flow=flow.name,
        apply=compile_push(flow, described),
        target=Target(
            object=flow.object,
            key=flow.key,
            create_only=once or bool(flow.finds),
            recreate=flow.deleted == "recreate",
        ),
        links=_links(flow, described, describe),
        existing=_existing(flow, described),
    )


def _existing(flow: PushFlow, described: CrmObject) -> ExistingPlan | None:
    if flow.existing is None:
        return None
    field = described.fields[flow.existing.match]
    return ExistingPlan(
        match=field.name,
        skips=flow.existing.found == "skip",
        longest=field.length or SHORT,
        cased=field.case_sensitive,
    )


def _links(flow: PushFlow, described: CrmObject, describe: Describe) -> LinkPlan:
    finds = {find.rule.field: find for find in compile_finds(flow, described)}
    beside = [name for name in (WHO, WHAT) if name in described.fields]
    return LinkPlan(
        finds=finds,
        read=tuple(dict.fromkeys([*finds, *beside])) if finds else (),
        prefixes=_prefixes(flow.finds, describe),
        recipes={
            rule.field: _recipe(flow, rule.making, describe)
            for rule in flow.finds
            if rule.making
        },
        colleagues=_colleagues(flow),
    )


def _prefixes(finds: Iterable[FindRule], describe: Describe) -> dict[str, str]:
    names = {name for rule in finds if rule.by == "id" for name in rule.objects}
    return {describe(name).prefix: name for name in sorted(names)}


def _recipe(flow: PushFlow, making: Making, describe: Describe) -> Recipe:
    described = describe(making.object)
    _refuse(check_making(flow, described))
    phones = (rule.field for rule in making.fields if _is_phone(rule, described))
    setting = Setting(zone=flow.zone, regions=flow.regions)
    return Recipe(
        making=making,
        phone=next(phones, None),
        payload=compile_making(making, described, setting),
    )


def _is_phone(rule: FieldRule, described: CrmObject) -> bool:
    field = described.fields.get(rule.field)
    return field is not None and field.type == "phone"


def _colleagues(flow: PushFlow) -> Colleagues | None:
    if flow.internal is None:
        return None
    return Colleagues(
        rule=flow.internal,
        sides=compile_sides(flow.internal, flow.regions),
        logged=as_internal,
    )


def _create_only(rule: FieldRule, described: CrmObject) -> bool:
    """Whether a field must not reach a record that exists."""
    return rule.once or not described.fields[rule.field].updateable


def _refuse(faults: Iterable[Fault]) -> None:
    if wrong := [fault for fault in faults if fault.severity == "error"]:
        raise MappingError(wrong)
