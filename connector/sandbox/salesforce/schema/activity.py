"""Task and its statuses (Object Reference: Task, TaskStatus)."""

from dataclasses import replace

from connector.sandbox.salesforce.schema.calling import ACTIVITY as CALL_FIELDS
from connector.sandbox.salesforce.schema.shape import (
    Field,
    Object,
    choice,
    fields,
    flag,
    lasting,
    number,
    owner,
    read_only,
    read_only_reference,
    reference,
)

STATUSES = (
    ("Not Started", False, True),
    ("In Progress", False, False),
    ("Completed", True, False),
    ("Waiting on someone else", False, False),
    ("Deferred", False, False),
)
"""Name, whether a task is closed by it, whether a new task has it."""

SUBTYPES = ("Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn")

TASK = (
    replace(reference("WhoId", "Name ID", "Contact", "Lead"), polymorphic=True),
    replace(
        reference("WhatId", "Related To ID", "Account", "Case", "Opportunity"),
        polymorphic=True,
    ),
    Field("Subject", "Subject", "combobox", 255, choices=("Call", "Email", "Other")),
    Field("ActivityDate", "Due Date Only", "date"),
    choice("Status", "Status", tuple(s[0] for s in STATUSES), "Not Started"),
    choice("Priority", "Priority", ("High", "Normal", "Low"), "Normal"),
    read_only("IsHighPriority", "High Priority", "boolean"),
    owner("Assigned To ID", polymorphic=True),
    Field("Description", "Description", "textarea", 32_000),
    choice("Type", "Type", ("Call", "Meeting", "Email", "Other")),
    read_only_reference("AccountId", "Account ID", "Account"),
    read_only("IsClosed", "Closed", "boolean"),
    number("CallDurationInSeconds", "Call Duration", 8),
    replace(
        choice("CallType", "Call Type", ("Internal", "Inbound", "Outbound")), length=40
    ),
    Field("CallDisposition", "Call Result", "string", 255),
    Field("CallObject", "Call Object Identifier", "string", 255),
    Field("ReminderDateTime", "Reminder Date/Time", "datetime"),
    flag("IsReminderSet", "Reminder Set"),
    replace(
        choice("TaskSubtype", "Task Subtype", SUBTYPES, "Task"),
        length=40,
        updateable=False,
        restricted=True,
    ),
    read_only("CompletedDateTime", "Completed Date", "datetime"),
    read_only("IsArchived", "Archived", "boolean"),
    *CALL_FIELDS,
)
"""The last are custom fields of Activity, of which a task is one kind."""

TASK_STATUS = (
    read_only("ApiName", "API Name", "string", 255),
    read_only("MasterLabel", "Master Label", "string", 255),
    read_only("IsClosed", "Is Closed", "boolean"),
    read_only("IsDefault", "Is Default", "boolean"),
)

OBJECTS = (
    Object("Task", "Task", "00T", fields("Activity", TASK), name_field="Subject"),
    Object(
        "TaskStatus",
        "Task Status Value",
        "01T",
        lasting("Task Status", TASK_STATUS),
        createable=False,
        deletable=False,
    ),
)
