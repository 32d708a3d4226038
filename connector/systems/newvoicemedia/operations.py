"""NewVoiceMedia's Calls API: its one operation, its rules and its versions.

Source: Calls API, "Parameters" and "Invalid request, states and call exceptions".
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.transport.jsontext import Json
from connector.transport.operation import Operation, Param, Rule, Values

CONSENT: Final = ("Unknown", "OneParty", "TwoParty")
REFERENCE: Final = r"[A-Za-z0-9]+|https?://[^\s/?#]+\S*"
"""An alphanumeric string, or a URL."""

_CONSENT_WORDS = f"consent must be one of {', '.join(CONSENT)}"


def _of(values: Values, side: str) -> Mapping[str, Json]:
    found = values.get(side)
    return found if isinstance(found, Mapping) else {}


def _parties(values: Values) -> tuple[str, str]:
    """Say who calls whom, as the document's table of consent has it."""
    caller = "group" if _of(values, "from").get("groups") else "agent"
    called = "agent" if _of(values, "to").get("agentId") else "number"
    return caller, called


def _consents(values: Values) -> tuple[bool, bool]:
    return "consent" in _of(values, "from"), "consent" in _of(values, "to")


ALLOWED: Final[Mapping[tuple[str, str], tuple[tuple[bool, bool], ...]]] = (
    MappingProxyType(
        {
            ("agent", "number"): ((False, False), (True, True)),
            ("agent", "agent"): ((False, False),),
            ("group", "number"): ((False, False), (False, True)),
        }
    )
)
"""By who calls whom: where consent may be given, at (from, to)."""

CREATE_CALL = Operation(
    name="create_call",
    method="POST",
    path="v0/{accountKey}/calls/",
    section="POST v{v#}/{accountKey}/calls/",
    once=True,
    params=(
        Param(name="accountKey", place="path", required=True),
        Param(name="from", kind="object", required=True, missing="Agent Id must be specified"),
        Param(name="from.agentId", most=11, refusal="Agent Id exceeds 11 digits"),
        Param(name="from.agentId", fits=r"[0-9]+", refusal="Agent Id must contain digits only"),
        Param(name="from.groups", kind="list", fits=r"\S.*"),
        Param(name="from.presentedCLID", most=30, refusal="Telephone number exceeds 30 characters"),
        Param(name="from.consent", choices=CONSENT, refusal=_CONSENT_WORDS),
        Param(name="to", kind="object", required=True, missing="Either telephone number or agent id required"),
        Param(name="to.telephoneNumber", most=30, refusal="Telephone number exceeds 30 characters"),
        Param(name="to.agentId", most=11, refusal="Agent Id exceeds 11 digits"),
        Param(name="to.agentId", fits=r"[0-9]+", refusal="Agent Id must contain digits only"),
        Param(name="to.consent", choices=CONSENT, refusal=_CONSENT_WORDS),
        Param(name="regarding", kind="object"),
        Param(name="regarding.reference", most=2000, refusal="Reference exceeded 2000 characters"),
        Param(name="regarding.reference", fits=REFERENCE, refusal="Reference contained invalid characters"),
        Param(name="application", most=32, refusal="Application exceeded 32 characters"),
        Param(name="application", fits=r"[A-Za-z0-9]+", refusal="Application contains non-alphanumeric characters"),
    ),
    rules=(
        Rule(
            name="from.telephoneNumber",
            kept=lambda v: "telephoneNumber" not in _of(v, "from"),
            refusal="Telephone number not supported in this context",
        ),
        Rule(
            name="from.agentId",
            kept=lambda v: bool(_of(v, "from").get("agentId") or _of(v, "from").get("groups")),
            refusal="Agent Id must be specified",
        ),
        Rule(
            name="from.agentId",
            kept=lambda v: not (_of(v, "from").get("agentId") and _of(v, "from").get("groups")),
            refusal="an agent can call, or groups, not both",
        ),
        Rule(
            name="to",
            kept=lambda v: bool(_of(v, "to").get("telephoneNumber") or _of(v, "to").get("agentId")),
            refusal="Either telephone number or agent id required",
        ),
        Rule(
            name="to",
            kept=lambda v: not (_of(v, "to").get("telephoneNumber") and _of(v, "to").get("agentId")),
            refusal="Either telephone number or agent id required, not both",
        ),
        Rule(
            name="to.agentId",
            kept=lambda v: _parties(v) in ALLOWED,
            refusal="a group can call a telephone number, not an agent",
        ),
        Rule(
            name="consent",
            kept=lambda v: _consents(v) in ALLOWED[_parties(v)],
            refusal="consent must be given for both sides or for neither from an agent "
            "to a number, for neither between agents, and for no more than the called "
            "side from a group",
        ),
    ),
    refusals=(
        r"Ccxml must be enabled for this account",
        r"Unable to place call.*",
        r"The requested resource does not support content type .*",
    ),
)  # fmt: skip
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {CREATE_CALL.name: CREATE_CALL}
)

VERSIONS: Final = (
    (6, ("from.consent", "to.consent")),
    (5, ("application",)),
    (4, ("regarding",)),
    (2, ("from.presentedCLID",)),
)
"""The version of the API from which on it takes a parameter, the latest first.

The text wants version 2 for a presented CLID; its example says 1.1.
"""


def accepted(values: Values) -> str:
    """Return the Accept header with the lowest version that takes all of ``values``."""
    for version, names in VERSIONS:
        if any(_given(values, name) for name in names):
            return f"application/json;version={version}"
    return "application/json"


def _given(values: Values, name: str) -> bool:
    side, _, inner = re.sub(r"\[\]", "", name).partition(".")
    return bool(_of(values, side).get(inner) if inner else values.get(side))
