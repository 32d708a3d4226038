"""NewVoiceMedia behind the port ``Dialer``, and what a mapping can tell it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from connector.errors import RefusedError
from connector.model import Call, Objection, Parameter, Placed
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.operations import CREATE_CALL
from connector.transport.jsontext import Json
from connector.transport.operation import Param

PHONES: Final = ("to.telephoneNumber",)
MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "from.agentId": "The agent whose phone rings first: an id of digits.",
        "from.groups": "In place of an agent: groups; one of their agents is rung.",
        "from.presentedCLID": "The number that the one called sees.",
        "from.consent": "Whose consent recording the agent's side needs.",
        "to.telephoneNumber": "The number that is called.",
        "to.agentId": "In place of a number: the agent who is called.",
        "to.consent": "Whose consent recording the called side needs.",
        "regarding.reference": "What the call is about: a record's id, or an address.",
        "application": "Who asks, in letters and digits; shown in its Task's subject.",
    }
)


def _parameter(name: str, meaning: str) -> Parameter:
    """Say what the operation's table has of a parameter, which may be several lines."""
    lines = [param for param in CREATE_CALL.params if param.name == name]
    return Parameter(
        name=name,
        kind=_kind(name, lines),
        meaning=meaning,
        longest=max(int(line.most or 0) for line in lines),
        choices=next((line.choices for line in lines if line.choices), ()),
    )


def _kind(name: str, lines: Sequence[Param]) -> Literal["text", "phone", "list"]:
    if name in PHONES:
        return "phone"
    return "list" if any(line.kind == "list" for line in lines) else "text"


PARAMETERS: Final[tuple[Parameter, ...]] = tuple(
    _parameter(name, meaning) for name, meaning in MEANINGS.items()
)
"""All that a call can be told, with the document's limits."""


def objection(call: Call) -> Objection | None:
    """Say what the document has against a call; None: nothing."""
    try:
        CREATE_CALL.request({"accountKey": "any", **_nested(call)})
    except RefusedError as error:
        return Objection(error.parameter, error.message)
    return None


class NewVoiceMediaDialer:
    """Places calls through one account."""

    def __init__(self, client: NewVoiceMediaClient) -> None:
        """``client`` checks the document's rules and sends each call once."""
        self._client = client

    def dial(self, call: Call) -> Placed:
        """Have a call placed: see the port. Blank parameters are left out."""
        return self._client.create_call(_nested(call))

    def ready(self) -> None:
        """Have a token at hand."""
        self._client.ready()

    def close(self) -> None:
        """Close what is open of the connections."""
        self._client.close()


def _nested(call: Call) -> dict[str, Json]:
    """Return ``to.telephoneNumber`` as the document has it: one in the other."""
    values: dict[str, Json] = {}
    for name, value in call.items():
        if name not in MEANINGS:
            raise RefusedError(f"NewVoiceMedia takes no {name}", parameter=name)
        if value:
            side, _, inner = name.partition(".")
            given = value if isinstance(value, str) else list(value)
            if inner:
                values.setdefault(side, {})[inner] = given
            else:
                values[side] = given
    return values
