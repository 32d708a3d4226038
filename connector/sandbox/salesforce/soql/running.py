"""Finds the rows of a query, in their order."""

from collections.abc import Iterable

from connector.sandbox.salesforce.refusals import bad_request
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.soql.conditions import (
    Key,
    compiled,
    ids_wanted,
    refuse_unfilterable,
    sort_key,
)
from connector.sandbox.salesforce.soql.paths import Reached, reach
from connector.sandbox.salesforce.soql.syntax import Order, Select
from connector.sandbox.salesforce.store import Store, Table

HIDDEN = ("IsDeleted", "IsArchived")
"""Rows that only queryAll shows."""


def queried_table(store: Store, name: str) -> Table:
    """Return the table of an object by its name in any case."""
    for table in store.tables.values():
        if table.object.name.casefold() == name.casefold():
            return table
    message = f"sObject type '{name}' is not supported."
    raise bad_request("INVALID_TYPE", message)


def run(store: Store, table: Table, query: Select, *, everything: bool) -> list[Row]:
    """Return the rows of a query; ``everything``: deleted and archived ones too."""
    rows = _candidates(table, query, everything=everything)
    if not everything:
        rows = (r for r in rows if not any(r.get(name) for name in HIDDEN))
    if query.where is not None:
        rows = filter(compiled(store, table, query.where), rows)
    found = list(rows)
    for order in reversed(query.order):
        _sort(found, order, reach(store, table, order.path))
    end = None if query.limit is None else query.offset + query.limit
    return found[query.offset : end]


def _candidates(table: Table, query: Select, *, everything: bool) -> Iterable[Row]:
    wanted = ids_wanted(table, query.where, living=not everything)
    if wanted is None:
        return table.rows.values()
    return [table.rows[one] for one in wanted if one in table.rows]


def _sort(rows: list[Row], order: Order, reached: Reached) -> None:
    refuse_unfilterable(reached.field)
    nothing_last = order.nulls_first is order.descending

    def key(row: Row) -> tuple[bool, Key]:
        value = sort_key(reached.field, reached.get(row))
        if value is None:
            return nothing_last, ""
        return not nothing_last, value

    rows.sort(key=key, reverse=order.descending)
