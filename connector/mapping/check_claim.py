"""Checks the object of a dial file's claims against the CRM's description of it."""

from collections.abc import Iterator
from typing import Final

from connector.mapping.faults import Place
from connector.mapping.fits import Finding
from connector.mapping.flow import Claim, DialFlow
from connector.mapping.told import (
    Found,
    needed,
    no_field,
    no_object,
    not_created,
    not_text,
    not_unique,
    not_updated,
)
from connector.model import CrmField, CrmObject

TOP: Final = Place(1, 1)
"""Where a file is told what it leaves out."""

CLAIMED_BY: Final = "Claimed_By__c"
_FILLED: Final = frozenset(
    {
        *(CLAIMED_BY, "State__c", "Record_Id__c", "Requested_At__c"),
        *("Number__c", "Agent_Id__c"),
    }
)
"""What a claim is made with, where its object has it, beside its key."""

_SHIPPED: Final = "Call_Dial__c"


def about_claim(
    flow: DialFlow, target: CrmObject | None, claims: CrmObject | None
) -> Iterator[Found]:
    """Yield what is wrong with ``claims``, the object of the claims of ``flow``.

    ``target`` is the object of its records. Each is None where the CRM does not have it.
    """
    claim = flow.claim
    if claim is None:
        message = "two installations, or a restored backup, could then dial twice"
        hint = f"add claim: {{object: {_SHIPPED}, key: Request_Id__c}}"
        yield TOP, Finding(f"'claim' is left out: {message}", hint, "warning")
    elif claims is None:
        yield claim.place, no_object(claim.object, {_SHIPPED})
    else:
        yield from ((claim.place, finding) for finding in _of_object(claim, claims))
        request = target.fields.get(flow.request_id) if target else None
        for finding in _of_key(claim, claims, request):
            yield claim.key_place, finding


def _of_object(claim: Claim, claims: CrmObject) -> Iterator[Finding]:
    yield from not_created(claims)
    yield from not_updated(claims)
    hint = "give it a default in the CRM, or let it be empty"
    yield from needed(claims, {claim.key, *_FILLED}, hint, ", and nothing fills it")
    by = claims.fields.get(CLAIMED_BY)
    if by is None or not by.createable:
        message = f"without {CLAIMED_BY} a claim does not tell whose it is"
        hint = "add it: else a request whose claim was not answered is not dialled"
        yield Finding(message, hint, "warning")


def _of_key(
    claim: Claim, claims: CrmObject, request: CrmField | None
) -> Iterator[Finding]:
    key = claims.fields.get(claim.key)
    if key is None:
        yield no_field(claim.key, claims)
        return
    if not key.createable:
        yield Finding(f"the key {key.name} cannot be written by this user")
    yield from not_text(key)
    yield from not_unique(
        key, "mark it so in the CRM, or one request could be claimed twice"
    )
    if request and 0 < key.length < (request.length or key.length + 1):
        message = (
            f"the key {key.name} has room for {key.length} characters, and the request's"
            f" id in {request.name} may have {request.length or 'more'}"
        )
        yield Finding(message, "make the key as long", "warning")
