"""query, queryAll and their further pages (REST API Developer Guide, "Query")."""

import re
from typing import Final

from connector.sandbox.salesforce.calls import OK, Answer, Call
from connector.sandbox.salesforce.cursors import Cursor
from connector.sandbox.salesforce.refusals import UnknownNameError, bad_request
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.soql.locating import located
from connector.sandbox.salesforce.soql.parser import parse
from connector.sandbox.salesforce.soql.running import queried_table, run
from connector.sandbox.salesforce.soql.shaping import Shape, Shaper
from connector.sandbox.salesforce.soql.syntax import Select

PAGE: Final = 2000
SMALLEST_PAGE: Final = 200

_BATCH_SIZE = re.compile(r"\s*batchSize\s*=\s*(\d+)\s*")


def query(call: Call) -> Answer:
    """GET query?q=…"""
    return _queried(call, everything=False)


def query_all(call: Call) -> Answer:
    """GET queryAll?q=…: deleted and archived records too."""
    return _queried(call, everything=True)


def more(call: Call) -> Answer:
    """GET query/{locator}."""
    name, _, start = call.params["locator"].rpartition("-")
    cursor = call.org.cursors.find(name, call.org.clock())
    if cursor is None or not start.isdigit():
        raise bad_request("INVALID_QUERY_LOCATOR", "invalid query locator")
    return _page(call, name, cursor, int(start))


def _queried(call: Call, *, everything: bool) -> Answer:
    if "q" not in call.query:
        raise bad_request("MALFORMED_QUERY", "A query string has to be specified")
    query = parse(call.query["q"])
    try:
        shape, rows = _run(call, query, everything=everything)
    except UnknownNameError as refused:
        raise located(call.query["q"], refused) from refused
    if not query.fields:
        return Answer(OK, {"totalSize": len(rows), "done": True, "records": []})
    size = _page_size(call.headers.get("sforce-query-options", ""))
    cursor = Cursor(rows=rows, shape=shape, size=size, made_at=call.org.clock())
    return _page(call, call.org.cursors.keep(cursor), cursor, 0)


def _run(call: Call, query: Select, *, everything: bool) -> tuple[Shape, list[Row]]:
    store = call.org.store
    table = queried_table(store, query.object)
    shape = Shaper(store, call.data).shape(table, query.fields)
    return shape, run(store, table, query, everything=everything)


def _page(call: Call, name: str, cursor: Cursor, start: int) -> Answer:
    end = start + cursor.size
    body: dict[str, object] = {
        "totalSize": len(cursor.rows),
        "done": end >= len(cursor.rows),
    }
    if not body["done"]:
        body["nextRecordsUrl"] = f"{call.data}/query/{name}-{end}"
    body["records"] = [cursor.shape(row) for row in cursor.rows[start:end]]
    return Answer(OK, body)


def _page_size(options: str) -> int:
    """Read ``batchSize`` of the header Sforce-Query-Options."""
    found = _BATCH_SIZE.fullmatch(options)
    return min(PAGE, max(SMALLEST_PAGE, int(found[1]))) if found else PAGE
