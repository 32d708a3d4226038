"""Records that somebody else made of the same calls, found before ours are created.

A vendor's own package logs calls too, and the Call button makes a record of a call
before it is placed. Such a record has a value in common with the row, and no key: with
the key it becomes ours, which the CRM then tells from all others.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from connector.engine.batch import Target
from connector.engine.hands import BY_HAND, Case, Found, by_hand, fitting
from connector.engine.job import Job
from connector.log import get_logger
from connector.model import Condition, LedgerRow, Link, Query, Row, Scalar
from connector.ports import Crm, State
from connector.transport.retry import retrying

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingPlan:
    """How such records are told: by the same value in the field ``match``.

    ``skips``: the call is left to them. ``longest``: characters that the field holds.
    ``cased``: letter case tells values apart, in the CRM as well.
    """

    match: str
    skips: bool
    longest: int
    cased: bool

    def value(self, row: Row) -> str:
        """What a record of the same call has; empty: that can't be told."""
        text = str(row.create.get(self.match) or "").strip()
        return text if len(text) <= self.longest else ""

    def same(self, value: Scalar) -> str:
        """The same text for values that are one to the CRM."""
        text = str(value or "").strip()
        return text if self.cased else text.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A record that there is of a row's call.

    ``ours``: it has the row's key. ``us``: our own user.
    """

    record: Found
    ours: bool
    us: str | None = None

    @property
    def crm_id(self) -> str:
        """Its id."""
        return str(self.record["Id"])

    def unlinked(self, row: Row) -> Row:
        """Return the row with only what the record still lacks to be looked for."""
        taken = self._taken(row)
        wants = tuple(want for want in row.wants if want.field not in taken)
        return replace(row, wants=wants)

    def job(self, row: Row, links: Mapping[str, Link]) -> Job:
        """Write the row onto the record; what it points to already stays."""
        return Job(
            row=row,
            crm_id=self.crm_id,
            links=fitting(links, self.record),
            noted=self._taken(row),
            late=True,
            enriches=not self.ours,
        )

    def _taken(self, row: Row) -> dict[str, Link]:
        case = Case(known=LedgerRow(key=row.key, flow=""), wants=row.wants, us=self.us)
        found = ((want, self.record.get(want.field)) for want in row.wants)
        return {
            want.field: by_hand(Link(id=None, why="", values=want.values), now, BY_HAND)
            for want, now in found
            if case.touched(want.field, now)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """Asks the CRM for such records; ``read``: further fields to read of them."""

    state: State
    crm: Crm
    target: Target
    plan: ExistingPlan
    read: Sequence[str]
    stop: threading.Event

    def look(self, rows: Sequence[Row], spent: set[str]) -> dict[str, There]:
        """Find the records that there are of these rows' calls, by key.

        Each becomes one row's at most: ``spent`` has those that are, and gets them.
        Where a call may be skipped nobody takes it. Raises what `Crm.select` does.
        """
        values = {row.key: value for row in rows if (value := self.plan.value(row))}
        groups = self._found(values.values()) if values else {}
        if not groups:
            return {}
        owners, us = self._owners(groups), self.crm.user()
        there: dict[str, There] = {}
        for row in rows:
            of = groups.get(self.plan.same(values.get(row.key)), ())
            if ours := [each for each in of if each[self.target.key] == row.key]:
                there[row.key] = There(record=ours[0], ours=True, us=us)
            elif free := self._free(row, of, owners, spent):
                there[row.key] = There(record=free, ours=False, us=us)
        return there

    def _found(self, values: Collection[str]) -> dict[str, list[Found]]:
        """Ask for the records with these values; those of each, oldest first."""
        asked = {self.plan.same(value): value for value in values}
        match, key = self.plan.match, self.target.key
        fields = ("Id", key, match, "CreatedDate", *self.read)
        query = Query(
            object=self.target.object,
            fields=tuple(dict.fromkeys(fields)),
            where=(
                Condition(field=match, operator="in", value=tuple(asked.values())),
                Condition(field="IsDeleted", operator="is", value=False),
            ),
            deleted_too=True,  # which is also what shows archived records
        )
        found = retrying(lambda: list(self.crm.select(query)), stop=self.stop)
        groups: dict[str, list[Found]] = {}
        for record in sorted(found, key=_age):
            groups.setdefault(self.plan.same(record[match]), []).append(record)
        return groups

    def _owners(self, groups: Mapping[str, Sequence[Found]]) -> dict[str, str]:
        """The keys of those that are ours by all we know, though they lack the key."""
        key = self.target.key
        ids = [str(r["Id"]) for group in groups.values() for r in group if not r[key]]
        with self.state.writing() as tx:
            owners = {each: tx.owner(self.target.object, each) for each in ids}
        return {crm_id: key for crm_id, key in owners.items() if key}

    def _free(
        self,
        row: Row,
        found: Sequence[Found],
        owners: Mapping[str, str],
        spent: set[str],
    ) -> Found | None:
        """The oldest record that is nobody's yet; the others are left alone."""
        ids = [
            str(each["Id"])
            for each in found
            if not each[self.target.key]
            and each["Id"] not in spent
            and owners.get(str(each["Id"]), row.key) == row.key
        ]
        if not ids:
            return None
        if len(ids) > 1:
            log.warning("several_there", key=row.key, taken=ids[0], left=ids[1:])
        if not self.plan.skips:
            spent.add(ids[0])
        return next(each for each in found if each["Id"] == ids[0])


def _age(record: Found) -> tuple[str, str]:
    return str(record["CreatedDate"]), str(record["Id"])
