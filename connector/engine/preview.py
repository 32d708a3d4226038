"""What a flow would do to real records. Reads, and writes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from connector.engine.push import Plan
from connector.errors import RecordError
from connector.model import (
    Condition,
    CrmField,
    CrmObject,
    Page,
    Payload,
    Query,
    Record,
    Row,
    Scalar,
)
from connector.ports import Crm

Action = Literal["create", "change", "leave", "skip", "set aside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field: what the CRM has, and what would be sent."""

    field: str
    before: Scalar
    after: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What would become of one vendor record."""

    record_id: str
    action: Action
    crm_id: str | None = None
    changes: tuple[Change, ...] = ()
    reason: str = ""


def preview(
    crm: Crm, plan: Plan, described: CrmObject, pages: Iterable[Page], limit: int
) -> Iterator[Prediction]:
    """Predict for the first ``limit`` records of ``pages``; one CRM read a page."""
    left = limit
    for page in pages:
        if left <= 0:
            return
        chosen = list(islice(page.records, left))
        left -= len(chosen)
        yield from _page(crm, plan, described, chosen)


def _page(
    crm: Crm, plan: Plan, described: CrmObject, records: Sequence[Record]
) -> Iterator[Prediction]:
    rows: list[Row] = []
    for record in records:
        try:
            row = plan.apply(record)
        except RecordError as error:
            yield Prediction(
                record_id=record.id, action="set aside", reason=error.message
            )
            continue
        if row is None:
            yield Prediction(record_id=record.id, action="skip")
        else:
            rows.append(row)
    existing = _existing(crm, plan, rows)
    for row in rows:
        yield _predict(row, existing.get(row.key.casefold()), described)


def _existing(
    crm: Crm, plan: Plan, rows: Sequence[Row]
) -> dict[str, Mapping[str, Scalar]]:
    """The CRM's records of these rows, by key, with the mapped fields."""
    if not rows:
        return {}
    key = plan.target.key
    fields = {name for row in rows for name in row.update}
    query = Query(
        object=plan.target.object,
        fields=("Id", key, *sorted(fields)),
        where=(
            Condition(field=key, operator="in", value=tuple(row.key for row in rows)),
        ),
    )
    return {str(found[key]).casefold(): found for found in crm.select(query)}


def _predict(
    row: Row, found: Mapping[str, Scalar] | None, described: CrmObject
) -> Prediction:
    sent = row.create if found is None else row.update
    reason = "; ".join(_misfits(sent, described))
    changes = tuple(_changes(sent, found or {}))
    action: Action = "create" if found is None else "change" if changes else "leave"
    return Prediction(
        record_id=row.record.id,
        action="set aside" if reason else action,
        crm_id=None if found is None else str(found["Id"]),
        changes=changes,
        reason=reason,
    )


def _changes(sent: Payload, found: Mapping[str, Scalar]) -> Iterator[Change]:
    for name, after in sent.items():
        before = found.get(name)
        if _comparable(before) != _comparable(after):
            yield Change(field=name, before=before, after=after)


def _comparable(value: Scalar) -> object:
    """The same for two ways of writing one value: 10 and 10.0, Z and +0000."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value.strip()
    return value


def _misfits(sent: Payload, described: CrmObject) -> Iterator[str]:
    """What the CRM would surely refuse."""
    for name, value in sent.items():
        if field := described.fields.get(name):
            yield from _misfit(field, value)


def _misfit(field: CrmField, value: Scalar) -> Iterator[str]:
    if not isinstance(value, str):
        return
    if field.length and len(value) > field.length:
        yield f"{field.name}: {len(value)} characters, {field.length} fit"
    if field.restricted and field.choices and value and value not in field.choices:
        yield f"{field.name}: the CRM has no choice {value!r}"
