"""Who a field should point to: looked up in the directory, chosen, and explained.

A look-up in the directory costs no call. Only a field of an object that the
directory lacks (a CaseNumber) is asked of the CRM, once for all rows of a batch.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from connector.mapping.convert import MISSING
from connector.mapping.finding import Find
from connector.mapping.flow import Ties
from connector.mapping.keys import field_key
from connector.model import Condition, Link, Person, Query, Want
from connector.ports import Crm, State
from connector.transport.retry import retrying

Known = Mapping[str, Sequence[Person]]
"""Who has a value."""

SHOWN = 5
"""Of several records, how many are named."""

FOLLOWED = ("Contact", "Opportunity", "Account")
"""What a converted lead became, in the order in which it is followed."""

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

    def _of(self, wants: Iterable[Want], known: Known) -> dict[str, Link]:
        return {want.field: self._link(want, known) for want in wants}

    def _link(self, want: Want, known: Known) -> Link:
        find = self.finds[want.field]
        if find.rule.by == "id" and (found := self._by_id(find, want)):
            return found
        link = chosen(find, want.values, _people(find, known))
        if link.id is None and find.rule.none == "default":
            return defaulted(find, link)
        return link

    def _by_id(self, find: Find, want: Want) -> Link | None:
        for value in want.values:
            name = self.prefixes.get(value[:3]) if len(value) == ID else None
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
        """What the CRM must be asked, as the directory has no such object."""
        groups: dict[tuple[str, str], list[str]] = {}
        here = self.state.loadings().keys() if asks else ()
        for name, field, value in asks:
            if name not in here:
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


ID = 18
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


def _people(find: Find, known: Known) -> "People":
    """Return what gives the people who have a value."""
    if find.rule.by in DIRECT:
        return known.get

    def people(value: str) -> Sequence[Person]:
        keys = (field_key(*ask) for ask in _asks(find, value))
        return [person for key in keys for person in known.get(key, ())]

    return people


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def case_number(value: str) -> str:
    """Return a CaseNumber with its leading zeros; empty for what can't be one."""
    return value.zfill(DIGITS) if value.isdecimal() and value.isascii() else ""


# ── choosing: pure ─────────────────────────────────────────────────────────


People = Callable[[str], Sequence[Person] | None]
"""From a value to those who have it."""


def chosen(find: Find, values: tuple[str, ...], people: People) -> Link:
    """Choose among those who have the first value that anybody has, and say why."""
    rule = find.rule
    if not values:
        return Link(id=None, why=f"nothing to look for in {' or '.join(rule.names)}")
    for value in values:
        every = people(value) or ()
        for name in rule.objects if every else ():
            if found := _distinct(every, name):
                return _one(found, find, value, values)
    return Link(id=None, why=f"nobody has {' or '.join(values)}", values=values)


def _distinct(people: Sequence[Person], name: str) -> list[Person]:
    """Return the people of one object, each once."""
    found = [person for person in people if person.object == name]
    if len(found) > 1:
        found = list({person.crm_id: person for person in found}.values())
    return found


def _one(
    found: Sequence[Person], find: Find, value: str, values: tuple[str, ...]
) -> Link:
    """Choose one of several people of one object who have ``value``."""
    if len(found) == 1:
        (only,) = found
        return _to(only, find, f"the only {only.object} with {value}", values)
    ties = find.rule.ties
    first, *others = sorted(_newest_first(found), key=_ORDER[ties])
    among = tuple(f"{_who(p)} ({p.crm_id})" for p in (first, *others[: SHOWN - 1]))
    kind = f"{len(found)} {first.object} records with {value}"
    if ties == "leave":
        why = f"{kind}, and none is chosen"
        return Link(id=None, why=why, among=among, values=values)
    link = _to(first, find, f"{_WHY[ties]} of {kind}", values)
    return replace(link, among=among)


def _to(person: Person, find: Find, why: str, values: tuple[str, ...]) -> Link:
    """Point to somebody; to what a converted lead became, as far as can be."""
    link = Link(
        id=person.crm_id,
        why=why,
        who=_who(person),
        object=person.object,
        values=values,
    )
    return followed(link, person.became, find.references) if person.became else link


def _newest_first(people: Sequence[Person]) -> list[Person]:
    """Order people by when they were made; of one second, by the later id."""
    return sorted(people, key=lambda p: (p.created, p.crm_id), reverse=True)


_ORDER: Mapping[Ties, Callable[[Person], int]] = {
    "newest": lambda _: 0,
    "priority": lambda person: person.rank,
    "leave": lambda _: 0,
}
_WHY: Mapping[Ties, str] = {"newest": "the newest", "priority": "first by its field"}


def _who(person: Person) -> str:
    return f"{person.object} {person.name}".strip()


def followed(link: Link, became: Mapping[str, str], references: Sequence[str]) -> Link:
    """Point a link to a converted lead to one of what it ``became``, or to nobody."""
    for name in FOLLOWED:
        if name in references and name in became:
            why = f"{link.why}, converted into this {name}"
            return replace(link, id=became[name], object=name, why=why)
    return replace(link, id=None, object="", why=f"{link.why}, which was converted")


def defaulted(find: Find, link: Link) -> Link:
    """Give a link to nobody the default of its rule."""
    default = None if find.rule.default is MISSING else str(find.rule.default)
    return replace(link, id=default, why=f"{link.why}: the default")


WHO, WHAT, LEAD = "WhoId", "WhatId", "Lead"


def together(links: dict[str, Link]) -> dict[str, Link]:
    """Let the links of one record fit together: beside a lead there is no WhatId."""
    who, what = links.get(WHO), links.get(WHAT)
    if who and what and who.object == LEAD and what.id:
        why = f"{what.why}; left empty, as {WHO} is a lead"
        links[WHAT] = replace(what, id=None, why=why)
    return links


def is_open(link: Link) -> bool:
    """Whether nobody was found, so that a later look may find somebody."""
    return not link.object and bool(link.values)
