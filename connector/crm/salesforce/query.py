"""Reads of records, page by page (REST API Developer Guide, "Query")."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from connector.crm.salesforce.budget import Purpose
from connector.crm.salesforce.errors import Asked, UnreadableAnswerError
from connector.crm.salesforce.limits import spending
from connector.crm.salesforce.session import Org, OrgSession
from connector.crm.salesforce.soql import to_soql
from connector.model import Query, Scalar
from connector.transport.jsontext import Json

_Read = Callable[[Json], dict[str, Scalar]]
_Step = Callable[[Org], Json]


class Reader:
    """Reads what a query asks for; holds one page at a time."""

    def __init__(self, session: OrgSession, purpose: Purpose) -> None:
        """Read through ``session``, and spend for ``purpose``."""
        self._session = session
        self._purpose: Purpose = purpose

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records, each with the names asked for (``Owner.Name``).

        A field of a relationship that is empty is None, and so is one that is typed
        and of another object than the record's.
        """
        asked = Asked(doing=f"querying {query.object}")
        read = _reading(query)
        for soql in to_soql(query):
            step: _Step | None = partial(
                Org.query, query=soql, include_deleted=query.deleted_too
            )
            while step:
                with spending(self._session, self._purpose):
                    page: _Page = self._session.call(asked, _through(step, read))
                yield from page.records
                step = page.following


def _through(step: _Step, read: _Read) -> Callable[[Org], "_Page"]:
    return lambda org: _page(step(org), read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Some records, and how to ask for those that follow."""

    records: list[dict[str, Scalar]]
    following: _Step | None


def _page(said: Json, read: _Read) -> _Page:
    try:
        records = [read(record) for record in said["records"]]
        return _Page(records=records, following=_following(said))
    except (KeyError, TypeError) as error:
        raise UnreadableAnswerError from error


def _following(said: Json) -> _Step | None:
    if said["done"]:
        return None
    url = said["nextRecordsUrl"]
    if not isinstance(url, str):
        raise UnreadableAnswerError
    return partial(Org.query_more, next_records_identifier=url, identifier_is_url=True)


# ── one record ─────────────────────────────────────────────────────────────


def _reading(query: Query) -> _Read:
    paths = [(path, path.split(".")) for path in query.fields]
    typed = [_Typed.of(*each) for each in query.typed.items()]

    def read(record: Json) -> dict[str, Scalar]:
        found = {path: _dig(record, steps) for path, steps in paths}
        for each in typed:
            found |= each.read(record)
        return found

    return read


def _dig(record: Json, steps: Sequence[str]) -> Scalar:
    found = record
    for step in steps:
        found = found[step] if found is not None else None
    return cast("Scalar", found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """One relationship that is read by its record's object: each field and its path.

    ``empty`` has all the paths.
    """

    relationship: str
    objects: Mapping[str, Sequence[tuple[str, str]]]
    empty: Mapping[str, Scalar]

    @classmethod
    def of(cls, name: str, asked: Mapping[str, Sequence[str]]) -> "_Typed":
        objects = {
            object_: [(field, f"{name}.{field}") for field in fields]
            for object_, fields in asked.items()
        }
        paths = {path: None for pairs in objects.values() for _, path in pairs}
        return cls(relationship=name, objects=objects, empty=paths)

    def read(self, record: Json) -> dict[str, Scalar]:
        found = record[self.relationship] if self.empty else None
        if found is None:
            return dict(self.empty)
        pairs = self.objects.get(found["attributes"]["type"], ())
        return {**self.empty, **{path: found[field] for field, path in pairs}}
