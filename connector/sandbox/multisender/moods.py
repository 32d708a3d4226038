"""Which of its contradictions the vendor keeps to."""

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True, kw_only=True)
class Moods:
    """Where the document prints two things, the one that is sent; change it any time.

    ``spelling``: names as the examples print them (``dialedCalls`` in the state
    webhook, ``totalDialedCalls`` in the stats, ``duration`` a number) or as the
    tables do, which is the other way round. ``unanswered``: the reply of somebody
    who gave none, as printed at each place or the same word everywhere.
    ``first_name``: the receivers' slip, or the right word. ``click_id``: the name of
    a click to call's id in the receiver webhook, of which only the RSVP call's is
    documented. ``state_meta``: ``meta`` also in the state webhook, as the parameter
    says and the webhook's table does not. ``added``: what adding receivers answers,
    whose example is half an array and half an object. ``text_numbers``: numbers of
    receivers and stats as strings. ``touches``: a new outcome moves ``updatedAt``.
    ``refusals``: the body of an error, of which the document shows none.
    """

    spelling: Literal["example", "table"] = "example"
    unanswered: Literal["printed", "noReply", "noAnswer"] = "printed"
    first_name: Literal["firsName", "firstName"] = "firsName"
    click_id: Literal["rsvpCallId", "clickToCallId"] = "rsvpCallId"
    state_meta: bool = False
    added: Literal["array", "object"] = "array"
    text_numbers: bool = False
    touches: bool = True
    refusals: Literal["json", "text", "empty"] = "json"
