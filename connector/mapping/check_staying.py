"""Whether a record that was answered still asks for a call."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from connector.errors import RecordError
from connector.mapping.check_claim import TOP
from connector.mapping.fits import Finding
from connector.mapping.flow import DialFlow, FieldRule, Written
from connector.mapping.told import Found
from connector.mapping.verbs import Setting, finisher
from connector.mapping.where import judge
from connector.model import ENDS, CrmObject, DialState, Scalar

_AGAIN: Final = "such a record is read again and again, and its agent sees nothing"
_MADE_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"IsClosed": ("Status", "StageName"), "IsWon": ("StageName",)}
)
"""Fields that the CRM makes of others."""


def about_staying(flow: DialFlow, target: CrmObject | None) -> Iterator[Found]:
    """Yield the states of which the record would be read again; all are warnings."""
    for state in ENDS:
        place = flow.keys.get(f"answer.{state}", flow.keys.get("answer", TOP))
        if not flow.answers.get(state):
            yield place, _unanswered(state)
        elif target and _stays(flow, flow.answers[state], target):
            yield place, _unchanged(flow, state)


def _unanswered(state: DialState) -> Finding:
    message = f"'answer' leaves out '{state.value}': {_AGAIN}"
    return Finding(message, f"say what is written where a call is {state}", "warning")


def _unchanged(flow: DialFlow, state: DialState) -> Finding:
    message = f"'{state.value}' leaves the record among those that ask: {_AGAIN}"
    names = ", ".join(dict.fromkeys(each.field for each in flow.where))
    hint = f"write a value that 'where' does not take, into {names}"
    return Finding(message, hint, "warning")


def _stays(flow: DialFlow, rules: tuple[FieldRule, ...], target: CrmObject) -> bool:
    """Say whether a record surely fits ``where`` still, with what ``rules`` write."""
    asked = {each.field for each in flow.where}
    written = {rule.field for rule in rules}
    if any(written & set(_MADE_OF.get(name, ())) for name in asked):
        return False
    constants: dict[str, Scalar] = {}
    for rule in rules:
        if rule.field in asked & target.fields.keys():
            try:
                constants[rule.field] = _constant(rule, flow, target)
            except (RecordError, ValueError, OverflowError):
                return False
    where = [each for each in flow.where if each.field in constants]
    return judge(where, target.fields, flow.zone)(constants)


def _constant(rule: FieldRule, flow: DialFlow, target: CrmObject) -> Scalar:
    """Return what a rule writes, whatever the record; ValueError where that varies."""
    if not isinstance(rule.verb, Written):
        raise ValueError(rule.field)  # noqa: TRY004  it is no wrong type
    setting = Setting(zone=flow.zone, regions=flow.regions)
    return finisher(rule, target.fields[rule.field], setting)(rule.verb.value)
