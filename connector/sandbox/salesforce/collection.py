"""Requests for up to 200 records (REST API Developer Guide, "sObject Collections").

A well-formed request is answered with 200 and an item a record, in their order.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from connector.sandbox.salesforce.calls import OK, Answer, Call
from connector.sandbox.salesforce.forms import Draft
from connector.sandbox.salesforce.records import external_id
from connector.sandbox.salesforce.refusals import (
    Fault,
    RowRefusedError,
    bad_request,
)
from connector.sandbox.salesforce.store import Table, index_key
from connector.sandbox.salesforce.writing import Done

MOST: Final = 200
ROLLED_BACK: Final = Fault(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was"
    " using AllOrNone header",
)

Item = dict[str, object]
Record = Mapping[str, object]
Job = Callable[[], Done]


def create(call: Call) -> Answer:
    """POST composite/sobjects."""
    records, whole = _envelope(call)
    work = [(_table(call, record), record) for record in records]
    _note(call, "create", work, ())
    write = call.org.writer.create
    jobs = [
        partial(write, table, _new_draft(call, table, record)) for table, record in work
    ]
    return _answer(call, list(zip(records, jobs, strict=True)), whole=whole)


def update(call: Call) -> Answer:
    """PATCH composite/sobjects."""
    records, whole = _envelope(call)
    work = [(_table(call, record), record) for record in records]
    given = [record.get("id", record.get("Id")) for record in records]
    _note(call, "update", work, given)
    write = call.org.writer.update_by_id
    jobs = [
        partial(write, table, record_id, _draft(call, table, record))
        for (table, record), record_id in zip(work, given, strict=True)
    ]
    return _answer(call, list(zip(records, jobs, strict=True)), whole=whole)


def upsert(call: Call) -> Answer:
    """PATCH composite/sobjects/{object}/{field}."""
    table = call.table
    key = external_id(table, call.params["field"])
    records, whole = _envelope(call)
    work = [(_table(call, record), record) for record in records]
    _note(call, "upsert", work, [record.get(key) for record in records])
    _refuse_strangers(table, work)
    drafts = [_draft(call, table, record) for record in records]
    _spoil_repeated(table, key, drafts)
    write = partial(call.org.writer.upsert, table, key)
    jobs = [partial(write, draft) for draft in drafts]
    jobs_of = list(zip(records, jobs, strict=True))
    return _answer(call, jobs_of, whole=whole, says_created=True)


def delete(call: Call) -> Answer:
    """DELETE composite/sobjects?ids=…"""
    given = [one for one in call.query.get("ids", "").split(",") if one]
    _refuse_too_many(given)
    found = call.org.store.find(given[0]) if given else None
    call.org.note("delete", found[0].object.name if found else "", given)
    work = [({"Id": one}, partial(call.org.writer.delete, one)) for one in given]
    return _answer(call, work, whole=call.query.get("allOrNone") == "true")


def _envelope(call: Call) -> tuple[list[Record], bool]:
    body = call.json()
    records = body.get("records")
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        message = "The value of records must be an array of records"
        raise bad_request("JSON_PARSER_ERROR", message)
    _refuse_too_many(records)
    whole = body.get("allOrNone", False)
    if not isinstance(whole, bool):
        raise bad_request("JSON_PARSER_ERROR", "The value of allOrNone must be boolean")
    return records, whole


def _refuse_too_many(records: Sequence[object]) -> None:
    if len(records) > MOST:
        message = (
            "record limit reached. cannot submit more than"
            f" {MOST} records into this call"
        )
        raise bad_request("EXCEEDED_ID_LIMIT", message)


def _table(call: Call, record: Record) -> Table:
    kind = record.get("attributes")
    name = kind.get("type") if isinstance(kind, dict) else None
    if not isinstance(name, str):
        message = "The type attribute of a record is missing"
        raise bad_request("INVALID_TYPE", message)
    return call.org.table(name)


def _note(
    call: Call,
    verb: str,
    work: Sequence[tuple[Table, Record]],
    given: Sequence[object],
) -> None:
    name = work[0][0].object.name if work else ""
    call.org.note(verb, name, given, [record for _, record in work])


def _draft(call: Call, table: Table, record: Record) -> Draft:
    return call.org.forms[table.object.name].read(record)


def _new_draft(call: Call, table: Table, record: Record) -> Draft:
    draft = _draft(call, table, record)
    if "Id" in record or "id" in record:
        message = "cannot specify Id in an insert call"
        code = "INVALID_FIELD_FOR_INSERT_UPDATE"
        draft.faults.append(Fault(code, message, ("Id",)))
    return draft


def _refuse_strangers(table: Table, work: Sequence[tuple[Table, Record]]) -> None:
    for other, record in work:
        if other is not table:
            message = f"records must be of type {table.object.name}"
            raise bad_request("INVALID_TYPE", message)
        if "Id" in record or "id" in record:
            message = "The Id field should not be specified in the sobject data."
            raise bad_request("INVALID_FIELD", message)


def _spoil_repeated(table: Table, key: str, drafts: Sequence[Draft]) -> None:
    """Refuse every record whose key another record of the same request has."""
    field = table.object.fields[key]
    values = [draft.values.get(key) for draft in drafts]
    keys = [None if v is None else index_key(field, v) for v in values]
    counts = Counter(one for one in keys if one is not None)
    for draft, one, value in zip(drafts, keys, values, strict=True):
        if counts[one or ""] > 1:
            message = f"Duplicate external id specified: {value}"
            draft.faults.insert(0, Fault("DUPLICATE_VALUE", message, (key,)))


def _answer(
    call: Call,
    work: Sequence[tuple[Record, Job]],
    *,
    whole: bool,
    says_created: bool = False,
) -> Answer:
    if not whole:
        return Answer(OK, _done(call, work, says_created=says_created))
    with call.org.store.undoable() as undo:
        items = _done(call, work, says_created=says_created)
        if not all(item["success"] for item in items):
            for take_back in reversed(undo):
                take_back()
            items = [_rolled_back(item) for item in items]
    return Answer(OK, items)


def _done(
    call: Call, work: Sequence[tuple[Record, Job]], *, says_created: bool
) -> list[Item]:
    items: list[Item] = []
    for record, job in work:
        if call.trouble and _is_meant(call.trouble, record):
            items.append({"success": False, "errors": [call.trouble["error"]]})
            continue
        try:
            done = job()
        except RowRefusedError as refused:
            items.append(_failed(*refused.faults))
            continue
        item: Item = {"id": done.id, "success": True, "errors": []}
        items.append(item | {"created": done.created} if says_created else item)
    return items


def _is_meant(trouble: Mapping[str, object], record: Record) -> bool:
    wanted = trouble.get("match")
    pairs = wanted.items() if isinstance(wanted, Mapping) else ()
    return all(record.get(name) == value for name, value in pairs)


def _failed(*faults: Fault) -> Item:
    return {"success": False, "errors": [fault.as_item() for fault in faults]}


def _rolled_back(item: Item) -> Item:
    return _failed(ROLLED_BACK) if item["success"] else item
