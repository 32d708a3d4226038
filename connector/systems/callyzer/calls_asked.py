"""What may be asked of calls, of their recordings, and of employees: parameters, rules.

Source: Callyzer API 2.1, the tables of parameters and of business rules.
"""
# ruff: noqa: RUF001 - the vendor's messages have typographic quotes

from typing import Final

from connector.transport.operation import Param, Rule, Values

LONG_MAX: Final = 2**63 - 1
INTEGER_MAX: Final = 2**31 - 1
SECONDS_TOO_LONG: Final = 180 * 24 * 60 * 60
"""A span must be shorter."""
MOST_IDS: Final = 20
MOST_LISTED: Final = 100
PAGE_SIZE: Final = 100
"""The default. It is not sent, as history's table of parameters wants less."""
CALL_TYPES: Final = ("Incoming", "Outgoing", "Missed", "Rejected")
CALL_METHODS: Final = ("PhoneCall", "WhatsAppCall")
CALL_MODES: Final = ("Voice", "Video")
DAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")

NUMBER: Final = r"(\d+-)?\d+"
_TOO_LONG: Final = "The duration should be less than 180 days."
_NO_HOURS: Final = (
    "The “working_hour_from” and “working_hour_to” are mandatory. The value should be "
    "in HH:mm format."
)
_BAD_HOURS: Final = (
    "The “working_hour_from” / “working_hour_to” is not valid. The value should be in "
    "HH:mm format."
)
_BAD_IDS: Final = (
    "Invalid no of unique ids ({name}). Minimum 1 and Maximum 20 ids are allowed."
)


# ── spans of time ──────────────────────────────────────────────────────────


def _is_whole(by: str, values: Values) -> bool:
    return (values.get(f"{by}_from") is None) == (values.get(f"{by}_to") is None)


def _seconds(by: str, values: Values) -> int | None:
    start, end = values.get(f"{by}_from"), values.get(f"{by}_to")
    return None if start is None or end is None else end - start


def _is_forward(by: str, values: Values) -> bool:
    seconds = _seconds(by, values)
    return seconds is None or seconds > 0


def _is_short(by: str, values: Values) -> bool:
    seconds = _seconds(by, values)
    return seconds is None or seconds < SECONDS_TOO_LONG


def _span_rules(by: str) -> tuple[Rule, ...]:
    return (
        Rule(
            name=f"{by}_from",
            kept=lambda values: _is_whole(by, values),
            refusal=f"`{by}_from` and ‘{by}_to’ are mandatory. {_TOO_LONG}",
        ),
        Rule(
            name=f"{by}_from",
            kept=lambda values: _is_forward(by, values),
            refusal=f"Invalid date range. `{by}_from` should be less than `{by}_to`.",
        ),
        Rule(
            name=f"{by}_to",
            kept=lambda values: _is_short(by, values),
            refusal=f"`{by}_from` and `{by}_to`: {_TOO_LONG}",
        ),
    )


SPAN: Final = tuple(
    Param(
        name=name,
        kind="integer",
        least=1,
        most=LONG_MAX,
        refusal="Invalid {name}. Please pass the timestamp in UNIX format.",
    )
    for name in ("call_from", "call_to", "synced_from", "synced_to")
)
SPAN_RULES: Final = (
    *_span_rules("call"),
    *_span_rules("synced"),
    Rule(
        name="call_from",
        kept=lambda values: bool({"call_from", "synced_from"} & values.keys()),
        refusal="Either ‘call_from’ and ‘call_to’ or ‘synced_from’ and ‘synced_to’ are "
        f"mandatory. {_TOO_LONG}",
    ),
)

# ── which calls ────────────────────────────────────────────────────────────

CHOSEN: Final = (
    Param(
        name="call_types",
        kind="list",
        choices=CALL_TYPES,
        refusal="Invalid {name}. Valid call types are Incoming or Outgoing or Missed "
        "or Rejected.",
    ),
    Param(
        name="emp_numbers",
        kind="list",
        fits=NUMBER,
        refusal="{name}: Invalid numbers ‘{value}’.",
    ),
    Param(name="emp_tags", kind="list"),
    Param(
        name="is_exclude_numbers",
        kind="boolean",
        refusal="{name}: Must be either True or False",
    ),
)
DURATIONS: Final = tuple(
    Param(
        name=name,
        kind="integer",
        least=0,
        most=LONG_MAX,
        refusal="{name}: Value out of range for unsigned long data type.",
    )
    for name in ("duration_les_than", "duration_grt_than")
)
DURATION_RULE: Final = Rule(
    name="duration_les_than",
    kept=lambda values: (
        values.get("duration_grt_than", -1)
        < values.get("duration_les_than", LONG_MAX + 1)
    ),
    refusal="Invalid duration value. The value of `duration_les_than` should be "
    "greater than value of `duration_grt_than`",
)
KIND: Final = (
    Param(name="call_method", choices=CALL_METHODS),
    Param(name="call_mode", choices=CALL_MODES),
)
HOURS: Final = tuple(
    Param(
        name=name,
        required=True,
        fits=r"([01]\d|2[0-3]):[0-5]\d",
        missing=_NO_HOURS,
        refusal=_BAD_HOURS,
    )
    for name in ("working_hour_from", "working_hour_to")
)
HOURS_RULE: Final = Rule(
    name="working_hour_from",
    kept=lambda values: values["working_hour_from"] <= values["working_hour_to"],
    refusal="The “working_hour_from” should not be greater than “working_hour_to”.",
)
"""Of daywise-analytics. hourly-analytics has the rule the other way round, and a message
that says neither: its hours are sent in any order."""
EXCLUDED: Final = Param(
    name="exclude_days",
    kind="list",
    choices=DAYS,
    refusal="Invalid value. The days ({name}) should be in ‘ddd’ format i.e. Mon",
)
IDS: Final = Param(
    name="unique_ids",
    kind="list",
    required=True,
    least=1,
    most=MOST_IDS,
    missing=_BAD_IDS,
    refusal=_BAD_IDS,
)


def paged(most: int = PAGE_SIZE, *, query: bool = False) -> tuple[Param, ...]:
    return (
        Param(
            name="page_no",
            kind="integer",
            place="query" if query else "body",
            least=1,
            most=INTEGER_MAX,
            refusal="Invalid value. {name}: Value should be greater than zero and "
            "within range of unsigned integer data type.",
        ),
        Param(
            name="page_size",
            kind="integer",
            place="query" if query else "body",
            least=1,
            most=most,
            refusal=f"Invalid value. {{name}}: The value should be between 1 to {most}",
        ),
    )


def listed(name: str, what: str) -> Param:
    """A list of employee/get."""
    return Param(
        name=name,
        kind="list",
        place="query",
        most=MOST_LISTED,
        refusal=f"Invalid no of “{{name}}”. Maximum 100 {what} are allowed.",
    )
