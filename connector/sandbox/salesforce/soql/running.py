"""Finds the rows of a query, in their order."""

from collections.abc import Iterable

from connector.sandbox.salesforce.refusals import no_such_object
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.soql.conditions import (
    compiled,
    ids_wanted,
    refuse_unfilterable,
    sort_key,
)
from connector.sandbox.salesforce.soql.paths import Reached, reach
from connector.sandbox.salesforce.soql.syntax import (
    Combination,
    Condition,
    Order,
    Select,
)
from connector.sandbox.salesforce.store import Store, Table


def queried_table(store: Store, name: str) -> Table:
    """Return the table of an object by its name in any case."""
    for table in store.tables.values():
        if table.object.name.casefold() == name.casefold():
            return table
    raise no_such_object(name)


def run(store: Store, table: Table, query: Select, *, everything: bool) -> list[Row]:
    """Return the rows of a query; ``everything``: deleted and archived ones too."""
    rows = _candidates(table, query, everything=everything)
    if not everything:
        rows = (r for r in rows if not (r.get("IsDeleted") or r.get("IsArchived")))
    for part in _parts(query.where):
        rows = filter(compiled(store, table, part), rows)
    found = list(rows)
    for order in reversed(query.order):
        _sort(found, order, reach(store, table, order.path))
    end = None if query.limit is None else query.offset + query.limit
    return found[query.offset : end]


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    """Take apart what must all hold: each part is then asked of fewer rows."""
    match condition:
        case None:
            return ()
        case Combination(True, parts):
            return parts
        case _:
            return (condition,)


def _candidates(table: Table, query: Select, *, everything: bool) -> Iterable[Row]:
    wanted = ids_wanted(table, query.where, living=not everything)
    if wanted is None:
        return table.rows.values()
    return [table.rows[one] for one in wanted if one in table.rows]


def _sort(rows: list[Row], order: Order, reached: Reached) -> None:
    """Sort what has a value by that alone: a million keys are compared quickly."""
    refuse_unfilterable(reached.field)
    compared, get = sort_key(reached.field), reached.get

    def key(row: Row) -> str | float:
        value = compared(get(row))
        return "" if value is None else value

    nothing = [row for row in rows if get(row) is None]
    something = [row for row in rows if get(row) is not None] if nothing else rows[:]
    something.sort(key=key, reverse=order.descending)
    rows[:] = nothing + something if order.nulls_first else something + nothing
