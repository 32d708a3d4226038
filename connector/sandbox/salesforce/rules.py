"""What fields of one record have to do with one another.

Rules refuse (Object Reference: Task, "WhoId"; Lead, "Converted Leads"); derived
fields are set by the system and never by a client.
"""

from collections.abc import Callable, Mapping
from typing import Final

from connector.sandbox.salesforce.refusals import Fault
from connector.sandbox.salesforce.schema.shape import Row, Scalar
from connector.sandbox.salesforce.store import Store

Values = Mapping[str, Scalar]
Rule = Callable[[Store, Values], Fault | None]
"""Takes a record as it would be."""

PERSON_NAME: Final = ("FirstName", "LastName")
ACCOUNT_OF: Final = {"001": "Id", "500": "AccountId", "006": "AccountId"}
"""Where a record that a task is related to has its account, by id prefix."""


def _lead_stands_alone(store: Store, values: Values) -> Fault | None:
    who, what = values.get("WhoId"), values.get("WhatId")
    lead = store.tables["Lead"].object.prefix
    if what is None or not str(who).startswith(lead):
        return None
    message = "Related To ID: must be empty where Name ID is a lead"
    return Fault("FIELD_INTEGRITY_EXCEPTION", message, ("WhatId",))


def _still_a_lead(_: Store, values: Values) -> Fault | None:
    if not values.get("IsConverted"):
        return None
    message = "cannot update converted lead"
    return Fault("CANNOT_UPDATE_CONVERTED_LEAD", message)


RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "Task": (_lead_stands_alone,),
    "Lead": (_still_a_lead,),
}


def _task(store: Store, values: Values) -> Row:
    closed = _is_closing(store, values.get("Status"))
    done = (values.get("CompletedDateTime") or store.now()) if closed else None
    derived: Row = {"IsClosed": True, "CompletedDateTime": done} if closed else {}
    if not closed and values.get("IsClosed"):
        derived = {"IsClosed": False, "CompletedDateTime": None}
    if values.get("Priority") == "High" or values.get("IsHighPriority"):
        derived["IsHighPriority"] = values.get("Priority") == "High"
    if values.get("WhoId") or values.get("WhatId") or values.get("AccountId"):
        derived["AccountId"] = _account(store, values)
    return derived


def _is_closing(store: Store, status: Scalar) -> bool:
    for row in store.tables["TaskStatus"].rows.values():
        if row["ApiName"] == status:
            return row["IsClosed"] is True
    return False


def _account(store: Store, values: Values) -> Scalar:
    """Find a task's account: first by what it is related to, then by whom."""
    what, who = values.get("WhatId"), values.get("WhoId")
    if what is not None and (by_what := store.find(str(what))):
        return by_what[1].get(ACCOUNT_OF[str(what)[:3]])
    by_who = store.find(str(who)) if who is not None else None
    return by_who[1].get("AccountId") if by_who else None


def _person(_: Store, values: Values) -> Row:
    parts = (values.get(name) for name in PERSON_NAME)
    return {"Name": " ".join(str(part) for part in parts if part)}


def _case(store: Store, values: Values) -> Row:
    number = values.get("CaseNumber") or f"{store.tables['Case'].made + 1001:08}"
    return {"CaseNumber": number, "IsClosed": values.get("Status") == "Closed"}


def _dial(store: Store, values: Values) -> Row:
    """Count a dial, and link it as HYPERLINK() in its formula does."""
    number = values.get("Name") or f"DIAL-{store.tables['Call_Dial__c'].made + 1:06}"
    record = values.get("Record_Id__c")
    link = f'<a href="/{record}" target="_blank">Open</a>' if record else None
    return {"Name": number, "Record__c": link}


DERIVED: Final[dict[str, Callable[[Store, Values], Row]]] = {
    "Task": _task,
    "Contact": _person,
    "Lead": _person,
    "User": _person,
    "Case": _case,
    "Call_Dial__c": _dial,
}
"""What the system sets, from a record as it would be."""
