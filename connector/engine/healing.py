"""Mends links to records that are gone: followed to what they became, or dropped.

Only what the CRM refused is asked about, one query an object for a whole batch.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from connector.engine.matching import FOLLOWED, defaulted, followed
from connector.mapping.finding import Find
from connector.model import Condition, Link, Query, Scalar
from connector.ports import Crm
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

HOPS = 3
"""Merges of merged records that are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Links of a row that the CRM refused, in its ``words``.

    ``owner``: the records are there, but can't own anything.
    """

    links: Mapping[str, Link]
    fields: tuple[str, ...]
    words: str
    owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Healer:
    """Finds out what became of records. ``objects``: those that a field points to."""

    crm: Crm
    finds: Mapping[str, Find]
    stop: threading.Event

    def heal(self, broken: Sequence[Broken]) -> list[dict[str, Link]]:
        """Return the mended links of each row, those that were refused.

        A field whose link was not found by a rule has none.
        """
        asked = [link for one in broken if not one.owner for _, link in _found(one)]
        fates = self._fates(asked)
        return [
            {name: self._mended(one, name, link, fates) for name, link in _found(one)}
            for one in broken
        ]

    def _mended(
        self, one: Broken, name: str, link: Link, fates: Mapping[str, Gone]
    ) -> Link:
        why = f"{link.why}; refused: {one.words}"
        if one.owner:
            other = defaulted(self.finds[name], replace(link, object="", why=why))
            return replace(other, id=None) if other.id == link.id else other
        fate = fates.get(str(link.id), {})
        if master := _master(str(link.id), fates):
            return replace(link, id=master, why=f"{link.why}, merged into {master}")
        if became := _became(fate):
            return followed(link, became, self.finds[name].references)
        return dropped(link, one.words)

    def _fates(self, links: Iterable[Link]) -> dict[str, Gone]:
        """Ask what became of the records, and of those they were merged into."""
        fates: dict[str, Gone] = {}
        asked = {link.id: link.object for link in links if link.id and link.object}
        for _ in range(HOPS):
            for name in dict.fromkeys(asked.values()):
                ids = [crm_id for crm_id, of in asked.items() if of == name]
                fates |= self._asked(name, ids)
            masters = {
                str(f["MasterRecordId"]): i
                for i, f in fates.items()
                if f.get("MasterRecordId")
            }
            asked = {
                m: asked[i] for m, i in masters.items() if m not in fates and i in asked
            }
            if not asked:
                break
        return fates

    def _asked(self, name: str, ids: Sequence[str]) -> dict[str, Gone]:
        there = retrying(partial(self.crm.describe, name), stop=self.stop).fields
        fields = tuple(field for field in FATE.values() if field in there)
        query = Query(
            object=name,
            fields=("Id", *fields),
            where=(Condition(field="Id", operator="in", value=tuple(ids)),),
            deleted_too=True,
        )
        found = retrying(lambda: list(self.crm.select(query)), stop=self.stop)
        return {str(record["Id"]): record for record in found}


def _found(one: Broken) -> list[tuple[str, Link]]:
    return [
        (name, link) for name in one.fields if (link := one.links.get(name)) and link.id
    ]


def _master(crm_id: str, fates: Mapping[str, Gone]) -> str | None:
    """Follow merges to a record that is there."""
    master = None
    for _ in range(HOPS):
        onwards = fates.get(master or crm_id, {}).get("MasterRecordId")
        if not onwards:
            break
        master = str(onwards)
    gone = fates.get(master, {}).get("IsDeleted") if master else True
    return None if gone else master


def _became(fate: Gone) -> dict[str, str]:
    if not fate.get("IsConverted"):
        return {}
    found = {name: fate.get(FATE[name]) for name in FOLLOWED}
    return {name: str(crm_id) for name, crm_id in found.items() if crm_id}


def dropped(link: Link, words: str) -> Link:
    """Point a link to nobody, as the CRM refused it in these ``words``."""
    return replace(link, id=None, object="", why=f"{link.why}; refused: {words}")
