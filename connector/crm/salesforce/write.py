"""Writes of up to 200 records a call (REST API Developer Guide, "sObject Collections").

Every row is answered by itself (``allOrNone`` false), in the order it was sent.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import msgspec

from connector.crm.salesforce.budget import Purpose
from connector.crm.salesforce.describe import Describer
from connector.crm.salesforce.errors import Asked
from connector.crm.salesforce.limits import spending
from connector.crm.salesforce.names import checked_name
from connector.crm.salesforce.outcomes import Sent, outcomes
from connector.crm.salesforce.session import Org, OrgSession
from connector.errors import BatchRefusedError
from connector.model import Outcome, Payload

MOST_ROWS = 200
_COLLECTION = "composite/sobjects"
_HEADERS = {
    # Without it the org's assignment rules take the record from the owner we set.
    "Sforce-Auto-Assign": "FALSE",
    # Lets a duplicate rule's alert pass; a rule that blocks still does.
    "Sforce-Duplicate-Rule-Header": "allowSave=true",
}


_Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collection:
    method: str
    path: str
    body: bytes
    sent: Sent

    def through(self, org: Org) -> list[Outcome]:
        answer = org.restful(
            self.path, method=self.method, data=self.body, headers=_HEADERS
        )
        return outcomes(answer, self.sent)


class Writer:
    """Creates, updates and upserts; keeps out of the quota's reserve."""

    def __init__(
        self, session: OrgSession, describer: Describer, purpose: Purpose
    ) -> None:
        """``describer`` is never asked for anything it does not know already.

        What is written is spent for ``purpose``.
        """
        self._session = session
        self._describer = describer
        self._purpose: Purpose = purpose

    def create(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create records, all of the object ``name``."""
        return self._write(
            Asked(doing=f"creating {name} records", writes=True),
            _Collection(
                method="POST",
                path=_COLLECTION,
                body=_body(_typed(name, rows)),
                sent=Sent(
                    rows=rows, creates=True, described=self._describer.known(name)
                ),
            ),
        )

    def update(self, name: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Update records by their ``Id``."""
        return self._write(
            Asked(doing=f"updating {name} records", writes=True),
            _Collection(
                method="PATCH",
                path=_COLLECTION,
                body=_body(_typed(name, map(_by_id, rows))),
                sent=Sent(
                    rows=rows, updates=True, described=self._describer.known(name)
                ),
            ),
        )

    def upsert(self, name: str, key: str, rows: Sequence[Payload]) -> list[Outcome]:
        """Create or update records by the external id ``key``."""
        return self._write(
            Asked(doing=f"upserting {name} records by {key}", writes=True),
            _Collection(
                method="PATCH",
                path=f"{_COLLECTION}/{checked_name(name)}/{checked_name(key)}",
                body=_body(_typed(name, rows)),
                sent=Sent(rows=rows, key=key, described=self._describer.known(name)),
            ),
        )

    def _write(self, asked: Asked, collection: _Collection) -> list[Outcome]:
        count = len(collection.sent.rows)
        if count > MOST_ROWS:
            raise ValueError(f"{asked.doing}: {count} rows, {MOST_ROWS} at most")
        if not count:
            return []
        with spending(self._session, self._purpose):
            found: list[Outcome] = self._session.call(asked, collection.through)
        return found


def _typed(name: str, rows: Iterable[_Record]) -> list[_Record]:
    of_type = {"type": checked_name(name)}
    return [{"attributes": of_type, **row} for row in rows]


def _by_id(row: Payload) -> _Record:
    others = {field: value for field, value in row.items() if field != "Id"}
    return {"id": row["Id"], **others}


def _body(records: Sequence[_Record]) -> bytes:
    values = (value for record in records for value in record.values())
    if any(isinstance(value, float) and not isfinite(value) for value in values):
        message = "A number among the rows is not finite"
        raise BatchRefusedError(message, code="NOT_A_NUMBER")
    body = {"allOrNone": False, "records": records}
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:  # half a surrogate pair: JSON can only escape it
        return json.dumps(body).encode("ascii")
