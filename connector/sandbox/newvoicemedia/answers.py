"""What is answered to a call that was placed.

Source: NewVoiceMedia API, "Request a call", the responses. The Location has
another id, another spelling of the path and another account key than the body,
and all responses but those to a consent name numbers and agents that their
requests do not.
"""

from typing import Final, Literal

from connector.sandbox.newvoicemedia.exchange import Dial
from connector.sandbox.newvoicemedia.rules import Asked

UNASKED: Final[Asked] = {
    "from.telephoneNumber": "02072068888",
    "to.telephoneNumber": "02072068888",
    "to.agentId": "4567",
}
"""What the document's responses say, whatever the request."""
CONSENTS: Final = ("from.consent", "to.consent")


def location(base: str, account_key: str, calls: str, dial: Dial) -> str:
    """Return the address of a call."""
    return f"{base}/{account_key}/{calls}/{dial.location_id}"


def created(
    asked: Asked, dial: Dial, *, echo: Literal["document", "asked"]
) -> dict[str, object]:
    """Return all of a response but its id and its links."""
    if echo == "asked":
        return _nested(asked)
    caller = {"from.agentId": dial.agent}
    kept = {where: value for where, value in asked.items() if where != "from.groups"}
    return _nested(_unasked(asked) | caller | kept)


def _unasked(asked: Asked) -> dict[str, object]:
    """Return what this request did not ask for, and is answered all the same."""
    if any(where in asked for where in CONSENTS):
        return {}
    shown = "from.presentedCLID" in asked
    return {w: v for w, v in UNASKED.items() if not (shown and w.startswith("from."))}


def _nested(values: Asked) -> dict[str, object]:
    objects: dict[str, dict[str, object]] = {}
    plain: dict[str, object] = {}
    for where, value in values.items():
        name, _, key = where.partition(".")
        inside = objects.setdefault(name, {}) if key else plain
        inside[key or name] = value
    return {**objects, **plain}
