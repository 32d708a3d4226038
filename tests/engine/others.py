"""Records that somebody else made, and calls that may have one."""

from dataclasses import replace

from connector.engine.existing import ExistingPlan
from connector.model import Payload, Record, Row, Scalar
from tests.engine.office import Office, row_of

ENRICH = ExistingPlan(match="CallObject", skips=False, longest=40, cased=False)
SKIP = replace(ENRICH, skips=True)


def with_id(record: Record) -> Row:
    """Map a call: its id goes into CallObject, and its subject is written once."""
    row = row_of(record)
    once: Payload = {"CallObject": f"id-{record.id}", "Subject": "Call"}
    return replace(row, create={**row.create, **once})


def all_one(record: Record) -> Row:
    row = row_of(record)
    return replace(row, create={**row.create, "CallObject": "the one"})


def theirs(
    office: Office, crm_id: str, value: Scalar, day: int = 1, **more: Scalar
) -> Payload:
    """Let somebody else make a record, on a day of the month."""
    record: Payload = {
        "Call_Key__c": None,
        "CallObject": value,
        "CreatedDate": f"2026-11-{day:02}T08:00:00.000+0000",
        "Subject": "theirs",
        **more,
    }
    office.org.tasks.records[crm_id] = record
    return record


def keys(office: Office) -> dict[str, Scalar]:
    records = office.org.tasks.records.items()
    return {crm_id: record["Call_Key__c"] for crm_id, record in records}


def calls(office: Office) -> list[tuple[str, int]]:
    return office.org.tasks.calls
