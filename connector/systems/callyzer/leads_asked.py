"""What a lead that is saved must be like. Source: Callyzer API 2.1, lead/save and
lead/bulksave, their tables of parameters and of business rules.
"""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from collections.abc import Iterator
from sys import float_info
from typing import Final

from connector.transport.jsontext import Json
from connector.transport.operation import BLANK, Operation, Param, Rule, Values

STRATEGIES: Final = ("Assign to All Selected", "Minimum Leads", "Random", "Round Robin")
MODES: Final = {
    "lead_details": ("Ignore", "Overwrite", "UpdateBlankOnly"),
    "assignee": ("Ignore", "Overwrite", "Append"),
    "lead_tags": ("Ignore", "Overwrite", "Append"),
}
"""What becomes of a lead that is there already."""
LENGTHS: Final = {
    "last_name": (2, 250),
    "company_name": (3, 250),
    "address1": (3, 200),
    "address2": (3, 200),
    "city": (2, 100),
    "state": (2, 100),
    "country": (2, 100),
    "zip": (2, 10),
    "source": (2, 500),
    "description": (3, 1000),
}
"""Characters, as the messages say it: the rules of a city and a state say 3 to 200, the
parameters of a description 3 to 500."""
MOST_CONTACTS: Final = 2
MOST_LISTED: Final = 100

_LENGTH: Final = "Invalid “%s”. Length should be between %d to %d chars."
_MANDATORY: Final = (
    "“First_name”, “strategy” and at least one “contact_numbers” is required."
)
_CONTACTS: Final = (
    "Invalid “contact_numbers”. Country code should be separated by hyphen(-), if "
    "present."
)
_BOTH: Final = (
    "Please don’t provide ‘emp_numbers’ and ‘emp_tags’ simultaneously. Provide either "
    "one individually or none at all."
)
_LEVELS: Final = "Providing %s at both levels will result in an error."


def _said(choices: tuple[str, ...]) -> str:
    """A choice as the messages have it."""
    return " or ".join(f"‘{choice}’" for choice in choices)


def _tags(name: str, what: str = "tags") -> Param:
    return Param(
        name=name,
        kind="list",
        most=MOST_LISTED,
        refusal=f"Invalid no of “{name.rpartition('.')[2]}”. Maximum 100 {what} are "
        "allowed.",
    )


def _details(at: str) -> tuple[Param, ...]:
    """What is known of a lead; ``at``: where in the body it is."""
    texts = (
        Param(name=at + n, least=low, most=high, refusal=_LENGTH % (n, low, high))
        for n, (low, high) in LENGTHS.items()
    )
    return (
        Param(name=f"{at}id"),
        Param(
            name=f"{at}first_name",
            required=True,
            least=3,
            most=250,
            missing=_MANDATORY,
            refusal=_LENGTH % ("first_name", 3, 250),
        ),
        Param(
            name=f"{at}contact_numbers",
            kind="list",
            required=True,
            most=MOST_CONTACTS,
            fits=r"(\d+-)?\d+",
            missing=_MANDATORY,
            refusal=_CONTACTS,
        ),
        Param(
            name=f"{at}email",
            least=5,
            most=100,
            fits=r"[^@\s]+@[^@\s]+",
            refusal=_LENGTH % ("email", 5, 100),
        ),
        Param(
            name=f"{at}price",
            kind="number",
            least=-float_info.max,
            most=float_info.max,
            refusal="Invalid “price”. Value should be numeric and within range of "
            "double data type.",
        ),
        *texts,
    )


def _saving(at: str, *, required: bool) -> tuple[Param, ...]:
    """How a lead is saved; ``required``: whether it must be assigned here."""
    modes = (
        Param(
            name=f"{at}existing_lead.{name}",
            choices=choices,
            any_case=True,
            refusal=f"Invalid “{name}”. It should be either {_said(choices)}.",
        )
        for name, choices in MODES.items()
    )
    return (
        Param(
            name=f"{at}assignment",
            kind="object",
            required=required,
            missing=_MANDATORY,
        ),
        Param(
            name=f"{at}assignment.strategy",
            required=True,
            choices=STRATEGIES,
            any_case=True,
            missing=_MANDATORY,
            refusal=f"Invalid “strategy”. It should be either {_said(STRATEGIES)}.",
        ),
        _tags(f"{at}assignment.emp_numbers", "numbers"),
        _tags(f"{at}assignment.emp_tags"),
        Param(name=f"{at}existing_lead", kind="object"),
        *modes,
        Param(name=f"{at}lead_status"),
        _tags(f"{at}lead_tags"),
        Param(
            name=f"{at}is_map_existing_call_logs",
            kind="boolean",
            refusal="Invalid “is_map_existing_call_logs”. It should be either true or "
            "false.",
        ),
    )


# ── rules ──────────────────────────────────────────────────────────────────


def _leads(values: Values) -> Iterator[Values]:
    """Yield every lead of a request."""
    given: Json = values.get("leads")
    yield from (lead for lead in given or () if isinstance(lead, dict))


def _one_kind(values: Values) -> bool:
    """Say whether only one of the two says whom a lead is for, wherever it does."""
    everywhere = [values, *_leads(values)]
    assigned = [each.get("assignment") or {} for each in everywhere]
    return not any(a.get("emp_numbers") and a.get("emp_tags") for a in assigned)


def _all_assigned(values: Values) -> bool:
    if values.get("assignment") not in BLANK:
        return True
    return all(lead.get("assignment") not in BLANK for lead in _leads(values))


def _one_level(name: str) -> Rule:
    def kept(values: Values) -> bool:
        single = any(lead.get(name) not in BLANK for lead in _leads(values))
        return values.get(name) in BLANK or not single

    return Rule(name=name, kept=kept, refusal=_LEVELS % name)


_ONE_KIND: Final = Rule(name="assignment", kept=_one_kind, refusal=_BOTH)

LEAD_REFUSALS: Final = (
    r"Invalid 'id'\. ?please provide valid id\.?",
    r"'First_name', 'strategy' and at least one 'contact_numbers' is required\.?",
    r"Invalid '\w+'\. (Length|Country code|It|Value) should be .*",
    r"Invalid no of '\w+'\. .*",
    r"The '.*' already exists\.?",
    r"The '.*' lead status doesn't exist\.?",
    r"Please don't provide 'emp_numbers' and 'emp_tags' simultaneously\. .*",
)
_REFUSALS: Final = (
    *LEAD_REFUSALS,
    r"The '.*' (numbers |tags )?doesn't exist\.?",
    r"The message body on the request is not as per API specification\b.*",
)
SAVE_LEAD: Final = Operation(
    name="save_lead",
    method="POST",
    path="lead/save",
    section="lead/save",
    params=(*_details(""), *_saving("", required=True)),
    rules=(_ONE_KIND,),
    refusals=_REFUSALS,
    once=True,
)
SAVE_LEADS: Final = Operation(
    name="save_leads",
    method="POST",
    path="lead/bulksave",
    section="lead/bulksave",
    params=(
        Param(name="leads", kind="list", required=True),
        *_details("leads[]."),
        *_saving("leads[].", required=False),
        *_saving("", required=False),
    ),
    rules=(
        Rule(name="assignment", kept=_all_assigned, refusal=_MANDATORY),
        _one_level("lead_tags"),
        _one_level("lead_status"),
        _ONE_KIND,
    ),
    refusals=_REFUSALS,
    once=True,
)
