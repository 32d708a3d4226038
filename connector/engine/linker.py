"""Brings the rows of a batch together with the records they belong to.

It happens once, before a row is created: found, made, left, or set aside, as the
mapping says. Calls between colleagues are told apart here as well.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from connector.clock import Clock
from connector.engine.choosing import is_open, together
from connector.engine.healing import Healer
from connector.engine.hold import Hold
from connector.engine.making import Made, Maker, Makes
from connector.engine.matching import Matcher
from connector.engine.settle import undecided
from connector.errors import RecordError
from connector.mapping.finding import Find
from connector.mapping.flow import Making
from connector.mapping.flow_calls import Internal
from connector.model import (
    INTERNAL,
    LedgerRow,
    Link,
    Payload,
    Person,
    Refused,
    Row,
    Unlinked,
)
from connector.ports import Crm, State

USER = "User"

OURS = Link(id=None, why="both numbers are ours", object=USER)

Sides = Callable[[Mapping[str, object]], tuple[tuple[str, ...], tuple[str, ...]]]
"""From a record's fields to the readings of both its numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """How calls between colleagues are told, and what they become."""

    rule: Internal
    sides: Sides
    logged: Callable[[Row], Row]

    def are(self, row: Row, users: Mapping[str, Sequence[Person]]) -> bool:
        """Whether both numbers of a call are users', or listed."""
        sides = self.sides(row.record.fields)
        return all(any(self._ours(v, users) for v in side) for side in sides)

    def _ours(self, value: str, users: Mapping[str, Sequence[Person]]) -> bool:
        if self.rule.numbers.has(value):
            return True
        return any(person.object == USER for person in users.get(value, ()))


Links = dict[str, Link]
"""The links of one row, by field."""


