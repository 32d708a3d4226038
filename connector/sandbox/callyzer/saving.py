"""Leads that come in by request: made, or merged into those that are there.

Source: Callyzer API 2.1, lead/save and lead/bulksave. What the document leaves open
is marked *ours*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import cast

from connector.sandbox.callyzer import lead_rules, words
from connector.sandbox.callyzer.book import Book
from connector.sandbox.callyzer.calls import Call, identifier
from connector.sandbox.callyzer.employees import Employees, select, with_leads
from connector.sandbox.callyzer.lead_rules import Asked, Assignment
from connector.sandbox.callyzer.leads import BLANK, Lead
from connector.sandbox.callyzer.rules import Body, RefusedError

NOTHING_SAID: Mapping[str, str] = {"lead_details": "ignore"}
BY_ID: Mapping[str, str] = dict.fromkeys(lead_rules.MODES, "overwrite")
"""Ours: who names a lead by its id and says no more means to change it."""
ROW_MESSAGES = {words.BAD_CONTACTS: words.BAD_PHONE}
"""How the example of lead/bulksave says of a row what lead/save says otherwise."""


@dataclass(kw_only=True, eq=False)
class Desk:
    """Saves leads, and gives each to one of the employees."""

    book: Book
    employees: Employees
    rng: Random = field(default_factory=lambda: Random("leads"))  # noqa: S311 - repeatable
    _turns: int = -1

    def save(self, asked: Asked) -> Lead:
        """Make a lead, or change the one with its id or its number."""
        lead_id, modes = self._existing(asked)
        if lead_id is None:
            lead = self._new(asked)
            self.book.leads.put(lead)
        else:
            lead = self._merged(lead_id, asked, modes)
        if asked.map_calls:
            self.book.map_calls(lead)
        return lead

    def save_each(self, rows: list[Body]) -> Call:
        """Save what can be saved of many, and say of each what became of it."""
        saved: list[Call] = []
        errors: list[Call] = []
        for row in rows:
            try:
                lead = self.save(lead_rules.lead(row))
                asked = row["contact_numbers"]
                saved.append({"id": lead["id"], "contact_numbers": asked})
            except RefusedError as error:
                errors.append(_error(row, str(error)))
        return {"savedLeads": saved, "errors": errors}

    def _existing(self, asked: Asked) -> tuple[str | None, Mapping[str, str]]:
        """Find the lead that is meant, and what may happen to it."""
        given = cast("list[str]", asked.fields["contact_numbers"])
        owners = {number: self.book.leads.owner(number) for number in given}
        if asked.id is not None and self.book.leads.get(asked.id) is None:
            raise RefusedError(words.BAD_LEAD_ID)
        meant = asked.id or next(filter(None, owners.values()), None)
        taken = [n for n, owner in owners.items() if owner not in {None, meant}]
        if taken:
            raise RefusedError(words.TAKEN % ",".join(taken))
        return meant, asked.modes or (BY_ID if asked.id else NOTHING_SAID)

    def _new(self, asked: Asked) -> Lead:
        now = self.book.stamp()
        return (
            BLANK
            | asked.fields
            | {"id": identifier(self.rng, 32), "lead_tags": list(asked.lead_tags)}
            | self._assigned(asked.assignment)
            | {"created_at": now, "modified_at": now}
        )

    def _merged(self, lead_id: str, asked: Asked, modes: Mapping[str, str]) -> Lead:
        lead = cast("Lead", self.book.leads.get(lead_id))
        given: Lead = {"lead_tags": list(asked.lead_tags)} if asked.lead_tags else {}
        changed = (
            _merge(modes["lead_details"], lead, asked.fields)
            | _merge(modes.get("lead_tags"), lead, given)
            | self._reassigned(modes.get("assignee"), lead, asked.assignment)
        )
        if all(lead[name] == value for name, value in changed.items()):
            return lead
        return self.book.leads.change(
            lead_id, changed | {"modified_at": self.book.stamp()}
        )

    def _reassigned(self, mode: str | None, lead: Lead, assignment: Assignment) -> Lead:
        """Assign a lead anew; nobody's turn passes where that is to be ignored."""
        if mode in {None, "ignore"}:
            self._selected(assignment)
            return {}
        return _merge(mode, lead, self._assigned(assignment))

    def _assigned(self, assignment: Assignment) -> Lead:
        """Choose by the strategy."""
        who = self._selected(assignment)
        to_all = assignment.strategy == "assign to all selected"
        return {
            "all_employees": to_all and assignment.of_everybody,
            "employee": who if to_all else self._one(assignment.strategy, who),
        }

    def _selected(self, assignment: Assignment) -> list[str]:
        """Find who may be chosen; RefusedError for employees that there are not."""
        numbers, tags = assignment.emp_numbers, assignment.emp_tags
        selected = select(self.employees.all(), numbers, tags)
        return [
            _written(employee)
            for employee in (
                with_leads(selected) if assignment.of_everybody else selected
            )
        ]

    def _one(self, strategy: str, who: list[str]) -> list[str]:
        if not who:
            return []
        if strategy == "minimum leads":
            return [min(who, key=lambda one: self.book.leads.held[one])]
        if strategy == "random":
            return [self.rng.choice(who)]
        self._turns += 1
        return [who[self._turns % len(who)]]


def _merge(mode: str | None, lead: Lead, given: Lead) -> Lead:
    """Return what changes in a lead."""
    match mode:
        case "overwrite":
            return given
        case "updateblankonly":
            return {n: value for n, value in given.items() if lead[n] in ("", None, [])}
        case "append":
            return {n: _appended(lead[n], value) for n, value in given.items()}
        case _:
            return {}


def _appended(old: object, new: object) -> object:
    """Add to a list what it lacks; of two truths, either will do."""
    if isinstance(old, list) and isinstance(new, list):
        return list(dict.fromkeys([*old, *new]))
    return bool(old) or bool(new)


def _error(row: Body, message: str) -> Call:
    contacts = row.get("contact_numbers", [])
    name = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
    if not contacts:
        message = words.NO_PHONE
    return {
        "name": name,
        "contact_numbers": contacts,
        "errorMessage": ROW_MESSAGES.get(message, message),
    }


def _written(employee: Call) -> str:
    """Write an employee as lead/get does."""
    country, number = employee["emp_country_code"], employee["emp_number"]
    return f"{employee['emp_name']} (+{country}-{number})"
