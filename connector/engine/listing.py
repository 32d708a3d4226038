"""What the directory takes of a CRM record: who it is, and what they are found by.

Pure. A record that is deleted, or that the file does not want, is nobody.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

import phonenumbers

from connector.mapping.convert import to_text
from connector.mapping.countries import region_of
from connector.mapping.flow import Indexed, PushFlow
from connector.mapping.keys import email_key, field_key
from connector.mapping.phones import readings
from connector.mapping.ranges import Numbers
from connector.mapping.where import asked, judge
from connector.model import Condition, CrmObject, Listed, Loading, Person, Scalar

Fields = Mapping[str, Scalar]
"""A record as the CRM shows it."""

STAMP: Final = "SystemModstamp"

_EDITION: Final = f"1/{phonenumbers.__version__}"
"""How values are read: with another edition everybody must be read anew."""

_OWN: Final = ("Name", "CreatedDate", "IsDeleted", "IsConverted")
_BECAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ConvertedContactId": "Contact",
        "ConvertedAccountId": "Account",
        "ConvertedOpportunityId": "Opportunity",
    }
)
"""Fields of a converted lead, and the objects they point to."""

_ACTIVE: Final = Condition(field="IsActive", operator="is", value=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How the records of one object become people.

    ``fields`` are to be asked for; ``asked`` are the conditions that a query may have.
    """

    indexed: Indexed
    regions: tuple[str, ...]
    fields: tuple[str, ...]
    asked: tuple[Condition, ...] = ()
    wants: Callable[[Fields], bool] = field(default=lambda _: True)

    def of(self, record: Fields) -> Listed | None:
        """Return whom a record is, None for nobody."""
        if record.get("IsDeleted") or not self.wants(record):
            return None
        entries: dict[str, int] = {}
        for value, rank in self._entries(record):
            entries.setdefault(value, rank)
        person = Person(
            crm_id=str(record["Id"]),
            object=self.indexed.name,
            name=_text(record.get("Name")),
            created=_seconds(record.get("CreatedDate")),
            became=_became(record),
        )
        return Listed(person=person, entries=tuple(entries.items()))

    def _entries(self, record: Fields) -> Iterator[tuple[str, int]]:
        """Yield values and the place of their field, a field that goes first first."""
        yield from self._phones(record)
        for rank, name in enumerate(self.indexed.emails):
            if address := email_key(_text(record[name])):
                yield address, rank
        for rank, name in enumerate(self.indexed.keys):
            if (value := _text(record[name])).strip():
                yield field_key(self.indexed.name, name, value), rank

    def _phones(self, record: Fields) -> Iterator[tuple[str, int]]:
        named = self.indexed.country and record[self.indexed.country]
        country = region_of(str(named)) if named else None
        for rank, name in enumerate(self.indexed.phones):
            if text := record[name]:
                for value in readings(str(text), self.regions, country):
                    yield value, rank


def listing(
    indexed: Indexed, described: CrmObject, regions: tuple[str, ...], zone: tzinfo
) -> Listing:
    """Return how people are made of an object's records.

    The object must have every field that the file names (see check_directory.py).
    Of users only those who are active are somebody, whatever the file says.
    """
    where = indexed.where
    if indexed.name == "User" and _ACTIVE.field in described.fields:
        where = (*where, _ACTIVE)
    there = (n for n in (*_OWN, *_BECAME) if n in described.fields)
    country = (indexed.country,) if indexed.country else ()
    names = (
        *("Id", STAMP),
        *there,
        *(*indexed.phones, *indexed.emails, *indexed.keys, *country),
        *(condition.field for condition in where),
    )
    return Listing(
        indexed=indexed,
        regions=regions,
        fields=tuple(dict.fromkeys(names)),
        asked=asked(where, described.fields),
        wants=judge(where, described.fields, zone),
    )


def _became(record: Fields) -> dict[str, str]:
    if not record.get("IsConverted"):
        return {}
    ids = ((name, record.get(field)) for field, name in _BECAME.items())
    return {name: str(crm_id) for name, crm_id in ids if crm_id}


def _seconds(moment: Scalar) -> float:
    return datetime.fromisoformat(str(moment)).timestamp() if moment else 0.0


def _text(value: Scalar) -> str:
    """Return a value as text that can be written down: half a character can't be."""
    text = "" if value is None else to_text(value)
    return text if text.isascii() else text.encode(errors="replace").decode()


# ── what was read, and what is needed ──────────────────────────────────────


def fingerprint(indexed: Indexed, regions: Sequence[str]) -> str:
    """Tell what is read of an object, and how; as JSON."""
    read = {
        "phones": indexed.phones,
        "emails": indexed.emails,
        "keys": indexed.keys,
        "country": indexed.country,
        "where": repr(indexed.where),
        "regions": regions,
        "edition": _EDITION,
    }
    return json.dumps(read)


def covers(before: str, after: str) -> bool:
    """Whether all fields that ``after`` looks people up by were read ``before``."""
    old, new = json.loads(before or "{}"), json.loads(after)
    return all(
        set(new[use]) <= set(old.get(use, ())) for use in ("phones", "emails", "keys")
    )


def not_read_yet(flow: PushFlow, loadings: Mapping[str, Loading]) -> list[str]:
    """Objects in which ``flow`` looks people up, and which are not known yet.

    A field of an object that the directory does not read is asked of the CRM.
    """
    return sorted(
        {
            name
            for name, use, field in _needs(flow, loadings)
            if not is_read(loadings.get(name), use, field)
        }
    )


def _needs(
    flow: PushFlow, loadings: Iterable[str]
) -> Iterator[tuple[str, str, str | None]]:
    """Yield an object, what it is looked up by, and the field if it is one of keys."""
    if flow.internal and (flow.internal.numbers == Numbers() or "User" in loadings):
        yield "User", "phones", None
    for rule in flow.finds:
        for name in rule.objects:
            if rule.by == "field" and name in loadings:
                yield name, "keys", rule.name
            elif rule.by in ("phone", "email"):
                yield name, f"{rule.by}s", None


def is_read(loading: Loading | None, use: str, field: str | None) -> bool:
    """Whether everybody is known by a field of ``keys``, or by some of another use."""
    if loading is None or loading.complete_at is None:
        return False
    read = json.loads(loading.fingerprint or "{}").get(use, ())
    return field in read if field else bool(read)
