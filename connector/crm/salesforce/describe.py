"""Objects as the org describes them, kept for ten minutes."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from connector.clock import Clock
from connector.crm.salesforce.errors import Asked, UnreadableAnswerError
from connector.crm.salesforce.names import checked_name
from connector.crm.salesforce.session import OrgSession
from connector.model import CrmField, CrmObject
from connector.transport.jsontext import Json

_KEPT = timedelta(minutes=10)
_ACTIVITIES, _NAMES = frozenset({"Task", "Event"}), frozenset({"Who", "What", "Owner"})
"""What is polymorphic though an org of few objects may not say so (SOQL Reference,
"Understanding Polymorphic Keys")."""


class Describer:
    """Describes objects; one answer serves all threads."""

    def __init__(self, session: OrgSession, clock: Clock) -> None:
        """Ask nothing yet."""
        self._session = session
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[CrmObject, datetime]] = {}

    def describe(self, name: str, *, fresh: bool) -> CrmObject:
        """Describe ``name``; raises SchemaMismatchError where there is no such object."""
        kept = None if fresh else self._young(name)
        return kept or self._ask(checked_name(name))

    def known(self, name: str) -> CrmObject | None:
        """Give the last description, however old, without asking the CRM."""
        with self._lock:
            kept = self._kept.get(name)
        return kept[0] if kept else None

    def _young(self, name: str) -> CrmObject | None:
        with self._lock:
            kept = self._kept.get(name)
        young = kept and self._clock.now() - kept[1] < _KEPT
        return kept[0] if kept and young else None

    def _ask(self, name: str) -> CrmObject:
        path = f"sobjects/{name}/describe"
        asked = Asked(doing=f"describing {name}")
        with self._session.meter.spend("looking"):
            found: CrmObject = self._session.call(
                asked, lambda org: crm_object(org.restful(path))
            )
        with self._lock:
            self._kept[name] = (found, self._clock.now())
        return found


def crm_object(said: Json) -> CrmObject:
    """Read a describe (REST API Developer Guide, "sObject Describe").

    Raises UnreadableAnswerError where it is not one.
    """
    try:
        name = said["name"]
        fields = [_field(one, name) for one in said["fields"]]
        return CrmObject(
            name=name,
            fields={field.name: field for field in fields},
            createable=said.get("createable", True),
            updateable=said.get("updateable", True),
            prefix=said.get("keyPrefix") or "",
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableAnswerError from error


def _field(said: Mapping[str, Json], of: str) -> CrmField:
    references = tuple(said.get("referenceTo") or ())
    relationship = said.get("relationshipName", _named_after(said, references)) or ""
    several = bool(said.get("polymorphicForeignKey")) or len(references) > 1
    return CrmField(
        name=said["name"],
        type=said["type"],
        label=said.get("label", ""),
        length=said.get("length", 0),
        createable=said.get("createable", True),
        updateable=said.get("updateable", True),
        nillable=said.get("nillable", True),
        defaulted=said.get("defaultedOnCreate", False),
        external_id=said.get("externalId", False),
        unique=said.get("unique", False),
        case_sensitive=said.get("caseSensitive", False),
        restricted=said.get("restrictedPicklist", False),
        choices=_choices(said),
        references=references,
        relationship=relationship,
        polymorphic=several or (of in _ACTIVITIES and relationship in _NAMES),
    )


def _named_after(said: Mapping[str, Json], references: tuple[str, ...]) -> str:
    """Give a relationship's usual name, where a describe tells of none (``WhoId``)."""
    name = str(said["name"])
    if not references:
        return ""
    return f"{name[:-1]}r" if name.endswith("__c") else name.removesuffix("Id")


def _choices(said: Mapping[str, Json]) -> tuple[str, ...]:
    values = said.get("picklistValues") or ()
    return tuple(one["value"] for one in values if one.get("active", True))
