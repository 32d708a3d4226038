"""query, queryAll and their further pages (REST API Developer Guide, "Query")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from connector.sandbox.salesforce.calls import OK, Answer, Call
from connector.sandbox.salesforce.refusals import RequestRefusedError, bad_request
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.soql.parser import parse
from connector.sandbox.salesforce.soql.running import queried_table, run
from connector.sandbox.salesforce.soql.shaping import Shape, Shaper

PAGE: Final = 2000
SMALLEST_PAGE: Final = 200
CURSORS: Final = 50
"""How many queries can be read on; older ones are forgotten."""
CURSOR_LIFE: Final = timedelta(days=2)

_BATCH_SIZE = re.compile(r"\s*batchSize\s*=\s*(\d+)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The rows of a query that has more than a page, and how they are shown."""

    rows: Sequence[Row]
    shape: Shape
    size: int
    ends: datetime


class Queries:
    """The handlers of queries, and the cursors between their pages."""

    def __init__(self) -> None:
        """Begin without cursors."""
        self._cursors: dict[str, Cursor] = {}
        self._made = 0

    def query(self, call: Call) -> Answer:
        """GET query?q=…"""
        return self._query(call, everything=False)

    def query_all(self, call: Call) -> Answer:
        """GET queryAll?q=…: deleted and archived records too."""
        return self._query(call, everything=True)

    def more(self, call: Call) -> Answer:
        """GET query/{locator}."""
        name, _, start = call.params["locator"].rpartition("-")
        cursor = self._cursors.get(name)
        if cursor is None or not start.isdigit() or cursor.ends < call.org.clock():
            raise bad_request("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(call, name, cursor, int(start))

    def _query(self, call: Call, *, everything: bool) -> Answer:
        query = parse(_text(call))
        store = call.org.store
        table = queried_table(store, query.object)
        shape = Shaper(store, call.data).shape(table, query.fields)
        rows = run(store, table, query, everything=everything)
        if not query.fields:
            return _counted(len(rows))
        cursor = Cursor(
            rows=rows,
            shape=shape,
            size=_page_size(call.headers.get("sforce-query-options", "")),
            ends=call.org.clock() + CURSOR_LIFE,
        )
        return self._page(call, self._kept(cursor), cursor, 0)

    def _kept(self, cursor: Cursor) -> str:
        self._made += 1
        name = f"01g5g00000{self._made:05}AAA"
        if len(cursor.rows) > cursor.size:
            self._cursors[name] = cursor
        while len(self._cursors) > CURSORS:
            del self._cursors[next(iter(self._cursors))]
        return name

    def _page(self, call: Call, name: str, cursor: Cursor, start: int) -> Answer:
        end = start + cursor.size
        body: dict[str, object] = {
            "totalSize": len(cursor.rows),
            "done": end >= len(cursor.rows),
        }
        if not body["done"]:
            body["nextRecordsUrl"] = f"{call.data}/query/{name}-{end}"
        body["records"] = [cursor.shape(row) for row in cursor.rows[start:end]]
        return Answer(OK, body)


def _counted(count: int) -> Answer:
    return Answer(OK, {"totalSize": count, "done": True, "records": []})


def _text(call: Call) -> str:
    if "q" not in call.query:
        raise _no_text()
    return call.query["q"]


def _no_text() -> RequestRefusedError:
    return bad_request("MALFORMED_QUERY", "A query string has to be specified")


def _page_size(options: str) -> int:
    """Read ``batchSize`` of the header Sforce-Query-Options."""
    found = _BATCH_SIZE.fullmatch(options)
    return min(PAGE, max(SMALLEST_PAGE, int(found[1]))) if found else PAGE
