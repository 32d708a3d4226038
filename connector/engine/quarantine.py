"""Records set aside: why, and when they are tried again by themselves."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from connector.engine.decide import older
from connector.errors import RecordError
from connector.model import (
    Aside,
    LedgerRow,
    Record,
    Refused,
    Reject,
    Remedy,
    Row,
    Unlinked,
)

RETRY_AFTER = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
)
"""Waits between automatic retries; after the last one a person must decide, unless
the record waits for somebody."""


def refused(
    flow: str, row: Row, why: Refused, before: Aside | None, now: datetime
) -> Aside:
    """Make the entry of a row that the CRM refused; ``before`` is its old one."""
    attempts = before.attempts + 1 if before else 1
    heals = why.remedy is Remedy.RETRY and attempts <= len(RETRY_AFTER)
    return Aside(
        flow=flow,
        record_id=row.record.id,
        key=row.key,
        record=row.record.fields,
        version=row.record.version,
        fingerprint=fingerprint(row.create),
        code=why.code,
        message=why.message,
        fields=why.fields,
        attempts=attempts,
        retry_at=now + RETRY_AFTER[attempts - 1] if heals else None,
    )


def nobody(
    flow: str, row: Row, why: RecordError, before: Aside | None, now: datetime
) -> Aside:
    """Make the entry of a row that nobody was found for.

    It is tried again once the directory learns what it ``awaits``; and by itself for
    ever, as not all who may be found are in the directory.
    """
    fields = tuple(why.fields)
    wait = Refused(
        code=why.code, message=why.message, remedy=Remedy.RETRY, fields=fields
    )
    entry = refused(flow, row, wait, before, now)
    awaits = (
        Unlinked(key=row.key, field=want.field, value=value)
        for want in row.wants
        if want.field in fields
        for value in want.values
    )
    retry_at = entry.retry_at or now + RETRY_AFTER[-1]
    return replace(entry, retry_at=retry_at, awaits=tuple(awaits))


def unmapped(flow: str, record: Record, why: RecordError) -> Aside:
    """Make the entry of a record that the mapping cannot turn into a row."""
    return Aside(
        flow=flow,
        record_id=record.id,
        key=None,
        record=record.fields,
        version=record.version,
        fingerprint=fingerprint(record.fields),
        code=why.code,
        message=why.message,
        fields=why.fields,
    )


def unreadable(flow: str, reject: Reject) -> Aside:
    """Make the entry of something a vendor showed that is not a record."""
    payload = {"payload": reject.payload}
    return Aside(
        flow=flow,
        record_id=reject.id,
        key=None,
        record=payload,
        version=None,
        fingerprint=fingerprint(payload),
        code=reject.code,
        message=reject.message,
    )


def news(row: Row, entry: Aside | None) -> bool:
    """Whether a row differs from the reading in quarantine, and is not older."""
    if entry is None:
        return True
    if older(row.record.version, entry.version):
        return False
    return entry.fingerprint != fingerprint(row.create)


def fingerprint(content: Mapping[str, object]) -> bytes:
    """Tell whether a record that was set aside looks the same today."""
    text = json.dumps(content, default=str, sort_keys=True)
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).digest()


def foreign(flow: str, row: Row, known: LedgerRow) -> Aside:
    """Make the entry of a row whose key another flow owns."""
    why = RecordError(
        f"the key {row.key!r} belongs to the flow {known.flow!r}", code="KEY_TAKEN"
    )
    return unmapped(flow, row.record, why)
