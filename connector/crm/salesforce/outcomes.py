"""What became of each row of a collection: one table from code to remedy.

Codes are those of the REST API Developer Guide, "Status Codes and Error
Responses", and the StatusCode list of the Object Reference. A code that is not in
the table is about the row: it is set aside with the CRM's words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from connector.crm.salesforce.errors import Fault, UnreadableAnswerError, faults_in
from connector.mapping.record_ids import SHORT, long_id
from connector.model import (
    CrmField,
    CrmObject,
    Outcome,
    Payload,
    Refused,
    Remedy,
    Written,
)

_GRAVEST_FIRST = (
    Remedy.PAUSE,
    Remedy.GONE,
    Remedy.SET_ASIDE,
    Remedy.UNLINK,
    Remedy.REOWN,
    Remedy.EXISTS,
    Remedy.RETRY,
)
_LINKS = ("WhoId", "WhatId")
_OUR_OWN = re.compile(
    r"duplicate value found: (\w+) duplicates value on record", re.IGNORECASE
)
_RECORD = re.compile(
    r"record with id:?\s*([0-9a-z]{18}|[0-9a-z]{15})(?![0-9a-z])", re.IGNORECASE
)
_TWICE_IN_ONE_CALL = "Duplicate external id specified"
_WORTH_A_RETRY = ("UNABLE_TO_LOCK_ROW", "Too many SOQL queries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a write was about.

    ``key`` is the external id of an upsert, ``described`` the object as last
    described, where it ever was; ``updates`` tells an update by the record's Id.
    """

    rows: Sequence[Payload]
    key: str | None = None
    updates: bool = False
    creates: bool = False
    described: CrmObject | None = None

    def is_key(self, name: str) -> bool:
        """Whether ``name`` is the field by which we tell records apart.

        A create doesn't say its key, nor does an update: there it is any unique
        external id, of an update as far as we know the fields.
        """
        if self.key:
            return name == self.key
        known = self._field(name)
        if known is None:
            return not self.updates
        return known.external_id and known.unique

    def is_link(self, name: str) -> bool:
        """Whether ``name`` points to another record."""
        known = self._field(name)
        if known:
            return bool(known.references)
        return name.endswith("Id") and name != "Id"

    def _field(self, name: str) -> CrmField | None:
        return self.described.fields.get(name) if self.described else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One error of one row."""

    fault: Fault
    row: Payload
    sent: Sent


def _links(case: _Case) -> tuple[str, ...]:
    """List the links that the error is about, of those that the row has.

    Where the CRM names none, any of the links may be the broken one.
    """
    named = case.fault.fields or _LINKS
    return tuple(
        name
        for name in named
        # A record without its owner would be ours: somebody must look instead.
        if name != "OwnerId" and name in case.row and case.sent.is_link(name)
    )


def _link(case: _Case) -> Remedy:
    return Remedy.UNLINK if _links(case) else Remedy.SET_ASIDE


def _malformed(case: _Case) -> Remedy:
    """Leave out a link that is no id, where the CRM says which it is."""
    return _link(case) if case.fault.fields else Remedy.SET_ASIDE


def _record_or_link(case: _Case) -> Remedy:
    """Tell an update's own record from a link; where in doubt, try without the link.

    Without its links a row that is still refused has no other record to be about.
    """
    if case.fault.fields == ("OwnerId",) and "OwnerId" in case.row:
        return Remedy.REOWN
    if _is_about_itself(case):
        return Remedy.GONE
    return _link(case)


def _record_gone(case: _Case) -> Remedy:
    """Take an update's silence about fields to mean its own record."""
    if case.sent.updates and not case.fault.fields:
        return Remedy.GONE
    return _record_or_link(case)


def _is_about_itself(case: _Case) -> bool:
    if not case.sent.updates:
        return False
    own = str(case.row.get("Id"))[:SHORT]
    if "Id" in case.fault.fields or own in case.fault.message:
        return True
    return not case.fault.fields and not _links(case)


def _duplicate(case: _Case) -> Remedy:
    message = case.fault.message
    if _TWICE_IN_ONE_CALL in message:
        return Remedy.RETRY
    found = _OUR_OWN.search(message)
    named = (found[1],) if found else case.fault.fields
    if not named or not all(map(case.sent.is_key, named)):
        return Remedy.SET_ASIDE
    return Remedy.EXISTS if _RECORD.search(message) else Remedy.RETRY


