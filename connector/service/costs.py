"""What a command will cost the CRM, and what is left of the day's calls: in words."""

from math import ceil

from connector.engine.matching import CASE
from connector.engine.push import BATCH
from connector.mapping.flow import PushFlow
from connector.service.quota import budget
from connector.service.tables import counted
from connector.wiring import App

A_QUERY = 25
"""Records whose keys one query surely holds, however long they are."""


def batches(records: int) -> int:
    """How many batches so many records are."""
    return ceil(records / BATCH)


def of_a_batch(app: App, flow: PushFlow) -> int:
    """The CRM's calls for a batch of new records, where it refuses none of them."""
    makes = any(rule.making for rule in flow.finds)
    return 1 + makes + (flow.existing is not None) + asked(app, flow)


def of_a_look(app: App, flow: PushFlow, records: int) -> int:
    """The most calls of the CRM that looking at so many records takes."""
    queries = 1 + (flow.existing is not None) + asked(app, flow)
    return len(described(flow)) + ceil(records / A_QUERY) * queries


def described(flow: PushFlow) -> set[str]:
    """The objects that a flow must know the fields of."""
    found = {n for rule in flow.finds if rule.by == "id" for n in rule.objects}
    made = {rule.making.object for rule in flow.finds if rule.making}
    return {flow.object, *found, *made}


def asked(app: App, flow: PushFlow) -> int:
    """The queries for whom the directory does not have, of each batch."""
    here = app.store.loadings()
    fields = {
        (name, rule.name)
        for rule in flow.finds
        if rule.by == "field"
        for name in rule.objects
    }
    if any(rule.by == "id" and CASE in rule.objects for rule in flow.finds):
        fields.add((CASE, ""))
    return sum(name not in here for name, _ in fields)


# ── what is left ───────────────────────────────────────────────────────────


def left(app: App) -> int | None:
    """The calls that flows may still make today; None: the CRM did not tell yet."""
    quota = app.crm.quota()
    return budget(app).left(quota) if quota else None


def against_the_left(app: App, calls: int | None, otherwise: str) -> str:
    """Say what is left and, where it is less than ``calls``, what happens then."""
    there = left(app)
    if there is None:
        return ""
    words = f" (of {there:,} left today before the reserve)"
    if calls is None or calls <= there:
        return words
    return f"{words}. That is more than is left: {otherwise}"


def crm_calls(number: int) -> str:
    """A number of calls, in words."""
    return counted(number, "CRM call")
