"""Who would be made where nobody has a number: for previews, which write nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.engine.linker import Recipe
from connector.engine.making import NAMES, Fields, Made
from connector.errors import RecordError
from connector.model import Payload, Person

NEW = "(new)"
"""The id of somebody who would be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who would be made, and with what."""

    object: str
    fields: Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretender:
    """Says whom a `Maker` would make for which numbers, and makes nobody."""

    recipe: Recipe
    wanted: dict[str, Payload] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def make(self, calls: Mapping[str, Fields]) -> Made:
        """Return what `Maker.make` would, if the CRM refused nothing."""
        made, making = Made(), self.recipe.making
        for value, fields in calls.items():
            try:
                payload = self.wanted.get(value) or self.recipe.payload(fields)
            except RecordError as error:
                made.refused[value] = error.message
                continue
            key: Payload = {making.key: value} if making.key else {}
            self.wanted[value] = {**payload, **key}
            made.people[value] = Person(
                crm_id=NEW, object=making.object, name=_name(payload), created=0
            )
        return made

    def newcomer(self, value: str) -> Newcomer | None:
        """Who would be made for a number; None: it was told already."""
        if value in self._told:
            return None
        self._told.add(value)
        return Newcomer(object=self.recipe.making.object, fields=self.wanted[value])


def _name(payload: Payload) -> str:
    return " ".join(str(payload[name]) for name in NAMES if payload.get(name))
