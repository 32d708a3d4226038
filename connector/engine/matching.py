"""Who a field should point to: looked up in the directory, chosen, and explained.

A look-up in the directory costs no call. Only a field of an object that the
directory lacks (a CaseNumber) is asked of the CRM, once for all rows of a batch.
"""

import dataclasses
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from connector.engine.choosing import People, chosen, defaulted, together
from connector.engine.listing import is_read
from connector.mapping.finding import Find
from connector.mapping.keys import field_key
from connector.mapping.record_ids import long_id
from connector.model import Condition, Link, Person, Query, Unlinked, Want
from connector.ports import Crm, State
from connector.transport.retry import retrying

Known = Mapping[str, Sequence[Person]]
"""Who has a value."""

CASE, CASE_NUMBER, DIGITS = "Case", "CaseNumber", 8
"""The object that people name by number, and how long its numbers are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Finds the records that the fields of rows should point to.

    ``prefixes``: the object of an id, by what the id begins with.
    """

    state: State
    crm: Crm
    finds: Mapping[str, Find]
    prefixes: Mapping[str, str]
    stop: threading.Event

    def links(self, rows: Sequence[Sequence[Want]]) -> list[dict[str, Link]]:
        """Return the links of each row, by field; raises what `Crm.select` does."""
        known = self._known([want for wants in rows for want in wants])
        return [together(self._of(wants, known)) for wants in rows]

    def people(self, rows: Iterable[Iterable[Want]]) -> list[Person]:
        """Return all among whom the links of rows are chosen."""
        wants = [want for wants in rows for want in wants]
        names = {name for w in wants for name in self.finds[w.field].rule.objects}
        known = self._known(wants)
        return [p for people in known.values() for p in people if p.object in names]

    def _of(self, wants: Iterable[Want], known: Known) -> dict[str, Link]:
        return {want.field: self._link(want, known) for want in wants}

    def _link(self, want: Want, known: Known) -> Link:
        find = self.finds[want.field]
        if find.rule.by == "id" and (found := self._by_id(find, want)):
            return found
        link = chosen(find, want.values, _people(find, known))
        if want.lacks:
            link = replace(link, why=want.lacks)
        if link.id is None and find.rule.none == "default":
            return defaulted(find, link)
        return link

    def _by_id(self, find: Find, want: Want) -> Link | None:
        for value in want.values:
            name = self.prefixes.get(value[:3]) if long_id(value) == value else None
            if name in find.rule.objects:
                why = f"{name} {value}, as it was given"
                return Link(id=value, why=why, object=name or "", values=want.values)
        return None

    # ── looking up ─────────────────────────────────────────────────────────

    def _known(self, wants: Iterable[Want]) -> Known:
        """Look all values up at once, in the directory or else in the CRM."""
        keys: set[str] = set()
        asks: dict[Ask, str] = {}
        for want in wants:
            find = self.finds[want.field]
            if find.rule.by in DIRECT:
                keys.update(want.values)
            else:
                asks |= {
                    ask: field_key(*ask) for v in want.values for ask in _asks(find, v)
                }
        known: dict[str, list[Person]] = {}
        if keys or asks:
            known = self.state.known({*keys, *asks.values()})
        for (name, field), values in self._away(asks).items():
            known |= self._asked(name, field, values)
        return known

    def _away(self, asks: Iterable["Ask"]) -> dict[tuple[str, str], list[str]]:
        """What the CRM must be asked, as the directory does not read that field."""
        groups: dict[tuple[str, str], list[str]] = {}
        loadings = self.state.loadings() if asks else {}
        for name, field, value in asks:
            if not is_read(loadings.get(name), "keys", field):
                groups.setdefault((name, field), []).append(value)
        return groups

    def _asked(
        self, name: str, field: str, values: Sequence[str]
    ) -> dict[str, list[Person]]:
        query = Query(
            object=name,
            fields=("Id", field, "CreatedDate"),
            where=(Condition(field=field, operator="in", value=tuple(values)),),
        )
        found: dict[str, list[Person]] = {}
        for record in retrying(lambda: list(self.crm.select(query)), stop=self.stop):
            person = Person(
                crm_id=str(record["Id"]),
                object=name,
                name=str(record[field]),
                created=_seconds(str(record["CreatedDate"])),
            )
            found.setdefault(field_key(name, field, person.name), []).append(person)
        return found


Ask = tuple[str, str, str]
"""Object, field and value."""


DIRECT = frozenset({"phone", "email"})
"""What is looked for is then what it is looked up by."""


def _asks(find: Find, value: str) -> list[Ask]:
    """What a value that is not looked up by itself is in: object, field, value."""
    rule = find.rule
    if rule.by == "field":
        return [(name, rule.name, value) for name in rule.objects]
    number = case_number(value) if CASE in rule.objects else ""
    return [(CASE, CASE_NUMBER, number)] if number else []


def sought(finds: Mapping[str, Find], rows: Iterable[Unlinked]) -> Iterator[Unlinked]:
    """Yield the rows with what the directory has to learn for each, one a row."""
    for row in rows:
        find = finds.get(row.field)
        keys = _keys(find, row.value) if find else []
        for key in keys or [row.value]:
            yield dataclasses.replace(row, sought=key)


def _keys(find: Find, value: str) -> list[str]:
    """Return what the directory has those under who have a value."""
    if find.rule.by in DIRECT:
        return [value]
    return [field_key(*ask) for ask in _asks(find, value)]


def _people(find: Find, known: Known) -> People:
    """Return what gives the people who have a value."""
    if find.rule.by in DIRECT:
        return known.get

    def people(value: str) -> Sequence[Person]:
        return [p for key in _keys(find, value) for p in known.get(key, ())]

    return people


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def case_number(value: str) -> str:
    """Return a CaseNumber with its leading zeros; empty for what can't be one."""
    return value.zfill(DIGITS) if value.isdecimal() and value.isascii() else ""
