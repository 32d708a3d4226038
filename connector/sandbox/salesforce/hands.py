"""What people do in the org by hand, past the API: quick, and hardly checked."""

from collections.abc import Mapping

from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.rules import DERIVED
from connector.sandbox.salesforce.schema.shape import Row, Scalar
from connector.sandbox.salesforce.store import Table


class Hands:
    """Reads and changes records; for use from any thread."""

    def __init__(self, org: Org) -> None:
        """Work on this org."""
        self._org = org

    def rows(self, object_name: str, *, deleted: bool) -> list[Row]:
        """Return all records of an object with all their fields, oldest first."""
        with self._org.lock:
            table = self._org.store.tables[object_name]
            every = table.rows.values()
            return [table.full(r) for r in every if deleted or not r.get("IsDeleted")]

    def add(self, object_name: str, values: Mapping[str, Scalar]) -> str:
        """Add a record; KeyError for an object or field that isn't there."""
        with self._org.lock:
            table = self._org.store.tables[object_name]
            return self._org.store.insert(table, self._derived(table, values))

    def change(self, record_id: str, values: Mapping[str, Scalar]) -> None:
        """Set fields of a record, deleted or not; KeyError if it isn't there."""
        with self._org.lock:
            table, row = self._found(record_id)
            derived = self._derived(table, {**row, **values})
            self._org.store.change(table, row, {**derived, **values})

    def merge(self, winner: str, loser: str) -> None:
        """Let ``winner`` have what is tied to ``loser``, and delete that."""
        with self._org.lock:
            table, row = self._found(loser)
            kept = str(self._found(winner)[1]["Id"])
            if not table.object.mergeable or kept not in table.rows:
                raise KeyError(winner)
            self._retie(str(row["Id"]), kept)
            gone: Row = {"IsDeleted": True, "MasterRecordId": kept}
            self._org.store.change(table, row, gone)

    def _retie(self, old: str, new: str) -> None:
        for table in self._org.store.tables.values():
            names = [f.name for f in table.object.fields.values() if f.references]
            for row in table.rows.values():
                tied: Row = {name: new for name in names if row.get(name) == old}
                if tied:
                    self._org.store.change(table, row, tied)

    def _found(self, record_id: str) -> tuple[Table, Row]:
        found = self._org.store.find(record_id)
        if found is None:
            raise KeyError(record_id)
        return found

    def _derived(self, table: Table, values: Mapping[str, Scalar]) -> Row:
        for name in values:
            table.object.fields[name]
        derive = DERIVED.get(table.object.name)
        return {**values, **derive(self._org.store, values)} if derive else {**values}
