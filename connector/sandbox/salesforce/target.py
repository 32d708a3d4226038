"""Whom a record's call goes to and what it is about, as the class CallTarget of the
project's metadata has it (salesforce/)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from connector.sandbox.salesforce.schema.shape import Row, Scalar
from connector.sandbox.salesforce.store import Store, Table

PHONE_FIELDS: Final = {
    "Account": ("Phone",),
    "Case": ("SuppliedPhone",),
    "Contact": ("Phone", "MobilePhone", "HomePhone", "OtherPhone"),
    "Lead": ("Phone", "MobilePhone"),
    "Task": ("Call_Number__c", "Call_Customer__c"),
}
"""The fields that are looked at, in the order in which they are offered."""
NAMED: Final = {"Account", "Contact", "Lead"}
PEOPLE: Final = {"Contact", "Lead"}
MOST_PEOPLE: Final = 5
"""People of an opportunity that are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number as it stands in the CRM, and whose it is; ``who`` is a task's WhoId.

    ``unwilling``: the name of who does not want to be called, if known; with several
    people on one number it may be another of them.
    """

    value: str
    label: str
    name: str | None
    do_not_call: bool
    unwilling: str | None
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a call is about, and the records whose numbers are offered, in order.

    ``task`` is the agent's own open task, which carries the request itself.
    """

    who: Scalar = None
    what: Scalar = None
    task: str | None = None
    holders: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a call is about, and the numbers that can be called."""

    about: About
    phones: tuple[Phone, ...]


def target(store: Store, record_id: str, agent: str) -> Target:
    """Return where a press of an agent (a user's id) on a record leads.

    KeyError if there is no such record, or none that has the button.
    """
    found = store.find(record_id)
    if found is None or found[1].get("IsDeleted"):
        raise KeyError(record_id)
    table, row = found
    about = ABOUT[table.object.name](store, table.full(row), agent)
    return Target(about=about, phones=tuple(_phones(store, about)))


def _person(_: Store, row: Row, __: str) -> About:
    return About(who=row["Id"], holders=(row["Id"],))


def _account(_: Store, row: Row, __: str) -> About:
    return About(what=row["Id"], holders=(row["Id"],))


def _case(_: Store, row: Row, __: str) -> About:
    holders = (row["ContactId"], row["Id"], row["AccountId"])
    return About(who=row["ContactId"], what=row["Id"], holders=holders)


def _opportunity(store: Store, row: Row, _: str) -> About:
    every = store.tables["OpportunityContactRole"].rows.values()
    roles = [role for role in every if role["OpportunityId"] == row["Id"]]
    living = [role for role in roles if not role.get("IsDeleted")]
    living.sort(key=lambda role: not role.get("IsPrimary"))
    people = [role["ContactId"] for role in living[:MOST_PEOPLE]]
    return About(what=row["Id"], holders=(*people, row["AccountId"]))


def _task(_: Store, row: Row, agent: str) -> About:
    """Another's task would ring its owner's phone; a closed one is not read."""
    own = row["OwnerId"] == agent and not row["IsClosed"]
    return About(
        who=row["WhoId"],
        what=row["WhatId"],
        task=str(row["Id"]) if own else None,
        holders=(row["Id"], row["WhoId"], row["AccountId"]),
    )


ABOUT: Final[dict[str, Callable[[Store, Row, str], About]]] = {
    "Contact": _person,
    "Lead": _person,
    "Account": _account,
    "Case": _case,
    "Opportunity": _opportunity,
    "Task": _task,
}
"""The objects that have the button."""


def _phones(store: Store, about: About) -> Iterable[Phone]:
    """A number is offered once; the warning is for all who have it."""
    offered: dict[str, Phone] = {}
    for table, row in _holders(store, about):
        for phone in _own_phones(store, table, row, about):
            first = offered.setdefault(phone.value, phone)
            if phone.do_not_call:
                unwilling = first.unwilling or phone.unwilling
                offered[phone.value] = replace(
                    first, do_not_call=True, unwilling=unwilling
                )
    return offered.values()


def _holders(store: Store, about: About) -> Iterator[tuple[Table, Row]]:
    for holder in about.holders:
        found = store.find(str(holder)) if holder else None
        if found and not found[1].get("IsDeleted"):
            yield found


def _own_phones(store: Store, table: Table, row: Row, about: About) -> Iterator[Phone]:
    name = table.object.name
    who = row["Id"] if name in PEOPLE else about.who
    called = str(row.get("Name")) if name in NAMED else None
    unwilling = _not_to_be_called(store, who)
    for field in PHONE_FIELDS.get(name, ()):
        if value := table.value(row, field):
            yield Phone(
                value=str(value),
                label=table.object.fields[field].label,
                name=called,
                do_not_call=unwilling,
                unwilling=called if unwilling and name in PEOPLE else None,
                who=str(who) if who else None,
            )


def _not_to_be_called(store: Store, who: Scalar) -> bool:
    found = store.find(str(who)) if who else None
    return found is not None and bool(found[1].get("DoNotCall"))
