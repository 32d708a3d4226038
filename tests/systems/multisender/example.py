"""What an example of the document is, and what many of them have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connector.systems.multisender.client import MultisenderClient

Json = Any
STAMPS = {"updatedAt": "2026-11-20 08:30:00", "createdAt": "2026-11-20 08:00:00"}
LATER = "2026-11-20 12:00:00"
PHONE = "+358401234567"
TO_PHONE = [{"accountId": None, "groupId": None, "phone": PHONE}]
PRINTED = [{"accountId": "2", "groupId": "3", "phone": PHONE}]
"""Who gets a message: the outline has all three of them."""
ADDRESSEE = {
    "receiverId": "1",
    "accountId": "2",
    "groupId": None,
    "name": "",
    "firstName": "Aino",
    "lastName": "Virtanen",
    "email": "aino@virtanen.example",
    "phone": PHONE,
    **STAMPS,
}
OF_MESSAGE = [
    {
        "accountId": "2",
        "groupId": None,
        "firstName": "Aino",
        "lastName": "Virtanen",
        "phone": PHONE,
        "email": "aino@virtanen.example",
        "name": None,
        "numberOfAccounts": None,
        **STAMPS,
    },
    {"accountId": None, "groupId": "3", "name": "VIP", "numberOfAccounts": 2, **STAMPS},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request and its answer; the outlines' types replaced by values.

    ``sent``: method, path under the version, and body. ``gives``: what the client
    returns, where that is not the answer. ``note``: what is odd about it.
    """

    name: str
    note: str = ""
    call: Callable[[MultisenderClient], object]
    sent: tuple[str, str, Json]
    status: int = 200
    answer: Json = None
    gives: Json = ...

    @property
    def title(self) -> str:
        """What a test of it is called."""
        return " ".join(filter(None, (self.name, self.note)))

    @property
    def returned(self) -> Json:
        """What the client should return."""
        return self.answer if self.gives is ... else self.gives


def deleted(
    name: str, path: str, call: Callable[[MultisenderClient], object]
) -> Example:
    """204 No Content."""
    return Example(name=name, call=call, sent=("DELETE", path, None), status=204)
