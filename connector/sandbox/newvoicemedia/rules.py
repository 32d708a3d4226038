"""What a call request may say, from which version on, and how the rest is refused.

Source: NewVoiceMedia API, "Request a call": the examples, the table on consent,
and "Invalid request, states and call exceptions". What the document leaves open is
marked *ours*.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

CCXML_DISABLED: Final = "Ccxml must be enabled for this account"
CALLER_BUSY: Final = "Unable to place call - Agent number busy"
CALLED_BUSY: Final = "Unable to place call - dialed Agent is not currently available"
CALLED_UNKNOWN: Final = "Unable to place call - invalid Agent Id."
CALLER_UNKNOWN: Final = "Unable to place call - Agent Id is unknown"
NUMBER_INVALID: Final = "Unable to place call - number is invalid"
CALL_FAILED: Final = "Unable to place call to Agent. Please try again"

_FROM_NUMBER: Final = "Telephone number not supported in this context"
_NO_CALLER: Final = "Agent Id must be specified"
_NO_CALLED: Final = "Either telephone number or agent id required"
_TWO_CALLED: Final = "Either telephone number or agent id required, not both"
_TWO_CALLERS: Final = "Either agent id or groups required, not both"
"""Ours, as are the other messages from here on."""
_GROUPS: Final = "Groups must be an array of group ids"
_CONSENT: Final = 'Consent must be one of "Unknown", "OneParty", "TwoParty"'
_NOT_JSON: Final = "The request body must be a JSON object"
_NO_OBJECT: Final = "%s must be an object"
_UNKNOWN: Final = "%s is not a parameter of this request"
_TOO_OLD: Final = "%s is supported from version %s of the API"

Asked = Mapping[str, object]
"""A request by the paths of its values: ``{"from.agentId": "1234"}``."""


class RefusedError(Exception):
    """NewVoiceMedia answers 400 with this message."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most so many characters, the whole of which fits the pattern."""

    most: int
    too_long: str
    pattern: str
    wrong: str


AGENT_ID: Final = Text(
    11, "Agent Id exceeds 11 digits", "[0-9]+", "Agent Id must contain digits only"
)
TELEPHONE_NUMBER: Final = Text(
    30,
    "Telephone number exceeds 30 characters",
    r"\+?[0-9][0-9 ()-]{2,}",  # ours
    NUMBER_INVALID,
)
REFERENCE: Final = Text(
    2000,
    "Reference exceeded 2000 characters",
    r"[A-Za-z0-9]+|[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+",
    "Reference contained invalid characters",
)
APPLICATION: Final = Text(
    32,
    "Application exceeded 32 characters",
    "[A-Za-z0-9]+",
    "Application contains non-alphanumeric characters",
)
CONSENT: Final = Text(8, _CONSENT, "Unknown|OneParty|TwoParty", _CONSENT)

TEXTS: Final[Mapping[str, tuple[int, Text]]] = {
    "from.agentId": (1, AGENT_ID),
    "from.presentedCLID": (2, TELEPHONE_NUMBER),  # its limits are ours
    "from.consent": (6, CONSENT),
    "to.telephoneNumber": (1, TELEPHONE_NUMBER),
    "to.agentId": (1, AGENT_ID),
    "to.consent": (6, CONSENT),
    "regarding.reference": (4, REFERENCE),
    "application": (5, APPLICATION),
}
"""The version that each is supported from, and what it may say."""
OTHERS: Final = frozenset({"from.groups", "from.telephoneNumber"})
OBJECTS: Final = frozenset({"from", "to", "regarding"})

_BOTH: Final = (
    "Consent must be supplied for both from and to or must be omitted for both."
)
_NEITHER: Final = "Consent must be omitted for both from and to."
_CALLED_ONLY: Final = (
    "Consent must be omitted for from and either omitted or supplied for to."
)
CONSENTS: Final[Mapping[tuple[str, str], tuple[str, frozenset[tuple[bool, bool]]]]] = {
    ("from.agentId", "to.telephoneNumber"): (
        _BOTH,
        frozenset({(False, False), (True, True)}),
    ),
    ("from.agentId", "to.agentId"): (_NEITHER, frozenset({(False, False)})),
    ("from.groups", "to.telephoneNumber"): (
        _CALLED_ONLY,
        frozenset({(False, False), (False, True)}),
    ),
    ("from.groups", "to.agentId"): (_NEITHER, frozenset({(False, False)})),  # ours
}
"""Who calls whom, and whether there may be a consent of from, and of to."""


def read(body: object, version: int, too_old: Literal["refuse", "ignore"]) -> Asked:
    """Read a request made to this version; what needs a later one is ``too_old``."""
    asked = dict(_values(body))
    late = [where for where in asked if where in TEXTS and TEXTS[where][0] > version]
    if late and too_old == "refuse":
        raise RefusedError(_TOO_OLD % (late[0], TEXTS[late[0]][0]))
    kept = {where: value for where, value in asked.items() if where not in late}
    _check_texts(kept)
    _check_consent(kept, _caller(kept), _called(kept))
    return kept


def _values(body: object) -> Iterator[tuple[str, object]]:
    """Yield each value with its path; null is as if it were not there."""
    if not isinstance(body, dict):
        raise RefusedError(_NOT_JSON)
    for name, value in body.items():
        if "." in name:
            raise RefusedError(_UNKNOWN % name)
        if name not in OBJECTS:
            values = {name: value}
        elif isinstance(value, dict | None):
            values = {f"{name}.{key}": part for key, part in (value or {}).items()}
        else:
            raise RefusedError(_NO_OBJECT % name)
        yield from ((where, part) for where, part in values.items() if part is not None)


def _check_texts(asked: Asked) -> None:
    for where, value in asked.items():
        if where in TEXTS:
            _check_text(value, TEXTS[where][1])
        elif where not in OTHERS:
            raise RefusedError(_UNKNOWN % where)


def _check_text(value: object, text: Text) -> None:
    if isinstance(value, str) and len(value) > text.most:
        raise RefusedError(text.too_long)
    if not isinstance(value, str) or not re.fullmatch(text.pattern, value):
        raise RefusedError(text.wrong)


def _caller(asked: Asked) -> str:
    """Return which of the parameters names the caller."""
    if "from.telephoneNumber" in asked:
        raise RefusedError(_FROM_NUMBER)
    if "from.groups" not in asked:
        if "from.agentId" not in asked:
            raise RefusedError(_NO_CALLER)
        return "from.agentId"
    if "from.agentId" in asked:
        raise RefusedError(_TWO_CALLERS)
    _check_groups(asked["from.groups"])
    return "from.groups"


def _check_groups(groups: object) -> None:
    named = isinstance(groups, list) and groups
    if not named or not all(isinstance(group, str) and group for group in named):
        raise RefusedError(_GROUPS)


def _called(asked: Asked) -> str:
    """Return which of the parameters names whom to call."""
    named = [w for w in ("to.telephoneNumber", "to.agentId") if w in asked]
    if not named:
        raise RefusedError(_NO_CALLED)
    if len(named) > 1:
        raise RefusedError(_TWO_CALLED)
    return named[0]


def _check_consent(asked: Asked, caller: str, called: str) -> None:
    message, allowed = CONSENTS[caller, called]
    if ("from.consent" in asked, "to.consent" in asked) not in allowed:
        raise RefusedError(message)
