"""What Callyzer accepts of a lead, and how it refuses the rest.

Source: Callyzer API 2.1, the business rules of lead/save, lead/bulksave and lead/get;
the words are in `words`, the parameters and lengths in `operations`. Blank values
count as absent, as they do for the calls: the document's own examples are full of
them. What the document leaves open is marked *ours*.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.sandbox.callyzer import words
from connector.sandbox.callyzer.calls import STATUSES, Call
from connector.sandbox.callyzer.operations import (
    ALSO_ALLOWED,
    ASSIGNMENT,
    DETAILS,
    EXISTING_LEAD,
    LENGTHS,
    MOST_CONTACTS,
)
from connector.sandbox.callyzer.rules import Body, RefusedError, attributes, listed

STRATEGIES: Final = (
    *("assign to all selected", "minimum leads", "random", "round robin"),
)
MODES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "lead_details": (
        ("ignore", "overwrite", "updateblankonly"),
        words.BAD_LEAD_DETAILS,
    ),
    "assignee": (("ignore", "overwrite", "append"), words.BAD_ASSIGNEE),
    "lead_tags": (("ignore", "overwrite", "append"), words.BAD_LEAD_TAGS),
}
"""What may happen to a lead that exists, in any case of the letters."""
LEAD_STATUSES: Final = frozenset({*STATUSES, "Positive", "Negative", "NewInquiry"})
CONTACT = re.compile(r"(\d{1,4}-)?\d{5,15}")
"""Ours, but that ``123`` is none."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
"""Ours."""
TRUTH: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """To whom a lead is to be given: to all of the account where nobody is named."""

    strategy: str
    emp_numbers: frozenset[str]
    emp_tags: frozenset[str]

    @property
    def of_everybody(self) -> bool:
        """Whether nobody is named."""
        return not (self.emp_numbers or self.emp_tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A lead as a request has it; ``modes`` is None where it says nothing of them."""

    id: str | None
    fields: Call
    lead_tags: tuple[str, ...]
    assignment: Assignment
    modes: Mapping[str, str] | None
    map_calls: bool


def lead(body: Body) -> Asked:
    """Read a lead to be saved, whose attributes are those of the document."""
    assignment = attributes(body.get("assignment", {}), ASSIGNMENT)
    contacts = _contacts(body)
    if not (contacts and {"first_name"} <= set(body) and "strategy" in assignment):
        raise RefusedError(words.MANDATORY)
    fields = {name: body[name] for name in body if name in DETAILS}
    return Asked(
        id=str(body["id"]) if "id" in body else None,
        fields=_checked(fields) | {"contact_numbers": contacts} | _status(body),
        lead_tags=tuple(sorted(listed(body, "lead_tags", "tags"))),
        assignment=_assignment(assignment),
        modes=_modes(body),
        map_calls=_map_calls(body),
    )


def bulk(body: Body, allowed: frozenset[str]) -> list[Body]:
    """Read many leads, each with what the request says of all of them.

    What a lead says itself goes before that (ours), but its tags and its status may
    be on one level only. ``allowed``: the attributes of a lead.
    """
    rows = body.get("leads")
    if not isinstance(rows, list):
        raise RefusedError(words.BAD_BODY)
    of_all = {name: value for name, value in body.items() if name != "leads"}
    leads = [attributes(row, allowed) for row in rows]
    for name in ("lead_tags", "lead_status"):
        if name in of_all and any(name in row for row in leads):
            raise RefusedError(words.TWO_LEVELS % name)
    return [{**of_all, **row} for row in leads]


def contact_numbers(body: Body) -> frozenset[str]:
    """Read the numbers that leads are looked for by."""
    numbers = listed(body, "contact_numbers", "numbers")
    if not all(CONTACT.fullmatch(number) for number in numbers):
        raise RefusedError(words.BAD_CONTACTS)
    return numbers


def names(body: Body) -> dict[str, str]:
    """Read the names that leads are looked for by."""
    asked = {n: body[n] for n in ("first_name", "last_name") if n in body}
    return {name: str(value).casefold() for name, value in _checked(asked).items()}


def _contacts(body: Body) -> list[str]:
    value = body.get("contact_numbers", [])
    given = [str(n) for n in (value if isinstance(value, list) else [value])]
    numbers = [number for number in given if number.strip()]
    valid = all(CONTACT.fullmatch(number) for number in numbers)
    if not valid or len(numbers) > MOST_CONTACTS:
        raise RefusedError(words.BAD_CONTACTS)
    return numbers


def _checked(fields: Body) -> Call:
    """Return details whose lengths are as the table has them, and the price as text."""
    for name, (least, most) in LENGTHS.items():
        value = fields.get(name)
        longest = ALSO_ALLOWED.get(name, most)
        if value is not None and not _is_text(value, least, longest, name):
            raise RefusedError(words.BAD_LENGTH % (name, least, most))
    price = {"price": _price(fields["price"])} if "price" in fields else {}
    return dict(fields) | price


def _is_text(value: object, least: int, most: int, name: str) -> bool:
    return (
        isinstance(value, str)
        and least <= len(value) <= most
        and (name != "email" or EMAIL.fullmatch(value) is not None)
    )


def _price(value: object) -> str:
    """Read a number, or a text that is one, as the examples have it."""
    try:
        number = math.nan if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RefusedError(words.BAD_PRICE)
    return str(value)


def _status(body: Body) -> Call:
    status = body.get("lead_status")
    if status is None:
        return {}
    if status not in LEAD_STATUSES:
        raise RefusedError(words.UNKNOWN_STATUS % status)
    return {"lead_status": status}


def _assignment(body: Body) -> Assignment:
    strategy = str(body["strategy"]).casefold()
    if strategy not in STRATEGIES:
        raise RefusedError(words.BAD_STRATEGY)
    numbers, tags = (
        listed(body, "emp_numbers", "numbers"),
        listed(body, "emp_tags", "tags"),
    )
    if numbers and tags:
        raise RefusedError(words.BOTH_SELECTED)
    return Assignment(strategy=strategy, emp_numbers=numbers, emp_tags=tags)


def _modes(body: Body) -> Mapping[str, str] | None:
    given = attributes(body.get("existing_lead", {}), EXISTING_LEAD)
    if not given:
        return None
    modes = {n: str(given.get(n, "ignore")).casefold() for n in MODES}
    for name, (allowed, message) in MODES.items():
        if modes[name] not in allowed:
            raise RefusedError(message)
    return modes


def _map_calls(body: Body) -> bool:
    value = str(body.get("is_map_existing_call_logs", True)).casefold()
    if value not in TRUTH:
        raise RefusedError(words.BAD_MAP)
    return TRUTH[value]
