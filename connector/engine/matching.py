"""Who a field should point to: looked up in the directory, chosen, and explained.

A look-up in the directory costs no call. Only a field of an object that the
directory lacks (a CaseNumber) is asked of the CRM, once for all rows of a batch.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
        link = chosen(find, want.values, lambda v: self._people(find, v, known))
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
        keys = {
            key: ask
            for want in wants
            for value in want.values
            for key, ask in self._keys(self.finds[want.field], value)
        }
        known: dict[str, list[Person]] = self.state.known(keys) if keys else {}
        here = self.state.loadings().keys() if any(keys.values()) else ()
        away = [ask for ask in keys.values() if ask and ask[0] not in here]
        for (name, field), values in _grouped(away).items():
            known |= self._asked(name, field, values)
        return known

    def _people(self, find: Find, value: str, known: Known) -> list[Person]:
        keys = (key for key, _ in self._keys(find, value))
        return [person for key in keys for person in known.get(key, ())]

    @staticmethod
    def _keys(find: Find, value: str) -> list[tuple[str, "Ask | None"]]:
        """Where a value is looked up: the directory's key, and what the CRM is asked."""
        rule = find.rule
        if rule.by in ("phone", "email"):
            return [(value, None)]
        if rule.by == "field":
            asks = [(name, rule.name, value) for name in rule.objects]
        else:
            number = case_number(value)
            named = number and CASE in rule.objects
            asks = [(CASE, CASE_NUMBER, number)] if named else []
        return [(field_key(*ask), ask) for ask in asks]

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


def _grouped(asks: Iterable[Ask]) -> dict[tuple[str, str], list[str]]:
    groups: dict[tuple[str, str], list[str]] = {}
    for name, field, value in asks:
        groups.setdefault((name, field), []).append(value)
    return groups


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def case_number(value: str) -> str:
    """Return a CaseNumber with its leading zeros; empty for what can't be one."""
    return value.zfill(DIGITS) if value.isdecimal() and value.isascii() else ""


# ── choosing: pure ─────────────────────────────────────────────────────────


def chosen(
    find: Find, values: tuple[str, ...], people: Callable[[str], Sequence[Person]]
) -> Link:
    """Choose among those who have the first value that anybody has, and say why."""
    rule = find.rule
    if not values:
        return Link(id=None, why=f"nothing to look for in {' or '.join(rule.names)}")
    for value in values:
        every = people(value)
        for name in rule.objects:
            if found := _distinct(p for p in every if p.object == name):
                link = _one(found, value, rule.ties)
                return replace(_followed(link, found, find), values=values)
    return Link(id=None, why=f"nobody has {' or '.join(values)}", values=values)


def _distinct(people: Iterable[Person]) -> list[Person]:
    return list({person.crm_id: person for person in people}.values())


def _one(found: Sequence[Person], value: str, ties: Ties) -> Link:
    first, *others = sorted(_newest_first(found), key=_ORDER[ties])
    if not others:
        return _link_to(first, f"the only {first.object} with {value}")
    among = tuple(f"{_who(p)} ({p.crm_id})" for p in (first, *others[: SHOWN - 1]))
    kind = f"{len(found)} {first.object} records with {value}"
    if ties == "leave":
        return Link(id=None, why=f"{kind}, and none is chosen", among=among)
    return replace(_link_to(first, f"{_WHY[ties]} of {kind}"), among=among)


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


def _link_to(person: Person, why: str) -> Link:
    return Link(id=person.crm_id, why=why, who=_who(person), object=person.object)


def _followed(link: Link, found: Sequence[Person], find: Find) -> Link:
    """Follow a converted lead to what it became, as far as the field can point there."""
    became = next((p.became for p in found if p.crm_id == link.id), {})
    return followed(link, became, find.references) if became else link


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
