"""Requests for one record (REST API Developer Guide, "sObject Rows", "sObject Rows
by External ID")."""

from collections.abc import Callable, Iterable
from typing import Final

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.calls import CREATED, NO_CONTENT, OK, Answer, Call
from connector.sandbox.salesforce.forms import Draft
from connector.sandbox.salesforce.refusals import (
    NOT_FOUND,
    RequestRefusedError,
    RowRefusedError,
    bad_request,
    no_such_column,
    not_found,
)
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.store import Table
from connector.sandbox.salesforce.writing import Done

MANY: Final = 300
NO_KEY: Final = "Provided external ID field does not exist or is not accessible"


def create(call: Call) -> Answer:
    """POST sobjects/{object}."""
    table, record = call.table, call.json()
    call.org.note("create", table.object.name, (), [record])
    if {"id", "Id"} & record.keys():
        raise bad_request("INVALID_FIELD", "cannot specify Id in an insert call")
    draft = _draft(call, table, record)
    return _written(lambda: call.org.writer.create(table, draft), _created)


def update(call: Call) -> Answer:
    """PATCH sobjects/{object}/{id}."""
    table, record, given = call.table, call.json(), call.params["id"]
    call.org.note("update", table.object.name, (given,), [record])
    _refuse_key_in(record, "Id", "id")
    draft = _draft(call, table, record)
    _existing(call, table)
    return _written(lambda: call.org.writer.update_by_id(table, given, draft), _nothing)


def delete(call: Call) -> Answer:
    """DELETE sobjects/{object}/{id}."""
    table, given = call.table, call.params["id"]
    call.org.note("delete", table.object.name, (given,))
    _existing(call, table)
    return _written(lambda: call.org.writer.delete(given), _nothing)


def read(call: Call) -> Answer:
    """GET sobjects/{object}/{id}."""
    table, row = _existing(call, call.table)
    if row.get("IsDeleted"):
        raise RequestRefusedError(NOT_FOUND, "ENTITY_IS_DELETED", "entity is deleted")
    return Answer(OK, _shown(call, table, row))


def upsert(call: Call) -> Answer:
    """PATCH sobjects/{object}/{field}/{value}."""
    table, record = call.table, call.json()
    key, value = external_id(table, call.params["field"]), call.params["value"]
    call.org.note("upsert", table.object.name, (value,), [record])
    _refuse_key_in(record, key, "Id", "id")
    if len(found := table.matching(key, value)) > 1:
        return _several(call, table, found)
    draft = _draft(call, table, {**record, key: value})
    return _written(lambda: call.org.writer.upsert(table, key, draft), _upserted)


def read_by_key(call: Call) -> Answer:
    """GET sobjects/{object}/{field}/{value}."""
    table = call.table
    key = external_id(table, call.params["field"])
    found = table.matching(key, call.params["value"])
    if len(found) > 1:
        return _several(call, table, found)
    if not found:
        raise not_found()
    return Answer(OK, _shown(call, table, table.rows[found[0]]))


def external_id(table: Table, name: str) -> str:
    """Return ``name`` if records can be upserted by it; refused with 404 else."""
    field = table.object.fields.get(name)
    if field is None or not field.external_id:
        raise not_found(f"{NO_KEY}: {name}")
    return name


def attributes(data: str, table_name: str, row: Row) -> dict[str, object]:
    """Return what says, in any answer, which record this is."""
    url = f"{data}/sobjects/{table_name}/{row['Id']}"
    return {"type": table_name, "url": url}


def _draft(call: Call, table: Table, record: dict[str, object]) -> Draft:
    return call.org.forms[table.object.name].read(record)


def _existing(call: Call, table: Table) -> tuple[Table, Row]:
    """Find the record in the path; a path to nothing is 404."""
    given = call.params["id"]
    if ids.normal(given) is None:
        raise not_found(f"{NO_KEY}: {given}")
    found = call.org.store.find(given)
    if found is None or found[0] is not table:
        raise not_found()
    return found


def _refuse_key_in(record: dict[str, object], *names: str) -> None:
    for name in names:
        if name in record:
            message = f"The {name} field should not be specified in the sobject data."
            raise bad_request("INVALID_FIELD", message)


def _written(write: Callable[[], Done], answer: Callable[[Done], Answer]) -> Answer:
    try:
        return answer(write())
    except RowRefusedError as refused:
        return Answer(refused.status, [fault.as_top() for fault in refused.faults])


def _created(done: Done) -> Answer:
    return Answer(CREATED, {"id": done.id, "success": True, "errors": []})


def _upserted(done: Done) -> Answer:
    body = {"id": done.id, "success": True, "errors": [], "created": done.created}
    return Answer(CREATED if done.created else OK, body)


def _nothing(_: Done) -> Answer:
    return Answer(NO_CONTENT)


def _shown(call: Call, table: Table, row: Row) -> dict[str, object]:
    wanted = call.query.get("fields")
    names = wanted.split(",") if wanted else table.defaults
    for name in names:
        if name not in table.defaults:
            raise no_such_column(name, table.object.name)
    head = {"attributes": attributes(call.data, table.object.name, row)}
    return head | {name: table.value(row, name) for name in names}


def _several(call: Call, table: Table, found: Iterable[str]) -> Answer:
    name = table.object.name
    return Answer(MANY, [f"{call.data}/sobjects/{name}/{one}" for one in found])
