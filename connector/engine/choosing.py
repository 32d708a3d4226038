"""Which of those who have a value a field points to, and why. Pure."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from connector.mapping.convert import MISSING
from connector.mapping.finding import Find
from connector.mapping.flow import Ties
from connector.model import Link, Person

SHOWN = 5
"""Of several records, how many are named."""

FOLLOWED = ("Contact", "Opportunity", "Account")
"""What a converted lead became, in the order in which it is followed."""

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
