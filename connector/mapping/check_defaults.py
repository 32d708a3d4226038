"""Checks the records that a file names itself: the defaults of its links."""

from collections.abc import Iterator, Mapping

from connector.mapping.convert import MISSING
from connector.mapping.faults import Fault
from connector.mapping.flow import FindRule, PushFlow
from connector.model import CrmField, CrmObject, Scalar

ACTIVE = "IsActive"
"""The field of a user that says whether they can own anything."""

_MANY = 4
"""From so many objects on, they are not named."""

Record = Mapping[str, Scalar]


def defaults(
    flow: PushFlow, target: CrmObject
) -> Iterator[tuple[FindRule, str, CrmField]]:
    """Yield the rules with a default, its id, and the field of ``target``."""
    for rule in flow.finds:
        field = target.fields.get(rule.field)
        if rule.default is not MISSING and field:
            yield rule, str(rule.default), field


def astray(flow: PushFlow, rule: FindRule, field: CrmField) -> Fault:
    """Say that a default is a record of no object that the field points to."""
    several = field.references
    names = " or ".join(several) if len(several) < _MANY else "any such object"
    message = f"{rule.default} is no id of {names}, to which {field.name} points"
    return _fault(flow, rule, message)


def check_default(
    flow: PushFlow, rule: FindRule, there: CrmObject, record: Record | None
) -> Iterator[Fault]:
    """Yield what is wrong with a default; ``record`` is as the CRM has it."""
    named = f"{there.name} {rule.default}"
    if record is None:
        message = f"the CRM has no {named} that this user may see"
        yield _fault(flow, rule, message)
    elif record.get(ACTIVE) is False:
        yield _fault(flow, rule, f"{named} is inactive, and can own nothing")


def _fault(flow: PushFlow, rule: FindRule, message: str) -> Fault:
    line, column = rule.place
    hint = "give 'default' another record"
    return Fault(file=flow.file, line=line, column=column, message=message, hint=hint)
