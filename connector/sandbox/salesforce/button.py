"""The Call button: asks for calls as the class CallCustomerController of the project's
metadata does (salesforce/), with the rights and rules of any other write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from connector.sandbox.salesforce.forms import Draft
from connector.sandbox.salesforce.moments import stamp
from connector.sandbox.salesforce.nudge import Connector
from connector.sandbox.salesforce.org import Org
from connector.sandbox.salesforce.refusals import RowRefusedError
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.salesforce.store import Table
from connector.sandbox.salesforce.target import Phone, Target, target
from connector.sandbox.salesforce.writing import Done

EXPIRES: Final = timedelta(minutes=2)
"""After this a request is dialled no more; as ``expires`` of the click's flow."""
REQUESTED: Final = "Requested"
LONGEST_SUBJECT: Final = 255


class PressRefusedError(ValueError):
    """The org did not take the request; the words are for the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a request to call stands: the task that carries it, and its own id.

    ``under_way``: whether it may still be placed.
    """

    task: str
    id: str | None
    state: str | None
    message: str | None
    number: str | None
    under_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the button shows: who presses, whom they can call, and what is under way."""

    agent: str
    has_agent_id: bool
    phones: tuple[Phone, ...]
    call: Asked | None


class Button:
    """Asks for calls and looks at them; for use from any thread.

    ``by`` is the id of the user who presses: if it is left out, the record's owner,
    and where they have no agent id, the first active user who has one. ``connector``
    is told of requests, where it is known.
    """

    def __init__(self, org: Org) -> None:
        """Press in this org."""
        self._org = org
        self.connector: Connector | None = None

    def open(self, record_id: str, by: str | None = None) -> Panel:
        """Return what is shown before a press; KeyError for what has no button."""
        with self._org.lock:
            agent = self._agent(record_id, by)
            return Panel(
                agent=agent,
                has_agent_id=self._has_agent_id(agent),
                phones=target(self._org.store, record_id, agent).phones,
                call=self._under_way(agent),
            )

    def press(
        self, record_id: str, number: str | None = None, by: str | None = None
    ) -> Asked:
        """Ask for a call, once: while one of this agent is under way, return that.

        ``number`` is one of the record's, as it stands there; by default its first.
        KeyError for what has no button, PressRefusedError if it can't be asked for.
        """
        with self._org.lock:
            agent = self._agent(record_id, by)
            if current := self._under_way(agent):
                return current
            wanted = target(self._org.store, record_id, agent)
            task = self._write(wanted, _chosen(wanted, number), agent)
            return self._asked(self._tasks.rows[task])

    def look(self, task_id: str) -> Asked | None:
        """Return how the request on a task stands; None if there is no such task."""
        with self._org.lock:
            found = self._org.store.find(task_id)
            if not found or found[0] is not self._tasks or found[1].get("IsDeleted"):
                return None
            return self._asked(found[1])

    def nudge(self, task_id: str) -> bool:
        """Have the connector look at a task now; whether it heard.

        It comes after a press, in a call of its own, and takes seconds at worst.
        Unheard, or with no connector known, the task is found at its next poll.
        """
        return self.connector is not None and self.connector.nudge(task_id)

    @property
    def _tasks(self) -> Table:
        return self._org.store.tables["Task"]

    def _write(self, wanted: Target, chosen: Phone, agent: str) -> str:
        about = wanted.about
        request = self._request(chosen)
        if about.task is not None:
            own = about.task
            return self._written(
                request,
                lambda draft: self._org.writer.update_by_id(self._tasks, own, draft),
            )
        fresh: Row = {
            "ActivityDate": self._org.store.now()[:10],
            "IsReminderSet": False,
            "OwnerId": agent,
            "Subject": f"Call to {chosen.name or chosen.value}"[:LONGEST_SUBJECT],
            "TaskSubtype": "Call",
            "WhatId": about.what,
            "WhoId": chosen.who,
        }
        return self._written(
            fresh | request, lambda draft: self._org.writer.create(self._tasks, draft)
        )

    def _request(self, chosen: Phone) -> Row:
        return {
            "Call_Request__c": REQUESTED,
            "Call_Request_Id__c": str(uuid4()),
            "Call_Requested_At__c": self._org.store.now(),
            "Call_Number__c": chosen.value,
            "Call_Message__c": None,
        }

    def _written(self, values: Row, write: Callable[[Draft], Done]) -> str:
        try:
            return write(self._org.forms["Task"].read(values)).id
        except RowRefusedError as refused:
            raise PressRefusedError(refused.faults[0].message) from refused

    def _under_way(self, agent: str) -> Asked | None:
        every = self._tasks.rows.values()
        asked = [row for row in every if row.get("Call_Request__c") == REQUESTED]
        own = [row for row in asked if self._tasks.value(row, "OwnerId") == agent]
        current = [row for row in own if self._is_under_way(row)]
        latest = max(current, key=_pressed_at, default=None)
        return self._asked(latest) if latest else None

    def _is_under_way(self, row: Row) -> bool:
        oldest = stamp(self._org.clock() - EXPIRES)
        over = bool(row.get("IsClosed") or row.get("IsDeleted"))
        asked = row.get("Call_Request__c") == REQUESTED
        return asked and not over and _pressed_at(row) > oldest

    def _asked(self, row: Row) -> Asked:
        def text(name: str) -> str | None:
            value = row.get(name)
            return None if value is None else str(value)

        return Asked(
            task=str(row["Id"]),
            id=text("Call_Request_Id__c"),
            state=text("Call_Request__c"),
            message=text("Call_Message__c"),
            number=text("Call_Number__c"),
            under_way=self._is_under_way(row),
        )

    def _agent(self, record_id: str, by: str | None) -> str:
        users = self._org.store.tables["User"].rows
        if by is not None:
            return str(users[by]["Id"])
        found = self._org.store.find(record_id)
        owner = str(found[0].value(found[1], "OwnerId")) if found else ""
        candidates = (owner, *users)
        able = (one for one in candidates if self._has_agent_id(one))
        return next(able, owner)

    def _has_agent_id(self, user: str) -> bool:
        table = self._org.store.tables["User"]
        row = table.rows.get(user, {})
        return bool(row.get("Call_Agent_Id__c")) and bool(table.value(row, "IsActive"))


def _pressed_at(row: Row) -> str:
    return str(row.get("Call_Requested_At__c") or "")


def _chosen(wanted: Target, number: str | None) -> Phone:
    if number is None and not wanted.phones:
        message = "There is no phone number here that you can see."
        raise PressRefusedError(message)
    for phone in wanted.phones:
        if number in {None, phone.value}:
            return phone
    message = f"The record no longer has the number {number}. Open Call again."
    raise PressRefusedError(message)