def _trigger(case: _Case) -> Remedy:
    passing = any(words in case.fault.message for words in _WORTH_A_RETRY)
    return Remedy.RETRY if passing else Remedy.SET_ASIDE


_REMEDIES: Mapping[str, Remedy | Callable[[_Case], Remedy]] = {
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": Remedy.RETRY,
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": _trigger,
    "CANNOT_UPDATE_CONVERTED_LEAD": _link,
    "DUPLICATE_VALUE": _duplicate,
    "ENTITY_IS_DELETED": _record_gone,
    "FIELD_INTEGRITY_EXCEPTION": _link,
    "INACTIVE_OWNER_OR_USER": Remedy.REOWN,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _link,
    "INVALID_CROSS_REFERENCE_KEY": _record_or_link,
    "INVALID_FIELD": Remedy.PAUSE,
    "INVALID_FIELD_FOR_INSERT_UPDATE": Remedy.PAUSE,
    "INVALID_ID": _record_or_link,
    "INVALID_TYPE": Remedy.PAUSE,
    "MALFORMED_ID": _malformed,
    "NOT_FOUND": _record_or_link,
    "OP_WITH_INVALID_USER_TYPE_EXCEPTION": Remedy.REOWN,
    "REQUEST_RUNNING_TOO_LONG": Remedy.RETRY,
    "SERVER_UNAVAILABLE": Remedy.RETRY,
    "STORAGE_LIMIT_EXCEEDED": Remedy.PAUSE,
    "UNABLE_TO_LOCK_ROW": Remedy.RETRY,
}


def outcomes(answer: object, sent: Sent) -> list[Outcome]:
    """Read a collection's answer: one outcome a row, in the order of the rows.

    Raises UnreadableAnswerError where it is not that.
    """
    if not isinstance(answer, list) or len(answer) != len(sent.rows):
        raise UnreadableAnswerError
    return [
        _outcome(item, row, sent) for item, row in zip(answer, sent.rows, strict=True)
    ]


def _outcome(item: object, row: Payload, sent: Sent) -> Outcome:
    if not isinstance(item, dict) or not isinstance(item.get("success"), bool):
        raise UnreadableAnswerError
    if not item["success"]:
        faults = faults_in(item.get("errors")) or (_UNEXPLAINED,)
        return _refused([_Case(fault=fault, row=row, sent=sent) for fault in faults])
    crm_id = item.get("id")
    if not isinstance(crm_id, str):
        raise UnreadableAnswerError
    created = bool(item.get("created", sent.creates))
    return Written(crm_id=_in_full(crm_id), created=created)


_UNEXPLAINED = Fault(code="UNKNOWN_ERROR", message="The CRM gave no reason")


def _refused(cases: Sequence[_Case]) -> Refused:
    judged = [(_remedy(case), case) for case in cases]
    gravest = min((remedy for remedy, _ in judged), key=_GRAVEST_FIRST.index)
    guilty = [case for remedy, case in judged if remedy is gravest]
    return Refused(
        code=guilty[0].fault.code,
        message="; ".join(case.fault.message for case in cases),
        remedy=gravest,
        fields=tuple(dict.fromkeys(n for c in guilty for n in _fields(c, gravest))),
        crm_id=_holder(guilty[0]) if gravest is Remedy.EXISTS else None,
    )


def _remedy(case: _Case) -> Remedy:
    """Look up what helps against one error."""
    found = _REMEDIES.get(case.fault.code, Remedy.SET_ASIDE)
    return found if isinstance(found, Remedy) else found(case)


def _fields(case: _Case, remedy: Remedy) -> Sequence[str]:
    if remedy is Remedy.UNLINK:
        return _links(case)
    if remedy is Remedy.REOWN:
        return case.fault.fields or ("OwnerId",)
    found = _OUR_OWN.search(case.fault.message)
    return case.fault.fields or ((found[1],) if found else ())


def _holder(case: _Case) -> str:
    found = _RECORD.search(case.fault.message)
    return _in_full(found[1]) if found else ""


def _in_full(crm_id: str) -> str:
    """Give an Id that the CRM told its 18 characters; what is none stays as it is."""
    return crm_id if len(crm_id) != SHORT else long_id(crm_id) or crm_id
