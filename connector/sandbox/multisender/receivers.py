"""Who is written to or called, and what came of the calls.

Source: Multisender API, the parameter ``receivers`` and the shapes of receivers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from connector.sandbox.multisender.checks import Wanted
from connector.sandbox.multisender.fields import Record, blanks
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.rules import RESOURCES

Reply = Literal["accept", "decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A receiver of a call, an email or an sms: an account, or a whole group."""

    receiver_id: int
    account_id: int | None
    group_id: int | None
    at: str


@dataclass(slots=True, kw_only=True)
class Receiver:
    """A receiver of a click to call or an RSVP call, as it was when it was named.

    ``seconds`` is how long the latest answered call took; ``latest`` is in the
    customer's zone.
    """

    account_id: int
    group_id: int | None
    phone: str
    first_name: str
    last_name: str
    answered: bool = False
    reply: Reply | None = None
    seconds: int = 0
    dialled: int = 0
    latest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What came of all calls to the receivers; ``duration`` in seconds."""

    dialled: int
    answered: int
    duration: int
    accepted: int
    declined: int
    silent: int
    unanswered: int


def addressees(
    office: Office, wanted: Iterable[Wanted], kind: str, at: str
) -> list[Addressee]:
    """Return the receivers asked for; ``kind`` of address: phone or email."""
    found = (_resolved(office, one, kind) for one in wanted)
    return [
        Addressee(receiver_id=number, account_id=account_id, group_id=group_id, at=at)
        for number, (account_id, group_id) in enumerate(found, 1)
    ]


def receivers(
    office: Office, wanted: Iterable[Wanted], known: Sequence[Receiver] = ()
) -> list[Receiver]:
    """Return the receivers asked for that are not ``known``, in order, each once.

    *Ours*: a group stands for its accounts, as each of them has its own outcome.
    """
    found: dict[int, Receiver] = {}
    taken = {receiver.account_id for receiver in known}
    for one in wanted:
        for receiver in _dialled(office, one):
            if receiver.account_id not in taken:
                found.setdefault(receiver.account_id, receiver)
    return list(found.values())


def stats(people: Sequence[Receiver]) -> Stats:
    """Sum the outcomes up; *ours*: ``unanswered`` counts people who were called."""
    answered = [one for one in people if one.answered]
    return Stats(
        dialled=sum(one.dialled for one in people),
        answered=len(answered),
        duration=sum(one.seconds for one in people),
        accepted=sum(one.reply == "accept" for one in people),
        declined=sum(one.reply == "decline" for one in people),
        silent=sum(one.reply is None for one in answered),
        unanswered=sum(one.dialled > 0 and not one.answered for one in people),
    )


def receiver(account: Record, group_id: int | None = None) -> Receiver:
    """Return an account as a receiver that was not called yet."""
    return Receiver(
        account_id=account["id"],
        group_id=group_id,
        phone=account["phone"],
        first_name=account["firstName"],
        last_name=account["lastName"],
    )


def _dialled(office: Office, wanted: Wanted) -> Iterator[Receiver]:
    account_id, group_id = _resolved(office, wanted, "phone")
    if account_id is not None:
        yield receiver(office.named("accounts", account_id))
    elif group_id is not None:
        group = office.named("groups", group_id)
        yield from (receiver(one, group_id) for one in office.members(group))


def _resolved(
    office: Office, wanted: Wanted, kind: str
) -> tuple[int | None, int | None]:
    """Return the account, or the group, that is wanted."""
    if wanted.account_id is not None:
        office.named("accounts", wanted.account_id)
    if wanted.group_id is not None:
        office.named("groups", wanted.group_id)
    if wanted.address is not None:
        return _account_at(office, kind, wanted.address), None
    return wanted.account_id, wanted.group_id


def _account_at(office: Office, kind: str, address: str) -> int:
    """Find the account with this phone or email; make one where there is none.

    *Ours* is that it also holds for calls, emails and smses.
    """
    accounts = office.tables["accounts"]
    found = accounts.find(kind, address)
    return (
        accounts.add(new_account(office, {kind: address})) if found is None else found
    )


def new_account(office: Office, given: Record) -> Record:
    """Return an account of now."""
    stamp = office.written_now()
    fields = blanks(RESOURCES["accounts"].create or ())
    return fields | given | {"createdAt": stamp, "updatedAt": stamp}
