"""A small world: one stream, one CRM object, and a mapping from one to the other."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from connector.mapping.load import PushFlow, World
from connector.model import (
    CrmField,
    CrmObject,
    FieldType,
    Parameter,
    Record,
    Stream,
    StreamField,
    StreamOption,
)
from tests.mapping.examples import DIALS, DIRECTORY, EXAMPLE, LINKED
from tests.mapping.loading import load_push

FIELDS: dict[str, FieldType] = {
    "id": "text",
    "call_type": "text",
    "client_name": "text",
    "client_number": "phone",
    "duration": "integer",
    "rating": "number",
    "note": "text",
    "tags": "list",
    "crm_status": "text",
    "recorded": "boolean",
    "call_date": "date",
    "call_time": "time",
    "call.started_at": "datetime",
    "customer.phone": "phone",
    "customer.name": "text",
    "agent.phone": "phone",
    "agent.email": "text",
    "emp_code": "text",
    "emp_number": "phone",
    "ticket.id": "text",
}

CONSENTS = ("Unknown", "OneParty", "TwoParty")
PARAMETERS = (
    Parameter(name="from.agentId", kind="text", meaning="Whose phone.", longest=11),
    Parameter(name="from.groups", kind="list", meaning="Of whom one who is free."),
    Parameter(name="from.presentedCLID", kind="text", meaning="What is shown."),
    Parameter(name="from.consent", kind="text", meaning="", choices=CONSENTS),
    Parameter(name="to.telephoneNumber", kind="phone", meaning="Whom.", longest=30),
    Parameter(name="to.agentId", kind="text", meaning="Or which agent.", longest=11),
    Parameter(name="to.consent", kind="text", meaning="", choices=CONSENTS),
    Parameter(name="regarding.reference", kind="text", meaning="", longest=2_000),
    Parameter(name="application", kind="text", meaning="Who asks.", longest=32),
)


def _field(name: str, type_: str, length: int = 0) -> CrmField:
    return CrmField(name=name, type=type_, length=length)


def _reference(name: str, *to: str) -> CrmField:
    return CrmField(name=name, type="reference", length=18, references=to)


CRM_FIELDS = (
    CrmField(
        name="Call_Key__c",
        type="string",
        length=80,
        external_id=True,
        unique=True,
        case_sensitive=True,
    ),
    _field("Subject", "combobox", 255),
    CrmField(
        name="TaskSubtype",
        type="picklist",
        length=40,
        updateable=False,
        restricted=True,
        choices=("Task", "Call", "Email"),
    ),
    CrmField(
        name="CallType",
        type="picklist",
        length=40,
        restricted=True,
        choices=("Inbound", "Outbound", "Internal"),
    ),
    CrmField(name="Status", type="picklist", length=40, choices=("Open", "Completed")),
    _field("CallDurationInSeconds", "int"),
    _field("ActivityDate", "date"),
    _field("Description", "textarea", 32_000),
    _field("X__c", "string", 255),
    _field("Short__c", "string", 5),
    _field("Number__c", "double"),
    _field("Flag__c", "boolean"),
    _field("At__c", "datetime"),
    _field("Clock__c", "time"),
    _field("Phone__c", "phone", 40),
    _field("Tags__c", "multipicklist", 4_099),
    _reference("WhoId", "Contact", "Lead"),
    _reference("WhatId", "Account", "Case", "Opportunity"),
    _reference("OwnerId", "Group", "User"),
    _reference("Agent__c", "User"),
    _field("Place__c", "address"),
    CrmField(name="IsClosed", type="boolean", createable=False, updateable=False),
)


@pytest.fixture
def example() -> str:
    """The mapping file of the documentation."""
    return EXAMPLE


@pytest.fixture
def linked() -> str:
    """A mapping file that finds people, and the ticket that a call is about."""
    return LINKED


@pytest.fixture
def directory() -> str:
    """The file that says whom the directory knows."""
    return DIRECTORY


@pytest.fixture
def dials() -> str:
    """The file that says which records ask for a call."""
    return DIALS


@pytest.fixture
def world() -> World:
    """Callyzer's call logs, which can be read again, its leads, and a dialer."""
    fields = tuple(
        StreamField(name=name, type=kind, meaning=name) for name, kind in FIELDS.items()
    )
    options = (
        StreamOption(
            name="call_types",
            type="text",
            meaning="Which kinds of call.",
            choices=("Incoming", "Outgoing", "Missed", "Rejected"),
            many=True,
        ),
        StreamOption(name="longest", type="integer", meaning="Seconds."),
        StreamOption(name="tag", type="text", meaning="An employee's tag."),
    )
    logs = Stream(
        system="callyzer",
        name="call_logs",
        fields=fields,
        options=options,
        rereadable=True,
    )
    leads = Stream(system="callyzer", name="leads", fields=fields[:4])
    return World(
        streams={"callyzer": {"call_logs": logs, "leads": leads}},
        zones={"callyzer": "Asia/Kolkata"},
        regions=("IN", "US"),
        dialers={"newvoicemedia": PARAMETERS},
    )


@pytest.fixture
def task() -> CrmObject:
    """A call's record in the CRM."""
    return CrmObject(name="Task", fields={field.name: field for field in CRM_FIELDS})


@pytest.fixture
def people() -> dict[str, CrmObject]:
    """The objects that the directory reads."""
    common = (
        CrmField(name="LastName", type="string", length=80, nillable=False),
        _field("Phone", "phone", 40),
        _field("MobilePhone", "phone", 40),
        _field("Email", "email", 80),
        _field("MailingCountry", "string", 80),
        _field("Notes__c", "textarea", 32_000),
        _field("EmployeeNumber", "string", 20),
        _field("Rating", "picklist", 40),
        _field("IsActive", "boolean"),
        _field("IsConverted", "boolean"),
        _field("Born__c", "date"),
        _field("Seen__c", "datetime"),
        _field("Score__c", "double"),
        _field("Tags__c", "multipicklist", 4_099),
        _field("AccountId", "reference", 18),
        _field("Place__c", "address"),
        CRM_FIELDS[0],
    )
    company = CrmField(name="Company", type="string", length=255, nillable=False)
    return {
        name: CrmObject(
            name=name,
            fields={
                field.name: field
                for field in (*common, *((company,) if name == "Lead" else ()))
            },
        )
        for name in ("Contact", "Lead", "User")
    }


@pytest.fixture
def call() -> Record:
    """An answered call."""
    fields: Mapping[str, object] = {
        "id": "9f3a",
        "call_type": "Incoming",
        "client_name": "Asha",
        "client_number": "91-9988776655",
        "duration": 185,
        "note": "Wants a quote",
        "crm_status": "Open",
        "call.started_at": datetime(2026, 11, 20, 20, 10, 39, tzinfo=UTC),
        "customer.phone": "+919988776655",
    }
    return Record(id="9f3a", version="1", fields=fields)


LoadFields = Callable[[str], PushFlow]


@pytest.fixture
def load_fields(world: World) -> LoadFields:
    """Load a flow with the key and these lines under ``fields``."""

    def load(lines: str) -> PushFlow:
        text = (
            "flow: one\n"
            "from: {system: callyzer, stream: call_logs, since: 7 days}\n"
            "every: 1 minute\n"
            "to: {object: Task, key: Call_Key__c}\n"
            "fields:\n"
            '  Call_Key__c: {template: "callyzer:{id}"}\n'
        )
        indented = "".join(f"  {line}\n" for line in lines.splitlines())
        return load_push(text + indented, "one.yaml", world)

    return load
