"""Reads of records, page by page (REST API Developer Guide, "Query")."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from connector.crm.salesforce.errors import Asked, UnreadableAnswerError
from connector.crm.salesforce.limits import spending
from connector.crm.salesforce.session import Org, OrgSession
from connector.crm.salesforce.soql import to_soql
from connector.model import Query, Scalar
from connector.transport.jsontext import Json

_Paths = Sequence[tuple[str, Sequence[str]]]
_Step = Callable[[Org], Json]


class Reader:
    """Reads what a query asks for; holds one page at a time."""

    def __init__(self, session: OrgSession) -> None:
        """Read through ``session``."""
        self._session = session

    def select(self, query: Query) -> Iterator[dict[str, Scalar]]:
        """Yield the records, each with the names asked for (``Owner.Name``).

        A field of a relationship that is empty is None.
        """
        asked = Asked(doing=f"querying {query.object}")
        paths = [(path, path.split(".")) for path in query.fields]
        for soql in to_soql(query):
            step: _Step | None = partial(
                Org.query, query=soql, include_deleted=query.deleted_too
            )
            while step:
                with spending(self._session, "logging"):
                    page: _Page = self._session.call(asked, _through(step, paths))
                yield from page.records
                step = page.following


def _through(step: _Step, paths: _Paths) -> Callable[[Org], "_Page"]:
    return lambda org: _page(step(org), paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Some records, and how to ask for those that follow."""

    records: list[dict[str, Scalar]]
    following: _Step | None


def _page(said: Json, paths: _Paths) -> _Page:
    try:
        records = [
            {path: _dig(record, steps) for path, steps in paths}
            for record in said["records"]
        ]
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


def _dig(record: Json, steps: Sequence[str]) -> Scalar:
    found = record
    for step in steps:
        found = found[step] if found is not None else None
    return cast("Scalar", found)
