"""What people do in the org by hand, past the API: quick, and hardly checked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from connector.sandbox.salesforce import conversion
from connector.sandbox.salesforce.button import Button
from connector.sandbox.salesforce.conversion import Converted
from connector.sandbox.salesforce.moments import stamp
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.rules import DERIVED
from connector.sandbox.salesforce.schema.shape import Row, Scalar
from connector.sandbox.salesforce.store import Table


class Hands:
    """Reads and changes records; for use from any thread."""

    def __init__(self, org: Org) -> None:
        """Work on this org; ``button`` is its Call button."""
        self._org = org
        self.button = Button(org)

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

    def stamp(self, record_id: str, moment: datetime) -> None:
        """Let a record have been changed at ``moment``; KeyError if it isn't there."""
        with self._org.lock:
            _, row = self._found(record_id)
            row["LastModifiedDate"] = row["SystemModstamp"] = stamp(moment)

    def merge(self, winner: str, loser: str) -> None:
        """Let ``winner`` have what is tied to ``loser``, and delete that.

        KeyError if they are not two living records of one object that has merges.
        """
        with self._org.lock:
            (table, kept), (_, lost) = self._living(winner), self._living(loser)
            if not table.object.mergeable or kept is lost:
                raise KeyError(winner)
            if str(lost["Id"]) not in table.rows:
                raise KeyError(loser)
            self._retie(str(lost["Id"]), str(kept["Id"]))
            self._org.store.change(table, kept, {})
            gone: Row = {"IsDeleted": True, "MasterRecordId": kept["Id"]}
            self._org.store.change(table, lost, gone)

    def convert(self, lead_id: str, *, opportunity: bool) -> Converted:
        """Make a contact, an account and perhaps an opportunity of a lead.

        KeyError if there is no such lead, or not any more.
        """
        with self._org.lock:
            table, lead = self._living(lead_id)
            if table.object.name != "Lead" or lead.get("IsConverted"):
                raise KeyError(lead_id)
            converted = self._made_of(table.full(lead), opportunity=opportunity)
            for task in self._tied("Task", str(lead["Id"]), ["WhoId"]):
                self.change(str(task["Id"]), conversion.moved(task, converted))
            flags: Row = {"IsConverted": True, "Status": conversion.CONVERTED_STATUS}
            flags["ConvertedDate"] = self._today().isoformat()
            self._org.store.change(table, lead, flags | converted.on_lead)
            return converted

    def _made_of(self, lead: Row, *, opportunity: bool) -> Converted:
        account = self.add("Account", conversion.account(lead))
        contact = self.add("Contact", conversion.contact(lead, account))
        if not opportunity:
            return Converted(contact=contact, account=account)
        deal = conversion.opportunity(lead, account, self._today())
        opened = self.add("Opportunity", deal)
        role: Row = {"OpportunityId": opened, "ContactId": contact, "IsPrimary": True}
        self.add("OpportunityContactRole", role)
        return Converted(contact=contact, account=account, opportunity=opened)

    def _today(self) -> date:
        return date.fromisoformat(self._org.store.now()[:10])

    def _retie(self, old: str, new: str) -> None:
        """Lead what leads to ``old`` to ``new``; an earlier merge stays what it was."""
        for object_name, table in self._org.store.tables.items():
            names = _ties(table)
            for row in self._tied(object_name, old, names):
                tied: Row = {name: new for name in names if row.get(name) == old}
                self.change(str(row["Id"]), tied)

    def _tied(
        self, object_name: str, record_id: str, names: Sequence[str]
    ) -> list[Row]:
        """Return the rows that lead to a record by one of these fields."""
        rows = self._org.store.tables[object_name].rows.values()
        near = (row for row in rows if record_id in row.values())
        return [row for row in near if any(row.get(n) == record_id for n in names)]

    def _living(self, record_id: str) -> tuple[Table, Row]:
        table, row = self._found(record_id)
        if row.get("IsDeleted"):
            raise KeyError(record_id)
        return table, row

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


def _ties(table: Table) -> list[str]:
    """Return the fields that lead to other records as they are now."""
    fields = table.object.fields.values()
    return [f.name for f in fields if f.references and f.name != "MasterRecordId"]
