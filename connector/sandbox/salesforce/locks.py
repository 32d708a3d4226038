"""Rows that somebody else is just writing.

A write is refused for its own row, for any value it carries, and for the parents
it locks (Record Locking Cheat Sheet, "Tasks": a task that is inserted locks its
parents only if it is open and has a date; updating or deleting always does).
"""

from collections.abc import Iterator
from typing import Final

from connector.sandbox.salesforce.refusals import Fault, RowRefusedError
from connector.sandbox.salesforce.schema.shape import Row, Scalar
from connector.sandbox.salesforce.store import Table

PARENTS: Final = ("WhoId", "WhatId", "AccountId")
ANY_FIELD: Final = ""


class Locks:
    """What is locked, and for how many more writes."""

    def __init__(self) -> None:
        """Begin without any."""
        self._left: dict[tuple[str, Scalar], int] = {}

    def lock(self, value: Scalar, times: int, field: str = ANY_FIELD) -> None:
        """Refuse the next ``times`` writes of rows with ``value`` as id or key.

        With ``field``: of rows that have ``value`` there.
        """
        self._left[field, value] = times

    def pass_through(self, table: Table, after: Row, *, exists: bool) -> None:
        """Raise RowRefusedError if the row, as it would be, is locked."""
        if not self._left:
            return
        for hold in _holds(table, after, exists=exists):
            if self._left.get(hold):
                self._left[hold] -= 1
                raise RowRefusedError([_locked(after)])


def _holds(table: Table, after: Row, *, exists: bool) -> Iterator[tuple[str, Scalar]]:
    yield from after.items()
    yield ANY_FIELD, after.get("Id")
    for name in table.indexes:
        yield ANY_FIELD, after.get(name)
    opened = after.get("ActivityDate") is not None and not after.get("IsClosed")
    if exists or opened:
        for name in PARENTS:
            yield ANY_FIELD, after.get(name)


def _locked(after: Row) -> Fault:
    known = after.get("Id", "unknown")
    message = "unable to obtain exclusive access to this record or 1 records: "
    return Fault("UNABLE_TO_LOCK_ROW", f"{message}{known}")