@dataclass(slots=True, kw_only=True)
class Linked:
    """What came of the rows of a batch.

    ``links`` by key: of those that are ready to be created, matched against the
    directory as it was at ``generation``. ``logged``: calls between colleagues, as they
    are logged. The others are not wanted, to be set aside, or to wait for: another
    writer is making their record right now.
    """

    generation: int = 0
    links: dict[str, Links] = field(default_factory=dict)
    logged: dict[str, Row] = field(default_factory=dict)
    skipped: list[Row] = field(default_factory=list)
    aside: list[tuple[Row, RecordError]] = field(default_factory=list)
    busy: list[Row] = field(default_factory=list)

    @property
    def out(self) -> list[Row]:
        """The rows that are settled without being sent."""
        return [*self.skipped, *(row for row, _ in self.aside)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What is there to be asked."""

    state: State
    crm: Crm
    clock: Clock
    stop: threading.Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How somebody is made whom nobody knows. ``phone``: the field with the number."""

    making: Making
    phone: str | None
    payload: Callable[[Mapping[str, object]], Payload]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """How the rows of a flow are linked; all by the field that points to somebody.

    ``prefixes``: the object of an id, by what the id begins with. ``read``: the
    fields that are looked at before a record that exists is linked.
    """

    finds: Mapping[str, Find] = field(default_factory=dict)
    read: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    colleagues: Colleagues | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.finds) or self.colleagues is not None

    @property
    def by_id(self) -> frozenset[str]:
        """The fields that are found by an id which the vendor gives."""
        return frozenset(n for n, find in self.finds.items() if find.rule.by == "id")

    @property
    def on(self) -> frozenset[str]:
        """The fields that say whom a record is on, not whose it is."""
        finds = self.finds.items()
        return frozenset(name for name, find in finds if not find.rule.of_agents)

    def undecided(
        self, rows: Sequence[Row], known: Mapping[str, LedgerRow]
    ) -> list[Unlinked]:
        """What is to be found for those of the rows whose record exists."""
        if not self.finds:
            return []
        by_id = self.by_id
        return [
            each
            for row in rows
            if (before := known.get(row.key)) and before.crm_id and not before.deleted
            for each in undecided(row, before.links, by_id)
        ]

    def as_logged(
        self, rows: Sequence[Row], known: Mapping[str, LedgerRow]
    ) -> Sequence[Row]:
        """Return the rows; calls between colleagues as they were logged."""
        if self.colleagues is None:
            return rows
        logged = self.colleagues.logged
        return [
            logged(row) if _was_internal(known.get(row.key)) else row for row in rows
        ]

    def linker(self, outside: Outside, hold: Hold | None) -> "Linker":
        """Build what does it, while ``hold`` lasts; without one nobody is made."""
        matcher = Matcher(
            state=outside.state,
            crm=outside.crm,
            finds=self.finds,
            prefixes=self.prefixes,
            stop=outside.stop,
        )
        return Linker(
            plan=self,
            state=outside.state,
            matcher=matcher,
            healer=Healer(matcher=matcher),
            makers={
                name: Maker(
                    state=outside.state,
                    crm=outside.crm,
                    clock=outside.clock,
                    hold=hold,
                    stop=outside.stop,
                    making=recipe.making,
                    phone=recipe.phone,
                    payload=recipe.payload,
                )
                for name, recipe in self.recipes.items()
                if hold
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Linker:
    """Links rows before they are created."""

    plan: LinkPlan
    state: State
    matcher: Matcher
    healer: Healer
    makers: Mapping[str, Makes]
    """By field, where the mapping makes somebody."""

    def link(self, rows: Sequence[Row]) -> Linked:
        """Link rows that are about to be created. Raises what `Crm` raises."""
        done = Linked(generation=self.state.generation())
        wanted = self._but_internal(rows, done)
        found = self.matcher.links([row.wants for row in wanted])
        for row, links in zip(wanted, found, strict=True):
            done.links[row.key] = links
        for row in done.logged.values():
            done.links[row.key][INTERNAL] = OURS
        others = [row for row in wanted if row.key not in done.logged]
        for name, maker in self.makers.items():
            self._make(name, maker, others, done)
        for name, find in self.plan.finds.items():
            if find.rule.none == "set aside":
                _set_aside(name, others, done)
        return done

    # ── between colleagues ─────────────────────────────────────────────────

    def _but_internal(self, rows: Sequence[Row], done: Linked) -> Sequence[Row]:
        """Return the rows that are wanted; note those between colleagues."""
        colleagues = self.plan.colleagues
        if colleagues is None:
            return rows
        both = (colleagues.sides(row.record.fields) for row in rows)
        users = self.state.known({v for sides in both for side in sides for v in side})
        ours = [row for row in rows if colleagues.are(row, users)]
        if colleagues.rule.calls == "skip":
            done.skipped.extend(ours)
            keys = {row.key for row in ours}
            return [row for row in rows if row.key not in keys]
        done.logged = {row.key: colleagues.logged(row) for row in ours}
        return rows

    # ── where nobody was found ─────────────────────────────────────────────

    def _make(self, name: str, maker: Makes, rows: Sequence[Row], done: Linked) -> None:
        """Make the people whom nobody knows, and link their calls to them."""
        lacking = [r for r in rows if _lacks(done.links.get(r.key, {}).get(name))]
        if not lacking:
            return
        numbers = {row.key: done.links[row.key][name].values[0] for row in lacking}
        made = maker.make({numbers[row.key]: row.record.fields for row in lacking})
        for row in lacking:
            number = numbers[row.key]
            if number in made.busy:
                done.busy.append(row)
                del done.links[row.key]
            elif why := made.later.get(number):
                done.aside.append((row, _not_yet(name, why)))
                del done.links[row.key]
            else:
                links = done.links[row.key]
                links[name] = _made(links[name], made)
                done.links[row.key] = together(links)


def _lacks(link: Link | None) -> bool:
    """Whether nobody has the number, so that somebody may be made."""
    return bool(link and is_open(link) and not link.among)


def _made(link: Link, made: Made) -> Link:
    """Return a link to whom was made for it, or why nobody was."""
    value = link.values[0]
    if person := made.people.get(value):
        return replace(
            link,
            id=person.crm_id,
            who=f"{person.object} {person.name}",
            object=person.object,
            why=f"made, as {link.why}",
        )
    words = made.refused.get(value, "the CRM did not say why")
    return replace(link, why=f"{link.why}, and none could be made: {words}")


def _not_yet(name: str, why: Refused) -> RecordError:
    message = f"{name}: nobody has the number, and none could be made: {why.message}"
    return RecordError(message, code=why.code, fields=(name,))


def _set_aside(name: str, rows: Sequence[Row], done: Linked) -> None:
    """Set the rows aside for whom nobody was found."""
    for row in rows:
        link = done.links.get(row.key, {}).get(name)
        if link and not link.object:
            why = RecordError(f"{name}: {link.why}", code="NOBODY", fields=(name,))
            done.aside.append((row, why))
            del done.links[row.key]


def _was_internal(known: LedgerRow | None) -> bool:
    return bool(known and known.links and INTERNAL in known.links)
