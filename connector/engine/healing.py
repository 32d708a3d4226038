"""Mends links to records that are gone: followed, chosen anew, or dropped.

Only what the CRM refused is asked about, and all who could be chosen instead: one
query an object for a whole batch. Who is gone is struck from the directory.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from msgspec.structs import replace

from connector.engine.choosing import FOLLOWED, defaulted, followed, together
from connector.engine.matching import Matcher
from connector.model import Condition, Link, Query, Scalar, Want
from connector.transport.retry import retrying

Gone = Mapping[str, Scalar]
"""What the CRM still says of a record that can't be pointed to."""

FATE = {
    "IsDeleted": "IsDeleted",
    "MasterRecordId": "MasterRecordId",
    "IsConverted": "IsConverted",
    **{name: f"Converted{name}Id" for name in FOLLOWED},
}
"""What is asked of it, as far as its object has such a field."""

HOPS = 25
"""Merges of merged records that are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Links of a row that the CRM refused, in its ``words``.

    ``fields``: those that it named, or all that it may have meant. ``owner``: the
    records are there, but can't own anything.
    """

    links: Mapping[str, Link]
    fields: tuple[str, ...]
    words: str
    owner: bool = False

    @property
    def found(self) -> dict[str, Link]:
        """Those that were found by a rule."""
        links = ((name, self.links.get(name)) for name in self.fields)
        return {name: link for name, link in links if link and link.id}

    @property
    def wants(self) -> list[Want]:
        """What was looked for, where others may have it too."""
        if self.owner:
            return []
        return [Want(field=n, values=link.values) for n, link in self.found.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The links of a row as they are now; ``lost``: fields that are left out."""

    links: Mapping[str, Link] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of records, by id; who is absent is not there any more."""

    of: Mapping[str, Gone]

    def is_gone(self, crm_id: str) -> bool:
        """Whether a record is in the bin, or not even there."""
        fate = self.of.get(crm_id)
        return fate is None or bool(fate.get("IsDeleted"))

    def stands(self, link: Link) -> bool:
        """Whether a link is to a record that can be pointed to, for all we see."""
        crm_id = str(link.id)
        return not self.is_gone(crm_id) and not self.of[crm_id].get("IsConverted")

    def end(self, link: Link, references: Sequence[str]) -> Link:
        """Follow a link through merges and conversions; to nobody where they end."""
        for _ in range(HOPS):
            fate = self.of.get(str(link.id), {})
            if master := fate.get("MasterRecordId"):
                why = f"{link.why}, merged into {master}"
                link = replace(link, id=str(master), why=why)
            elif became := _became(fate):
                return followed(link, became, references)
            else:
                break
        return replace(link, id=None) if self.is_gone(str(link.id)) else link


@dataclass(frozen=True, slots=True, kw_only=True)
class Healer:
    """Finds out what became of records, and who may stand in for them."""

    matcher: Matcher

    def heal(self, broken: Sequence[Broken]) -> list[Mended]:
        """Return what becomes of the links of each row. Raises what `Crm` raises."""
        rows = [one.wants for one in broken]
        asked = {person.crm_id: person.object for person in self.matcher.people(rows)}
        for one in broken:
            if not one.owner:
                asked |= {str(k.id): k.object for k in one.found.values() if k.object}
        fates = self._fates(asked)
        self._strike([crm_id for crm_id in asked if fates.is_gone(crm_id)])
        others = self.matcher.links(rows)
        return [
            self._reowned(one) if one.owner else self._mended(one, other, fates)
            for one, other in zip(broken, others, strict=True)
        ]

    def _mended(self, one: Broken, others: Mapping[str, Link], fates: Fates) -> Mended:
        guilty, links = _guilty(one, fates), dict(one.links)
        for name in guilty:
            if name in others:
                links[name] = self._instead(name, one, others[name], fates)
        return _with(together(links), guilty)

    def _instead(self, name: str, one: Broken, other: Link, fates: Fates) -> Link:
        """Follow a link; else take whom the rule chooses now; else point to nobody."""
        link, references = one.links[name], self.matcher.finds[name].references
        end = fates.end(link, references)
        if end.id and end.id != link.id:
            return end
        if other.object:
            other = fates.end(other, references)
        if other.id and other.id != link.id:
            refused = f"{link.who or link.id} was refused: {one.words}"
            return replace(other, why=f"{other.why}; {refused}")
        return dropped(replace(link, why=end.why), one.words)

    def _reowned(self, one: Broken) -> Mended:
        links = dict(one.links)
        for name, link in one.found.items():
            why = f"{link.why}; refused: {one.words}"
            other = replace(link, object="", why=why)
            other = defaulted(self.matcher.finds[name], other)
            links[name] = replace(other, id=None) if other.id == link.id else other
        return _with(links, one.fields)

    # ── what became of them ────────────────────────────────────────────────

    def _fates(self, asked: Mapping[str, str]) -> Fates:
        """Ask what became of records (id to object), and of those they merged into."""
        fates: dict[str, Gone] = {}
        for _ in range(HOPS):
            if not asked:
                break
            for name in dict.fromkeys(asked.values()):
                fates |= self._asked(name, [i for i, of in asked.items() if of == name])
            masters = {
                str(master): name
                for crm_id, name in asked.items()
                if (master := fates.get(crm_id, {}).get("MasterRecordId"))
            }
            asked = {i: name for i, name in masters.items() if i not in fates}
        return Fates(fates)

    def _asked(self, name: str, ids: Sequence[str]) -> dict[str, Gone]:
        crm, stop = self.matcher.crm, self.matcher.stop
        there = retrying(partial(crm.describe, name), stop=stop).fields
        query = Query(
            object=name,
            fields=("Id", *(field for field in FATE.values() if field in there)),
            where=(Condition(field="Id", operator="in", value=tuple(ids)),),
            deleted_too=True,
        )
        found = retrying(lambda: list(crm.select(query)), stop=stop)
        return {str(record["Id"]): record for record in found}

    def _strike(self, gone: Collection[str]) -> None:
        """Have nobody else find who is gone, without waiting for the next refresh."""
        if gone:
            with self.matcher.state.writing() as tx:
                tx.strike(gone)


def _guilty(one: Broken, fates: Fates) -> Sequence[str]:
    """Tell which of the fields a refusal is about.

    The only one; else those whose record is gone, as far as we see; else those of
    which we can't tell; else all.
    """
    if len(one.fields) == 1:
        return one.fields
    told = {name: link for name, link in one.found.items() if link.object}
    gone = [name for name, link in told.items() if not fates.stands(link)]
    return gone or [name for name in one.fields if name not in told] or one.fields


def _with(links: dict[str, Link], fields: Sequence[str]) -> Mended:
    """Leave out those of the fields that point to nobody now."""
    there = {name for name, link in links.items() if link.id}
    return Mended(links=links, lost=tuple(n for n in fields if n not in there))


def _became(fate: Gone) -> dict[str, str]:
    if not fate.get("IsConverted"):
        return {}
    found = {name: fate.get(FATE[name]) for name in FOLLOWED}
    return {name: str(crm_id) for name, crm_id in found.items() if crm_id}


def dropped(link: Link, words: str) -> Link:
    """Point a link to nobody, as the CRM refused it in these ``words``."""
    return replace(link, id=None, object="", why=f"{link.why}; refused: {words}")
